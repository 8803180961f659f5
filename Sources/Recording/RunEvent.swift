package import Planning

/// One recorded fact of a run. The list of a run's events *is* the run: every other view of it is a fold over them.
///
/// Stored as JSON, one row each. Cases are only ever added, and `formatVersion` counts up when one changes its meaning.
package struct RunEvent: Sendable, Codable, Equatable {
  /// The version of the stored form; a database with a newer one is refused.
  package static let formatVersion = 1

  /// Seconds since the run's start by a monotonic clock: what every duration is computed from.
  package let time: Double
  /// Seconds since 1970 UTC by the wall clock: only for people.
  package let wall: Double
  /// What happened.
  package let fact: Fact

  /// Takes both times in seconds.
  package init(time: Double, wall: Double, fact: Fact) {
    self.time = time
    self.wall = wall
    self.fact = fact
  }

  /// What can happen. Ids and commits stand for themselves: no event refers to another.
  package enum Fact: Sendable, Codable, Equatable {
    /// The first event of every run. Indirect: without it every fact would be as large as a header.
    indirect case runStarted(RunHeader)
    /// A later process took the run up again; its slots are counted from here.
    case runResumed(pid: Int32)
    /// The achievement isn't run: complete in the plan folder, skipped, or not selected. Says why.
    case settled(AchievementID, as: SettledState, reason: String)
    /// All dependencies are merged.
    case ready(AchievementID)
    /// Ready, but a pool or footprint that others use holds it; lasts until it is handed to a slot or `ready` again.
    case held(AchievementID, reason: String)
    /// Handed to a slot (from 0): the intent, before a worktree is made. `base` is a commit id.
    case attemptStarted(AttemptID, slot: Int, base: String)
    /// The worktree at `path` is ready, its set-up done.
    case worktreeReady(AttemptID, path: String)
    case workerStarted(AttemptID, pid: Int32)
    case workerEnded(AttemptID, WorkerEnd)
    /// What the worker left is a commit now. `changed` counts paths against the base; 0 is a legal result.
    case resultCommitted(AttemptID, commit: String, changed: Int)
    case verified(AttemptID, VerifyResult)
    /// The merged tree goes through the plan's gate.
    case gateStarted(AttemptID)
    case gated(AttemptID, VerifyResult.Step)
    /// The merge commit exists; the integration ref is about to move from `onto` to `commit`.
    case mergeIntended(AttemptID, commit: String, onto: String)
    /// The ref has moved; `commit` is the integration tip that contains the result. Dependents may start.
    case merged(AttemptID, commit: String)
    case attemptFailed(AttemptID, AttemptFailure)
    /// A variant's result is green and kept under `ref`; whether it is merged is the choice's to say.
    case offered(AttemptID, commit: String, ref: String)
    /// This variant's result becomes that of its achievement; `isJudged` says whether there was any other to pick.
    case chosen(AttemptID, variant: AchievementID, isJudged: Bool)
    /// Was complete, and is to be done again: the plan says something else of it now. What the integration branch has of it
    /// up to `tip` no longer counts.
    case reopened(AchievementID, tip: String, reason: String)
    /// Another attempt follows, not before `time` (seconds since the run's start).
    case retryScheduled(AchievementID, notBefore: Double)
    /// Will not run: `by` failed, was blocked, skipped or cancelled.
    case blocked(AchievementID, by: AchievementID, reason: String)
    /// Was stopped, or never started because the run was.
    case cancelled(AchievementID, reason: String)
    /// The slot is free again: worktree given back, outcome recorded.
    case slotFreed(AttemptID, slot: Int)
    /// Someone asked the run to end early.
    case stopRequested(reason: String)
    /// Nothing new starts until `unpaused`; what runs goes on.
    case paused(reason: String)
    case unpaused
    case budgetExceeded(ratio: Double, budget: Double)
    /// A measure against too much overhead; `ratio` is the share of overhead that it was taken for.
    case adapted(Adaptation, ratio: Double)
    case runEnded(RunOutcome)
  }
}

/// How an achievement that isn't run stands.
package enum SettledState: String, Sendable, Codable {
  case complete
  case skipped
  /// Left out by `--only`.
  case notSelected
}

/// One execution of one achievement; numbers count from 1.
package struct AttemptID: Sendable, Codable, Hashable, CustomStringConvertible {
  /// Whose attempt it is.
  package let achievement: AchievementID
  /// From 1.
  package let number: Int

  /// Takes the achievement and the number, from 1.
  package init(_ achievement: AchievementID, _ number: Int) {
    self.achievement = achievement
    self.number = number
  }

  /// `2.1 (attempt 1)`.
  package var description: String { "\(achievement) (attempt \(number))" }
}

/// How a worker process ended.
package struct WorkerEnd: Sendable, Codable, Equatable {
  /// How its process came to its end.
  package enum Status: Sendable, Codable, Equatable {
    case exited(Int32)
    case signalled(Int32)
    /// Plait stopped it, for this reason: `timeout of 45 m`, `run was stopped`.
    case stopped(reason: String)
    /// How it ended is not known: its supervisor was killed, or the machine went down.
    case lost
  }

  /// What the worker and all its children used.
  package struct Usage: Sendable, Codable, Equatable {
    /// Seconds by a monotonic clock, and seconds of CPU time.
    package let wall: Double
    /// Seconds in the processes' own code.
    package let userCPU: Double
    /// Seconds in the kernel for them.
    package let systemCPU: Double
    /// The largest resident size of one of its processes, bytes.
    package let peakMemory: Int64

    /// Takes seconds and bytes.
    package init(wall: Double, userCPU: Double, systemCPU: Double, peakMemory: Int64) {
      self.wall = wall
      self.userCPU = userCPU
      self.systemCPU = systemCPU
      self.peakMemory = peakMemory
    }
  }

  /// How its process came to its end.
  package let status: Status
  /// Bytes of output that were kept.
  package let outputBytes: Int64
  /// Whether more output came than is kept.
  package let outputWasCut: Bool
  /// Processes that the worker had left behind and that were ended after it.
  package let strays: Int
  /// nil when nobody measured it.
  package let usage: Usage?

  /// Takes what is known; nothing was written, cut or left behind unless said.
  package init(
    status: Status,
    outputBytes: Int64 = 0,
    outputWasCut: Bool = false,
    strays: Int = 0,
    usage: Usage? = nil
  ) {
    self.status = status
    self.usage = usage
    self.outputBytes = outputBytes
    self.outputWasCut = outputWasCut
    self.strays = strays
  }
}

/// What the checks on an attempt's own tree said.
package struct VerifyResult: Sendable, Codable, Equatable {
  /// One check.
  package struct Step: Sendable, Codable, Equatable {
    /// What was checked, one line.
    package let summary: String
    /// nil when green; else why it is red, one line.
    package let failure: String?
    /// How long it took.
    package let seconds: Double
    /// Why the step was not run, when it wasn't; such a step is neither green nor red.
    package let notRun: String?

    /// `failure` nil means green, unless `notRun` says that it was not run.
    package init(summary: String, failure: String?, seconds: Double, notRun: String? = nil) {
      self.summary = summary
      self.failure = failure
      self.seconds = seconds
      self.notRun = notRun
    }
  }

  /// In the order in which they ran, up to the first red one.
  package let steps: [Step]

  /// Takes the steps that were run.
  package init(steps: [Step]) { self.steps = steps }

  /// Whether no step is red.
  package var isGreen: Bool { steps.allSatisfy { $0.failure == nil } }
}

/// Why an attempt's result was not used.
package struct AttemptFailure: Sendable, Codable, Equatable {
  /// What was the matter, as far as it decides what follows.
  package enum Kind: String, Sendable, Codable {
    /// The worker exited with an error, was killed, or ran out of time.
    case worker
    /// A verify step was red, or a deliverable is missing.
    case verify
    /// The gate was red on the merged tree.
    case gate
    /// The result doesn't merge; `paths` says where.
    case conflict
    /// Not the work but the system: no disk, no worktree, worker not found.
    case system
    /// The run was stopped before the attempt was done.
    case stopped
    /// The process that drove the run, or the worker's supervisor, died with the attempt in flight.
    case lost
    /// Not a failure: the worker asked to be tried again later (exit 75, or a usage limit that was recognised).
    case parked
    /// The disk is full, or nearly so: the run ends orderly and can be resumed.
    case storage
    /// Someone cancelled this one attempt; the run goes on without what depends on it.
    case cancelled
  }

  /// What was the matter.
  package let kind: Kind
  /// One line for people, with the next step where there is one.
  package let message: String
  /// Conflicting paths, sorted; empty for other kinds.
  package let paths: [String]
  /// A ref that keeps the result commit, when there is one.
  package let keptRef: String?
  /// When a parked attempt may be followed by another; seconds since the run's start; nil when nobody said.
  package let retryAt: Double?

  /// `message` is one line for people.
  package init(
    _ kind: Kind,
    _ message: String,
    paths: [String] = [],
    keptRef: String? = nil,
    retryAt: Double? = nil
  ) {
    self.retryAt = retryAt
    self.kind = kind
    self.message = message
    self.paths = paths
    self.keptRef = keptRef
  }
}

/// How a run ended.
package enum RunOutcome: String, Sendable, Codable {
  /// Every selected achievement is complete.
  case complete
  /// At least one failed or is blocked.
  case failed
  /// Ended orderly before its time; can be resumed.
  case stopped
  /// Complete as far as it goes, but a merge conflict is left.
  case conflict
  /// The system let the run down: disk or database error; can be resumed.
  case error
}

extension AttemptFailure.Kind {
  /// Whether the attempt came to an end of its own, and was not just cut off.
  package var isOfTheWork: Bool {
    switch self {
    case .worker, .verify, .gate, .conflict, .system: true
    case .stopped, .lost, .parked, .storage, .cancelled: false
    }
  }
}

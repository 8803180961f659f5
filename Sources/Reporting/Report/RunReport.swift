package import Recording

/// What a run did and how much time it saved: the value behind `plait report` in every format.
///
/// All durations and stamps are seconds; stamps count from the run's start. In JSON the keys are in snake case and a key
/// without a value is left out.
package struct RunReport: Sendable, Codable, Equatable {
  /// The kind and version of the JSON.
  package static let schema = "plait.report/1"

  /// The kind and version of the JSON.
  package let schema: String
  /// The run's id, '20260102-030405-abc'.
  package let run: String
  /// The plan's name.
  package let plan: String
  /// The file that the plan was read from, absolute; of several, the first.
  package let planPath: String
  /// The files of its plans when they are several, in the order of the command line; nil for one.
  package let plans: [PlanSource]?
  /// The repository's top folder, absolute.
  package let repository: String
  /// The commit that the run builds on.
  package let base: String
  /// The full name of the branch that results are merged to.
  package let integrationRef: String
  /// The integration tip.
  package let tip: String
  /// The version of Plait that started the run.
  package let plaitVersion: String
  /// Wall clock of the start, `2026-01-02T03:04:05Z`, for people.
  package let startedAt: String
  /// How a run stands. stopping: it was asked to stop and workers finish. interrupted: it has no recorded end, and no
  /// process drives it. error: disk, database or repository let it down.
  package let state: RunState
  /// Why it was asked to stop; nil when it wasn't.
  package let stopReason: String?
  /// How many workers at once.
  package let slots: Int
  /// What the run as a whole took and saved.
  package let totals: Totals
  /// How close the run came to the best that was possible; nil before its end, and when nothing was done.
  package let certificate: Certificate?
  /// Slot time that was neither worker nor checks.
  package let overhead: Overhead
  /// What was done against too much overhead while the run went on, in order of time.
  package let measures: [Measure]
  /// Slot-seconds by row name; they add up to slots × wall.
  package let ledger: [String: Double]
  /// Contradictions in the record; empty for a sound run.
  package let inconsistencies: [String]
  /// How many achievements are in each state; every state is named.
  package let counts: [String: Int]
  /// How many of the complete ones were so before the run.
  package let completeBefore: Int
  /// Ids of the longest chain as measured, first to last, without those that took no time.
  package let criticalPath: [String]
  /// Ids by measured duration, longest first; at most ten.
  package let slowest: [String]
  /// What had been predicted for this number of slots; nil when nothing was.
  package let prediction: Prediction?
  /// What earlier runs had let expect, and how far off that was; nil when they had taught nothing, and for a run that did
  /// not complete.
  package let forecast: Forecast?
  /// What the file claimed about itself that isn't true.
  package let untrueClaims: [UntrueClaim]
  /// In plan order.
  package let achievements: [Entry]

  /// What the run as a whole took and saved.
  package struct Totals: Sendable, Codable, Equatable {
    /// From the run's start to its end, or to now.
    package let wallSeconds: Double
    /// Σ work and verify of used attempts, those of all green variants among them: an *estimate* of what one pair of hands would have needed.
    package let serialSeconds: Double
    /// serial − wall; negative when the run took longer.
    package let savedSeconds: Double
    /// saved ÷ serial; nil when nothing was done.
    package let savedRatio: Double?
    /// serial ÷ wall; nil for a run without duration.
    package let speedup: Double?
    /// The longest chain of measured durations.
    package let criticalPathSeconds: Double
    /// max(critical path, serial ÷ slots).
    package let lowerBoundSeconds: Double
    /// wall ÷ lower bound; nil when nothing was done.
    package let wallToBound: Double?
    /// Part of the wall time in which the run started nothing: stopped, or not driven by a process.
    package let pausedSeconds: Double
    /// The part of serial that green variants took which were not picked; nil in a plan without variants.
    package let alternativeSeconds: Double?
  }

  /// Slot time that was neither worker nor checks, and the limit it was held to.
  package struct Overhead: Sendable, Codable, Equatable {
    /// Slot-seconds of the overhead rows.
    package let seconds: Double
    /// overhead ÷ (overhead + work + verify + rework), 0 to 1.
    package let ratio: Double
    /// The highest tolerated ratio, 0 to 1.
    package let budget: Double
    /// Whether ratio is above budget.
    package let isOverBudget: Bool
  }

  /// What had been predicted for this number of slots, and how it came out.
  package struct Prediction: Sendable, Codable, Equatable {
    /// What the scheduler had predicted, in the plan's hours.
    package let hours: Double
    /// The share that this would have saved, 0 to 1.
    package let savedRatio: Double
    /// What was saved; nil when nothing was done.
    package let measuredSavedRatio: Double?
  }

  /// What durations learned from earlier runs had let expect before the start, and what it came to.
  package struct Forecast: Sendable, Codable, Equatable {
    /// From start to end, as expected.
    package let expectedSeconds: Double
    /// The same as measured, without the time in which the run was paused.
    package let measuredSeconds: Double
    /// measured ÷ expected − 1: above 0 when it took longer.
    package let offRatio: Double
  }

  /// A claim of the file that computation contradicts.
  package struct UntrueClaim: Sendable, Codable, Equatable {
    /// The field of the file.
    package let field: String
    /// What the file says.
    package let claimed: String
    /// What computation gives; nil when there is no one value.
    package let actual: String?
  }

  /// One achievement.
  package struct Entry: Sendable, Codable, Equatable {
    /// Its id.
    package let id: String
    /// Its title; empty when it is no longer in the plan.
    package let title: String
    /// Where an achievement stands; `Docs/Run-Model.md` explains each word.
    package let state: AchievementState
    /// Why it failed, is blocked, skipped or cancelled.
    package let reason: String?
    /// The dependency that blocks it, which may be blocked itself.
    package let blockedBy: String?
    /// Work and verify of the used attempt; 0 when none was used.
    package let seconds: Double
    /// The same of attempts that were thrown away.
    package let reworkSeconds: Double
    /// Time in which it could have started and was not handed to a slot, holds included.
    package let waitedSeconds: Double
    /// The slot of the last attempt, from 0; nil before the first.
    package let slot: Int?
    /// The last attempt's commit of what the worker left.
    package let resultCommit: String?
    /// The integration tip that first contained the result.
    package let mergeCommit: String?
    /// How many paths the last attempt changed.
    package let changedPaths: Int?
    /// Of the last attempt, when that failed.
    package let failure: Failure?
    /// All attempts, first to last.
    package let attempts: [Attempt]
    /// What it is of several attempts at the same achievement; nil for what is no variant.
    package let variant: Variant?
    /// The variant whose result this achievement has; nil for one without variants.
    package let picked: String?
  }

  /// What one of several attempts at the same achievement is, and what became of it.
  package struct Variant: Sendable, Codable, Equatable {
    /// The achievement that it is a variant of.
    package let of: String
    /// From 1.
    package let number: Int
    /// How many there are.
    package let count: Int
    /// The ref that keeps its green result, picked or not; nil when it isn't green.
    package let keptRef: String?
    /// Whether its result is that of the achievement; nil before the choice, and when nothing was green.
    package let isPicked: Bool?
  }

  /// One execution of an achievement.
  package struct Attempt: Sendable, Codable, Equatable {
    /// 1, or more when it was tried again.
    package let number: Int
    /// Its slot, from 0. What people read, and PLAIT_SLOT, count from 1.
    package let slot: Int
    /// The commit that it started from.
    package let base: String
    /// Whether its result is part of the integration branch, or that of a variant to pick from.
    package let isUsed: Bool
    /// When each stage ended, in seconds since the run's start; what has not happened is left out.
    package let stamps: Stamps
    /// Seconds of each stage: `prepare`, `launch`, `work`, `collect`, `verify`, `merge`.
    package let stages: [String: Double]
    /// `exit 0`, `signal 9`, `stopped: …`; nil while it runs.
    package let end: String?
    /// Whether the worker wrote more than is kept.
    package let outputWasCut: Bool
    /// The commit of what the worker left.
    package let resultCommit: String?
    /// The integration tip that first contained the result.
    package let mergeCommit: String?
    /// How many paths the result changed against its base.
    package let changedPaths: Int?
    /// Why an attempt's result was not used.
    package let failure: Failure?
  }

  /// When each stage ended; seconds since the run's start, missing where it did not.
  package struct Stamps: Sendable, Codable, Equatable {
    /// Given to its slot.
    package let handed: Double
    /// Worktree ready.
    package let prepared: Double?
    /// Worker started.
    package let started: Double?
    /// Worker ended.
    package let exited: Double?
    /// Result commit made.
    package let collected: Double?
    /// Checks done.
    package let verified: Double?
    /// Merged and recorded.
    package let merged: Double?
    /// A variant's: green and kept.
    package let offered: Double?
    /// Found to be of no use.
    package let failed: Double?
    /// Slot free again.
    package let freed: Double?
  }

  /// Why an attempt was of no use.
  package struct Failure: Sendable, Codable, Equatable {
    /// worker: exit code, signal or time limit. verify: a red check. gate: red on the merged tree. conflict: doesn't
    /// merge. system: not the work's fault. stopped: with the run. lost: the process that drove it, or its supervisor,
    /// ended. parked: it asked to be tried again later. storage: the disk is full, or nearly so. cancelled: by hand.
    package let kind: AttemptFailure.Kind
    /// One line for people.
    package let message: String
    /// Conflicting paths, relative to the repository's top, sorted; empty for other kinds.
    package let paths: [String]
    /// A ref that keeps what the attempt had made; nil when it had made nothing.
    package let keptRef: String?
  }
}

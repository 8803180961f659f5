package import Planning

/// The one state that an achievement is in.
package enum AchievementState: String, Sendable, Codable, CaseIterable {
  /// Dependencies are open.
  case waiting
  /// May start: waits for a slot, a resource or, when retrying, its time.
  case ready
  /// Its worktree is being made.
  case preparing
  /// Its worker runs.
  case running
  /// What the worker left is being committed.
  case collecting
  /// Its checks run.
  case verifying
  /// Waits for its merge, or is merged just now.
  case merging
  /// Merged and recorded.
  case complete
  /// Out of attempts.
  case failed
  /// Something it depends on will not complete.
  case blocked
  /// Not to be run, by the plan folder or by `--only`.
  case skipped
  /// Stopped, or never started because the run was.
  case cancelled

  /// Whether the state is an end.
  package var isFinal: Bool {
    switch self {
    case .complete, .failed, .blocked, .skipped, .cancelled: true
    default: false
    }
  }

  /// Whether a slot is taken.
  package var isActive: Bool {
    switch self {
    case .preparing, .running, .collecting, .verifying, .merging: true
    default: false
    }
  }
}

/// A run as it stands: the fold of its events. A value; folding the same events gives the same snapshot.
package struct RunSnapshot: Sendable {
  package private(set) var header: RunHeader?
  /// Every achievement that an event has named. One that none has named is `waiting`.
  package private(set) var records: [AchievementID: AchievementRecord] = [:]
  package private(set) var outcome: RunOutcome?
  /// Why the run was asked to stop, when it was.
  package private(set) var stopReason: String?
  /// The highest overhead ratio that was reported as over the budget.
  package private(set) var overBudget: Double?
  /// Seconds since the run's start of the last event.
  package private(set) var lastTime: Double = 0
  /// Wall clock of the first event, seconds since 1970 UTC.
  package private(set) var startedWall: Double = 0
  package private(set) var eventCount = 0

  package init() {}

  package init(_ events: some Sequence<RunEvent>) {
    for event in events { apply(event) }
  }

  /// The record of `id`; a fresh one (`waiting`, no attempts) when no event has named it.
  package subscript(id: AchievementID) -> AchievementRecord { records[id] ?? AchievementRecord() }

  /// The integration tip: the last merge, else the base.
  package private(set) var tip: String?

  /// Takes one more event in; events must come in recorded order.
  package mutating func apply(_ event: RunEvent) {
    if eventCount == 0 { startedWall = event.wall }
    eventCount += 1
    lastTime = max(lastTime, event.time)
    switch event.fact {
    case .runStarted(let header):
      self.header = header
      tip = header.base
    case .runResumed:
      outcome = nil
      stopReason = nil
    case .stopRequested(let reason): stopReason = reason
    case .budgetExceeded(let ratio, _): overBudget = max(overBudget ?? 0, ratio)
    case .runEnded(let outcome): self.outcome = outcome
    case .merged(_, let commit):
      tip = commit
      applyToAchievement(event)
    default: applyToAchievement(event)
    }
  }

  private mutating func applyToAchievement(_ event: RunEvent) {
    switch event.fact {
    case .settled(let id, let state, let reason):
      records[id, default: .init()].settle(state == .complete ? .complete : .skipped, reason: reason)
    case .ready(let id):
      records[id, default: .init()].becomeReady(at: event.time)
    case .retryScheduled(let id, let notBefore):
      records[id, default: .init()].scheduleRetry(at: event.time, notBefore: notBefore)
    case .blocked(let id, let by, let reason):
      records[id, default: .init()].settle(.blocked, reason: reason)
      records[id, default: .init()].blockedBy = by
    case .cancelled(let id, let reason):
      records[id, default: .init()].settle(.cancelled, reason: reason)
    default:
      guard let attempt = event.fact.attempt else { return }
      records[attempt.achievement, default: .init()].apply(event, to: attempt)
    }
  }
}

extension RunEvent.Fact {
  /// The attempt that the fact is about, if it is about one.
  package var attempt: AttemptID? {
    switch self {
    case .attemptStarted(let id, _, _), .worktreeReady(let id, _), .workerStarted(let id, _), .workerEnded(let id, _),
      .resultCommitted(let id, _, _), .verified(let id, _), .mergeIntended(let id, _, _), .merged(let id, _),
      .attemptFailed(let id, _), .slotFreed(let id, _):
      id
    default: nil
    }
  }
}

/// Where one achievement stands.
package struct AchievementRecord: Sendable {
  package private(set) var state: AchievementState = .waiting
  package private(set) var attempts: [AttemptRecord] = []
  /// Seconds since the run's start of each time it became ready; one per attempt at most.
  package private(set) var readyTimes: [Double] = []
  /// Not before this time may the next attempt start; seconds since the run's start.
  package private(set) var notBefore: Double?
  package fileprivate(set) var blockedBy: AchievementID?
  /// Why it failed, is blocked, skipped or cancelled: one line.
  package private(set) var reason: String?
  /// The integration tip that first contained the result.
  package private(set) var mergeCommit: String?
  /// Seconds since the run's start when the state became final.
  package private(set) var settledAt: Double?

  package init() {}

  package var lastFailure: AttemptFailure? { attempts.last?.failure }

  mutating func settle(_ state: AchievementState, reason: String?) {
    self.state = state
    self.reason = reason
  }

  mutating func becomeReady(at time: Double) {
    state = .ready
    reason = nil
    blockedBy = nil
    readyTimes.append(time)
  }

  mutating func scheduleRetry(at time: Double, notBefore: Double) {
    state = .ready
    self.notBefore = notBefore
    readyTimes.append(time)
  }

  mutating func apply(_ event: RunEvent, to id: AttemptID) {
    if case .attemptStarted(_, let slot, let base) = event.fact {
      attempts.append(AttemptRecord(number: id.number, slot: slot, base: base, handed: event.time))
      state = .preparing
      notBefore = nil
      return
    }
    guard let index = attempts.lastIndex(where: { $0.number == id.number }) else { return }
    attempts[index].apply(event)
    switch event.fact {
    case .workerStarted: state = .running
    case .workerEnded: state = .collecting
    case .resultCommitted: state = .verifying
    case .verified, .mergeIntended: state = .merging
    case .merged(_, let commit):
      state = .complete
      mergeCommit = commit
      settledAt = event.time
    case .attemptFailed(_, let failure):
      state = failure.kind == .stopped ? .cancelled : .failed
      reason = failure.message
      settledAt = event.time
    default: break
    }
  }
}

/// One attempt with the stamps of its stages; all stamps are seconds since the run's start.
package struct AttemptRecord: Sendable {
  package let number: Int
  package let slot: Int
  package let base: String
  /// Given to its slot.
  package let handed: Double
  /// Worktree ready.
  package private(set) var prepared: Double?
  /// Worker process started.
  package private(set) var started: Double?
  /// Worker process gone.
  package private(set) var exited: Double?
  /// Result commit made.
  package private(set) var collected: Double?
  /// Checks done.
  package private(set) var verified: Double?
  /// Merged and recorded.
  package private(set) var merged: Double?
  /// Found to be of no use.
  package private(set) var failed: Double?
  /// Slot free again.
  package private(set) var freed: Double?

  package private(set) var worktree: String?
  package private(set) var pid: Int32?
  package private(set) var end: WorkerEnd?
  package private(set) var resultCommit: String?
  /// Paths that differ from the base.
  package private(set) var changedPaths: Int?
  package private(set) var verdict: VerifyResult?
  package private(set) var intendedMerge: String?
  package private(set) var mergeCommit: String?
  package private(set) var failure: AttemptFailure?

  package init(number: Int, slot: Int, base: String, handed: Double) {
    self.number = number
    self.slot = slot
    self.base = base
    self.handed = handed
  }

  /// Whether the attempt's result became part of the integration branch.
  package var wasUsed: Bool { merged != nil }

  mutating func apply(_ event: RunEvent) {
    switch event.fact {
    case .worktreeReady(_, let path):
      prepared = event.time
      worktree = path
    case .workerStarted(_, let pid):
      started = event.time
      self.pid = pid
    case .workerEnded(_, let end):
      exited = event.time
      self.end = end
    case .resultCommitted(_, let commit, let changed):
      collected = event.time
      resultCommit = commit
      changedPaths = changed
    case .verified(_, let result):
      verified = event.time
      verdict = result
    case .mergeIntended(_, let commit, _): intendedMerge = commit
    case .merged(_, let commit):
      merged = event.time
      mergeCommit = commit
    case .attemptFailed(_, let failure):
      failed = event.time
      self.failure = failure
    case .slotFreed: freed = event.time
    default: break
    }
  }
}

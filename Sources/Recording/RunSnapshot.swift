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
  /// Merged and recorded; a variant: green, kept under a ref and recorded.
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
  /// What was fixed at the start; nil before the first event.
  package private(set) var header: RunHeader?
  /// Every achievement that an event has named. One that none has named is `waiting`.
  package private(set) var records: [AchievementID: AchievementRecord] = [:]
  /// How it ended; nil while it hasn't.
  package private(set) var outcome: RunOutcome?
  /// Why the run was asked to stop, when it was.
  package private(set) var stopReason: String?
  /// The highest overhead ratio that was reported as over the budget.
  package private(set) var overBudget: Double?
  /// Seconds since the run's start of the last event.
  package private(set) var lastTime: Double = 0
  /// Wall clock of the first event, seconds since 1970 UTC.
  package private(set) var startedWall: Double = 0
  /// How many events were taken in.
  package private(set) var eventCount = 0
  /// The measures that were taken against too much overhead, in order of time.
  package private(set) var adaptations: [TakenMeasure] = []
  /// Whether someone holds the run: nothing new starts.
  package private(set) var isPaused = false
  /// When nothing new was started, in order of time.
  package private(set) var pauses: [RunPause] = []

  /// A run before its first event.
  package init() {}

  /// Folds `events`, which must be in recorded order.
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
    let before = lastTime
    lastTime = max(lastTime, event.time)
    switch event.fact {
    case .runStarted(let header):
      self.header = header
      tip = header.base
    case .runResumed:
      outcome = nil
      stopReason = nil
      isPaused = false
      beginPause(at: before)
      pauses[pauses.count - 1].until = event.time
      pauses[pauses.count - 1].downFrom = before
    case .stopRequested(let reason):
      stopReason = reason
      beginPause(at: event.time)
    case .paused:
      isPaused = true
      beginPause(at: event.time)
    case .unpaused:
      isPaused = false
      // A run that was asked to stop meanwhile starts nothing all the same.
      if stopReason == nil, pauses.last?.until == nil, !pauses.isEmpty { pauses[pauses.count - 1].until = event.time }
    case .budgetExceeded(let ratio, _): overBudget = max(overBudget ?? 0, ratio)
    case .adapted(let adaptation, let ratio):
      adaptations.append(TakenMeasure(adaptation: adaptation, ratio: ratio, time: event.time))
    case .runEnded(let outcome): self.outcome = outcome
    case .merged(_, let commit):
      tip = commit
      applyToAchievement(event)
    default: applyToAchievement(event)
    }
  }

  private mutating func beginPause(at time: Double) {
    if pauses.last.map({ $0.until != nil }) ?? true { pauses.append(RunPause(from: time)) }
  }

  private mutating func applyToAchievement(_ event: RunEvent) {
    switch event.fact {
    case .settled(let id, let state, let reason):
      records[id, default: .init()].settle(state == .complete ? .complete : .skipped, at: event.time, reason: reason)
    case .ready(let id):
      records[id, default: .init()].becomeReady(at: event.time)
    case .reopened(let id, let tip, let reason):
      records[id, default: .init()].reopen(at: tip, reason: reason)
    case .held(let id, let reason):
      records[id, default: .init()].hold(at: event.time, reason: reason)
    case .retryScheduled(let id, let notBefore):
      records[id, default: .init()].scheduleRetry(at: event.time, notBefore: notBefore)
    case .blocked(let id, let by, let reason):
      records[id, default: .init()].settle(.blocked, at: event.time, reason: reason)
      records[id, default: .init()].blockedBy = by
    case .cancelled(let id, let reason):
      records[id, default: .init()].settle(.cancelled, at: event.time, reason: reason)
    default:
      guard let attempt = event.fact.attempt else { return }
      records[attempt.achievement, default: .init()].apply(event, to: attempt, resumedAt: pauses.last?.until)
    }
  }
}

extension RunEvent.Fact {
  /// The attempt that the fact is about, if it is about one.
  package var attempt: AttemptID? {
    switch self {
    case .attemptStarted(let id, _, _), .worktreeReady(let id, _), .workerStarted(let id, _), .workerEnded(let id, _),
      .resultCommitted(let id, _, _), .verified(let id, _), .gateStarted(let id), .gated(let id, _),
      .mergeIntended(let id, _, _), .merged(let id, _),
      .offered(let id, _, _), .chosen(let id, _, _), .attemptFailed(let id, _), .slotFreed(let id, _):
      id
    default: nil
    }
  }
}

/// Where one achievement stands.
package struct AchievementRecord: Sendable {
  /// Where it stands.
  package private(set) var state: AchievementState = .waiting
  /// All attempts, first to last.
  package private(set) var attempts: [AttemptRecord] = []
  /// Seconds since the run's start of each time it became ready; one per attempt at most.
  package private(set) var readyTimes: [Double] = []
  /// Not before this time may the next attempt start; seconds since the run's start.
  package private(set) var notBefore: Double?
  /// The dependency that blocks it, which may be blocked itself.
  package fileprivate(set) var blockedBy: AchievementID?
  /// Why it failed, is blocked, skipped or cancelled: one line.
  package private(set) var reason: String?
  /// The integration tip that first contained the result.
  package private(set) var mergeCommit: String?
  /// The ref that keeps a variant's green result.
  package var keptRef: String? { state == .complete ? attempts.last(where: { $0.keptRef != nil })?.keptRef : nil }
  /// The variant that an achievement's judge has picked, or that was the only one to pick.
  package var picked: AchievementID? { attempts.last { $0.picked != nil }?.picked }
  /// The integration tip at which it was last reopened: its merges up to there no longer count.
  package private(set) var reopenedAt: String?
  /// Seconds since the run's start when the state became final.
  package private(set) var settledAt: Double?
  /// Each time it could have started but had not been handed to a slot, in order.
  package private(set) var waits: [ReadyWait] = []
  /// Since when, and why, a pool or footprint that others use holds it; nil when nothing does.
  package private(set) var heldSince: Double?
  /// Why it is held, one line.
  package private(set) var heldReason: String?

  /// One that no event has named: it waits.
  package init() {}

  /// Why the last attempt was of no use; nil while it isn't known to be.
  package var lastFailure: AttemptFailure? { attempts.last?.failure }

  mutating func settle(_ state: AchievementState, at time: Double, reason: String?) {
    self.state = state
    self.reason = reason
    settledAt = time
    endWait(at: time)
  }

  mutating func reopen(at tip: String, reason: String) {
    state = .waiting
    reopenedAt = tip
    self.reason = reason
    mergeCommit = nil
    settledAt = nil
  }

  mutating func becomeReady(at time: Double) {
    reason = nil
    blockedBy = nil
    wait(at: time)
    waits[waits.count - 1].releaseOpen(at: time)
    readyTimes.append(time)
  }

  mutating func scheduleRetry(at time: Double, notBefore: Double) {
    self.notBefore = notBefore
    wait(at: time)
    if notBefore > time {
      waits[waits.count - 1].hold(from: time, until: notBefore, reason: "waits before its next attempt")
    }
    readyTimes.append(time)
  }

  mutating func hold(at time: Double, reason: String) {
    wait(at: time)
    waits[waits.count - 1].hold(from: time, reason: reason)
    heldSince = time
    heldReason = reason
  }

  /// Makes it ready: `waits` ends with an open wait after this.
  private mutating func wait(at time: Double) {
    state = .ready
    settledAt = nil
    heldSince = nil
    heldReason = nil
    if waits.last.map({ $0.until != nil }) ?? true { waits.append(ReadyWait(from: time)) }
  }

  private mutating func endWait(at time: Double) {
    heldSince = nil
    heldReason = nil
    guard let last = waits.last, last.until == nil else { return }
    waits[waits.count - 1].end(at: time)
  }

  mutating func apply(_ event: RunEvent, to id: AttemptID, resumedAt: Double?) {
    if case .attemptStarted(_, let slot, let base) = event.fact {
      attempts.append(AttemptRecord(number: id.number, slot: slot, base: base, handed: event.time))
      state = .preparing
      notBefore = nil
      endWait(at: event.time)
      return
    }
    guard let index = attempts.lastIndex(where: { $0.number == id.number }) else { return }
    attempts[index].apply(event, resumedAt: resumedAt)
    switch event.fact {
    case .workerStarted: state = .running
    case .workerEnded: state = .collecting
    case .resultCommitted: state = .verifying
    case .verified, .mergeIntended: state = .merging
    case .merged(_, let commit):
      state = .complete
      mergeCommit = commit
      settledAt = event.time
    case .offered:
      state = .complete
      settledAt = event.time
    case .attemptFailed(_, let failure):
      state = failure.kind.isOfTheWork ? .failed : .cancelled
      reason = failure.message
      settledAt = event.time
    default: break
    }
  }
}

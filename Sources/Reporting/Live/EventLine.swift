import Planning
package import Recording

/// One event of a run as a line of JSON (plait.event/1), for programs that follow a run.
///
/// Only the fields that the event has are there. Times are seconds: `time` since the run's start by a monotonic clock, `wall`
/// since 1970 UTC.
package struct EventLine: Sendable, Encodable {
  /// The kind and version of the JSON.
  package static let schema = "plait.event/1"

  private let schema = EventLine.schema
  private let time: Double
  private let wall: Double
  private let event: String
  private let run: String?
  private var achievement: String?
  private var attempt: Int?
  /// From 0, as in every JSON of Plait.
  private var slot: Int?
  private var commit: String?
  private var base: String?
  private var path: String?
  private var pid: Int32?
  private var changedPaths: Int?
  private var isGreen: Bool?
  private var notBefore: Double?
  private var blockedBy: String?
  private var state: String?
  private var failure: String?
  private var conflictingPaths: [String]?
  private var reason: String?
  private var ref: String?
  private var variant: String?

  /// Puts the event of the run called `run` into words; one line, ends with a newline.
  package static func text(_ event: RunEvent, of run: String?) throws -> String {
    try JSONText.line(EventLine(event, of: run))
  }

  private init(_ event: RunEvent, of run: String?) {
    self.run = run
    time = event.time
    wall = event.wall
    self.event = EventLine.name(of: event.fact)
    let subject = event.fact.attempt
    achievement = subject?.achievement.text
    attempt = subject?.number
    takeRun(event.fact)
    takeAchievement(event.fact)
    takeAttempt(event.fact)
  }

  /// Facts about the whole run.
  private mutating func takeRun(_ fact: RunEvent.Fact) {
    switch fact {
    case .runStarted(let header): base = header.base
    case .runResumed(let process): pid = process
    case .stopRequested(let words), .paused(let words): reason = words
    case .adapted(let adaptation, let ratio): reason = "overhead \(ratio.percent): \(adaptation.words)"
    case .budgetExceeded(let ratio, let budget): reason = "overhead \(ratio.percent), budget \(budget.percent)"
    case .runEnded(let outcome): state = outcome.rawValue
    default: break
    }
  }

  /// Facts about an achievement between its attempts.
  private mutating func takeAchievement(_ fact: RunEvent.Fact) {
    switch fact {
    case .settled(let id, let settled, let words): (achievement, state, reason) = (id.text, settled.rawValue, words)
    case .ready(let id): achievement = id.text
    case .held(let id, let words), .cancelled(let id, let words): (achievement, reason) = (id.text, words)
    case .reopened(let id, let tip, let words): (achievement, commit, reason) = (id.text, tip, words)
    case .retryScheduled(let id, let time): (achievement, notBefore) = (id.text, time)
    case .blocked(let id, let by, let words): (achievement, blockedBy, reason) = (id.text, by.text, words)
    default: break
    }
  }

  /// Facts about an attempt.
  private mutating func takeAttempt(_ fact: RunEvent.Fact) {
    switch fact {
    case .attemptStarted(_, let slot, let base): (self.slot, self.base) = (slot, base)
    case .worktreeReady(_, let path): self.path = path
    case .workerStarted(_, let process): pid = process
    case .workerEnded(_, let end): reason = end.summary
    case .resultCommitted(_, let commit, let changed): (self.commit, changedPaths) = (commit, changed)
    case .verified(_, let result):
      isGreen = !result.steps.contains { $0.failure != nil }
      reason = result.steps.lazy.compactMap(\.failure).first
    case .gated(_, let step): (isGreen, reason) = (step.failure == nil, step.failure)
    case .mergeIntended(_, let commit, let onto): (self.commit, base) = (commit, onto)
    case .merged(_, let commit): self.commit = commit
    case .offered(_, let commit, let ref): (self.commit, self.ref) = (commit, ref)
    case .chosen(_, let variant, _): self.variant = variant.text
    case .attemptFailed(_, let failure):
      (self.failure, reason) = (failure.kind.rawValue, failure.message)
      conflictingPaths = failure.paths.isEmpty ? nil : failure.paths
    case .slotFreed(_, let slot): self.slot = slot
    default: break
    }
  }

  private static func name(of fact: RunEvent.Fact) -> String {
    switch fact {
    case .runStarted: "run_started"
    case .runResumed: "run_resumed"
    case .settled: "settled"
    case .ready: "ready"
    case .held: "held"
    case .attemptStarted: "attempt_started"
    case .worktreeReady: "worktree_ready"
    case .workerStarted: "worker_started"
    case .workerEnded: "worker_ended"
    case .resultCommitted: "result_committed"
    case .verified: "verified"
    case .gateStarted: "gate_started"
    case .gated: "gated"
    case .mergeIntended: "merge_intended"
    case .merged: "merged"
    case .offered: "offered"
    case .chosen: "chosen"
    case .attemptFailed: "attempt_failed"
    case .reopened: "reopened"
    case .retryScheduled: "retry_scheduled"
    case .blocked: "blocked"
    case .cancelled: "cancelled"
    case .slotFreed: "slot_freed"
    case .stopRequested: "stop_requested"
    case .paused: "paused"
    case .unpaused: "unpaused"
    case .budgetExceeded: "budget_exceeded"
    case .adapted: "adapted"
    case .runEnded: "run_ended"
    }
  }
}

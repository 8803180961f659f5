import Planning
import Recording

/// Why an achievement stands where it stands, in one sentence without a full stop.
struct Reason {
  private let plan: Plan
  private let snapshot: RunSnapshot
  private let now: Double

  init(plan: Plan, snapshot: RunSnapshot, now: Double) {
    self.plan = plan
    self.snapshot = snapshot
    self.now = now
  }

  /// The reason of `id`; nil for a state that needs none (complete, or at work).
  func text(_ id: AchievementID) -> String? {
    let record = snapshot[id]
    switch record.state {
    case .waiting: return waiting(id)
    case .ready: return ready(record)
    case .failed, .cancelled: return record.lastFailure.map(failure) ?? record.reason
    case .skipped: return record.reason
    case .blocked: return blocked(id, record)
    case .preparing, .running, .collecting, .verifying, .merging: return nil
    case .complete: return record.attempts.isEmpty ? record.reason : VariantWords(plan, snapshot).text(id)
    }
  }

  /// The dependencies of `id` that are not complete, in file order.
  func open(_ id: AchievementID) -> [AchievementID] {
    plan.dependencies(of: id).filter { snapshot[$0].state != .complete }
  }

  private func waiting(_ id: AchievementID) -> String? {
    let open = open(id)
    guard !open.isEmpty else { return plan[id] == nil ? nil : "all it depends on is complete; about to be ready" }
    let named = open.prefix(4).map { "\($0) (\(snapshot[$0].state.rawValue))" }.joined(separator: ", ")
    return "waits for \(named)" + (open.count > 4 ? " and \(open.count - 4) more" : "")
  }

  private func ready(_ record: AchievementRecord) -> String {
    if snapshot.outcome != nil { return "was not started before the run ended" }
    if let notBefore = record.notBefore, notBefore > now {
      let last = record.lastFailure.map { "; the last one: \(failure($0))" } ?? ""
      return "next attempt in \(TimeText.text(notBefore - now))\(last)"
    }
    if let held = record.heldReason { return "held: \(held)" }
    return "waits for a free slot"
  }

  /// Follows the chain to what failed in the end: `blocked by 2.1, which failed: exit 3`.
  private func blocked(_ id: AchievementID, _ record: AchievementRecord) -> String {
    guard let direct = record.blockedBy else { return record.reason ?? "blocked" }
    if plan[id]?.role == .choice, plan[direct]?.role.owner == id {
      let why = snapshot[direct].lastFailure.map(failure) ?? snapshot[direct].reason ?? "not green"
      return "none of its \(plan.variants(of: id).count) variants is green; the last, \(direct): \(why)"
    }
    let root = root(of: direct)
    let through = root == direct ? "" : " (through \(direct))"
    let culprit = snapshot[root]
    let why = culprit.lastFailure.map(failure) ?? culprit.reason
    let because = why.map { ": \($0)" } ?? ""
    return "blocked by \(root)\(through), which \(word(culprit.state))\(because)"
  }

  /// What is at the beginning of a chain of blocked achievements; a chain that goes round ends where it meets itself.
  func root(of id: AchievementID) -> AchievementID {
    var seen: Set<AchievementID> = []
    var root = id
    while snapshot[root].state == .blocked, let next = snapshot[root].blockedBy, seen.insert(root).inserted {
      root = next
    }
    return root
  }

  private func word(_ state: AchievementState) -> String {
    switch state {
    case .failed: "failed"
    case .skipped: "is skipped"
    case .cancelled: "was cancelled"
    case .blocked: "is blocked"
    default: "is \(state.rawValue)"
    }
  }

  private func failure(_ failure: AttemptFailure) -> String {
    guard !failure.namesItsPaths else { return failure.message }
    let more = failure.paths.count > 3 ? ", … \(failure.paths.count - 3) more" : ""
    return "\(failure.message) (\(failure.paths.prefix(3).joined(separator: ", "))\(more))"
  }
}

extension AttemptFailure {
  /// Whether the message says which paths are meant, so that a list of them would say it twice.
  var namesItsPaths: Bool { paths.first.map { message.contains($0) } ?? true }
}

package import Planning
package import Recording

/// Where every achievement of a run stands: the value behind `plait status`, for runs that go on and that have ended.
package struct StatusReport: Sendable, Codable, Equatable {
  package static let schema = "plait.status/1"

  /// One achievement.
  package struct Entry: Sendable, Codable, Equatable {
    package let id: String
    package let title: String
    package let state: AchievementState
    /// Number of the current or last attempt; 0 before the first.
    package let attempt: Int
    package let slot: Int?
    /// Seconds: of the attempt so far while it is at work; of the last attempt when it is done; left out before the first.
    package let elapsedSeconds: Double?
    package let reason: String?
    /// The achievement at the root of a block: what failed, was skipped or cancelled.
    package let blockedBy: String?
    /// Dependencies that are not complete.
    package let waitsFor: [String]
    package let mergeCommit: String?
  }

  package let schema: String
  package let run: String
  package let plan: String
  package let state: RunState
  package let stopReason: String?
  package let startedAt: String
  package let slots: Int
  package let elapsedSeconds: Double
  /// Seconds until the end, estimated; left out when nothing is known yet or the run is over.
  package let remainingSeconds: Double?
  package let counts: [String: Int]
  /// In plan order.
  package let achievements: [Entry]

  /// Draws up the status of the run in `snapshot` at `now` (seconds since its start; used while it goes on).
  package init(plan: Plan, snapshot: RunSnapshot, now: Double, isDriven: Bool) {
    let state = RunState(snapshot, isDriven: isDriven)
    let now = state.isOver ? snapshot.lastTime : max(now, snapshot.lastTime)
    let reason = Reason(plan: plan, snapshot: snapshot, now: now)
    let entries = plan.achievements.map { Entry($0, snapshot[$0.id], reason: reason, now: now) }
    schema = StatusReport.schema
    run = snapshot.header?.run ?? ""
    self.plan = snapshot.header?.planName ?? plan.name
    self.state = state
    stopReason = snapshot.stopReason
    startedAt = WallClock.stamp(snapshot.startedWall)
    slots = snapshot.header?.jobs ?? 0
    elapsedSeconds = now
    remainingSeconds = state.isOver ? nil : ETA(plan: plan).remainingSeconds(snapshot, now: now)
    counts = RunReport.counts(of: entries.map(\.state))
    achievements = entries
  }
}

extension StatusReport.Entry {
  init(_ achievement: Achievement, _ record: AchievementRecord, reason: Reason, now: Double) {
    let last = record.attempts.last
    id = achievement.id.text
    title = achievement.title
    state = record.state
    attempt = last?.number ?? 0
    slot = record.state.isActive ? last?.slot : nil
    elapsedSeconds = last.map { max(0, (record.state.isActive ? now : $0.merged ?? $0.settled ?? now) - $0.handed) }
    self.reason = reason.text(achievement.id)
    blockedBy = record.state == .blocked ? record.blockedBy.map { reason.root(of: $0).text } : nil
    waitsFor = record.state == .waiting ? reason.open(achievement.id).map(\.text) : []
    mergeCommit = record.mergeCommit
  }
}

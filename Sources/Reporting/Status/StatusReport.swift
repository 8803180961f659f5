package import Planning
package import Recording

/// Where every achievement of a run stands: the value behind `plait status`, for runs that go on and that have ended.
package struct StatusReport: Sendable, Codable, Equatable {
  /// The kind and version of the JSON.
  package static let schema = "plait.status/1"

  /// One achievement.
  package struct Entry: Sendable, Codable, Equatable {
    /// Its id.
    package let id: String
    /// Its title; may be empty.
    package let title: String
    /// Where an achievement stands; `Docs/Run-Model.md` explains each word.
    package let state: AchievementState
    /// Number of the current or last attempt; 0 before the first.
    package let attempt: Int
    /// The slot that it is in, from 0; nil when it is in none.
    package let slot: Int?
    /// Seconds: of the attempt so far while it is at work; of the last attempt when it is done; left out before the first.
    package let elapsedSeconds: Double?
    /// Why it stands where it stands; nil when the state says it all.
    package let reason: String?
    /// The achievement at the root of a block: what failed, was skipped or cancelled.
    package let blockedBy: String?
    /// Dependencies that are not complete.
    package let waitsFor: [String]
    /// The integration tip that first contained its result.
    package let mergeCommit: String?
    /// The ref that keeps a variant's green result, picked or not.
    package let keptRef: String?
  }

  /// The kind and version of the JSON.
  package let schema: String
  /// The run's id, '20260102-030405-abc'.
  package let run: String
  /// The plan's name.
  package let plan: String
  /// How a run stands. stopping: it was asked to stop and workers finish. interrupted: it has no recorded end, and no
  /// process drives it. error: disk, database or repository let it down.
  package let state: RunState
  /// Why it was asked to stop; nil when it wasn't.
  package let stopReason: String?
  /// When it started, in UTC by the wall clock.
  package let startedAt: String
  /// How many workers at once.
  package let slots: Int
  /// From the run's start to now, or to its last event when it is over.
  package let elapsedSeconds: Double
  /// Seconds until the end, estimated; left out when nothing is known yet or the run is over.
  package let remainingSeconds: Double?
  /// How many achievements are in each state; every state is named.
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
    elapsedSeconds = last.map { max(0, (record.state.isActive ? now : $0.taken ?? $0.settled ?? now) - $0.handed) }
    self.reason = reason.text(achievement.id)
    blockedBy = record.state == .blocked ? record.blockedBy.map { reason.root(of: $0).text } : nil
    waitsFor = record.state == .waiting ? reason.open(achievement.id).map(\.text) : []
    mergeCommit = record.mergeCommit
    keptRef = record.keptRef
  }
}

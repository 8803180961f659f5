internal import Git
package import Planning
internal import Recording

/// What a changed plan file means for a run that was started with another one.
package struct Replanning: Sendable {
  /// What was complete and has to be done again, with the reason, in plan order.
  package let reopened: [(id: AchievementID, reason: String)]
  /// What was complete and is no longer in the plan: its work stays merged.
  package let dropped: [AchievementID]
  /// What the new plan adds.
  package let added: [AchievementID]

  /// Compares what is `complete` by its fingerprint: what is done, with what checks, on top of what.
  package init(from old: Plan, to new: Plan, complete: Set<AchievementID>) {
    var reopened: [AchievementID: String] = [:]
    let order = PlanAnalysis.topologicalOrder(of: new.graph).map { new.achievements[Int($0)] }
    for achievement in order where complete.contains(achievement.id) {
      guard let before = old[achievement.id] else { continue }
      reopened[achievement.id] =
        WorkIdentity(achievement, in: new).difference(from: WorkIdentity(before, in: old))
        ?? new.dependencies(of: achievement.id).first { dependency in
          // A variant that was not green is none that its choice was made from.
          reopened[dependency] != nil || !complete.contains(dependency) && new[dependency]?.role.isVariant != true
        }
        .map { "\($0), which it depends on, runs again" }
    }
    self.reopened = new.achievements.compactMap { item in reopened[item.id].map { (item.id, $0) } }
    dropped = old.achievements.filter { complete.contains($0.id) && new[$0.id] == nil && !$0.role.isVariant }.map(\.id)
    added = new.achievements.map(\.id).filter { old[$0] == nil }
  }
}

extension RunArchive {
  /// Gives the run of `recorded` the plan in `bytes`, reopens what that changes, and reads the run again.
  ///
  /// Only for a run that nobody drives; what is recorded is what the next process goes on from.
  package func replan(_ recorded: Recorded, to plan: Plan, bytes: [UInt8]) async throws -> (Replanning, Recorded) {
    let store = try store()
    let complete = recorded.snapshot.records.filter { $0.value.state == .complete }.map(\.key)
    let replanning = Replanning(from: recorded.plan, to: plan, complete: Set(complete))
    let time = recorded.now
    let tip = try await repository.tip(of: recorded.header.integrationRef)?.description ?? recorded.header.base
    let wall = SystemClock.wallTime()
    try await store.replacePlan(of: recorded.run, with: bytes)
    try await store.append(
      replanning.reopened.map { RunEvent(time: time, wall: wall, fact: .reopened($0.id, tip: tip, reason: $0.reason)) },
      to: recorded.run
    )
    try RunFiles.replace(recorded.header.directory + "/parallel.json", with: bytes)
    return (replanning, try await load(recorded.run, from: store))
  }
}

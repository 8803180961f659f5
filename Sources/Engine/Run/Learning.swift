package import Planning
package import Recording

/// Durations that runs leave behind for those that come after them.
extension RunArchive {
  /// Keeps how long each achievement took whose result the run in `snapshot` used. Once or several times per run is the same.
  package func learn(from snapshot: RunSnapshot, of plan: Plan) async throws {
    guard let header = snapshot.header else { return }
    let store = try makeStore()
    for file in plan.files {
      let measured = measured(snapshot, header, of: file, in: plan)
      // A key for each plan: ids are those of the plan's own file, and two plans of a run may have the same.
      let run = plan.members.isEmpty ? header.run : "\(header.run):\(file.name)"
      try await store.learn(measured, from: run, of: file.name)
    }
  }

  private func measured(
    _ snapshot: RunSnapshot,
    _ header: RunHeader,
    of file: Plan,
    in plan: Plan
  ) -> [MeasuredDuration] {
    file.achievements.compactMap { own in
      guard let achievement = plan[plan.id(own.id, of: file)] else { return nil }
      let record = snapshot[achievement.id]
      guard record.state == .complete, let attempt = record.attempts.last, let seconds = attempt.usedSeconds,
        let taken = attempt.taken
      else { return nil }
      return MeasuredDuration(
        achievement: own.id,
        fingerprint: RunArchive.fingerprint(of: achievement, in: plan, workerArguments: header.workerArguments),
        seconds: seconds,
        wall: snapshot.startedWall + taken
      )
    }
  }

  /// What earlier runs of this repository teach about `plan` with the worker of the command line, if there is one.
  ///
  /// Nothing when there is no record, or none that can be read: whoever needs the record says what is wrong with it.
  package func learned(of plan: Plan, workerArguments: [String]?) async -> LearnedDurations {
    let kept = await durations(of: plan)
    guard !kept.isEmpty else { return .none }
    return collected(kept, plan) { achievement, _ in
      RunArchive.fingerprint(of: achievement, in: plan, workerArguments: workerArguments)
    }
  }

  /// The same where no worker is named: of those that did an achievement, the one that did it last.
  package func learned(of plan: Plan) async -> LearnedDurations {
    let kept = await durations(of: plan)
    guard !kept.isEmpty else { return .none }
    return collected(kept, plan) { achievement, kept in
      let work = WorkIdentity(achievement, in: plan).fingerprint
      return kept.last { $0.fingerprint == work || $0.fingerprint.hasPrefix(work + "+") }?.fingerprint ?? work
    }
  }

  /// What is kept of each file's work, by the ids that `plan` has for it.
  private func durations(of plan: Plan) async -> [(AchievementID, MeasuredDuration)] {
    guard let store = try? store() else { return [] }
    var kept: [(AchievementID, MeasuredDuration)] = []
    for file in plan.files {
      kept += await ((try? store.durations(of: file.name)) ?? []).map { (plan.id($0.achievement, of: file), $0) }
    }
    return kept
  }

  private func collected(
    _ kept: [(AchievementID, MeasuredDuration)],
    _ plan: Plan,
    by fingerprint: (Achievement, [MeasuredDuration]) -> String
  ) -> LearnedDurations {
    var seconds: [AchievementID: [Double]] = [:]
    for (id, kept) in Dictionary(grouping: kept, by: \.0).mapValues({ $0.map(\.1) }) {
      guard let achievement = plan[id] else { continue }
      let wanted = fingerprint(achievement, kept)
      seconds[id] = kept.filter { $0.fingerprint == wanted }.map(\.seconds)
    }
    return LearnedDurations(seconds: seconds)
  }

  /// The work by the plan, and after a `+` the worker that the command line puts in its place.
  private static func fingerprint(of achievement: Achievement, in plan: Plan, workerArguments: [String]?) -> String {
    let work = WorkIdentity(achievement, in: plan).fingerprint
    guard let workerArguments, achievement.role.hasWorker else { return work }
    return work + "+" + WorkIdentity.digest(workerArguments)
  }
}

package import Planning
package import Recording

/// How long a run's achievements took, as measured: what `plait simulate RUN` plays with.
package struct MeasuredWork: Sendable {
  /// Work and verify seconds of each achievement of the plan; 0 for what was not measured.
  package let seconds: [Double]
  /// What is complete without a time that was measured, since it was so before the run: nothing waits for it.
  package let given: Set<AchievementID>
  /// What the run didn't complete.
  package let missing: Set<AchievementID>

  /// Takes what `snapshot` has measured of `plan`; throws `ReportingError` when that is nothing.
  package init(plan: Plan, snapshot: RunSnapshot) throws {
    var given: Set<AchievementID> = []
    var missing: Set<AchievementID> = []
    seconds = plan.achievements.map { achievement in
      let record = snapshot[achievement.id]
      if record.state == .complete, record.attempts.contains(where: \.wasUsed) { return record.usedSeconds }
      if record.state == .complete { given.insert(achievement.id) } else { missing.insert(achievement.id) }
      return 0
    }
    self.given = given
    self.missing = missing
    guard given.count + missing.count < plan.achievements.count else {
      let run = snapshot.header?.run ?? ""
      throw ReportingError(
        .nothingMeasured,
        run,
        "run \(run) has completed nothing, so there are no times to simulate with"
      )
    }
  }
}

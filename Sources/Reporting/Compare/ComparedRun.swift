package import Planning
package import Recording

/// A recorded run that is held against others.
package struct ComparedRun: Sendable {
  /// The run's own copy of the plan.
  package let plan: Plan
  /// The run as recorded.
  package let snapshot: RunSnapshot

  /// Takes a run with the plan that it was started with.
  package init(plan: Plan, snapshot: RunSnapshot) {
    self.plan = plan
    self.snapshot = snapshot
  }

  /// The run's id.
  var name: String { snapshot.header?.run ?? "" }

  /// What the run did itself, sorted; without what was complete before.
  var done: [AchievementID] {
    snapshot.records.filter { $0.value.state == .complete && $0.value.attempts.contains(where: \.wasUsed) }.map(\.key)
      .sorted()
  }

  /// Seconds in which no process drove it.
  var downSeconds: Double {
    snapshot.pauses.reduce(0) { sum, pause in
      guard let from = pause.downFrom, let until = pause.until else { return sum }
      return sum + max(0, until - from)
    }
  }

  /// Work and verify seconds of the attempts whose results were used.
  var workSeconds: Double { snapshot.records.values.map(\.usedSeconds).sorted().reduce(0, +) }

  /// User and system CPU seconds of all its workers, also of those whose results were not used; nil when one wasn't measured.
  var cpuSeconds: Double? {
    var sum = 0.0
    for (_, record) in snapshot.records.sorted(by: { $0.key < $1.key }) {
      for attempt in record.attempts where attempt.started != nil {
        guard let usage = attempt.end?.usage else { return nil }
        sum += usage.userCPU + usage.systemCPU
      }
    }
    return sum
  }
}

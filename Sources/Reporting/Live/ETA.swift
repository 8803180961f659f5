package import Planning
package import Recording

/// How long a run will still take, from the plan's estimates and the speed that was measured so far.
package struct ETA: Sendable {
  private let ids: [AchievementID]
  private let hours: [Double]
  private let order: [Int32]
  private let graph: DependencyGraph

  /// Prepares for `plan`; `analysis` is made when nil.
  package init(plan: Plan, analysis: PlanAnalysis? = nil) {
    let analysis = analysis ?? PlanAnalysis(plan)
    ids = plan.achievements.map(\.id)
    hours = analysis.hours
    order = analysis.order
    graph = plan.graph
  }

  /// Seconds until the run's end at `now` (seconds since its start), or nil while nothing is complete to learn from.
  ///
  /// Each achievement at work or to come counts its expected hours × the ratio of measured seconds to expected hours over
  /// all that is complete; one at work less what it has run for. The time left is at least the longest chain of these
  /// and at least their sum ÷ slots; the larger of the two is the estimate.
  package func remainingSeconds(_ snapshot: RunSnapshot, now: Double) -> Double? {
    var measured = 0.0
    var expected = 0.0
    for (index, id) in ids.enumerated() {
      guard let attempt = snapshot[id].attempts.last, let merged = attempt.merged, hours[index] > 0 else { continue }
      measured += merged - attempt.handed
      expected += hours[index]
    }
    guard measured > 0, expected > 0 else { return nil }
    let secondsPerHour = measured / expected
    let left = ids.enumerated().map { index, id -> Double in
      let record = snapshot[id]
      if record.state.isFinal { return 0 }
      let whole = hours[index] * secondsPerHour
      guard record.state.isActive, let attempt = record.attempts.last else { return whole }
      return max(0, whole - (now - attempt.handed))
    }
    let chain = PlanAnalysis.bLevels(of: graph, order: order, hours: left).max() ?? 0
    let slots = Double(max(1, snapshot.header?.jobs ?? 1))
    return max(chain, left.reduce(0, +) / slots)
  }
}

package import Planning
package import Recording

/// How long a run will still take, from durations learned before or the plan's estimates at the speed measured so far.
package struct ETA: Sendable {
  /// What is left, in seconds, with the stretch in which half of all runs like this one would end.
  package struct Remaining: Sendable, Equatable {
    /// The estimate.
    package let seconds: Double
    /// Its lower end; nil while too little is complete to tell.
    package let low: Double?
    /// Its upper end; nil while too little is complete to tell.
    package let high: Double?
  }

  private let ids: [AchievementID]
  private let hours: [Double]
  private let learned: [Double?]
  private let order: [Int32]
  private let graph: DependencyGraph

  /// Prepares for `plan`; `analysis` is made when nil. `learned` are seconds from a slot taken to the merge, from earlier runs.
  package init(plan: Plan, analysis: PlanAnalysis? = nil, learned: [AchievementID: Double] = [:]) {
    let analysis = analysis ?? PlanAnalysis(plan)
    ids = plan.achievements.map(\.id)
    hours = analysis.hours
    self.learned = plan.achievements.map { learned[$0.id] }
    order = analysis.order
    graph = plan.graph
  }

  /// Seconds until the run's end at `now` (seconds since its start), or nil while nothing is complete to learn from.
  package func remainingSeconds(_ snapshot: RunSnapshot, now: Double) -> Double? {
    remaining(snapshot, now: now)?.seconds
  }

  /// What is left at `now` (seconds since the run's start), or nil while nothing is known to tell it from.
  ///
  /// Each achievement at work or to come counts what is expected of it; one at work less what it has run for. The time left
  /// is at least the longest chain of these and at least their sum ÷ slots; the larger of the two is the estimate. Its ends
  /// come from the middle half of the ratios of measured to expected seconds, once four achievements are complete.
  package func remaining(_ snapshot: RunSnapshot, now: Double) -> Remaining? {
    let expected = expectedSeconds(snapshot)
    var left = [Double](repeating: 0, count: ids.count)
    for (index, id) in ids.enumerated() {
      let record = snapshot[id]
      if record.state.isFinal { continue }
      guard let whole = expected[index] else { return nil }
      let elapsed = record.state.isActive ? record.attempts.last.map { now - $0.handed } ?? 0 : 0
      left[index] = max(0, whole - elapsed)
    }
    let chain = PlanAnalysis.bLevels(of: graph, order: order, hours: left).max() ?? 0
    let slots = Double(max(1, snapshot.header?.jobs ?? 1))
    let seconds = max(chain, left.reduce(0, +) / slots)
    let ratios = zip(measuredSeconds(snapshot), expected).compactMap { measured, expected -> Double? in
      guard let measured, let expected, expected > 0 else { return nil }
      return measured / expected
    }.sorted()
    guard ratios.count >= 4 else {
      return expected.contains { $0 != nil } ? Remaining(seconds: seconds, low: nil, high: nil) : nil
    }
    return Remaining(
      seconds: seconds,
      low: seconds * min(1, ratios[ratios.count / 4]),
      high: seconds * max(1, ratios[ratios.count * 3 / 4])
    )
  }

  /// What each achievement is expected to take from its slot taken to its merge, in plan order: what was learned, else its
  /// hours × the ratio of measured seconds to hours over all that is complete; nil while there is neither.
  func expectedSeconds(_ snapshot: RunSnapshot) -> [Double?] {
    var (measured, counted) = (0.0, 0.0)
    for (index, seconds) in measuredSeconds(snapshot).enumerated() where hours[index] > 0 {
      guard let seconds else { continue }
      measured += seconds
      counted += hours[index]
    }
    let secondsPerHour = measured > 0 && counted > 0 ? measured / counted : nil
    return hours.indices.map { index in learned[index] ?? secondsPerHour.map { hours[index] * $0 } }
  }

  private func measuredSeconds(_ snapshot: RunSnapshot) -> [Double?] {
    ids.map { id in snapshot[id].attempts.last.flatMap { attempt in attempt.taken.map { $0 - attempt.handed } } }
  }
}

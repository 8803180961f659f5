package import Planning

/// What a run is expected to take, by the real scheduler on a virtual clock; of workers and checks, without Plait's own time.
package struct Forecast: Sendable {
  /// From start to end, in hours: the median of the repetitions, or where there are none with the durations as expected.
  /// (Where several chains end together the latest of them counts, so that scattered durations take longer in the middle.)
  package let hours: Double
  /// Between these two numbers of hours lie 8 of 10 repetitions with durations that scatter; nil for a plan so large that
  /// repeating it would hold up the start.
  package let interval: ClosedRange<Double>?
  /// Σ hours of what would run: what one worker at a time would take.
  package let serialHours: Double
  /// The longest chain of what would run, in hours: no number of slots is faster.
  package let criticalPathHours: Double
  /// In the order in which they would start.
  package let starts: [Assignment]

  /// 1 − hours ÷ serial hours; nil when nothing would run.
  package var savedRatio: Double? { serialHours > 0 ? 1 - hours / serialHours : nil }

  /// Plays what `schedule` holds, which must have begun, with the durations of `analysis`.
  init(_ schedule: Schedule, analysis: PlanAnalysis) {
    let plan = schedule.plan
    var played = schedule
    var starts: [Assignment] = []
    let expected = Simulation.run(&played, hours: analysis.hours) { starts.append($0) }
    self.starts = starts
    let running = Set(starts.map(\.node))
    let counted = analysis.hours.enumerated().map { running.contains($0.offset) ? $0.element : 0 }
    serialHours = counted.reduce(0, +)
    criticalPathHours = PlanAnalysis.bLevels(of: plan.graph, order: analysis.order, hours: counted).max() ?? 0
    let repeated = Forecast.repeated(schedule, analysis: analysis)
    hours = repeated.isEmpty ? expected : repeated[repeated.count / 2]
    interval = Forecast.interval(repeated)
  }

  /// For each number of slots (nil: one for everyone) the hours between which 8 of 10 repetitions of the whole plan lie; none
  /// for a plan that takes too long to repeat.
  package static func intervals(
    of plan: Plan,
    analysis: PlanAnalysis,
    slots: [Int?]
  ) -> [ClosedRange<Double>?] {
    var schedule = Schedule(plan: plan, analysis: analysis, options: ScheduleOptions(slots: 1))
    _ = schedule.begin()
    return slots.map { slots in
      let count = max(1, min(slots ?? Int.max, plan.achievements.count))
      return interval(repeated(schedule.with(slots: count), analysis: analysis))
    }
  }

  private static func interval(_ repeated: [Double]) -> ClosedRange<Double>? {
    let tenth = repeated.count / 10
    return repeated.isEmpty ? nil : repeated[tenth]...repeated[repeated.count - 1 - tenth]
  }

  /// What the number of repetitions is chosen by: achievements and edges that the scheduler handles in about 20 ms.
  private static let affordableSteps = 40_000

  /// Hours from start to end with durations that scatter, sorted; none for a plan that takes too long to repeat.
  private static func repeated(_ schedule: Schedule, analysis: PlanAnalysis) -> [Double] {
    let plan = schedule.plan
    let repetitions = min(200, affordableSteps / max(1, plan.achievements.count + plan.graph.edgeCount))
    guard repetitions >= 10 else { return [] }
    let spreads = plan.achievements.map { DurationSpread(variation: variation(analysis.learned[$0.id])) }
    var generator = SplitMix64(seed: 1969)
    return (0..<repetitions).map { _ in
      var played = schedule
      let hours = zip(analysis.hours, spreads).map { $0 * $1.factor(using: &generator) }
      return Simulation.run(&played, hours: hours) { _ in }
    }.sorted()
  }

  /// The coefficient of variation of one duration. Measured ones have their own: from the 10 % to the 90 % quantile are 2.56
  /// standard deviations of a normal distribution; few measurements show too little of it. Of an estimate it is taken
  /// to be a half.
  private static func variation(_ entry: LearnedDurations.Entry?) -> Double {
    guard let entry, entry.median > 0 else { return 0.5 }
    let measured = (entry.high - entry.low) / 2.56 / entry.median
    return max(measured, entry.count < 5 ? 0.1 : 0.02)
  }
}

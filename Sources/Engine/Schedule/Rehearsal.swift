package import Planning

/// A plan played through by the real scheduler on a virtual clock, with several numbers of slots, with its durations as they
/// are expected (or were measured) and with durations that scatter around them.
///
/// The scheduler knows only what is expected, as in a real run. Counts workers and checks: no worktrees, no merges.
package struct Rehearsal: Sendable {
  /// What came out for one number of slots.
  package struct Row: Sendable {
    /// How many slots there are; nil: one for everyone.
    package let slots: Int?
    /// How many of them were ever in use at once.
    package let peak: Int
    /// From start to end, with the durations as they are.
    package let hours: Double
    /// The same with scattered durations, one for each repetition; the same durations for every number of slots.
    package let repeated: [Double]
  }

  /// Expected hours of each achievement of the plan; 0 for what is not played.
  package let hours: [Double]
  /// Σ hours.
  package var totalHours: Double { hours.reduce(0, +) }
  /// Hours of the longest chain: no number of slots is faster.
  package let criticalPathHours: Double
  private let begun: Schedule

  /// The whole plan with the hours that its file expects.
  package init(_ plan: Plan) {
    let analysis = PlanAnalysis(plan)
    self.init(plan, analysis: analysis, hours: analysis.hours, prior: [:], tiers: false)
  }

  /// The plan with measured hours, one for each achievement. `prior` says what is not played, and must hold
  /// everything without a measured time; `tiers` whether priorities wait for one another.
  package init(_ plan: Plan, measuredHours: [Double], prior: [AchievementID: PriorStatus], tiers: Bool) {
    let known = plan.expecting(measuredHours)
    self.init(known, analysis: PlanAnalysis(known), hours: measuredHours, prior: prior, tiers: tiers)
  }

  private init(
    _ plan: Plan,
    analysis: PlanAnalysis,
    hours: [Double],
    prior: [AchievementID: PriorStatus],
    tiers: Bool
  ) {
    self.hours = hours
    criticalPathHours = PlanAnalysis.bLevels(of: plan.graph, order: analysis.order, hours: hours).max() ?? 0
    var schedule = Schedule(plan: plan, analysis: analysis, options: ScheduleOptions(slots: 1, tiers: tiers))
    _ = schedule.begin(prior: prior)
    begun = schedule
  }

  /// The numbers of slots to look at when nobody asks for others: 1, 2, 3, 4, 6, 8, 12, 16, … up to the first with which the
  /// plan takes no longer than with one slot for everyone, and that. Only powers of four for a plan of tens of thousands.
  package var usualSlots: [Int?] {
    let (shortest, peak) = play(slots: nil, hours)
    let isLarge = steps > 50_000
    let candidates = isLarge ? (1...12).map { 1 << (2 * $0) } : [2, 3] + (1...22).flatMap { [2 << $0, 3 << $0] }
    var numbers: [Int?] = [1]
    for next in candidates where next < peak {
      let isEnough = play(slots: next, hours).hours <= shortest * (1 + 1e-9)
      numbers.append(next)
      if isEnough { break }
    }
    return numbers + [nil]
  }

  /// How often to repeat for so many numbers of slots: 200 times, and fewer for a plan so large that it would take more than
  /// a few seconds, but at least 5 times.
  package func repetitions(numbers: Int) -> Int {
    max(5, min(200, Rehearsal.affordableSteps / max(1, steps * numbers)))
  }

  /// How many achievements and edges the scheduler handles each time.
  private var steps: Int { begun.plan.achievements.count + begun.plan.graph.edgeCount }
  /// How many of them it handles in about three seconds.
  private static let affordableSteps = 6_000_000

  /// Plays the plan with each number of slots: once as expected, and `repetitions` times with durations that scatter with
  /// the coefficient of variation `variation`. The same arguments always give the same rows.
  package func rows(for slots: [Int?], variation: Double, repetitions: Int) -> [Row] {
    let expected = slots.map { play(slots: $0, hours) }
    var repeated = [[Double]](repeating: [], count: slots.count)
    var generator = SplitMix64(seed: 1969)
    let spread = DurationSpread(variation: variation)
    for _ in 0..<repetitions {
      let scattered = hours.map { $0 * spread.factor(using: &generator) }
      for (row, slots) in slots.enumerated() { repeated[row].append(play(slots: slots, scattered).hours) }
    }
    return slots.indices.map {
      Row(slots: slots[$0], peak: expected[$0].peak, hours: expected[$0].hours, repeated: repeated[$0])
    }
  }

  private func play(slots: Int?, _ hours: [Double]) -> (hours: Double, peak: Int) {
    var schedule = begun.with(slots: max(1, min(slots ?? Int.max, begun.plan.achievements.count)))
    // The free slot of the lowest number is taken first: the highest ever taken tells how many were taken at once.
    var peak = 0
    let end = Simulation.run(&schedule, hours: hours) { peak = max(peak, $0.slot + 1) }
    return (end, peak)
  }
}

extension Plan {
  /// The same plan with these hours as its estimates: what its priorities are made of.
  fileprivate func expecting(_ hours: [Double]) -> Plan {
    Plan(
      name: name,
      level: level,
      achievements: zip(achievements, hours).map { achievement, hours in
        Achievement(
          id: achievement.id,
          title: achievement.title,
          priority: achievement.priority,
          role: achievement.role,
          estimate: HourRange(low: hours, high: hours),
          isWaived: achievement.isWaived,
          place: achievement.place,
          details: achievement.details
        )
      },
      graph: graph,
      defaults: defaults
    )
  }
}

/// How long a plan takes with several numbers of slots, by the real scheduler on a virtual clock. Durations are seconds, ratios
/// 0…1.
package struct SimulationReport: Sendable, Codable, Equatable {
  /// The kind and version of the JSON.
  package static let schema = "plait.simulate/1"
  /// How much slower than the best a recommended number of slots may be.
  static let tolerance = 0.02
  /// From when on a repetition counts as slower with more slots: below this it is of no interest.
  static let noticeable = 0.01

  /// What was simulated.
  package struct Subject: Sendable {
    /// The plan's name.
    package var plan: String
    /// The run whose measured times are counted with, and how it went itself; nil: the plan's expected hours.
    package var run: MeasuredRun?
    /// How many achievements are played.
    package var achievementCount: Int
    /// How many are not, because the run didn't measure them.
    package var leftOutCount = 0
    /// Σ seconds of what is played.
    package var workSeconds: Double
    /// Seconds of the longest chain.
    package var criticalPathSeconds: Double

    /// Takes seconds.
    package init(plan: String, achievementCount: Int, workSeconds: Double, criticalPathSeconds: Double) {
      self.plan = plan
      self.achievementCount = achievementCount
      self.workSeconds = workSeconds
      self.criticalPathSeconds = criticalPathSeconds
    }
  }

  /// The run that the times come from.
  package struct MeasuredRun: Sendable, Codable, Equatable {
    /// The run's id.
    package let run: String
    /// How many workers at once.
    package let slots: Int
    /// From its start to its end, or to its last event; worktrees, merges and pauses included.
    package let wallSeconds: Double

    /// Takes seconds.
    package init(run: String, slots: Int, wallSeconds: Double) {
      self.run = run
      self.slots = slots
      self.wallSeconds = wallSeconds
    }
  }

  /// What the simulation gave for one number of slots.
  package struct Outcome: Sendable {
    /// How many slots there are; nil: one for everyone.
    package let slots: Int?
    /// How many were in use at once.
    package let peak: Int
    /// From start to end.
    package let seconds: Double
    /// The same with scattered durations, one for each repetition, the same durations for each number of slots; may be empty.
    package let repeated: [Double]

    /// Takes seconds.
    package init(slots: Int?, peak: Int, seconds: Double, repeated: [Double]) {
      self.slots = slots
      self.peak = peak
      self.seconds = seconds
      self.repeated = repeated
    }
  }

  /// One number of slots.
  package struct Row: Sendable, Codable, Equatable {
    /// How many slots there are; left out for one for everyone.
    package let slots: Int?
    /// How many of them are in use at once, at the most.
    package let peakSlots: Int
    /// From start to end, with the durations as they are.
    package let seconds: Double
    /// The share of the time of one after another that this saves.
    package let savedRatio: Double
    /// The share of the slots' time in which they work; for one slot for everyone, of as many as are in use at once.
    package let utilisation: Double
    /// The median with scattered durations.
    package let medianSeconds: Double
    /// One in ten repetitions took no longer.
    package let p10Seconds: Double
    /// Nine in ten repetitions took no longer.
    package let p90Seconds: Double
    /// A smaller number of slots that is faster, with the durations as they are; nil when there is none.
    package let slowerThanSlots: Int?
    /// The share of the repetitions in which this was slower than a smaller number of slots, by more than 1 %.
    package let slowerRatio: Double
  }

  /// The kind and version of the JSON.
  package let schema: String
  /// The plan's name.
  package let plan: String
  /// The run whose measured times are counted with; left out when the plan's expected hours are.
  package let run: MeasuredRun?
  /// How many achievements are played.
  package let achievementCount: Int
  /// How many are not played, because the run didn't measure them.
  package let leftOutCount: Int
  /// The time of one after another.
  package let workSeconds: Double
  /// The time of the longest chain: no number of slots is faster.
  package let criticalPathSeconds: Double
  /// By how much the durations scatter: standard deviation ÷ mean.
  package let spread: Double
  /// How often each number of slots was tried with scattered durations.
  package let repetitions: Int
  /// The numbers of slots, smallest first.
  package let rows: [Row]
  /// The smallest number of slots whose median is within 2 % of the best one; never more than are in use at once.
  package let recommendedSlots: Int

  /// Takes what the simulation gave, smallest number of slots first.
  package init(_ subject: Subject, spread: Double, outcomes: [Outcome]) {
    schema = SimulationReport.schema
    plan = subject.plan
    run = subject.run
    achievementCount = subject.achievementCount
    leftOutCount = subject.leftOutCount
    workSeconds = subject.workSeconds
    criticalPathSeconds = subject.criticalPathSeconds
    self.spread = spread
    repetitions = outcomes.first?.repeated.count ?? 0
    let rows = outcomes.indices.map { Row(outcomes[$0], after: outcomes[..<$0], work: subject.workSeconds) }
    self.rows = rows
    let best = rows.map(\.medianSeconds).min() ?? 0
    let enough = rows.first { $0.medianSeconds <= best * (1 + SimulationReport.tolerance) }
    recommendedSlots = max(1, enough?.peakSlots ?? 1)
  }
}

extension SimulationReport.Row {
  typealias Outcome = SimulationReport.Outcome

  /// `smaller` holds the outcomes of smaller numbers of slots, `work` the seconds of one after another.
  init(_ outcome: Outcome, after smaller: ArraySlice<Outcome>, work: Double) {
    let sample = Sample(outcome.repeated.isEmpty ? [outcome.seconds] : outcome.repeated)
    let used = Double(max(1, outcome.slots ?? outcome.peak))
    slots = outcome.slots
    peakSlots = outcome.peak
    seconds = outcome.seconds
    savedRatio = work > 0 ? 1 - outcome.seconds / work : 0
    utilisation = outcome.seconds > 0 ? work / (used * outcome.seconds) : 0
    medianSeconds = sample.quantile(0.5)
    p10Seconds = sample.quantile(0.1)
    p90Seconds = sample.quantile(0.9)
    let faster = smaller.min { $0.seconds < $1.seconds }
    // Not by rounding alone.
    slowerThanSlots = faster.flatMap { outcome.seconds > $0.seconds * (1 + 1e-9) ? $0.slots : nil }
    let slower = outcome.repeated.indices.count { index in
      smaller.contains { outcome.repeated[index] > $0.repeated[index] * (1 + SimulationReport.noticeable) }
    }
    slowerRatio = outcome.repeated.isEmpty ? 0 : Double(slower) / Double(outcome.repeated.count)
  }
}

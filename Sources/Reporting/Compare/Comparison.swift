import Planning
import Recording

/// What parallel work really saved: the wall times of two groups of runs of the same work held against each other.
///
/// A measurement and no estimate: one group ran one after another (or with fewer slots), the other side by side, and both
/// were timed. All durations are seconds.
package struct Comparison: Sendable, Codable, Equatable {
  /// The kind and version of the JSON.
  package static let schema = "plait.compare/1"
  /// How sure the intervals are.
  static let confidence = 0.95

  /// One run as it was measured.
  package struct Run: Sendable, Codable, Equatable {
    /// The run's id.
    package let run: String
    /// How many workers at once.
    package let slots: Int
    /// From start to end, without the time in which no process drove the run.
    package let wallSeconds: Double
    /// The time in which no process drove the run; not in wall_seconds.
    package let downSeconds: Double
    /// Σ work and verify of the attempts whose results were used.
    package let workSeconds: Double
    /// User and system CPU seconds of all its workers; nil when one of them wasn't measured.
    package let cpuSeconds: Double?
  }

  /// Runs of one kind.
  package struct Group: Sendable, Codable, Equatable {
    /// How many workers at once; nil when the runs differ in that.
    package let slots: Int?
    /// The mean of its runs.
    package let wallSeconds: Double
    /// The mean of its runs.
    package let workSeconds: Double
    /// The mean of its runs; nil when one of them wasn't measured.
    package let cpuSeconds: Double?
    /// The runs, in the order given.
    package let runs: [Run]
  }

  /// A number with the interval that it lies in.
  package struct Estimate: Sendable, Codable, Equatable {
    /// What the runs give as they are.
    package let value: Double
    /// The lower end of the interval; nil without one.
    package let low: Double?
    /// The upper end of the interval; nil without one.
    package let high: Double?
  }

  /// The kind and version of the JSON.
  package let schema: String
  /// The plan's name.
  package let plan: String
  /// The commit that all runs build on.
  package let base: String
  /// The runs to compare with: one after another.
  package let baseline: Group
  /// The runs that were to be faster.
  package let parallel: Group
  /// Whether the runs belong together in pairs, in the order given: so they do when the groups are of one size.
  package let isPaired: Bool
  /// The share of time that was saved: 1 − parallel ÷ baseline; negative when it took longer.
  package let saving: Estimate
  /// baseline ÷ parallel.
  package let speedup: Estimate
  /// How sure the intervals are, 0 to 1; nil when there is none, for want of a second run in each group.
  package let confidence: Double?
  /// How often the runs were drawn again for the intervals; nil when there is none.
  package let resamples: Int?
  /// CPU seconds of the parallel runs ÷ those of the baseline; nil when they weren't measured, or were none.
  package let cpuRatio: Double?
  /// Σ work and verify of the parallel runs ÷ that of the baseline: how much workers side by side slowed each other down.
  package let workRatio: Double?

  /// Compares the runs; throws `ReportingError` with all that differs when they don't stand for the same work, or when one
  /// of them isn't complete.
  package init(baseline: [ComparedRun], parallel: [ComparedRun]) throws {
    guard let first = baseline.first, !parallel.isEmpty else {
      throw ReportingError(.notComparable, "", "there have to be runs on both sides to compare them")
    }
    try Comparison.checkSameness(baseline + parallel)
    let (before, after) = (Group(baseline), Group(parallel))
    let (walls, parallelWalls) = (before.runs.map(\.wallSeconds), after.runs.map(\.wallSeconds))
    isPaired = walls.count == parallelWalls.count
    let ratio = after.wallSeconds / before.wallSeconds
    let interval = Bootstrap.interval(
      above: parallelWalls,
      below: walls,
      isPaired: isPaired,
      confidence: Comparison.confidence
    )
    schema = Comparison.schema
    plan = first.snapshot.header?.planName ?? first.plan.name
    base = first.snapshot.header?.base ?? ""
    self.baseline = before
    self.parallel = after
    saving = Estimate(
      value: 1 - ratio,
      low: interval.map { 1 - $0.upperBound },
      high: interval.map { 1 - $0.lowerBound }
    )
    speedup = Estimate(
      value: 1 / ratio,
      low: interval.map { 1 / $0.upperBound },
      high: interval.map { 1 / $0.lowerBound }
    )
    confidence = interval == nil ? nil : Comparison.confidence
    resamples = interval == nil ? nil : Bootstrap.resamples
    cpuRatio = Comparison.ratio(after.cpuSeconds, before.cpuSeconds)
    workRatio = Comparison.ratio(after.workSeconds, before.workSeconds)
  }

  private static func ratio(_ above: Double?, _ below: Double?) -> Double? {
    guard let above, let below, below > 0 else { return nil }
    return above / below
  }

  /// Throws with everything that makes a comparison of `runs` worthless.
  private static func checkSameness(_ runs: [ComparedRun]) throws {
    var details: [String] = []
    for (index, run) in runs.enumerated() where runs[..<index].contains(where: { $0.name == run.name }) {
      details.append("\(run.name) is named twice")
    }
    for run in runs where run.snapshot.outcome != .complete {
      details.append("\(run.name) is not complete (\(run.snapshot.outcome?.rawValue ?? "it has not ended"))")
    }
    for run in runs where run.snapshot.outcome == .complete && (run.done.isEmpty || run.wallSeconds <= 0) {
      details.append("\(run.name) did nothing itself")
    }
    let works = runs.map(Work.init)
    for work in works.dropFirst() { details += work.differences(from: works[0]) }
    guard !details.isEmpty else { return }
    throw ReportingError(
      .notComparable,
      runs.map(\.name).joined(separator: ", "),
      "these runs can't be compared: they don't stand for the same work, all of it done",
      details: details
    )
  }
}

extension Comparison.Group {
  init(_ runs: [ComparedRun]) {
    let measured = runs.map(Comparison.Run.init)
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(1, values.count)) }
    let cpu = measured.compactMap(\.cpuSeconds)
    let first = measured.first?.slots
    slots = measured.allSatisfy { $0.slots == first } ? first : nil
    wallSeconds = mean(measured.map(\.wallSeconds))
    workSeconds = mean(measured.map(\.workSeconds))
    cpuSeconds = cpu.count == measured.count ? mean(cpu) : nil
    self.runs = measured
  }
}

extension Comparison.Run {
  init(_ run: ComparedRun) {
    self.run = run.name
    slots = run.snapshot.header?.jobs ?? 0
    wallSeconds = run.wallSeconds
    downSeconds = run.downSeconds
    workSeconds = run.workSeconds
    cpuSeconds = run.cpuSeconds
  }
}

extension ComparedRun {
  /// From start to end, without the time in which no process drove it.
  var wallSeconds: Double { snapshot.lastTime - downSeconds }
}

import Planning
import Recording
import TestSupport
import Testing

@testable import Engine

@Suite struct RehearsalTests {
  /// Ready work in the order of its b-level; with a third slot 1.6 starts early and pushes 1.5 back.
  private let anomalous = makePlan(
    [
      "1.1": [], "1.2": [], "1.3": ["1.2"], "1.4": [], "1.5": ["1.2"], "1.6": ["1.1", "1.3", "1.5"],
      "1.7": ["1.1", "1.3", "1.6"], "1.8": ["1.1"], "1.9": ["1.1", "1.4"],
    ],
    hours: ["1.1": 2, "1.2": 5, "1.3": 2, "1.4": 3, "1.5": 1, "1.6": 4, "1.7": 5, "1.8": 5, "1.9": 4]
  )

  private func wide(_ count: Int) -> Plan {
    let achievements = (1...count).map {
      Achievement(id: id("1.\($0)"), title: "", priority: 1, estimate: HourRange(low: 1, high: 1))
    }
    let graph = DependencyGraph(dependencies: achievements.map { _ in [] })
    return Plan(name: "WIDE", level: .acrossPriorities, achievements: achievements, graph: graph)
  }

  @Test func moreSlotsCanBeSlower() {
    let rows = Rehearsal(anomalous).rows(for: [1, 2, 3], variation: 0, repetitions: 1)
    #expect(rows.map(\.hours) == [31, 16, 17])
    #expect(rows.map(\.repeated) == [[31], [16], [17]])
  }

  @Test func playsLikeThePrediction() {
    let slots: [Int?] = [1, 2, 3, 4, nil]
    let analysis = PlanAnalysis(anomalous)
    let rehearsal = Rehearsal(anomalous)
    let rows = rehearsal.rows(for: slots, variation: 0.25, repetitions: 0)
    #expect(rows.map(\.hours) == Simulation.makespans(of: anomalous, analysis: analysis, slots: slots))
    #expect(rows.map(\.slots) == slots)
    #expect(rehearsal.totalHours == 31 && rehearsal.criticalPathHours == analysis.criticalPathHours)
  }

  @Test func saysHowManySlotsAreUsedAtOnce() {
    let rows = Rehearsal(wide(5)).rows(for: [1, 3, 9, nil], variation: 0, repetitions: 0)
    #expect(rows.map(\.peak) == [1, 3, 5, 5])
    #expect(rows.map(\.hours) == [5, 2, 1, 1])
  }

  @Test func everyNumberOfSlotsGetsTheSameScatteredDurations() {
    // A chain takes as long with any number of slots, whatever the durations are.
    let chain = makePlan(["1.1": [], "1.2": ["1.1"], "1.3": ["1.2"]], hours: ["1.1": 1, "1.2": 2, "1.3": 3])
    let rows = Rehearsal(chain).rows(for: [1, 2, nil], variation: 0.5, repetitions: 20)
    #expect(rows[0].repeated == rows[1].repeated && rows[1].repeated == rows[2].repeated)
    #expect(Set(rows[0].repeated).count == 20)
    #expect(rows[0].hours == 6)
    let again = Rehearsal(chain).rows(for: [1, 2, nil], variation: 0.5, repetitions: 20)
    #expect(again.map(\.repeated) == rows.map(\.repeated))
  }

  @Test func looksAtNumbersUntilMoreAreOfNoUse() {
    #expect(Rehearsal(wide(1)).usualSlots == [1, nil])
    #expect(Rehearsal(wide(30)).usualSlots == [1, 2, 3, 4, 6, 8, 12, 16, 24, nil])
    // Twice the width that is of use for want of time: 1.1 is as long as all the others behind one another on three slots.
    let plan = makePlan(["1.1": [], "1.2": [], "1.3": [], "1.4": [], "1.5": []], hours: ["1.1": 4])
    #expect(Rehearsal(plan).usualSlots == [1, 2, 3, 4, nil])
    let long = makePlan(
      ["1.1": [], "1.2": [], "1.3": [], "1.4": [], "1.5": []],
      hours: ["1.1": 8, "1.2": 1, "1.3": 1, "1.4": 1, "1.5": 1]
    )
    #expect(Rehearsal(long).usualSlots == [1, 2, nil])
    #expect(Rehearsal(makePlan([:])).usualSlots == [1, nil])
  }

  @Test func largePlansAreRepeatedLessOften() {
    #expect(Rehearsal(wide(10)).repetitions(numbers: 8) == 200)
    let large = Rehearsal(wide(60_000))
    #expect(large.repetitions(numbers: 5) == 20)
    #expect(large.repetitions(numbers: 1_000) == 5)
    #expect(large.usualSlots.prefix(4) == [1, 4, 16, 64])
  }

  @Test func playsMeasuredTimesWithoutWhatWasNotMeasured() {
    let plan = makePlan(
      ["1.1": [], "1.2": ["1.1"], "1.3": ["1.1"], "2.1": ["1.2", "1.3"], "2.2": ["2.1"]],
      hours: ["1.1": 100, "1.2": 1, "1.3": 1, "2.1": 1, "2.2": 100]
    )
    let prior = [
      id("1.1"): PriorStatus(.complete, reason: ""), id("2.2"): PriorStatus(.skipped, reason: ""),
    ]
    let rehearsal = Rehearsal(plan, measuredHours: [0, 2, 3, 4, 0], prior: prior, tiers: false)
    let rows = rehearsal.rows(for: [1, 2], variation: 0, repetitions: 0)
    #expect(rows.map(\.hours) == [9, 7])
    #expect(rehearsal.totalHours == 9 && rehearsal.criticalPathHours == 7)
  }

  @Test func tiersWaitForOneAnother() {
    let plan = makePlan(["1.1": [], "1.2": [], "2.1": []])
    let rows = Rehearsal(plan, measuredHours: [1, 5, 5], prior: [:], tiers: true)
      .rows(for: [3], variation: 0, repetitions: 0)
    #expect(rows.map(\.hours) == [10])
  }

  @Test func aJoinsOwnChecksCount() {
    let achievements = [
      Achievement(id: id("1.1.1"), title: "", priority: 1, role: .part(of: id("1.1"))),
      Achievement(id: id("1.1"), title: "", priority: 1, role: .join),
    ]
    let plan = Plan(
      name: "JOIN",
      level: .withinAchievement,
      achievements: achievements,
      graph: DependencyGraph(dependencies: [[], [0]])
    )
    let rehearsal = Rehearsal(plan, measuredHours: [2, 1], prior: [:], tiers: false)
    #expect(rehearsal.rows(for: [nil], variation: 0, repetitions: 0)[0].hours == 3)
    #expect(rehearsal.criticalPathHours == 3)
  }
}

@Suite struct DurationSpreadTests {
  @Test(arguments: [0.1, 0.25, 1]) func factorsHaveTheMeanAndVariationAskedFor(variation: Double) {
    var generator = SplitMix64(seed: 7)
    let spread = DurationSpread(variation: variation)
    let factors = (0..<100_000).map { _ in spread.factor(using: &generator) }
    let mean = factors.reduce(0, +) / Double(factors.count)
    let variance = factors.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(factors.count)
    #expect(abs(mean - 1) < 0.02)
    #expect(abs(variance.squareRoot() / mean / variation - 1) < 0.05)
    #expect(factors.allSatisfy { $0 > 0 })
    // Log-normal: the median is exp(-σ²/2) = 1 ÷ √(1 + variation²).
    let median = factors.sorted()[factors.count / 2]
    #expect(abs(median - 1 / (1 + variation * variation).squareRoot()) < 0.02)
  }

  @Test func withoutVariationDurationsStayAsTheyAre() {
    var generator = SplitMix64(seed: 7)
    #expect((0..<100).allSatisfy { _ in DurationSpread(variation: 0).factor(using: &generator) == 1 })
  }
}

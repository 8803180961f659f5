import Planning
import Recording
import Testing

@testable import Reporting

@Suite struct SimulationReportTests {
  private func report(
    _ outcomes: [SimulationReport.Outcome],
    work: Double = 360_000,
    spread: Double = 0.25
  ) -> SimulationReport {
    let subject = SimulationReport.Subject(
      plan: "Sample",
      achievementCount: 9,
      workSeconds: work,
      criticalPathSeconds: 90_000
    )
    return SimulationReport(subject, spread: spread, outcomes: outcomes)
  }

  private func outcome(_ slots: Int?, _ peak: Int, _ seconds: Double, _ repeated: [Double] = [])
    -> SimulationReport.Outcome
  {
    SimulationReport.Outcome(slots: slots, peak: peak, seconds: seconds, repeated: repeated)
  }

  @Test func rowsByHand() {
    let result = report([
      outcome(1, 1, 360_000, [300_000, 360_000, 420_000]), outcome(4, 4, 100_000, [90_000, 100_000, 130_000]),
      outcome(nil, 6, 90_000, [80_000, 95_000, 120_000]),
    ])
    #expect(result.repetitions == 3)
    #expect(result.rows.map(\.savedRatio) == [0, 1 - 100.0 / 360, 0.75])
    #expect(result.rows.map(\.utilisation) == [1, 0.9, 360.0 / (6 * 90)])
    #expect(result.rows.map(\.medianSeconds) == [360_000, 100_000, 95_000])
    #expect(result.rows[0].p10Seconds == 312_000 && result.rows[0].p90Seconds == 408_000)
    // 100 is more than 2 % above 95: so as many as are in use with a slot for everyone.
    #expect(result.recommendedSlots == 6)
    let text = SimulationText.render(result)
    #expect(text.contains("100.0 h of work · critical path 25.0 h") && text.contains("86.7 h – 113.3 h"))
    #expect(text.contains("Recommended: 6 slots") && text.contains("3 repetitions") && text.contains("6 at once"))
    #expect(!text.contains("slower"))
  }

  @Test func theFewestSlotsWithinTwoPercentAreEnough() {
    let result = report([outcome(1, 1, 3600), outcome(8, 3, 1019), outcome(16, 3, 1000)])
    #expect(result.recommendedSlots == 3)
    #expect(report([outcome(1, 1, 1000), outcome(2, 1, 1000)]).recommendedSlots == 1)
    let alone = SimulationText.render(report([outcome(1, 1, 360_000), outcome(2, 2, 359_000)]))
    #expect(alone.contains("Recommended: 1 slot, the fewest within 2 % of the best. More save next to\nnothing."))
  }

  @Test func saysWhereMoreSlotsAreSlower() {
    let result = report([
      outcome(1, 1, 31, [31, 31]), outcome(2, 2, 16, [16, 16]), outcome(3, 3, 17, [17, 15]),
      outcome(nil, 9, 16 * (1 + 1e-12), [16.1, 16.1]),
    ])
    #expect(result.rows.map(\.slowerThanSlots) == [nil, nil, 2, nil])
    #expect(result.rows.map(\.slowerRatio) == [0, 0, 0.5, 0.5])
    let text = SimulationText.render(result)
    #expect(text.contains("slower than 2") && text.contains("R. L. Graham"))
  }

  @Test func saysWhereMoreSlotsAreSlowerOnlySometimes() {
    let result = report([outcome(1, 1, 30, [30, 30, 30, 30]), outcome(2, 2, 20, [20, 20, 31, 20])])
    #expect(result.rows[1].slowerThanSlots == nil && result.rows[1].slowerRatio == 0.25)
    let text = SimulationText.render(result).replacing("\n", with: " ")
    #expect(text.contains("2 slots are slower than fewer, by more than 1 %, in 25 % of the repetitions"))
  }

  @Test func withoutASpreadThereIsNoRange() {
    let text = SimulationText.render(report([outcome(1, 1, 360_000), outcome(2, 2, 180_000)], spread: 0))
    #expect(!text.contains("median") && !text.contains("repetitions") && text.contains("Recommended: 2 slots"))
  }

  @Test func saysWhichRunItCountsWith() throws {
    var subject = SimulationReport.Subject(
      plan: Samples.hostileTitle,
      achievementCount: 1,
      workSeconds: 12,
      criticalPathSeconds: 12
    )
    subject.run = SimulationReport.MeasuredRun(run: "r1\u{1B}[2J", slots: 1, wallSeconds: 13)
    subject.leftOutCount = 1
    let result = SimulationReport(subject, spread: 0.25, outcomes: [outcome(1, 1, 12, [12, 12])])
    let text = SimulationText.render(result)
    #expect(
      text.contains("The run itself took 13.0 s with 1 slot") && text.contains("1 achievement has no measured time")
    )
    #expect(!text.contains("\u{1B}"))
    for line in text.split(separator: "\n") { #expect(TerminalText.displayWidth(line) <= 80, "\(line)") }
    #expect(try JSONText.parse(SimulationReport.self, from: JSONText.render(result)) == result)
  }

  @Test func nothingToDoTakesNoTime() {
    let result = report([outcome(1, 0, 0), outcome(nil, 0, 0)], work: 0)
    #expect(result.recommendedSlots == 1 && result.rows.allSatisfy { $0.utilisation == 0 && $0.savedRatio == 0 })
    #expect(SimulationText.render(result).contains("Nothing takes any time"))
  }
}

@Suite struct MeasuredWorkTests {
  private let plan = makePlan([
    ("0.1", "Before", 1, []), ("1.1", "First", 2, ["0.1"]), ("1.2", "Second", 1, []), ("2.1", "Last", 1, ["1.2"]),
  ])

  @Test func takesWorkAndChecksOfWhatWasMerged() throws {
    var script = EventScript(slots: 2)
    script.at(0, .settled(id("0.1"), as: .complete, reason: "approved"))
    script.done("1.1", slot: 0, [0, 1, 1, 11, 11, 13, 14, 14])
    script.failed("1.2", slot: 1, [0, 1, 1, 5, 5, 6])
    script.at(6, .blocked(id("2.1"), by: id("1.2"), reason: "1.2 failed"))
    script.at(14, .runEnded(.failed))
    let work = try MeasuredWork(plan: plan, snapshot: script.snapshot)
    #expect(work.seconds == [0, 12, 0, 0])
    #expect(work.given == [id("0.1")] && work.missing == [id("1.2"), id("2.1")])
  }

  @Test func aRunWithoutMeasuredTimesIsRefused() {
    var script = EventScript(slots: 2)
    script.at(0, .settled(id("0.1"), as: .complete, reason: "approved"))
    #expect(throws: ReportingError.self) { try MeasuredWork(plan: plan, snapshot: script.snapshot) }
  }
}

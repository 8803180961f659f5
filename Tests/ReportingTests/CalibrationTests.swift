import Planning
import Recording
import Testing

@testable import Reporting

@Suite struct CalibrationTests {
  private let plan = makePlan([
    ("1.1", "Quick", 2, []), ("1.2", "As thought", 1, ["1.1"]), ("2.1", "New", 4, ["1.2"]), ("2.2", "Unknown", nil, []),
  ])
  private let learned = LearnedDurations(seconds: [id("1.1"): [1800, 3600, 5400], id("1.2"): [3600]])

  @Test func setsEstimatesBesideWhatWasLearned() throws {
    let calibration = Calibration(plan, learned: learned, written: [id("1.2")])
    #expect(calibration.factor == 0.75)
    #expect(calibration.achievements.map(\.runs) == [3, 1, 0, 0])
    #expect(calibration.achievements.map(\.ratio) == [0.5, 1, nil, nil])
    #expect(calibration.achievements[0].lowHours == 0.6 && calibration.achievements[0].highHours == 1.4)
    let text = calibration.text
    for part in [
      "id   estimate   learned  runs  ratio", "1.1     2.0 h  1 h 00 m     3  0.500  Quick",
      "2.2         –         –     –      –  Unknown", "things take 0.750 × their estimates",
    ] { #expect(text.contains(part), "\(part)\nin\n\(text)") }
    let json = try JSONText.render(calibration)
    #expect(try JSONText.parse(Calibration.self, from: json) == calibration)
    #expect(Calibration(plan, learned: .none).text.contains("Nothing was learned about Sample yet"))
    let apart = Calibration(plan, learned: LearnedDurations(seconds: [id("2.2"): [1]]))
    #expect(apart.factor == nil && apart.text.hasSuffix("No achievement has both.\n"))
  }

  @Test func theOverviewNamesItsSources() {
    let overview = PlanOverview(plan: plan, analysis: PlanAnalysis(plan, learned: learned))
    #expect(overview.durations.text == "2 learned from 1–3 runs, 1 estimated (× 0.750), 1 neutral")
    #expect(PlanOverviewText.render(overview).contains("\n  Durations: 2 learned from 1–3 runs,"))
    #expect(overview.unknownEstimates == 1 && overview.neutralHours == 1.5)
    #expect(overview.achievements.map(\.source) == [.learned, .learned, .estimate, .neutral])
    #expect(overview.achievements.map(\.learnedRuns) == [3, 1, nil, nil])
    #expect(overview.achievements[0].learnedRange?.low == 0.6)
    let same = PlanAnalysis(plan, learned: LearnedDurations(seconds: [id("1.1"): [1, 2]]))
    #expect(DurationSources(plan, analysis: same).text.hasPrefix("1 learned from 2 runs, 2 estimated (× 0.000208)"))
  }

  @Test func factorsKeepTheirDigits() {
    #expect(
      [1.254, 12, 0.5, 0.000_831_4, 0, 1e-12].map(\.ratio) == [
        "1.25", "12.00", "0.500", "0.000831", "0.00", "0.000000000",
      ]
    )
    #expect([0.1, 0.25, 71, 0].map(\.hours) == ["6 m 00 s", "0.3 h", "71.0 h", "0.0 h"])
  }

  @Test func theReportSaysHowFarOffTheForecastWas() throws {
    var script = EventScript(slots: 1, forecast: 8)
    script.ready(0, "1.1")
    script.done("1.1", slot: 0, [0, 1, 1, 9, 9, 9, 10, 10])
    let before = RunReport(plan: plan, snapshot: script.snapshot)
    #expect(before.forecast == nil)
    script.at(10, .runEnded(.complete))
    let report = RunReport(plan: plan, snapshot: script.snapshot)
    let forecast = try #require(report.forecast)
    #expect(forecast.expectedSeconds == 8 && forecast.measuredSeconds == 10 && forecast.offRatio == 0.25)
    #expect(ReportText.render(report).contains("it took 10.0 s, 25.0 % longer."))
  }
}

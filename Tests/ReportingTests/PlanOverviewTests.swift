import Planning
import Testing

@testable import Reporting

@Suite struct PlanOverviewTests {
  private let plan = makePlan(
    [("1.1", "Start", 2, []), ("1.2", "Beside", 4, []), ("2.1", "Join", nil, ["1.1", "1.2"])],
    claims: [
      Claim(field: "efficiency_gain", claimed: "80 %", actual: "20.0 %", isTrue: false),
      Claim(field: "total", claimed: "10", actual: nil, isTrue: true),
    ]
  )

  private var overview: PlanOverview {
    PlanOverview(
      plan: plan,
      analysis: PlanAnalysis(plan),
      predictions: [.init(slots: 1, hours: 10), .init(slots: 2, hours: 8), .init(slots: nil, hours: 8)],
      bottlenecks: [.init(id: id("1.2"), heldUp: 1, hours: 4)]
    )
  }

  @Test func numbersByHand() {
    #expect(overview.totalHours == 10)
    #expect(overview.criticalPathHours == 8)
    #expect(abs(overview.possibleSaving - 0.2) < 1e-12)
    #expect(overview.unknownEstimates == 1)
    #expect(overview.neutralHours == 4)
    #expect(overview.criticalPath == ["1.2", "2.1"])
    #expect(overview.levels.map(\.width) == [2, 1])
    #expect(overview.predictions.map(\.isBound) == [false, true, true])
    #expect(abs(overview.predictions[1].savedRatio - 0.2) < 1e-12)
    #expect(overview.achievements[2].dependencies == ["1.1", "1.2"])
    #expect(!overview.achievements[2].isEstimated)
    #expect(PlanOverview.Prediction(slots: 1, hours: 3).saving(of: 0) == 0)
  }

  @Test func textSaysThem() {
    let text = PlanOverviewText.render(overview)
    for part in [
      "3 achievements · 2 dependencies · 2 levels · declared level_3", "10.0 h  1 has no estimate, counted as 4.0 h",
      "Possible saving    20.0 %", "      2   8.0 h  20.0 %  as long as the critical path", "      ∞   8.0 h",
      "Critical path (2 achievements, 8.0 h)\n  1.2 → 2.1", "1.2         1  4.0 h  Beside",
      "✗  efficiency_gain  80 %           20.0 %", "✓  total            10             can't be computed",
    ] { #expect(text.contains(part), "\(part)\nin\n\(text)") }
  }

  @Test func jsonReadsBackTheSame() throws {
    let text = try JSONText.render(overview)
    #expect(text.contains("\"schema\" : \"plait.show/1\""))
    #expect(try JSONText.parse(PlanOverview.self, from: text) == overview)
  }

  @Test func hugeAndEmptyPlansStayReadable() {
    let chain = makePlan((1...2000).map { ("1.\($0)", "T", nil, $0 > 1 ? ["1.\($0 - 1)"] : []) })
    let deep = PlanOverviewText.render(PlanOverview(plan: chain, analysis: PlanAnalysis(chain)))
    #expect(deep.split(separator: "\n").count < 60)
    #expect(deep.contains("… 1980 more levels; all of them with --json"))
    #expect(deep.contains("2000 have no estimate, each counted as 1.0 h"))
    let flat = makePlan((1...2000).map { ("1.\($0)", "T", 1, []) })
    let wide = PlanOverviewText.render(PlanOverview(plan: flat, analysis: PlanAnalysis(flat)))
    #expect(wide.split(separator: "\n").allSatisfy { $0.count <= 80 })
    #expect(wide.contains("more"))
    let none = PlanOverviewText.render(PlanOverview(plan: makePlan([]), analysis: PlanAnalysis(makePlan([]))))
    #expect(none.contains("Nothing to run."))
  }
}

@Suite struct DiagnosticTextTests {
  private let files = [
    ValidatedFile(
      path: "plans/a\u{1B}.json",
      diagnostics: [
        Diagnostic(.warning, "stale", "status is old", at: .init(line: 9, column: 1)),
        Diagnostic(.error, "cycle", "1.1 -> 1.2 -> 1.1", at: .init(line: 4, column: 7), hint: "Remove one of them."),
      ]
    ),
    ValidatedFile(path: "b.json", diagnostics: []),
  ]

  @Test func linesCanBeClickedOn() {
    #expect(
      DiagnosticText.render(files) == """
        plans/a\\e.json:4:7: error[cycle]: 1.1 -> 1.2 -> 1.1
          Remove one of them.
        plans/a\\e.json:9:1: warning[stale]: status is old

        """
    )
    #expect(DiagnosticText.summary(files) == "2 files: 1 error, 1 warning")
    #expect(DiagnosticText.summary([files[1]]) == "1 file: no findings")
    #expect(DiagnosticText.render([]) == "")
  }

  @Test func programsGetTheSame() throws {
    let report = ValidationReport(files)
    #expect(!report.isValid)
    #expect(report.errors == 1 && report.warnings == 1)
    #expect(report.files.map(\.isValid) == [false, true])
    #expect(report.files[0].diagnostics.map(\.line) == [4, 9])
    let text = try JSONText.render(report)
    #expect(text.contains("plait.validate/1"))
    #expect(try JSONText.parse(ValidationReport.self, from: text) == report)
    #expect(ValidationReport([]).isValid)
  }
}

import Planning
import Recording
import Testing

@testable import Reporting

@Suite struct RunReportTests {
  /// Two slots; 1.1 and 1.2 side by side, 2.1 after both and only in its second attempt.
  private var script: EventScript {
    var script = EventScript(slots: 2)
    script.at(0, .settled(id("0.1"), as: .complete, reason: "complete in the plan folder"))
    script.ready(0, "1.1")
    script.ready(0, "1.2")
    script.done("1.1", slot: 0, [0, 1, 1, 11, 11, 13, 14, 14], changed: 3)
    script.done("1.2", slot: 1, [0, 1, 1, 5, 5, 6, 7, 7])
    script.ready(14, "2.1")
    script.failed("2.1", slot: 0, [14, 14, 14, 17, 17, 17])
    script.at(17, .retryScheduled(id("2.1"), notBefore: 17))
    script.done("2.1", attempt: 2, slot: 1, [17, 18, 18, 23, 23, 23, 24, 24])
    script.at(24, .runEnded(.complete))
    return script
  }

  private let plan = makePlan(
    [
      ("0.1", "Before", 1, []), ("1.1", "First", 2, ["0.1"]), ("1.2", "Second", 1, []),
      ("2.1", "Last", 1, ["1.1", "1.2"]),
    ],
    claims: [
      Claim(field: "total", claimed: "9", actual: "5", isTrue: false),
      Claim(field: "n", claimed: "4", actual: "4", isTrue: true),
    ]
  )

  private var report: RunReport { RunReport(plan: plan, snapshot: script.snapshot, predictedHours: 3) }

  @Test func totalsByHand() {
    let totals = report.totals
    // 1.1: 10 + 2, 1.2: 4 + 1, 2.1: 5 in its second attempt; the first one's 3 s are rework.
    #expect(totals.serialSeconds == 22)
    #expect(totals.wallSeconds == 24)
    #expect(totals.savedSeconds == -2)
    #expect(totals.savedRatio == -2.0 / 22)
    #expect(totals.speedup == 22.0 / 24)
    #expect(totals.criticalPathSeconds == 17)
    #expect(totals.lowerBoundSeconds == 17)
    #expect(totals.wallToBound == 24.0 / 17)
    #expect(report.criticalPath == ["1.1", "2.1"])
    #expect(report.slowest == ["1.1", "1.2", "2.1"])
    #expect(report.ledger["rework"] == 3)
    #expect(report.ledger.values.reduce(0, +) == 48)
    #expect(report.overhead.seconds == 6)
    #expect(report.overhead.isOverBudget)
  }

  @Test func entriesByHand() throws {
    let entry = try #require(report.achievements.last)
    #expect(entry.id == "2.1")
    #expect(entry.state == .complete)
    #expect(entry.attempts.map(\.isUsed) == [false, true])
    #expect(entry.attempts[0].end == "exit 3")
    #expect(entry.attempts[0].failure?.kind == .worker)
    #expect(entry.attempts[1].stages["work"] == 5)
    #expect(entry.attempts[1].stamps.exited == 23)
    #expect(entry.failure == nil)
    #expect(entry.slot == 1)
    #expect(entry.reworkSeconds == 3)
    #expect(entry.mergeCommit == "m-2.1")
    #expect(report.achievements[1].changedPaths == 3)
    #expect(report.counts["complete"] == 4)
    #expect(report.counts["failed"] == 0)
    #expect(report.completeBefore == 1)
    #expect(report.untrueClaims.map(\.field) == ["total"])
    #expect(report.prediction?.savedRatio == 1 - 3.0 / 5)
    #expect(report.startedAt == "2026-01-02T03:04:05Z")
  }

  @Test func jsonReadsBackTheSame() throws {
    for sample in Samples.runs {
      let report = RunReport(plan: sample.plan, snapshot: sample.snapshot, until: sample.snapshot.lastTime)
      let text = try JSONText.render(report)
      #expect(try JSONText.parse(RunReport.self, from: text) == report)
      #expect(text.contains("\"schema\" : \"plait.report/1\""))
      #expect(text.contains("\"overhead.merge\" : "))
    }
  }

  @Test func aLongerRunThanItsWorkSaysSo() {
    let text = ReportText.render(report)
    #expect(text.contains("no time was saved"))
    #expect(text.contains("Time saved         -2.0 s"))
    #expect(text.contains("4 achievements: 4 complete (1 before the run)"))
    #expect(text.contains("Predicted for 2 slots: 40.0 % saved; measured: -9.1 %."))
    #expect(text.contains("The file claims total = 9; by computation it is 5."))
    #expect(ReportMarkdown.render(report).contains("**-2.0 s** (no time was saved"))
  }

  @Test func nothingToDoIsReportedWithoutNonsense() throws {
    var script = EventScript(slots: 3)
    script.at(0, .runEnded(.complete))
    let report = RunReport(plan: makePlan([]), snapshot: script.snapshot, predictedHours: 1)
    #expect(report.totals.savedRatio == nil)
    #expect(report.totals.speedup == nil)
    #expect(report.totals.wallToBound == nil)
    #expect(report.prediction == nil)
    let text = ReportText.render(report)
    #expect(text.contains("The plan has no achievements."))
    #expect(text.contains("no work was finished"))
    #expect(!text.contains("nan") && !text.contains("inf"))
    #expect(ReportCSV.render(report).split(separator: "\r\n").count == 1)
    #expect(!ReportMarkdown.render(report).contains("nan"))
    #expect(!ReportText.render(RunReport(plan: makePlan([]), snapshot: RunSnapshot())).isEmpty)
  }

  @Test func anUnfinishedRunCountsUpToNow() {
    var script = EventScript(slots: 1)
    script.ready(0, "1.1")
    script.failed("1.1", slot: 0, [0, 1, 2])
    let report = RunReport(plan: plan, snapshot: script.snapshot, until: 10)
    #expect(report.state == .running)
    #expect(report.totals.wallSeconds == 10)
    #expect(report.totals.serialSeconds == 0)
    #expect(report.ledger["work"] == 8)
    #expect(ReportText.render(report).contains("so far, with 1 slot"))
    #expect(RunReport(plan: plan, snapshot: script.snapshot, isDriven: false).state == .interrupted)
  }

  @Test func whatLeftThePlanIsStillReported() {
    let smaller = makePlan([("1.1", "First", 2, [])])
    let report = RunReport(plan: smaller, snapshot: script.snapshot)
    #expect(report.achievements.map(\.id) == ["1.1", "0.1", "1.2", "2.1"])
    #expect(report.totals.serialSeconds == 22)
  }

  @Test func pausesAreNamed() {
    var script = EventScript(slots: 1)
    script.at(10, .stopRequested(reason: "SIGINT"))
    script.at(10, .runEnded(.stopped))
    let stopped = RunReport(plan: plan, snapshot: script.snapshot)
    #expect(stopped.state == .stopped)
    #expect(ReportText.render(stopped).contains("Continue it with: plait resume r1"))
    #expect(ReportText.render(stopped).contains("asked to stop: SIGINT"))
    script.at(70, .runResumed(pid: 1))
    script.at(80, .runEnded(.error))
    let report = RunReport(plan: plan, snapshot: script.snapshot)
    #expect(report.totals.pausedSeconds == 60)
    #expect(ReportText.render(report).contains("1 m 00 s of it paused"))
  }

  @Test func aRecordThatContradictsItselfIsSaidToDoSo() {
    var script = EventScript(slots: 1)
    script.done("1.1", slot: 0, [0, 0, 0, 10, 10, 10, 10, 10])
    script.done("1.2", slot: 0, [4, 4, 4, 6, 6, 6, 6, 6])
    script.at(10, .runEnded(.complete))
    let text = ReportText.render(RunReport(plan: plan, snapshot: script.snapshot))
    #expect(text.contains("The record contradicts itself: slot 0 was given to 1.2"))
  }

  @Test func everyOutcomeHasItsWord() {
    for outcome in [RunOutcome.complete, .failed, .stopped, .conflict, .error] {
      var script = EventScript(slots: 1)
      script.at(1, .runEnded(outcome))
      let state = RunState(script.snapshot, isDriven: true)
      #expect(state.rawValue == outcome.rawValue)
      #expect(state.isOver)
      #expect(state.isResumable == (outcome != .complete))
    }
    #expect(Set(RunState.allCases.map(ReportWords.state)).count == RunState.allCases.count)
  }

  @Test func csvIsQuotedAsItsRuleSays() {
    #expect(ReportCSV.field("plain") == "plain")
    #expect(ReportCSV.field("a,b") == "\"a,b\"")
    #expect(ReportCSV.field("say \"x\"") == "\"say \"\"x\"\"\"")
    #expect(ReportCSV.field("two\nlines") == "\"two\nlines\"")
    #expect(ReportCSV.field("=1+1") == "'=1+1")
    #expect(ReportCSV.field("-2.5") == "-2.5")
    #expect(ReportCSV.field("") == "")
    let rows = ReportCSV.render(report).split(separator: "\r\n")
    #expect(rows.count == 5)
    #expect(rows[0].hasPrefix("id,title,state,attempts"))
    #expect(rows[4].hasPrefix("2.1,Last,complete,2,1,0.000000,1.000000,0.000000,5.000000"))
    #expect(
      rows.allSatisfy { $0.split(separator: ",", omittingEmptySubsequences: false).count == ReportCSV.columns.count }
    )
  }

  @Test func markdownReadsNothingAsMarkup() {
    #expect(
      ReportMarkdown.escaped("<b>*x* | `y` [z](u) @me #1 & \n")
        == "&lt;b&gt;\\*x\\* \\| \\`y\\` \\[z\\](u) @<!-- -->me #<!-- -->1 &amp; \\\\n"
    )
    let text = ReportMarkdown.render(
      RunReport(plan: Samples.hostile.plan, snapshot: Samples.hostile.snapshot)
    )
    #expect(!text.contains("<script>"))
    for line in text.split(separator: "\n") where line.hasPrefix("| ") && line.contains("complete") {
      #expect(line.replacing("\\|", with: "").split(separator: "|", omittingEmptySubsequences: false).count == 8)
    }
  }

  @Test func longListsAreShortened() {
    let count = 600
    let plan = makePlan((1...count).map { ("1.\($0)", "T", 1, $0 > 1 ? ["1.\($0 - 1)"] : []) })
    var script = EventScript(slots: 40)
    for index in 1...30 {
      let start = Double(index)
      script.failed("1.\(index)", slot: index, [start, start, start, start + 1, start + 1, start + 1])
    }
    for index in 31...count { script.at(50, .blocked(id("1.\(index)"), by: id("1.\(max(1, index - 1))"), reason: "")) }
    script.at(60, .runEnded(.failed))
    let report = RunReport(plan: plan, snapshot: script.snapshot)
    let text = ReportText.render(report)
    #expect(text.contains("… 20 more: plait status r1"))
    #expect(text.contains("… 24 more slots"))
    #expect(text.contains("blocked by 1.30: 1.31, 1.32"))
    #expect(text.contains("… 550 more"))
    #expect(text.split(separator: "\n").count < 120)
    let markdown = ReportMarkdown.render(report)
    #expect(markdown.contains("… 100 more"))
    #expect(ReportWords.chain((1...50).map(String.init), limit: 4) == "1 → 2 → … 46 more … → 49 → 50")
  }
}

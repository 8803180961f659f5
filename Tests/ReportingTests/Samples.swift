import Planning
import Recording

@testable import Reporting

/// Runs and plans to render: a good one, a bad one, one in flight, one with what nobody should put in a title.
enum Samples {
  typealias Sample = (name: String, plan: Plan, snapshot: RunSnapshot)

  static var runs: [Sample] {
    let good = SimulatedRun(seed: 4, count: 24, slots: 4)
    let bad = SimulatedRun(seed: 13, count: 24, slots: 4)
    let half = SimulatedRun(seed: 5, count: 24, slots: 4, endsBy: 60)
    return [
      ("good", good.plan, RunSnapshot(good.script.events)), ("bad", bad.plan, RunSnapshot(bad.script.events)),
      ("half", half.plan, RunSnapshot(half.script.events)), hostile,
    ]
  }

  static let hostileTitle =
    "\u{1B}]0;owned\u{7}\u{1B}[2J</svg><script>alert(1)</script>\"\\|`$(x)`\n\r\u{202E}evil 日本語 👩‍👩‍👧‍👦 "

  /// Titles, names and messages with escape sequences, markup, 10,000 characters; a conflict; a claim that isn't true.
  static var hostile: Sample {
    let long = hostileTitle + String(repeating: "long ", count: 2000)
    let plan = makePlan(
      name: "Plan \(hostileTitle)",
      [
        ("1.1", long, 2, []), ("1.2", "=cmd()", nil, ["1.1"]), ("2.1", hostileTitle, 3, ["1.1"]),
        ("2.2", "", 1, ["2.1"]),
      ],
      claims: [Claim(field: "total_hours\u{1B}[1m", claimed: "99", actual: "7", isTrue: false)]
    )
    var script = EventScript(slots: 2, plan: plan.name)
    script.ready(0, "1.1")
    script.done("1.1", slot: 0, [0, 0.1, 0.2, 60, 60.1, 65, 66, 66], changed: 3)
    script.ready(66, "1.2")
    script.ready(66, "2.1")
    script.done("1.2", slot: 1, [66, 66.5, 67, 190, 191, 192, 193, 193])
    let failure = AttemptFailure(
      .conflict,
      "doesn't merge \(hostileTitle)",
      paths: (1...6).map { "Sources/\u{1B}[31mFile\($0).swift" },
      keptRef: "refs/plait/r1/2.1/1"
    )
    script.failed("2.1", slot: 0, [66, 66.5, 67, 170, 171, 171.5], failure)
    script.at(171.5, .blocked(id("2.2"), by: id("2.1"), reason: "2.1 failed"))
    script.at(193, .runEnded(.conflict))
    return ("hostile", plan, script.snapshot)
  }

  /// Every rendering of `sample` by file name.
  static func renderings(of sample: Sample) throws -> [(name: String, text: String)] {
    let (name, plan, snapshot) = sample
    let now = snapshot.lastTime + 1
    let analysis = PlanAnalysis(plan)
    let report = RunReport(plan: plan, snapshot: snapshot, until: now, predictedHours: 30)
    let overview = PlanOverview(
      plan: plan,
      analysis: analysis,
      predictions: [1, 2, 4, nil].map { .init(slots: $0, hours: analysis.totalHours / Double(min($0 ?? 3, 3))) },
      bottlenecks: [.init(id: plan.achievements[0].id, heldUp: 12, hours: 33)]
    )
    let status = StatusReport(plan: plan, snapshot: snapshot, now: now, isDriven: true)
    let explained = plan.achievements.compactMap {
      ExplainText.render($0.id, plan: plan, snapshot: snapshot, now: now)
    }
    let list = RunsText.render([RunSummary(snapshot, isDriven: true), RunSummary(snapshot, isDriven: false)])
    let chart = RunChart(report, plan: plan, snapshot: snapshot)
    let texts = [
      ("page-\(name).html", HTMLReport.page(chart, logs: ["2.1": hostileTitle])),
      ("trace-\(name).json", try ChromeTrace.render(chart)), ("otlp-\(name).json", try OTLPTrace.render(chart)),
      ("report-\(name).txt", ReportText.render(report)), ("report-\(name).md", ReportMarkdown.render(report)),
      ("report-\(name).csv", ReportCSV.render(report)), ("report-\(name).json", try JSONText.render(report)),
      ("show-\(name).txt", PlanOverviewText.render(overview)), ("status-\(name).txt", StatusText.render(status)),
      ("explain-\(name).txt", explained.joined(separator: "\n----\n")), ("runs-\(name).txt", list),
      ("graph-\(name)-plain.svg", GraphRenderer.render(plan, analysis: analysis, as: .svg)),
    ]
    let graphs = GraphFormat.allCases.map { format in
      (
        "graph-\(name).\(format.rawValue)",
        GraphRenderer.render(plan, analysis: analysis, as: format, snapshot: snapshot)
      )
    }
    return texts + graphs + frames(of: sample, now: now)
  }

  private static func frames(of sample: Sample, now: Double) -> [(String, String)] {
    let tails = [AchievementID: String](
      uniqueKeysWithValues: sample.plan.achievements.map { ($0.id, "\u{1B}[32mCompiling\u{1B}[0m module \($0.id)") }
    )
    return [(80, 16), (20, 5), (120, 40)].map { columns, rows in
      let size = LiveView.Size(columns: columns, rows: rows)
      let frame = LiveView(plan: sample.plan).frame(
        sample.snapshot,
        at: LiveView.Moment(now: now, size: size, tails: tails)
      )
      return ("live-\(sample.name)-\(columns).txt", frame.joined(separator: "\n") + "\n")
    }
  }
}

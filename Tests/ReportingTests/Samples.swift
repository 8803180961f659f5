import Planning
import Recording

@testable import Reporting

/// Runs and plans to render: a good one, a bad one, one in flight, one that nobody wanted.
enum Samples {
  static func all() throws -> [(String, String)] {
    var texts: [(String, String)] = []
    for (name, plan, snapshot) in runs {
      let report = RunReport(plan: plan, snapshot: snapshot, until: snapshot.lastTime + 1, predictedHours: 30)
      texts.append(("report-\(name).txt", ReportText.render(report)))
      texts.append(("report-\(name).md", ReportMarkdown.render(report)))
      texts.append(("report-\(name).csv", ReportCSV.render(report)))
      texts.append(("report-\(name).json", try JSONText.render(report)))
      let overview = PlanOverview(
        plan: plan,
        analysis: PlanAnalysis(plan),
        predictions: [1, 2, 4, nil].map { PlanOverview.Prediction(slots: $0, hours: 50 / Double($0 ?? 5)) },
        bottlenecks: [PlanOverview.Bottleneck(id: plan.achievements[0].id, heldUp: 12, hours: 33)]
      )
      texts.append(("show-\(name).txt", PlanOverviewText.render(overview)))
      let status = StatusReport(plan: plan, snapshot: snapshot, now: snapshot.lastTime + 1, isDriven: true)
      texts.append(("status-\(name).txt", StatusText.render(status)))
      let explained = plan.achievements.compactMap {
        ExplainText.render($0.id, plan: plan, snapshot: snapshot, now: snapshot.lastTime + 1)
      }
      texts.append(("explain-\(name).txt", explained.joined(separator: "\n----\n")))
      for format in GraphFormat.allCases {
        let graph = GraphRenderer.render(plan, analysis: PlanAnalysis(plan), as: format, snapshot: snapshot)
        texts.append(("graph-\(name).\(format.rawValue)", graph))
      }
      let plain = GraphRenderer.render(plan, analysis: PlanAnalysis(plan), as: .svg)
      texts.append(("graph-\(name)-plain.svg", plain))
      for size in [LiveView.Size(columns: 80, rows: 16), .init(columns: 20, rows: 5), .init(columns: 120, rows: 40)] {
        let tails = [AchievementID: String](
          uniqueKeysWithValues: plan.achievements.map { ($0.id, "\u{1B}[32mCompiling\u{1B}[0m module \($0.id)") }
        )
        let moment = LiveView.Moment(now: snapshot.lastTime + 1, size: size, tails: tails)
        texts.append(
          (
            "live-\(name)-\(size.columns).txt",
            LiveView(plan: plan).frame(snapshot, at: moment).joined(separator: "\n") + "\n"
          )
        )
      }
      let list = [RunSummary(snapshot, isDriven: true), RunSummary(snapshot, isDriven: false)]
      texts.append(("runs-\(name).txt", RunsText.render(list)))
    }
    return texts
  }

  static var runs: [(String, Plan, RunSnapshot)] {
    let good = SimulatedRun(seed: 4, count: 24, slots: 4)
    let bad = SimulatedRun(seed: 13, count: 24, slots: 4)
    let half = SimulatedRun(seed: 5, count: 24, slots: 4, endsBy: 60)
    return [
      ("good", good.plan, RunSnapshot(good.script.events)), ("bad", bad.plan, RunSnapshot(bad.script.events)),
      ("half", half.plan, RunSnapshot(half.script.events)),
    ]
  }
}

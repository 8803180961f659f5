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

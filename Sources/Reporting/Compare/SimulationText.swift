/// A simulation for a terminal: 80 columns.
package enum SimulationText {
  private static let width = 80

  /// Renders `report`; ends with a newline.
  package static func render(_ report: SimulationReport) -> String {
    let sections = [heading(report), table(report), advice(report), remarks(report)]
    return sections.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
  }

  private static func heading(_ report: SimulationReport) -> [String] {
    let source = report.run.map { "measured times of run \(TerminalText.safe($0.run, limit: 24))" } ?? "expected hours"
    let facts = [
      Prose.count(report.achievementCount, "achievement"),
      "\(time(report.workSeconds, report)) of work", "critical path \(time(report.criticalPathSeconds, report))",
    ]
    return [
      TerminalText.safe(report.plan, limit: width), "Simulated with \(source)", facts.joined(separator: " · "),
    ]
  }

  /// A plan is in hours, unless it is so short that these would say nothing.
  private static func time(_ seconds: Double, _ report: SimulationReport) -> String {
    report.run == nil && report.criticalPathSeconds >= 3_600 ? (seconds / 3_600).hours : TimeText.text(seconds)
  }

  private static func table(_ report: SimulationReport) -> [String] {
    guard report.workSeconds > 0 else { return [] }
    let isSpread = report.repetitions > 0
    var table = TextTable([.right, .right, .right, .right, .right, .right, .left])
    table.add("slots", "time", "saved", "busy", isSpread ? "median" : "", isSpread ? "10–90 %" : "", "")
    for row in report.rows {
      let range = "\(time(row.p10Seconds, report)) – \(time(row.p90Seconds, report))"
      table.add(
        row.slots.map(String.init) ?? "∞",
        time(row.seconds, report),
        row.savedRatio.percent,
        "\((row.utilisation * 100).fixed(0)) %",
        isSpread ? time(row.medianSeconds, report) : "",
        isSpread ? range : "",
        note(row)
      )
    }
    return table.lines()
  }

  private static func note(_ row: SimulationReport.Row) -> String {
    if let faster = row.slowerThanSlots { return "slower than \(faster)" }
    return row.slots == nil ? "\(row.peakSlots) at once" : ""
  }

  private static func advice(_ report: SimulationReport) -> [String] {
    guard report.workSeconds > 0 else { return ["Nothing takes any time, so slots make no difference."] }
    let count = report.recommendedSlots
    let by = report.repetitions > 0 ? " by their median" : ""
    var lines = ["Recommended: \(Prose.count(count, "slot")), the fewest within 2 % of the best\(by)."]
    if count == 1 { lines[0] += " More save next to nothing." }
    if report.rows.contains(where: { $0.slowerThanSlots != nil }) {
      lines.append(
        "More slots are slower here: with other slots free, work starts in another order, and a long piece may come late "
          + "(R. L. Graham, \"Bounds on Multiprocessing Timing Anomalies\", 1969)."
      )
    } else if let row = report.rows.max(by: { $0.slowerRatio < $1.slowerRatio }), row.slowerRatio >= 0.05 {
      lines.append(
        "With scattered durations \(row.slots.map(String.init) ?? "∞") slots are slower than fewer, by more than "
          + "1 %, in \((row.slowerRatio * 100).fixed(0)) % of the repetitions."
      )
    }
    return lines.flatMap { Prose.wrapped($0, width: width) }
  }

  private static func remarks(_ report: SimulationReport) -> [String] {
    var remarks = ["Workers and checks only: worktrees and merges come on top."]
    if let run = report.run {
      remarks.append(
        "The run itself took \(TimeText.text(run.wallSeconds)) with \(Prose.count(run.slots, "slot")), all included."
      )
    }
    if report.leftOutCount > 0 {
      let words = report.leftOutCount == 1 ? "1 achievement has" : "\(report.leftOutCount) achievements have"
      remarks.append("\(words) no measured time and \(report.leftOutCount == 1 ? "is" : "are") left out.")
    }
    if report.repetitions > 0 {
      remarks.append(
        "Median and range: \(report.repetitions) repetitions with durations that scatter by "
          + "\((report.spread * 100).fixed(0)) % (log-normal; the same ones every time)."
      )
    }
    return remarks.flatMap { Prose.wrapped($0, width: width) }
  }
}

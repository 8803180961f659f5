import Planning

/// The overview of a plan for a terminal: 80 columns, long lists shortened.
package enum PlanOverviewText {
  private static let width = 80

  /// Renders `overview`; ends with a newline.
  package static func render(_ overview: PlanOverview) -> String {
    let sections = [
      heading(overview), totals(overview), predictions(overview), levels(overview), criticalPath(overview),
      bottlenecks(overview), claims(overview),
    ]
    return sections.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
  }

  private static func heading(_ overview: PlanOverview) -> [String] {
    let counts = [
      Prose.count(overview.achievementCount, "achievement"),
      Prose.count(overview.dependencyCount, "dependency", plural: "dependencies"),
      Prose.count(overview.levels.count, "level"), "declared \(TerminalText.safe(overview.level))",
    ]
    return [TerminalText.safe(overview.plan, limit: width), counts.joined(separator: " · ")]
  }

  private static func totals(_ overview: PlanOverview) -> [String] {
    guard overview.achievementCount > 0 else { return ["  Nothing to run."] }
    var table = TextTable([.left, .right, .left])
    table.add("One after another", overview.totalHours.hours, unknown(overview))
    table.add("Critical path", overview.criticalPathHours.hours, "no number of slots is faster")
    table.add(
      "Possible saving",
      overview.possibleSaving.percent,
      "up to \(overview.widestLevel) side by side in one level"
    )
    return table.lines() + ["  Durations: \(overview.durations.text)"]
  }

  private static func unknown(_ overview: PlanOverview) -> String {
    guard overview.unknownEstimates > 0 else { return "" }
    let count = overview.unknownEstimates
    let words = count == 1 ? "1 has no estimate, counted as" : "\(count) have no estimate, each counted as"
    return "\(words) \(overview.neutralHours.hours)"
  }

  private static func predictions(_ overview: PlanOverview) -> [String] {
    guard !overview.predictions.isEmpty else { return [] }
    let isRepeated = overview.predictions.contains { $0.lowHours != nil }
    var table = TextTable([.right, .right, .right] + (isRepeated ? [.left, .left] : [.left]))
    table.add(cells: ["slots", "time", "saved"] + (isRepeated ? ["8 of 10 cases", ""] : [""]))
    for prediction in overview.predictions {
      let note = prediction.isBound ? "as long as the critical path" : ""
      var interval = ""
      if let low = prediction.lowHours, let high = prediction.highHours { interval = "\(low.hours) – \(high.hours)" }
      let numbers = [
        prediction.slots.map(String.init) ?? "∞", prediction.hours.hours, prediction.savedRatio.percent,
      ]
      table.add(cells: numbers + (isRepeated ? [interval, note] : [note]))
    }
    return ["Predicted"] + table.lines()
  }

  private static func levels(_ overview: PlanOverview) -> [String] {
    guard !overview.levels.isEmpty else { return [] }
    var table = TextTable([.right, .right, .left])
    table.add("level", "width", "achievements")
    let shown = overview.levels.count > 24 ? 20 : overview.levels.count
    for level in overview.levels.prefix(shown) {
      table.add(String(level.level), String(level.width), shortened(level.achievements, width: 60))
    }
    let rest = overview.levels.count - shown
    let more = rest > 0 ? ["  … \(Prose.count(rest, "more level")); all of them with --json"] : []
    return ["Levels"] + table.lines() + more
  }

  /// As many ids as fit, then how many are left.
  private static func shortened(_ ids: [String], width: Int) -> String {
    var text = ""
    for (index, id) in ids.enumerated() {
      let longer = text.isEmpty ? id : text + ", " + id
      let rest = ids.count - index - 1
      let more = rest > 0 ? ", … \(rest) more" : ""
      if !text.isEmpty, longer.count + more.count > width { return text + ", … \(ids.count - index) more" }
      text = longer
    }
    return text
  }

  private static func criticalPath(_ overview: PlanOverview) -> [String] {
    guard !overview.criticalPath.isEmpty else { return [] }
    let length = Prose.count(overview.criticalPath.count, "achievement")
    let chain = ReportWords.chain(overview.criticalPath, limit: 40)
    return ["Critical path (\(length), \(overview.criticalPathHours.hours))"]
      + Prose.wrapped(chain, width: width, indent: "  ")
  }

  private static func bottlenecks(_ overview: PlanOverview) -> [String] {
    guard !overview.bottlenecks.isEmpty else { return [] }
    var table = TextTable([.left, .right, .right, .left])
    table.add("id", "holds up", "hours", "")
    for bottleneck in overview.bottlenecks.prefix(5) {
      let title = TerminalText.safe(bottleneck.title, limit: 48)
      table.add(bottleneck.id.text, String(bottleneck.heldUp), bottleneck.hours.hours, title)
    }
    return ["Bottlenecks"] + table.lines()
  }

  private static func claims(_ overview: PlanOverview) -> [String] {
    guard !overview.claims.isEmpty else { return [] }
    var table = TextTable([.left, .left, .left, .left])
    table.add("", "field", "the file says", "computed")
    for claim in overview.claims.prefix(20) {
      table.add(
        claim.isTrue ? "✓" : "✗",
        TerminalText.safe(claim.field, limit: 36),
        TerminalText.safe(claim.claimed, limit: 16),
        TerminalText.safe(claim.actual ?? "can't be computed", limit: 18)
      )
    }
    let more = overview.claims.count > 20 ? ["  … \(overview.claims.count - 20) more; all of them with --json"] : []
    return ["Claims of the file"] + table.lines() + more
  }
}

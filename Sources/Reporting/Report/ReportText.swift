import Recording

/// The report for a terminal: 80 columns, no colour, no escape sequences.
package enum ReportText {
  static let width = 80

  /// Renders `report`; ends with a newline. Start times are shown `utcOffset` seconds east of Greenwich.
  package static func render(_ report: RunReport) -> String {
    var sections = [heading(report), summary(report)]
    sections.append(ledger(report))
    sections.append(gantt(report))
    sections.append(ReportText.criticalPath(report))
    sections.append(slowest(report))
    sections.append(problems(report))
    sections.append(remarks(report))
    return sections.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
  }

  private static func heading(_ report: RunReport) -> [String] {
    let plan = TerminalText.safe(report.plan, limit: width - 8)
    let run = "Run \(TerminalText.safe(report.run, limit: 30)) · \(ReportWords.state(report.state))"
    return [plan, "\(run) · started \(report.startedAt)"]
  }

  private static func summary(_ report: RunReport) -> [String] {
    let totals = report.totals
    var table = TextTable([.left, .right, .left])
    table.add("Wall time", TimeText.text(totals.wallSeconds), ReportWords.wall(report))
    table.add(
      "One after another",
      TimeText.text(totals.serialSeconds),
      "an estimate: Σ work and verify as measured"
    )
    table.add("Time saved", ReportWords.saved(totals), ReportWords.savedDetail(totals))
    if let bound = ReportWords.bound(report) {
      table.add("Lower bound", TimeText.text(bound.seconds), "this run took \(bound.ratio.fixed(2)) × that")
    }
    table.add("Overhead", report.overhead.ratio.percent, ReportWords.budget(report.overhead))
    let gap = report.certificate.map { [""] + Prose.wrapped(words: ReportWords.gap($0), width: width, indent: "  ") }
    return table.lines() + (gap ?? []) + [""]
      + Prose.wrapped(ReportWords.counts(report), width: width, indent: "  ")
  }

  private static func ledger(_ report: RunReport) -> [String] {
    let total = Double(report.slots) * report.totals.wallSeconds
    guard total > 0 else { return [] }
    var table = TextTable([.left, .right, .right, .left])
    for row in Ledger.Row.allCases {
      let seconds = report.ledger[row.rawValue] ?? 0
      let ratio = seconds / total
      table.add(row.rawValue, TimeText.text(seconds), ratio.percent, bar(ratio, columns: 28))
    }
    let sum = Ledger.Row.allCases.reduce(0) { $0 + (report.ledger[$1.rawValue] ?? 0) }
    table.add("sum", TimeText.text(sum), (sum / total).percent, "")
    let slots = "\(Prose.count(report.slots, "slot")) × \(TimeText.text(report.totals.wallSeconds))"
    return ["Where the slots' time went (\(slots))"] + table.lines()
  }

  private static func bar(_ ratio: Double, columns: Int) -> String {
    let eighths = Int((min(1, max(0, ratio)) * Double(columns * 8)).rounded())
    if eighths == 0, ratio > 0 { return "▏" }
    let parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
    return String(repeating: "█", count: eighths / 8) + parts[eighths % 8]
  }

  private static func gantt(_ report: RunReport) -> [String] {
    let lines = GanttChart(report).lines(width: width, rows: 16)
    return lines.isEmpty ? [] : ["Slots over time   \(GanttChart.legend)"] + lines
  }

  private static func criticalPath(_ report: RunReport) -> [String] {
    guard !report.criticalPath.isEmpty else { return [] }
    let chain = ReportWords.chain(report.criticalPath, limit: 40)
    let seconds = TimeText.text(report.totals.criticalPathSeconds)
    return ["Critical path as measured (\(seconds))"] + Prose.wrapped(chain, width: width, indent: "  ")
  }

  private static func slowest(_ report: RunReport) -> [String] {
    guard report.slowest.count > 1 else { return [] }
    let entries = ReportWords.entries(report)
    var table = TextTable([.left, .right, .left])
    for id in report.slowest.prefix(5) {
      guard let entry = entries[id] else { continue }
      table.add(id, TimeText.text(entry.seconds), TerminalText.safe(entry.title, limit: 54))
    }
    return ["Slowest"] + table.lines()
  }

  private static func problems(_ report: RunReport) -> [String] {
    let failed = report.achievements.filter { $0.state == .failed || $0.state == .cancelled }
    let blocked = ReportWords.blockedGroups(report.achievements)
    var lines = failed.prefix(10).flatMap { problem($0, run: report.run) }
    if failed.count > 10 { lines.append("  … \(failed.count - 10) more: plait status \(report.run)") }
    lines += ReportText.blocked(blocked)
    return lines.isEmpty ? [] : ["Not done"] + lines
  }

  private static func problem(_ entry: RunReport.Entry, run: String) -> [String] {
    let title = TerminalText.safe(entry.title, limit: 50)
    var lines = ["  \(entry.id)  \(entry.state.rawValue)  \(title)".trimmedEnd]
    let reason = TerminalText.safe(entry.failure?.message ?? entry.reason ?? "", limit: 300)
    lines += Prose.wrapped(reason, width: width, indent: "       ")
    if let failure = entry.failure, !failure.namesItsPaths {
      let paths = failure.paths.prefix(4).map { TerminalText.safe($0, limit: 60) }.joined(separator: ", ")
      let more = failure.paths.count > 4 ? ", … \(failure.paths.count - 4) more" : ""
      lines += Prose.wrapped("conflict in \(paths)\(more)", width: width, indent: "       ")
    }
    if !entry.attempts.isEmpty {
      lines.append("       \(Prose.count(entry.attempts.count, "attempt")); next: plait logs \(run) \(entry.id)")
    }
    return lines
  }

  /// One line per achievement at the root of a block, with all that it holds up.
  private static func blocked(_ groups: [(culprit: String, ids: [String])]) -> [String] {
    groups.prefix(10).flatMap { group in
      let ids = group.ids
      let named = ids.prefix(20).joined(separator: ", ") + (ids.count > 20 ? ", … \(ids.count - 20) more" : "")
      return Prose.wrapped("blocked by \(group.culprit): \(named)", width: width, indent: "  ")
    }
  }

  private static func remarks(_ report: RunReport) -> [String] {
    ReportWords.remarks(report).flatMap { Prose.wrapped(TerminalText.safe($0, limit: 400), width: width) }
  }
}

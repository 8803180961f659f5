import Recording

/// The status of a run for a terminal: 80 columns, grouped so that what needs attention comes first.
package enum StatusText {
  private static let width = 80

  private struct Group {
    let title: String
    let states: Set<AchievementState>

    var isActive: Bool { states.contains(.running) }
  }

  private static let groups = [
    Group(title: "Failed", states: [.failed]),
    Group(title: "At work", states: Set(AchievementState.allCases.filter(\.isActive))),
    Group(title: "Ready", states: [.ready]), Group(title: "Waiting", states: [.waiting]),
    Group(title: "Blocked", states: [.blocked]), Group(title: "Cancelled", states: [.cancelled]),
    Group(title: "Skipped", states: [.skipped]), Group(title: "Complete", states: [.complete]),
  ]

  /// Renders `status`; ends with a newline. Each group shows at most `limit` achievements and says how many are left out.
  package static func render(_ status: StatusReport, limit: Int = 50) -> String {
    var sections = [heading(status)]
    for group in groups {
      let entries = status.achievements.filter { group.states.contains($0.state) }
      guard !entries.isEmpty else { continue }
      let title = group.isActive && status.state.isOver ? "Was at work" : group.title
      var lines = ["\(title) (\(entries.count))"]
      lines += entries.prefix(limit).flatMap(StatusText.lines)
      if entries.count > limit { lines.append("  … \(entries.count - limit) more; all of them with --json") }
      sections.append(lines)
    }
    return sections.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
  }

  private static func heading(_ status: StatusReport) -> [String] {
    let total = status.achievements.count
    let complete = status.counts[AchievementState.complete.rawValue] ?? 0
    let eta = status.remainingSeconds.map { ", about \(TimeText.text($0)) left" } ?? ""
    var lines = [
      TerminalText.safe(status.plan, limit: width),
      "Run \(TerminalText.safe(status.run, limit: 30)) · \(ReportWords.state(status.state))"
        + " · \(TimeText.text(status.elapsedSeconds))\(eta)",
    ]
    if total > 0 {
      lines.append(
        "\(ProgressBar.text(done: complete, of: total, columns: 40)) \(complete)/\(total) complete"
      )
    } else {
      lines.append("The plan has no achievements.")
    }
    if let reason = status.stopReason { lines.append("Asked to stop: \(TerminalText.safe(reason, limit: 60))") }
    if let next = ReportWords.resumption(status.state, run: TerminalText.safe(status.run)) { lines.append(next) }
    return lines
  }

  private static func lines(_ entry: StatusReport.Entry) -> [String] {
    var parts = [TerminalText.padded(entry.id, to: 5)]
    if entry.state.isActive {
      parts.append(TerminalText.padded(LiveRow.verb(entry.state), to: 9))
      parts.append("slot \((entry.slot ?? 0) + 1)")
    }
    if let elapsed = entry.elapsedSeconds { parts.append(TimeText.text(elapsed)) }
    if entry.attempt > 1 { parts.append("attempt \(entry.attempt)") }
    let start = "  " + parts.joined(separator: "  ") + "  "
    let room = max(10, width - TerminalText.displayWidth(start))
    let line = (start + TerminalText.safe(entry.title, limit: room)).trimmedEnd
    let reason = TerminalText.safe(entry.reason ?? "", limit: 240)
    return [line] + Prose.wrapped(reason, width: width, indent: "         ")
  }
}

/// A bar of a fixed width.
enum ProgressBar {
  /// `done` of `total` in `columns` columns; full only when all is done, empty only when nothing is.
  static func text(done: Int, of total: Int, columns: Int) -> String {
    guard columns > 0, total > 0 else { return "" }
    var filled = min(columns, done * columns / total)
    if done > 0, filled == 0 { filled = 1 }
    return String(repeating: "█", count: filled) + String(repeating: "░", count: columns - filled)
  }
}

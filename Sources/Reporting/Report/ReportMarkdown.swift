import Recording

/// The report as GitHub-flavoured Markdown, to be pasted into a pull request.
package enum ReportMarkdown {
  /// Renders `report`; nothing in titles or messages is read as markup.
  package static func render(_ report: RunReport) -> String {
    let sections = [
      heading(report), totals(report), problems(report), achievements(report), ledger(report), remarks(report),
    ]
    return sections.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
  }

  private static func heading(_ report: RunReport) -> [String] {
    let totals = report.totals
    let saved =
      totals.savedSeconds > 0
      ? "**\(ReportWords.saved(totals)) saved** (\(ReportWords.savedDetail(totals)))"
      : "**\(ReportWords.saved(totals))** (\(ReportWords.savedDetail(totals)))"
    return [
      "## \(escaped(report.plan))", "", "\(saved) · \(escaped(ReportWords.counts(report)))", "",
      "Run `\(code(report.run))` · \(ReportWords.state(report.state)) · started \(report.startedAt).",
    ]
  }

  private static func totals(_ report: RunReport) -> [String] {
    let totals = report.totals
    var rows = [
      ["Wall time", TimeText.text(totals.wallSeconds), ReportWords.wall(report)],
      ["One after another (estimate)", TimeText.text(totals.serialSeconds), "Σ work and verify of what was used"],
      ["Time saved", ReportWords.saved(totals), ReportWords.savedDetail(totals)],
    ]
    if let bound = ReportWords.bound(report) {
      rows.append(["Lower bound", TimeText.text(bound.seconds), "the run took \(bound.ratio.fixed(2)) × that"])
    }
    if let certificate = report.certificate {
      rows.append(["Gap", TimeText.text(certificate.gapSeconds), ReportWords.gap(certificate).joined(separator: " ")])
    }
    rows.append(["Overhead", report.overhead.ratio.percent, ReportWords.budget(report.overhead)])
    if !report.criticalPath.isEmpty {
      rows.append([
        "Critical path", TimeText.text(totals.criticalPathSeconds), ReportWords.chain(report.criticalPath, limit: 20),
      ])
    }
    return ["| | | |", "|---|---:|---|"] + rows.map { "| \($0.joined(separator: " | ")) |" }
  }

  private static func problems(_ report: RunReport) -> [String] {
    let problems = report.achievements.filter { [.failed, .blocked, .cancelled].contains($0.state) }
    guard !problems.isEmpty else { return [] }
    let lines = problems.prefix(50).map { entry in
      let why =
        entry.state == .blocked
        ? "blocked by \(entry.blockedBy ?? "?")"
        : "\(entry.state.rawValue): \(cell(entry.failure?.message ?? entry.reason ?? "", limit: 300))"
      return "- **\(entry.id)** \(cell(entry.title, limit: 100)): \(why)"
    }
    let more = problems.count > 50 ? ["- … \(problems.count - 50) more"] : []
    return ["### Not done", ""] + lines + more
  }

  private static func achievements(_ report: RunReport) -> [String] {
    guard !report.achievements.isEmpty else { return [] }
    let rows = report.achievements.prefix(500).map { entry in
      let commit = entry.mergeCommit.map { "`\(code(String($0.prefix(10))))`" } ?? ""
      let time = entry.seconds > 0 ? TimeText.text(entry.seconds) : ""
      return
        "| \(entry.id) | \(cell(entry.title, limit: 100)) | \(entry.state.rawValue) | \(time) | \(entry.attempts.count) | \(commit) |"
    }
    let more = report.achievements.count > 500 ? ["", "… \(report.achievements.count - 500) more"] : []
    let table = ["| Id | Title | State | Time | Attempts | Merge |", "|---|---|---|---:|---:|---|"] + rows + more
    return folded("\(Prose.count(report.achievements.count, "achievement"))", table)
  }

  private static func ledger(_ report: RunReport) -> [String] {
    let total = Double(report.slots) * report.totals.wallSeconds
    guard total > 0 else { return [] }
    let rows = Ledger.Row.allCases.map { row in
      let seconds = report.ledger[row.rawValue] ?? 0
      return "| `\(row.rawValue)` | \(seconds.fixed(3)) | \((seconds / total).percent) |"
    }
    let sum = "| **slots × wall** | \(total.fixed(3)) | 100.0 % |"
    return folded("Time ledger", ["| Row | Seconds | Share |", "|---|---:|---:|"] + rows + [sum])
  }

  private static func remarks(_ report: RunReport) -> [String] { ReportWords.remarks(report).map { escaped($0) } }

  private static func folded(_ title: String, _ lines: [String]) -> [String] {
    ["<details><summary>\(title)</summary>", ""] + lines + ["", "</details>"]
  }

  private static func cell(_ text: String, limit: Int) -> String { escaped(TerminalText.safe(text, limit: limit)) }

  /// `text` on one line with everything that Markdown or HTML would read as markup escaped. After `@` and `#` comes an
  /// empty comment, so that nobody is notified and no issue is linked.
  static func escaped(_ text: String) -> String {
    var result = ""
    for character in TerminalText.safe(text) {
      switch character {
      case "\\", "`", "*", "_", "[", "]", "|", "~", "$": result += "\\\(character)"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "&": result += "&amp;"
      case "@", "#": result += "\(character)<!-- -->"
      default: result.append(character)
      }
    }
    return result
  }

  private static func code(_ text: String) -> String { TerminalText.safe(text).filter { $0 != "`" } }
}

import Recording

/// What was not done and why, with the last lines that the workers wrote.
struct HTMLProblems {
  /// More than anyone reads; the table has them all.
  static let most = 100
  /// As many as a reader sees without asking for more.
  static let first = 10

  let report: RunReport
  /// The end of the last attempt's log, by achievement.
  let logs: [String: String]

  /// Empty when there is nothing to say.
  var html: String {
    let failed = report.achievements.filter { $0.state == .failed || $0.state == .cancelled }
    let groups = ReportWords.blockedGroups(report.achievements)
    guard !failed.isEmpty || !groups.isEmpty else { return "" }
    let cards = failed.prefix(HTMLProblems.most).enumerated().map { problem($0.element, isOpen: $0.offset < 3) }
    let unseen = failed.count - cards.count
    let more = unseen > 0 ? "<p class=\"faint\">… \(unseen) more, in the table.</p>" : ""
    let rest = cards.dropFirst(HTMLProblems.first)
    let folded =
      rest.isEmpty
      ? ""
      : "<details id=\"more-problems\"><summary>\(failed.count - HTMLProblems.first) more</summary>\n"
        + rest.joined(separator: "\n") + more + "</details>"
    let others = groups.dropFirst(HTMLProblems.first).reduce(0) { $0 + $1.ids.count }
    let blocked = groups.prefix(HTMLProblems.first).map { group in
      "<p>\(HTMLText.state("blocked")) by \(HTMLText.link(group.culprit)): <span class=\"ids\">"
        + "\(HTMLText.links(group.ids, limit: 40, separator: ", "))</span></p>"
    }
    return """
      <section id="problems" aria-labelledby="problems-title"><h2 id="problems-title">Not done</h2>
      \(cards.prefix(HTMLProblems.first).joined(separator: "\n"))
      \(folded)
      \(blocked.joined(separator: "\n"))
      \(others > 0 ? "<p class=\"faint\">… \(others) more blocked by others, in the table.</p>" : "")
      </section>
      """
  }

  private func problem(_ entry: RunReport.Entry, isOpen: Bool) -> String {
    let message = HTMLText.escaped(entry.failure?.message ?? entry.reason ?? "", limit: 600)
    let attempts = entry.attempts.isEmpty ? "" : " · \(Prose.count(entry.attempts.count, "attempt"))"
    let command = HTMLText.escaped("plait logs \(report.run) \(entry.id)")
    let all = entry.attempts.isEmpty ? "" : " · <span class=\"faint\">all it wrote: <code>\(command)</code></span>"
    var lines = [
      "<h3>\(HTMLText.link(entry.id)) \(HTMLText.escaped(entry.title, limit: 160)) "
        + "\(HTMLText.state(entry.state.rawValue))</h3>",
      "<p>\(message)\(attempts)\(all)</p>",
    ]
    if let failure = entry.failure {
      if !failure.paths.isEmpty {
        let paths = failure.paths.prefix(20).map { "<code>\(HTMLText.escaped($0, limit: 200))</code>" }
        let more = failure.paths.count > 20 ? ", … \(failure.paths.count - 20) more" : ""
        lines.append("<p>Conflict in \(paths.joined(separator: ", "))\(more)</p>")
      }
      if let ref = failure.keptRef {
        lines.append("<p>What it had made: <code>git show \(HTMLText.escaped(ref))</code></p>")
      }
    }
    if let log = logs[entry.id].map({ HTMLText.log($0) }), !log.isEmpty {
      lines.append(
        "<details id=\"log-\(HTMLText.escaped(entry.id))\"\(isOpen ? " open" : "")><summary>Last lines of its log</summary><pre>\(log)</pre></details>"
      )
    }
    return "<article class=\"problem\">\(lines.joined(separator: "\n"))</article>"
  }
}

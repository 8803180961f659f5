import Recording

/// Every achievement as a row; sorted in the order of the plan, and by script in any other.
struct HTMLTable {
  let chart: RunChart

  private struct Column {
    let title: String
    /// As the style knows it: the width of the column.
    let name: String
    var isNumber = true
  }

  private static let columns = [
    Column(title: "Id", name: "id", isNumber: false), Column(title: "Title", name: "title", isNumber: false),
    Column(title: "State", name: "state", isNumber: false), Column(title: "Time", name: "time"),
    Column(title: "Waited", name: "time"), Column(title: "Started", name: "time"), Column(title: "Slot", name: "count"),
    Column(title: "Attempts", name: "count"), Column(title: "Rework", name: "time"),
    Column(title: "Paths", name: "count"), Column(title: "Merge", name: "merge", isNumber: false),
  ]

  var html: String {
    let entries = chart.report.achievements
    guard !entries.isEmpty else { return "" }
    let critical = Set(chart.criticalPath)
    let rows = entries.enumerated().map { row($0.element, index: $0.offset, isCritical: critical.contains($0.offset)) }
    return """
      <section id="achievements" class="lazy" aria-labelledby="achievements-title"><h2 id="achievements-title">Achievements</h2>
      \(tools(entries, hasCritical: !critical.isEmpty))
      <p class="faint" id="rows-text">Time is work and checks of the attempt that was used; started counts from the run’s \
      start. <span class="crit" aria-hidden="true">◆</span> marks the critical path.</p>
      <div class="scroll rows" id="rows" tabindex="0" role="region" aria-labelledby="achievements-title" data-scroll>
      <table aria-labelledby="achievements-title" aria-describedby="rows-text">
      <colgroup>\(HTMLTable.columns.map { "<col class=\"col-\($0.name)\">" }.joined())</colgroup>
      <thead><tr>\(HTMLTable.columns.enumerated().map(HTMLTable.head).joined())</tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody></table></div>
      </section>
      """
  }

  private static func head(_ index: Int, _ column: Column) -> String {
    "<th scope=\"col\"\(column.isNumber ? " class=\"n\"" : "") aria-sort=\"none\"><button type=\"button\" class=\"sort\" "
      + "id=\"sort-\(index)\" data-sort=\"\(index)\" disabled>\(column.title)</button></th>"
  }

  private func tools(_ entries: [RunReport.Entry], hasCritical: Bool) -> String {
    let states = ReportWords.states.filter { (chart.report.counts[$0] ?? 0) > 0 }
    let chips = states.map { state in
      "<button type=\"button\" id=\"only-\(state)\" data-only=\"\(state)\" aria-pressed=\"false\">"
        + "<span aria-hidden=\"true\">\(HTMLText.sign(state))</span> \(state) \(chart.report.counts[state] ?? 0)</button>"
    }
    let path =
      hasCritical
      ? "<button type=\"button\" id=\"only-path\" data-only=\"path\" aria-pressed=\"false\">"
        + "<span aria-hidden=\"true\">◆</span> critical path</button>" : ""
    return """
      <div class="tools" data-script hidden><label for="filter">Filter</label>
      <input id="filter" type="search" autocomplete="off" spellcheck="false" placeholder="id, title or reason" data-keep>
      \(chips.joined(separator: "\n"))
      \(path)
      <span id="shown" role="status" class="faint num">\(entries.count) of \(entries.count)</span></div>
      """
  }

  private func row(_ entry: RunReport.Entry, index: Int, isCritical: Bool) -> String {
    let last = entry.attempts.last
    let mark =
      isCritical
      ? " <span class=\"crit\" title=\"on the critical path\"><span aria-hidden=\"true\">◆</span>"
        + "<span class=\"vh\">on the critical path</span></span>" : ""
    let why = entry.state == .complete ? "" : reason(entry)
    let cells = [
      "<th scope=\"row\" class=\"num\">\(HTMLText.escaped(entry.id))\(mark)</th>",
      "<td class=\"t\">\(HTMLText.escaped(entry.title, limit: 200))\(why)</td>",
      "<td class=\"st \(entry.state.rawValue)\">\(HTMLText.sign(entry.state.rawValue)) \(entry.state.rawValue)</td>",
      time(entry.seconds > 0 ? entry.seconds : nil), time(entry.waitedSeconds > 0 ? entry.waitedSeconds : nil),
      time(last?.stamps.handed), number(entry.slot.map { $0 + 1 }), number(entry.attempts.count),
      time(entry.reworkSeconds > 0 ? entry.reworkSeconds : nil), number(entry.changedPaths),
      "<td class=\"code\">\(HTMLText.escaped(String((entry.mergeCommit ?? "").prefix(10))))</td>",
    ]
    return "<tr id=\"a-\(HTMLText.escaped(entry.id))\" data-i=\"\(index)\" data-s=\"\(entry.state.rawValue)\""
      + "\(isCritical ? " data-c" : "")>\(cells.joined())</tr>"
  }

  private func reason(_ entry: RunReport.Entry) -> String {
    let text =
      entry.state == .blocked
      ? "blocked by \(entry.blockedBy ?? "?")" : entry.failure?.message ?? entry.reason ?? ""
    return text.isEmpty ? "" : "<div class=\"why\">\(HTMLText.escaped(text, limit: 200))</div>"
  }

  /// The number as it is goes along for sorting; what is empty sorts last.
  private func time(_ seconds: Double?) -> String {
    guard let seconds else { return "<td class=\"n\" data-v></td>" }
    return "<td class=\"n\" data-v=\"\(seconds.fixed(4))\">\(TimeText.text(seconds))</td>"
  }

  private func number(_ value: Int?) -> String {
    "<td class=\"n\" data-v=\"\(value.map(String.init) ?? "")\">\(value.map(String.init) ?? "")</td>"
  }
}

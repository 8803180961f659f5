/// The runs of a repository as a page: newest first, sorted and filtered by the same script as a report's achievements.
package struct HTMLRuns: Sendable {
  private let runs: [RunSummary]
  private let repository: String
  private let links: [String?]

  /// Keeps the order of `runs`; `repository` is how the reader knows the repository, `link` gives the address of a run's own page.
  package init(_ runs: [RunSummary], of repository: String, link: (String) -> String?) {
    self.runs = runs
    self.repository = repository
    links = runs.map { link($0.run) }
  }

  /// The whole page. With `live`, the address of a stream of events as `HTMLReport.page` takes it, it follows the runs.
  package static func page(_ runs: HTMLRuns, live: String? = nil) -> String {
    HTMLReport.document(title: runs.title, bar: "<span class=\"grow\"></span>", main: runs.main, live: live)
  }

  private var title: String { "Runs of \(HTMLText.escaped(name, limit: 80)) · Plait" }

  /// The last part of the repository's path.
  private var name: String { String(repository.split(separator: "/").last ?? "/") }

  /// The part of the page that changes when a run does.
  package var main: String {
    let active = runs.count { !$0.state.isOver }
    let count =
      runs.isEmpty ? "No runs yet" : Prose.count(runs.count, "run") + (active > 0 ? ", \(active) under way" : "")
    return """
      <main id="main" tabindex="-1" data-title="\(title)">
      <section aria-labelledby="runs-title"><div class="lead"><h1 id="runs-title">Runs</h1>
      <span class="faint">\(count)</span></div>
      <p class="faint">in <code>\(HTMLText.escaped(repository))</code></p>
      \(runs.isEmpty ? "<p>Start one with <code>plait run PLAN</code>: it shows up here by itself.</p>" : table)</section>
      </main>
      """
  }

  private static let columns: [(title: String, isNumber: Bool)] = [
    ("Plan and run", false), ("State", false), ("Merged", true), ("Started", true), ("Wall", true), ("Saved", true),
  ]

  private var table: String {
    let heads = HTMLRuns.columns.enumerated().map { index, column in
      "<th scope=\"col\"\(column.isNumber ? " class=\"n\"" : "") aria-sort=\"none\"><button type=\"button\" class=\"sort\" "
        + "id=\"sort-\(index)\" data-sort=\"\(index)\" disabled>\(column.title)</button></th>"
    }
    return """
      \(tools)
      <p class="faint" id="rows-text">Merged is achievements of all that the plan has; started is in UTC; saved is an \
      estimate, against one after another.</p>
      <div class="scroll rows runs" id="rows" tabindex="0" role="region" aria-labelledby="runs-title" data-scroll>
      <table aria-labelledby="runs-title" aria-describedby="rows-text"><thead><tr>\(heads.joined())</tr></thead>
      <tbody>
      \(runs.indices.map(row).joined(separator: "\n"))
      </tbody></table></div>
      """
  }

  private var tools: String {
    let states = RunState.allCases.filter { state in runs.contains { $0.state == state } }.map(\.rawValue)
    let chips = states.map { state in
      "<button type=\"button\" id=\"only-\(state)\" data-only=\"\(state)\" aria-pressed=\"false\">"
        + "<span aria-hidden=\"true\">\(HTMLText.sign(state))</span> \(state) "
        + "\(runs.count { $0.state.rawValue == state })</button>"
    }
    return """
      <div class="tools" data-script hidden><label for="filter">Filter</label>
      <input id="filter" type="search" autocomplete="off" spellcheck="false" placeholder="plan or run" data-keep>
      \(chips.joined(separator: "\n"))
      <span id="shown" role="status" class="faint num">\(runs.count) of \(runs.count)</span></div>
      """
  }

  private func row(_ index: Int) -> String {
    let run = runs[index]
    let total = run.counts.values.reduce(0, +)
    let merged = run.counts["complete"] ?? 0
    let plan = HTMLText.escaped(run.plan.isEmpty ? "without a name" : run.plan, limit: 120)
    let stamp = WallClock.stamp(run.startedWall)
    let link = links[index].map { "<a href=\"\(SVGGraph.escaped($0))\">\(plan)</a>" } ?? plan
    let id = HTMLText.escaped(run.run, limit: 60)
    let cells = [
      "<th scope=\"row\" class=\"t\">\(link) <code class=\"faint\">\(id)</code></th>",
      "<td>\(HTMLText.state(run.state.rawValue))</td>", "<td class=\"n\" data-v=\"\(merged)\">\(merged)/\(total)</td>",
      "<td class=\"n\" data-v=\"\(run.startedWall.fixed(3))\"><time datetime=\"\(stamp)\">"
        + "\(WallClock.dateAndTime(run.startedWall).prefix(16))</time></td>",
      "<td class=\"n\" data-v=\"\(run.wallSeconds.fixed(4))\">\(TimeText.text(run.wallSeconds))</td>",
      "<td class=\"n\" data-v=\"\(run.savedSeconds?.fixed(4) ?? "")\">"
        + "\(run.savedSeconds.map(TimeText.text) ?? "–")</td>",
    ]
    return "<tr id=\"r-\(id)\" data-i=\"\(index)\" data-s=\"\(run.state.rawValue)\">\(cells.joined())</tr>"
  }
}

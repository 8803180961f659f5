import Recording

/// The report as one page that needs nothing else: no network, no files, and no script for reading it.
///
/// All text from outside is escaped, and the page's own policy lets nothing run but the one script that it comes with.
package enum HTMLReport {
  /// The whole page. `logs` holds the ends of the logs of failed attempts, by achievement, as they came.
  ///
  /// With `live`, the address of a stream of server-sent events of the page's own origin, the page follows the run: each
  /// event named `main` carries `main(…)` anew, and `end` says that no more will come. What is sorted, filtered, opened,
  /// scrolled or focused stays so. `home` is the address of a page that lists the runs.
  package static func page(
    _ chart: RunChart,
    logs: [String: String] = [:],
    live: String? = nil,
    home: String? = nil
  ) -> String {
    let parts = ["timeline", "achievements", "ledger", "graph", "run"]
    let links = parts.map { "<a href=\"#\($0)\">\($0.prefix(1).uppercased() + $0.dropFirst())</a>" }
    let runs = home.map { "<a href=\"\(SVGGraph.escaped($0))\">All runs</a>" } ?? ""
    return document(
      title: "\(HTMLText.escaped(chart.report.plan, limit: 100)) · Plait",
      bar: "<nav aria-label=\"Parts of the report\">\(runs)\(links.joined())</nav>",
      main: main(chart, logs: logs),
      live: live
    )
  }

  /// A page around `main`, with style, script and policy; everything given is markup.
  static func document(title: String, bar: String, main: String, live: String?) -> String {
    """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="\(policy(isLive: live != nil))">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="referrer" content="no-referrer">
    <meta name="color-scheme" content="light dark">
    <title>\(title)</title>
    <link rel="icon" href="data:,">
    <style>\(HTMLStyle.text)</style>
    </head>
    <body\(live.map { " data-live=\"\(SVGGraph.escaped($0))\"" } ?? "")>
    <a class="skip" href="#main">Skip to the content</a>
    <header class="bar-top"><span class="brand">Plait</span>
    \(bar)
    <span id="live" role="status" class="faint"></span>
    <button type="button" id="theme" aria-pressed="false" hidden>Dark</button></header>
    \(main)
    <script>\(HTMLScript.text)</script>
    </body>
    </html>

    """
  }

  /// The part of the page that changes while a run goes on.
  package static func main(_ chart: RunChart, logs: [String: String] = [:]) -> String {
    let report = chart.report
    let sections = [
      "<section id=\"overview\" aria-label=\"Overview\">\n\(HTMLOverview(report: report).html)\n</section>",
      HTMLGantt(chart: chart).html, HTMLProblems(report: report, logs: logs).html, HTMLTable(chart: chart).html,
      HTMLLedger(report: report).html, graph(chart), facts(report),
    ]
    let title = "\(HTMLText.sign(report.state.rawValue)) \(HTMLText.escaped(report.plan, limit: 100)) · Plait"
    return "<main id=\"main\" tabindex=\"-1\" data-title=\"\(title)\">\n"
      + sections.filter { !$0.isEmpty }.joined(separator: "\n") + "\n</main>"
  }

  /// Nothing from anywhere, and of what is in the page only its own style and script, known by their digests.
  package static func policy(isLive: Bool) -> String {
    [
      "default-src 'none'", "style-src 'sha256-\(SHA256.base64(HTMLStyle.text))'",
      "script-src 'sha256-\(SHA256.base64(HTMLScript.text))'", "img-src data:",
      isLive ? "connect-src 'self'" : "connect-src 'none'", "base-uri 'none'", "form-action 'none'",
    ].joined(separator: "; ")
  }

  private static func graph(_ chart: RunChart) -> String {
    guard !chart.report.achievements.isEmpty else { return "" }
    let picture = GraphPicture(chart)
    let tones = GraphPicture.Tone.allCases.filter { tone in picture.nodes.contains { $0.tone == tone } }
    let items = tones.map { tone in
      "<li><svg class=\"graph\" viewBox=\"0 0 26 18\" aria-hidden=\"true\"><rect class=\"box \(tone.rawValue)\" x=\"2\" y=\"2\" "
        + "width=\"22\" height=\"14\" rx=\"4\"/></svg>\(tone == .active ? "at work" : tone.rawValue)</li>"
    }
    return """
      <section id="graph" aria-labelledby="graph-title" class="lazy"><h2 id="graph-title">Graph</h2>
      <p class="faint" id="graph-caption">\(HTMLText.escaped(picture.caption)); the thick line is the critical path.</p>
      <ul class="legend">\(items.joined())</ul>
      <div class="scroll graph-box" id="graph-box" tabindex="0" role="region" aria-labelledby="graph-title" data-scroll>
      \(SVGGraph.embedded(picture))</div></section>
      """
  }

  private static func facts(_ report: RunReport) -> String {
    let paths = report.plans?.map(\.path).joined(separator: ", ") ?? report.planPath
    let facts = [
      ("Run", report.run), ("Plan", paths), ("Repository", report.repository), ("Base", report.base),
      ("Results", report.integrationRef), ("Tip", report.tip), ("Plait", report.plaitVersion),
    ]
    let list = facts.filter { !$0.1.isEmpty }.map { name, value in
      "<dt>\(name)</dt><dd><code>\(HTMLText.escaped(value))</code></dd>"
    }
    let remarks = ReportWords.remarks(report).map { "<li>\(HTMLText.escaped($0, limit: 500))</li>" }
    return """
      <section id="run" aria-labelledby="run-title"><h2 id="run-title">Run</h2>
      \(remarks.isEmpty ? "" : "<ul>\(remarks.joined())</ul>")
      <dl class="facts">\(list.joined())</dl></section>
      """
  }
}

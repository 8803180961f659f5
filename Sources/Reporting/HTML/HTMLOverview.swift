import Recording

/// What a reader wants to know first: what was saved, whether the budget held, what it hung on, what failed.
struct HTMLOverview {
  let report: RunReport

  var html: String {
    [lead, "<div class=\"cards\">", saved, overhead, path, problems, "</div>"].joined(separator: "\n")
  }

  private var lead: String {
    let word = report.state.rawValue
    let tone = report.state == .complete ? "good" : report.state.isOver ? "bad" : "faint"
    return """
      <div class="lead"><h1>\(HTMLText.escaped(report.plan, limit: 160))</h1>
      <span class="badge \(tone)"><span aria-hidden="true">\(HTMLText.sign(word))</span> \
      \(HTMLText.escaped(ReportWords.state(report.state)))</span></div>
      <p class="faint">\(HTMLText.escaped(ReportWords.counts(report))) · \(Prose.count(report.slots, "slot")) · started \
      <time datetime="\(report.startedAt)">\(report.startedAt)</time></p>
      """
  }

  private func card(_ id: String, _ title: String, _ big: String, _ lines: [String]) -> String {
    let text = lines.filter { !$0.isEmpty }.map { "<p>\($0)</p>" }.joined(separator: "\n")
    return
      "<section class=\"card\" aria-labelledby=\"card-\(id)\"><h2 id=\"card-\(id)\">\(title)</h2>\n\(big)\n\(text)</section>"
  }

  private func big(_ text: String, _ tone: String = "") -> String {
    "<div class=\"big\(tone.isEmpty ? "" : " \(tone)")\">\(HTMLText.escaped(text))</div>"
  }

  private var saved: String {
    let totals = report.totals
    let tone = totals.savedRatio == nil ? "" : totals.savedSeconds > 0 ? "good" : "bad"
    let prediction = report.prediction.map { " Predicted: \($0.savedRatio.percent)." } ?? ""
    let times =
      "\(TimeText.text(totals.wallSeconds)) \(ReportWords.wall(report)); one after another "
      + "\(TimeText.text(totals.serialSeconds)) (an estimate).\(prediction)"
    return card(
      "saved",
      "Time saved",
      big(ReportWords.saved(totals), tone),
      [
        HTMLText.sentence(ReportWords.savedDetail(totals)),
        "<span class=\"faint\">\(HTMLText.sentence(times))</span>",
      ]
    )
  }

  private var overhead: String {
    let overhead = report.overhead
    let sign = overhead.isOverBudget ? "✗" : "✓"
    return card(
      "overhead",
      "Overhead",
      big(overhead.ratio.percent, overhead.isOverBudget ? "bad" : "good"),
      [meter(overhead), "<span aria-hidden=\"true\">\(sign)</span> \(HTMLText.sentence(ReportWords.budget(overhead)))"]
    )
  }

  /// The ratio as a bar, and the budget as a line across it; the scale ends at twice the larger of the two.
  private func meter(_ overhead: RunReport.Overhead) -> String {
    let scale = max(0.01, min(1, max(overhead.ratio * 1.25, overhead.budget * 2)))
    let width = (min(1, overhead.ratio / scale) * 100).fixed(2)
    let place = (min(1, overhead.budget / scale) * 100).fixed(2)
    return """
      <svg class="meter" role="img" aria-label="\(overhead.ratio.percent) of a budget of \(overhead.budget.percent)" \
      preserveAspectRatio="none"><rect width="100%" height="10" rx="5"/>\
      <rect class="\(overhead.isOverBudget ? "above" : "within")" width="\(width)%" height="10" rx="5"/>\
      <line x1="\(place)%" x2="\(place)%" y1="0" y2="10"/></svg>
      """
  }

  private var path: String {
    let ids = report.criticalPath
    guard !ids.isEmpty else { return card("path", "Critical path", big("none"), ["No work was finished."]) }
    var lines = ["<span class=\"chain\">\(HTMLText.links(ids, limit: 12, separator: " → "))</span>"]
    if let bound = ReportWords.bound(report) {
      let text =
        "No schedule takes less than \(TimeText.text(bound.seconds)); this run took \(bound.ratio.fixed(2)) × that."
      lines.append("<span class=\"faint\">\(HTMLText.sentence(text))</span>")
    }
    return card("path", "Critical path", big(TimeText.text(report.totals.criticalPathSeconds)), lines)
  }

  private var problems: String {
    let failed = report.achievements.filter { $0.state == .failed || $0.state == .cancelled }.map(\.id)
    let blocked = report.counts["blocked"] ?? 0
    guard !failed.isEmpty || blocked > 0 else {
      let open = report.achievements.count { !$0.state.isFinal }
      let rest =
        open > 0 ? "\(Prose.count(open, "achievement")) still to come." : "Everything that was to be done is merged."
      return card("failed", "Failed", big("nothing", "good"), [rest])
    }
    let words = failed.isEmpty ? "\(blocked) blocked" : "\(failed.count)"
    let more = !failed.isEmpty && blocked > 0 ? "and \(blocked) blocked by them" : ""
    return card(
      "failed",
      "Failed",
      big(words, "bad"),
      [
        "<span class=\"ids\">\(HTMLText.links(failed, limit: 10, separator: ", "))</span>", more,
        "<a href=\"#problems\">Why</a>",
      ]
    )
  }
}

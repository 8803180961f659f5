/// Where the slots' time went, and how close the run came to the best that was possible.
struct HTMLLedger {
  let report: RunReport

  var html: String {
    let total = Double(report.slots) * report.totals.wallSeconds
    guard total > 0 else { return "" }
    let rows = Ledger.Row.allCases.map { row(($0), total: total) }.joined(separator: "\n")
    let slots = "\(Prose.count(report.slots, "slot")) × \(TimeText.text(report.totals.wallSeconds))"
    return """
      <section id="ledger" aria-labelledby="ledger-title"><h2 id="ledger-title">Where the slots’ time went</h2>
      <p class="faint" id="ledger-text">Every second of every slot is in one row: \(slots).</p>
      <div class="scroll" tabindex="0" role="region" aria-labelledby="ledger-title">\
      <table aria-labelledby="ledger-title" aria-describedby="ledger-text">
      <thead><tr><th scope="col">Row</th><th scope="col" class="n">Slot time</th><th scope="col" class="n">Share</th>\
      <th scope="col"><span class="vh">Share as a bar</span></th></tr></thead>
      <tbody>
      \(rows)
      </tbody>
      <tfoot><tr><th scope="row">sum</th><td class="n">\(TimeText.text(sum))</td><td class="n">\((sum / total).percent)</td>\
      <td></td></tr></tfoot></table></div>
      \(certificate)
      </section>
      """
  }

  private var sum: Double { Ledger.Row.allCases.reduce(0) { $0 + (report.ledger[$1.rawValue] ?? 0) } }

  private func row(_ row: Ledger.Row, total: Double) -> String {
    let seconds = report.ledger[row.rawValue] ?? 0
    let kind = row.isOverhead ? "overhead" : row.isIdle || row == .down ? "idle" : row.rawValue
    return """
      <tr><th scope="row">\(row.rawValue)</th><td class="n">\(TimeText.text(seconds))</td>\
      <td class="n">\((seconds / total).percent)</td><td class="w"><svg class="share" aria-hidden="true">\
      <rect class="\(kind)" width="\((min(1, seconds / total) * 100).fixed(2))%" height="12"/></svg></td></tr>
      """
  }

  private var certificate: String {
    guard let certificate = report.certificate else { return "" }
    let bounds = [
      ("Critical path", certificate.criticalPathSeconds, Certificate.Basis.path),
      ("Work ÷ slots", certificate.workPerSlotSeconds, .work),
      ("Time windows", certificate.timeWindowSeconds, .window),
    ]
    let lines = bounds.map { name, seconds, basis in
      "<dt>\(name)</dt><dd class=\"num\">\(TimeText.text(seconds))\(certificate.basis == basis ? " <b>← the bound</b>" : "")</dd>"
    }
    let losses = ReportWords.losses(certificate).map { HTMLText.escaped($0) }.joined(separator: ", ")
    return """
      <h3>How close to the best</h3>
      <p>No schedule of the same durations on \(Prose.count(report.slots, "slot")) takes less than \
      <b>\(TimeText.text(certificate.boundSeconds))</b>; this run took \(certificate.makespanToBound.fixed(2)) × that, \
      \(TimeText.text(certificate.gapSeconds)) more.</p>
      <dl class="facts">\(lines.joined())<dt>Slot time not used</dt><dd>\(losses)</dd></dl>
      """
  }
}

extension ReportWords {
  /// Which variants were picked, where the others are, and what the saving is relative to; a sentence each.
  static func choices(_ report: RunReport) -> [String] {
    var groups: [String: [RunReport.Entry]] = [:]
    for entry in report.achievements {
      if let variant = entry.variant { groups[variant.of, default: []].append(entry) }
    }
    guard !groups.isEmpty else { return [] }
    let made = report.achievements.filter { $0.picked != nil && groups[$0.id] != nil }
    var sentences = made.prefix(10).map { entry in
      let others = (groups[entry.id] ?? []).filter { $0.variant?.isPicked == false }
      let kept = others.compactMap { other in other.variant?.keptRef.map { "\(other.id) as \($0)" } }
      let red = others.filter { $0.variant?.keptRef == nil }.map(\.id)
      let words =
        [kept.isEmpty ? "" : "; kept: \(kept.joined(separator: ", "))"]
        + [red.isEmpty ? "" : "; not green: \(red.joined(separator: ", "))"]
      return "\(entry.id) is its variant \(entry.picked ?? "")\(words.joined())."
    }
    if made.count > 10 { sentences.append("… \(made.count - 10) more choices: plait status \(report.run)") }
    return sentences + savings(report)
  }

  /// "One after another" does all that the plan asks for, every variant too; the same with one attempt each is less.
  private static func savings(_ report: RunReport) -> [String] {
    guard let alternative = report.totals.alternativeSeconds, alternative > 0 else { return [] }
    let single = report.totals.serialSeconds - alternative
    let saved = single - report.totals.wallSeconds
    let against =
      saved >= 0 ? "\(TimeText.text(saved)) less than that" : "\(TimeText.text(-saved)) more than that"
    return [
      "One after another counts every green variant: \(TimeText.text(alternative)) of it were not picked. With only the "
        + "picked ones it is \(TimeText.text(single)); this run took \(against)."
    ]
  }
}

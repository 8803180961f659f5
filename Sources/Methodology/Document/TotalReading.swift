import Planning

/// Finds the totals that a document claims, to be held against the sum of its achievements.
struct TotalReading {
  private(set) var totals: [PlanDocument.Total] = []
  /// The heading above the current line, in lower case.
  private var heading = ""
  /// The section around the current line, in lower case; empty before the first.
  private var section = ""
  /// Whether the first section has begun: before it, an effort is that of the whole plan.
  private var isInSections = false

  private static let labels: Set<String> = [
    "total", "total effort", "total estimated effort", "total estimated time", "total estimate", "total hours",
    "total time estimate",
  ]
  private static let countLabels: Set<String> = [
    "progress", "status", "total", "timeline", "total achievements", "achievements complete", "achievements completed",
  ]
  private static let headerLabels: Set<String> = ["estimated effort", "effort", "estimate", "estimated time"]
  /// What a heading says over sums that are no sums of estimates: how long it takes side by side, or took.
  /// Sections whose sums are sums of estimates; elsewhere it may be what something took, or a part of it.
  private static let summingSections = ["estimate", "index", "timeline", "effort", "roadmap"]
  private static let otherSums = ["parallel", "optimi", "metric", "actual", "phase"]

  init(_ lines: [MarkdownDocument.Line]) {
    for line in lines where !line.isCode {
      if let level = line.level {
        heading = line.text.lowercased()
        if level > 1 { isInSections = true }
        if level <= 2 { section = level == 2 ? heading : "" }
      } else if !TotalReading.otherSums.contains(where: heading.contains) {
        takeCount(line)
        if section.isEmpty || TotalReading.summingSections.contains(where: section.contains) { takeHours(line) }
      }
    }
  }

  private mutating func takeCount(_ line: MarkdownDocument.Line) {
    guard let field = FieldReading.labelled(line),
      TotalReading.countLabels.contains(field.name.words.joined(separator: " "))
    else { return }
    if let count = TotalReading.count(in: line.text) {
      totals.append(.init(subject: .count, claimed: HourRange(low: count, high: count), line: line.number))
    }
  }

  private mutating func takeHours(_ line: MarkdownDocument.Line) {
    if let priority = TotalReading.priority(line), let hours = EstimateMention.first(in: priority.text) {
      totals.append(.init(subject: .hoursOfPriority(priority.number), claimed: hours, line: line.number))
    }
    guard let field = FieldReading.labelled(line) else { return }
    let label = field.name.words.joined(separator: " ")
    guard TotalReading.labels.contains(label) || !isInSections && TotalReading.headerLabels.contains(label) else {
      return
    }
    if let hours = EstimateMention.first(in: field.valueText) {
      totals.append(.init(subject: .hours, claimed: hours, line: line.number))
    }
  }

  /// `0/24 achievements` and `Total Achievements: 24`.
  private static func count(in text: String) -> Double? {
    // "Priority 2: 3/3 achievements" counts a part of them.
    guard !text.lowercased().contains("priorit"), !text.lowercased().contains("phase") else { return nil }
    let words = text.lowercased().split { $0.isWhitespace || "*:()".contains($0) }
    for (position, word) in words.enumerated() {
      if position > 0, word.hasPrefix("achievements"), words[position - 1].contains("/") {
        return words[position - 1].split(separator: "/").last.flatMap { Double($0) }
      }
      if word == "achievements", position == 1, words[0] == "total", words.count == 3 { return Double(words[2]) }
    }
    return nil
  }

  /// `Priority 2: Name (5-7 hours)` and `Priority 2 (Name): 5-7 hours`, with nothing else that could be another amount.
  private static func priority(_ line: MarkdownDocument.Line) -> (number: Int, text: String)? {
    var text = line.text[...]
    text.dropMarks()
    guard text.hasPrefix("Priority "), !line.text.contains("%") else { return nil }
    let words = text.words
    let others: Set<String> = [
      "vs", "vs.", "parallel", "savings", "saved", "complete", "completed", "actual", "remaining",
    ]
    guard words.count > 1, let number = Int(words[1]), others.isDisjoint(with: words),
      EstimateMention.all(in: text).count == 1
    else { return nil }
    // A range of priorities, or one with a point, is no priority of ours.
    let behind = text.dropFirst("Priority \(words[1])".count).first
    return behind.map { ":( *".contains($0) } ?? true ? (number, String(text)) : nil
  }
}

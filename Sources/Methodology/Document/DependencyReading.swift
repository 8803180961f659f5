import Planning

/// Reads what stands behind `Dependencies:`, `Depends on:` and `Blocks:`.
enum DependencyReading {
  private static let fillers: Set<String> = [
    "achievement", "achievements", "and", "all", "of", "complete", "completed", "completion", "must", "be", "first",
    "after",
  ]
  private static let denials: Set<String> = ["none", "nothing", "no", "-", "n/a"]

  /// Ids, ranges of ids (`1.1-1.3`) and whole priorities; what is in brackets explains and is not counted.
  static func read(_ text: String, line: Int) -> DependencyLine {
    let words = split(outsideBrackets(text))
    var ids: [AchievementID] = []
    var priorities: [Int] = []
    var hasOtherWords = false
    var position = 0
    while position < words.count {
      let word = words[position]
      if word == "priority" || word == "priorities", position + 1 < words.count, let number = Int(words[position + 1]) {
        priorities.append(number)
        position += 1
      } else if let range = range(word) {
        ids += range
      } else if !fillers.contains(word) {
        hasOtherWords = true
      }
      position += 1
    }
    var seen: Set<AchievementID> = []
    ids = ids.filter { seen.insert($0).inserted }
    let saysNone = ids.isEmpty && priorities.isEmpty && words.first.map { denials.contains($0) } ?? false
    return DependencyLine(
      ids: ids,
      priorities: priorities,
      saysNone: saysNone,
      isClear: saysNone || !hasOtherWords && !(ids.isEmpty && priorities.isEmpty),
      text: String(text[...].trimmed),
      line: line
    )
  }

  /// What a field says on its line and below it; nil when that is nothing.
  static func read(_ field: DocumentField) -> DependencyLine? {
    let text = ([field.valueText] + field.content.map(\.text)).filter { !$0.isEmpty }.joined(separator: ", ")
    return text.isEmpty ? nil : read(text, line: field.line.number)
  }

  /// What all `lines` of one achievement name together, with a warning where they name different things; nil without any.
  ///
  /// Prose beside a line that names something is left to people, as it is everywhere else in a description.
  static func joined(
    _ lines: [DependencyLine],
    of id: AchievementID,
    _ findings: inout [Diagnostic]
  ) -> DependencyLine? {
    let naming = lines.filter { $0.saysNone || !$0.ids.isEmpty || !$0.priorities.isEmpty }
    guard let first = naming.first, naming.count > 1 else { return naming.first ?? lines.first }
    for line in naming.dropFirst()
    where Set(line.ids) != Set(first.ids) || Set(line.priorities) != Set(first.priorities) {
      findings.append(
        Diagnostic(
          .warning,
          "repeated-field",
          "line \(line.line) repeats a field of \(id) and names others than line \(first.line); all of them are taken",
          at: SourcePlace(line: line.line, column: 1),
          hint: "Write them in one line."
        )
      )
    }
    var (ids, priorities): ([AchievementID], [Int]) = ([], [])
    for id in naming.flatMap(\.ids) where !ids.contains(id) { ids.append(id) }
    for priority in naming.flatMap(\.priorities) where !priorities.contains(priority) { priorities.append(priority) }
    return DependencyLine(
      ids: ids,
      priorities: priorities,
      saysNone: naming.allSatisfy(\.saysNone),
      isClear: naming.allSatisfy(\.isClear),
      text: naming.map(\.text).joined(separator: "; "),
      line: first.line
    )
  }

  private static func outsideBrackets(_ text: String) -> String {
    var depth = 0
    return String(
      text.filter { character in
        if character == "(" || character == "[" { depth += 1 }
        defer { if character == ")" || character == "]" { depth = max(0, depth - 1) } }
        return depth == 0
      }
    )
  }

  private static func split(_ text: String) -> [String] {
    text.lowercased().split { $0.isWhitespace || ",;&+→*`".contains($0) }
      .map { word in String(word).withoutPoints }
      .filter { !$0.isEmpty }
  }

  /// One id, or all of `1.1-1.3`; nil for anything else.
  private static func range(_ word: String) -> [AchievementID]? {
    let ends = word.split { "-–—".contains($0) }
    guard let first = ends.first.flatMap({ AchievementID(plain: String($0)) }) else { return nil }
    guard ends.count == 2 else { return ends.count == 1 ? [first] : nil }
    guard let last = AchievementID(plain: String(ends[1])), first.numbers.count == 2, last.numbers.count == 2,
      first.numbers[0] == last.numbers[0], first.numbers[1] <= last.numbers[1], last.numbers[1] - first.numbers[1] < 100
    else { return nil }
    return (first.numbers[1]...last.numbers[1]).compactMap { AchievementID("\(first.numbers[0]).\($0)") }
  }
}

extension String {
  /// The word without points and colons at its end.
  fileprivate var withoutPoints: String {
    var word = self[...]
    while let last = word.last, last == "." || last == ":" { word.removeLast() }
    return String(word)
  }
}

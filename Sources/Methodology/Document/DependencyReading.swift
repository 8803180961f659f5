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

/// Text made fit for a page: nothing of it can become markup, and nothing turns the direction of what follows.
enum HTMLText {
  /// `text` on one line, at most `limit` columns wide, for the inside of an element or of a quoted attribute.
  static func escaped(_ text: String, limit: Int = 300) -> String {
    SVGGraph.escaped(TerminalText.safe(text, limit: limit))
  }

  /// The same for a sentence with numbers: none is parted from its unit.
  static func sentence(_ text: String, limit: Int = 300) -> String {
    var last: Character = " "
    return escaped(text, limit: limit).reduce(into: "") { result, character in
      result.append(character == " " && last.isNumber ? "\u{A0}" : character)
      last = character
    }
  }

  /// What a worker wrote last, line by line, without what only a terminal understands.
  static func log(_ text: String, lines: Int = 40) -> String {
    let all = text.split(separator: "\n", omittingEmptySubsequences: false)
    let kept = all.suffix(lines + 1).map { TerminalText.logLine($0, limit: 500) }
    let trimmed = kept.last?.isEmpty == true ? kept.dropLast() : kept[...]
    return SVGGraph.escaped(trimmed.suffix(lines).joined(separator: "\n"))
  }

  /// A link to the row of an achievement.
  static func link(_ id: String) -> String { "<a href=\"#a-\(escaped(id))\">\(escaped(id))</a>" }

  /// Up to `limit` such links in a row, the first and the last of them.
  static func links(_ ids: [String], limit: Int, separator: String) -> String {
    guard ids.count > limit else { return ids.map(link).joined(separator: separator) }
    let (head, tail) = (ids.prefix(limit - limit / 2), ids.suffix(limit / 2))
    let middle = "<span class=\"faint\">… \(ids.count - head.count - tail.count) more …</span>"
    return (head.map(link) + [middle] + tail.map(link)).joined(separator: separator)
  }

  /// A state as a sign and a word.
  static func state(_ word: String) -> String {
    "<span class=\"st \(word)\"><span aria-hidden=\"true\">\(sign(word))</span> \(word)</span>"
  }

  static func sign(_ state: String) -> String {
    switch state {
    case "complete": "✓"
    case "failed", "error", "conflict": "✗"
    case "blocked": "⊘"
    case "cancelled", "stopped", "interrupted": "■"
    case "skipped": "»"
    case "ready": "○"
    case "waiting": "·"
    default: "▶"
    }
  }
}

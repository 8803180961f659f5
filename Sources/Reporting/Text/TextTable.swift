/// Columns of text that line up whatever script they are in. Cells must be safe already.
struct TextTable {
  enum Alignment {
    case left
    case right
  }

  private let alignments: [Alignment]
  private let gap: String
  private var rows: [[String]] = []

  init(_ alignments: [Alignment], gap: String = "  ") {
    self.alignments = alignments
    self.gap = gap
  }

  mutating func add(_ cells: String...) { rows.append(cells) }
  mutating func add(cells: [String]) { rows.append(cells) }

  /// The rows, each after `indent`; no line ends in a space.
  func lines(indent: String = "  ") -> [String] {
    let widths = alignments.indices.map { column in
      rows.map { column < $0.count ? TerminalText.displayWidth($0[column]) : 0 }.max() ?? 0
    }
    return rows.map { row in
      let cells = row.enumerated().map { column, cell in
        alignments[column] == .right
          ? TerminalText.right(cell, to: widths[column]) : TerminalText.padded(cell, to: widths[column])
      }
      return (indent + cells.joined(separator: gap)).trimmedEnd
    }
  }
}

extension String {
  /// The text without spaces at its end.
  var trimmedEnd: String {
    var end = endIndex
    while end > startIndex, self[index(before: end)] == " " { end = index(before: end) }
    return String(self[..<end])
  }
}

/// Words and lines.
enum Prose {
  /// `1 achievement`, `24 achievements`.
  static func count(_ count: Int, _ noun: String, plural: String? = nil) -> String {
    "\(count) \(count == 1 ? noun : plural ?? noun + "s")"
  }

  /// Breaks `text` (already safe) at spaces into lines of at most `width` columns; words that are longer are cut off
  /// with `…` only when `width` leaves no other way.
  static func wrapped(_ text: String, width: Int, indent: String = "") -> [String] {
    wrapped(words: text.split(separator: " ").map(String.init), width: width, indent: indent)
  }

  /// The same with pieces that are not to be broken: a number stays with its unit.
  static func wrapped(words: [String], width: Int, indent: String = "") -> [String] {
    let room = max(1, width - TerminalText.displayWidth(indent))
    var lines: [String] = []
    var line = ""
    for word in words {
      let word = TerminalText.displayWidth(word) > room ? TerminalText.safe(word, limit: room) : word
      if line.isEmpty {
        line = word
      } else if TerminalText.displayWidth(line) + 1 + TerminalText.displayWidth(word) <= room {
        line += " " + word
      } else {
        lines.append(indent + line)
        line = word
      }
    }
    if !line.isEmpty { lines.append(indent + line) }
    return lines
  }
}

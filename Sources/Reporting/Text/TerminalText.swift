/// Text from outside, made fit for a terminal or a one-line field.
///
/// Titles, log lines and messages come from files and workers: none of their bytes may move the cursor, change colours,
/// break a line or turn the reading direction. What is dangerous is shown as an escape (`\e`, `\u{202E}`), not dropped.
package enum TerminalText {
  /// `text` on one line without anything that a terminal acts on, at most `limit` columns wide (cut with `…`).
  ///
  /// Costs no more than the part that is shown.
  package static func safe(_ text: some StringProtocol, limit: Int = .max) -> String {
    guard limit > 0 else { return "" }
    var shown = ""
    var width = 0
    // What still fits when an ellipsis has to follow: known only once something does not fit.
    var fitting = shown.endIndex
    for character in text {
      let piece = shownForm(of: character)
      let pieceWidth = displayWidth(piece)
      if width + pieceWidth > limit { return shown[..<fitting] + "…" }
      shown += piece
      width += pieceWidth
      if width <= limit - 1 { fitting = shown.endIndex }
    }
    return shown
  }

  /// The last visible state of a line of a worker's output: colour sequences and overwritten text left out, then `safe`.
  package static func logLine(_ line: some StringProtocol, limit: Int = .max) -> String {
    let bare = withoutSequences(line)
    let parts = bare.split { $0 == "\r" || $0 == "\n" || $0 == "\r\n" }.map { $0.drop { $0 == " " } }
    return safe(parts.last { !$0.isEmpty } ?? "", limit: limit)
  }

  /// `text` without the sequences by which programs colour their output or move the cursor.
  static func withoutSequences(_ text: some StringProtocol) -> String {
    var bare = String.UnicodeScalarView()
    var scalars = text.unicodeScalars.makeIterator()
    while let scalar = scalars.next() {
      switch scalar {
      case "\u{1B}": skipSequence(&scalars)
      case "\u{9B}": skipControlSequence(&scalars)
      default: bare.append(scalar)
      }
    }
    return String(bare)
  }

  /// `text` (already safe) with spaces up to `width` columns.
  static func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - displayWidth(text)))
  }

  /// `text` (already safe) moved to the right edge of `width` columns.
  static func right(_ text: String, to width: Int) -> String {
    String(repeating: " ", count: max(0, width - displayWidth(text))) + text
  }

  /// How many columns a terminal uses for `text` without control characters.
  package static func displayWidth(_ text: some StringProtocol) -> Int {
    text.reduce(0) { $0 + CharacterWidth.columns(of: $1) }
  }

  private static func shownForm(of character: Character) -> String {
    if character.unicodeScalars.allSatisfy({ (0x20..<0x7F).contains($0.value) }) { return String(character) }
    var shown = String.UnicodeScalarView()
    // One character may carry any number of marks; what no script needs is cut off.
    for scalar in character.unicodeScalars.prefix(12) {
      switch scalar {
      case "\t": shown.append(" ")
      case "\n": shown.append(contentsOf: "\\n".unicodeScalars)
      case "\r": shown.append(contentsOf: "\\r".unicodeScalars)
      case "\u{1B}": shown.append(contentsOf: "\\e".unicodeScalars)
      default:
        if isHarmless(scalar) {
          shown.append(scalar)
        } else {
          let code = String(scalar.value, radix: 16, uppercase: true)
          shown.append(contentsOf: "\\u{\(code)}".unicodeScalars)
        }
      }
    }
    return String(shown)
  }

  /// Whether a terminal shows the scalar and does nothing else with it.
  static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .surrogate, .lineSeparator, .paragraphSeparator, .unassigned: false
    // Joiners build emoji and the letters of some scripts; other format characters are invisible or turn directions.
    case .format: scalar.value == 0x200C || scalar.value == 0x200D
    default: true
    }
  }

  /// Skips what follows an ESC: a control sequence, a string up to its terminator, or one more character.
  private static func skipSequence(_ scalars: inout some IteratorProtocol<Unicode.Scalar>) {
    guard let first = scalars.next() else { return }
    switch first {
    case "[": skipControlSequence(&scalars)
    case "]", "P", "X", "^", "_":
      while let next = scalars.next(), next != "\u{7}" {
        if next == "\u{1B}" || next == "\u{9C}" {
          if next == "\u{1B}" { _ = scalars.next() }
          return
        }
      }
    case "(", ")", "*", "+", "#", "%": _ = scalars.next()
    default: return
    }
  }

  private static func skipControlSequence(_ scalars: inout some IteratorProtocol<Unicode.Scalar>) {
    while let next = scalars.next(), !(0x40...0x7E).contains(next.value) {}
  }
}

/// Columns of one character on a terminal: 0 for marks, 2 for East Asian wide ones and emoji, else 1.
enum CharacterWidth {
  static func columns(of character: Character) -> Int {
    let scalars = character.unicodeScalars
    guard let first = scalars.first else { return 0 }
    if first.value < 0x300, scalars.count == 1 { return first.value >= 0x20 ? 1 : 0 }
    let widest = scalars.reduce(0) { max($0, columns(of: $1)) }
    return scalars.contains("\u{FE0F}") && first.properties.isEmoji ? 2 : widest
  }

  private static func columns(of scalar: Unicode.Scalar) -> Int {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: return 0
    default: break
    }
    if (0x1160...0x11FF).contains(scalar.value) { return 0 }
    return scalar.properties.isEmojiPresentation || isWide(scalar.value) ? 2 : 1
  }

  /// The blocks that Unicode's East Asian Width (UAX #11) gives as wide or full width.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
    0xA000...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F,
    0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18CFF, 0x1AFF0...0x1B2FF, 0x1F200...0x1F2FF, 0x20000...0x3FFFD,
  ]

  private static func isWide(_ value: UInt32) -> Bool {
    value >= 0x1100 && wide.contains { $0.contains(value) }
  }
}

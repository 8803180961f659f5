/// One line of the live view: pieces of text with a style each, cut to a width before any colour is added.
struct StyledLine {
  enum Style: String {
    case plain = ""
    case bold = "1"
    case dim = "2"
    case red = "31"
    case green = "32"
    case yellow = "33"
    case cyan = "36"
  }

  private var pieces: [(text: String, style: Style)] = []
  private(set) var width = 0

  init() {}

  init(_ text: String, _ style: Style = .plain) { add(text, style) }

  /// Appends `text`, which must be safe already.
  mutating func add(_ text: String, _ style: Style = .plain) {
    pieces.append((text, style))
    width += TerminalText.displayWidth(text)
  }

  /// Appends spaces up to column `column`.
  mutating func pad(to column: Int) {
    if width < column { add(String(repeating: " ", count: column - width)) }
  }

  /// The line in at most `columns` columns, with colours only when asked for.
  func rendered(columns: Int, colour: Bool) -> String {
    var line = ""
    var room = columns
    for piece in pieces where room > 0 && !piece.text.isEmpty {
      let text = TerminalText.safe(piece.text, limit: room)
      room -= TerminalText.displayWidth(text)
      line += colour && piece.style != .plain ? "\u{1B}[\(piece.style.rawValue)m\(text)\u{1B}[0m" : text
    }
    return colour ? line : line.trimmedEnd
  }
}

import Planning

/// A line that names an achievement and its title: `**Achievement 1.1**: Title (4-6h)`.
struct AchievementMention {
  /// How the line stands out, the weakest first.
  enum Form: Int, Comparable {
    case item, strong, heading

    static func < (left: Form, right: Form) -> Bool { left.rawValue < right.rawValue }
  }

  let id: AchievementID
  let title: String
  let estimateText: String?
  let form: Form

  /// nil when the line is no such line: prose that speaks of an achievement, a range of them, code.
  init?(_ line: MarkdownDocument.Line) {
    guard let form = AchievementMention.form(of: line) else { return nil }
    var rest = line.text[...]
    rest.dropMarks()
    if rest.first == "[", let end = rest.firstIndex(of: "]") {
      rest = rest[rest.index(after: end)...]
      rest.dropMarks()
    }
    guard rest.dropWord("achievement"), let id = rest.takeID() else { return nil }
    rest = rest.trimmed
    guard rest.isEmpty || rest.dropTitleMark() else { return nil }
    self.id = id
    self.form = form
    (title, estimateText) = AchievementMention.parts(of: rest)
  }

  private static func form(of line: MarkdownDocument.Line) -> Form? {
    switch line.kind {
    case .heading: return .heading
    case .code: return nil
    case .text: break
    }
    let first = line.runs.first { $0.text.contains { $0.isLetter } }
    if first?.style == .strong { return .strong }
    return line.opensItem && first?.style == .plain ? .item : nil
  }

  private static func isWatch(_ character: Character) -> Bool {
    character.unicodeScalars.first == "⏱" || character == "🕐"
  }

  /// Title and estimate: the estimate stands behind a stopwatch, in brackets at the end, or behind a last dash.
  private static func parts(of text: Substring) -> (String, String?) {
    // What decorates the beginning says nothing about the end.
    var title = text.drop { ($0.isWhitespace || $0.isMark) && !isWatch($0) }
    if let done = title.firstIndex(where: { "✅✔☑🎉❌⏳🚧".contains($0) }) { title = title[..<done] }
    if let watch = title.firstIndex(where: isWatch) {
      let words = title[title.index(after: watch)...].trimmed
      return (title[..<watch].withoutMarksAtEnds, words.isEmpty ? nil : String(words))
    }
    title = title.withoutMarksAtEnds[...]
    if title.last == ")", let start = title.lastIndex(of: "(") {
      let words = title[title.index(after: start)...].dropLast()
      if EstimateMention.first(in: words) != nil {
        return (title[..<start].withoutMarksAtEnds, String(words))
      }
    }
    if let dash = title.lastIndex(where: { "-–—".contains($0) }), title[..<dash].last == " " {
      let words = title[title.index(after: dash)...].trimmed
      if EstimateText.hours(String(words)) != nil { return (title[..<dash].withoutMarksAtEnds, String(words)) }
    }
    return (String(title), nil)
  }
}

extension Substring {
  /// The text without white space at its ends.
  var trimmed: Substring {
    var text = drop { $0.isWhitespace }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return text
  }

  /// Drops everything before the first letter or digit, or an opening bracket.
  mutating func dropMarks() { self = drop { !$0.isLetter && !$0.isASCIIDigit && $0 != "[" } }

  /// Drops `word` (given in lower case) and the white space behind it; says whether both were there.
  fileprivate mutating func dropWord(_ word: String) -> Bool {
    guard prefix(word.count).lowercased() == word else { return false }
    let rest = dropFirst(word.count)
    guard let next = rest.first, next.isWhitespace || next == "#" else { return false }
    self = rest.drop { $0.isWhitespace || $0 == "#" }
    return true
  }

  /// Takes an id of two or three numbers; nil, and nothing is taken, when there is none.
  mutating func takeID() -> AchievementID? {
    var text = prefix { $0.isASCIIDigit || $0 == "." }
    while text.last == "." { text.removeLast() }
    guard let id = AchievementID(plain: String(text)) else { return nil }
    self = self[text.endIndex...]
    return id
  }

  /// Drops what parts an id from its title; false when words follow that are no title.
  fileprivate mutating func dropTitleMark() -> Bool {
    guard let mark = first else { return true }
    if mark == ":" {
      self = dropFirst().trimmed
      return true
    }
    if "-–—".contains(mark) {
      // A dash right before a number makes a range of ids.
      guard let next = dropFirst().first, !next.isASCIIDigit else { return false }
      self = dropFirst().trimmed
      return true
    }
    return mark == "(" || mark.isMark
  }

  /// The text without white space, emoji and separators at its ends.
  var withoutMarksAtEnds: String {
    var text = drop { $0.isWhitespace || $0.isMark || ":-–—*".contains($0) }
    while let last = text.last, last.isWhitespace || last.isMark || ":-–—*".contains(last) { text.removeLast() }
    return String(text)
  }
}

extension Character {
  /// Whether it is one of `0`…`9`.
  var isASCIIDigit: Bool { ("0"..."9").contains(self) && isASCII }

  /// Whether it is an emoji or a symbol that people decorate headings with.
  var isMark: Bool {
    guard let scalar = unicodeScalars.first, scalar.value > 0x7F else { return false }
    switch scalar.properties.generalCategory {
    case .otherSymbol, .modifierSymbol, .nonspacingMark, .format: return true
    default: return scalar.properties.isEmojiPresentation
    }
  }
}

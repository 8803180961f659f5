/// What a label says that its lines are.
enum FieldLabel: Hashable {
  case estimate, deliverables, success, summary, approach, testing, files, dependencies, blocks
  /// A label that has no field of its own.
  case other

  private static let words: [String: FieldLabel] = {
    let table: [FieldLabel: [String]] = [
      .estimate: [
        "effort", "estimated effort", "estimate", "estimated hours", "estimated time", "time estimate", "duration",
      ],
      .deliverables: ["deliverables", "deliverable", "outputs"],
      .success: ["success", "success criteria", "acceptance criteria", "done when", "definition of done"],
      .summary: [
        "goal", "purpose", "objective", "description", "what", "why", "why critical", "rationale", "motivation",
      ],
      .approach: ["implementation approach", "approach", "technical approach", "implementation", "steps", "how"],
      .testing: [
        "testing requirements", "test requirements", "testing", "tests", "test", "testing focus", "test coverage",
        "validation",
      ],
      .files: [
        "files", "file", "files modified", "files to modify", "files changed", "files affected", "files touched",
      ],
      .dependencies: [
        "dependencies", "dependency", "depends on", "depends", "requires", "prerequisites", "prerequisite",
        "blocked by",
      ],
      .blocks: ["blocks"],
    ]
    return Dictionary(table.flatMap { label, words in words.map { ($0, label) } }) { first, _ in first }
  }()

  /// What `text` means as a label: case, emoji and what is in brackets don't count.
  init(_ text: some StringProtocol) {
    let outside = text.prefix { $0 != "(" }
    self = FieldLabel.words[outside.words.joined(separator: " ")] ?? .other
  }
}

/// A label with what stands behind it and below it.
struct DocumentField {
  let label: FieldLabel
  /// The label's own words.
  let name: String
  /// Where the label stands.
  let line: MarkdownDocument.Line
  /// What follows the label on its line.
  let value: [MarkdownDocument.Run]
  /// The lines that belong to it.
  var content: [MarkdownDocument.Line] = []

  /// What follows the label on its line, without markup.
  var valueText: String { String(value.map(\.text).joined()[...].trimmed) }
}

/// Cuts the lines of one achievement into its labelled fields.
struct FieldReading {
  private(set) var fields: [DocumentField] = []
  /// Lines that stand under no label.
  private(set) var loose: [MarkdownDocument.Line] = []
  private var isOpen = false

  init(_ lines: some Sequence<MarkdownDocument.Line>) {
    for line in lines where !line.isCode { take(line) }
  }

  /// All fields with this label.
  func all(_ label: FieldLabel) -> [DocumentField] { fields.filter { $0.label == label } }

  private mutating func take(_ line: MarkdownDocument.Line) {
    if line.level != nil {
      return open(DocumentField(label: FieldLabel(line.text), name: line.text, line: line, value: []))
    }
    let field = FieldReading.labelled(line)
    let owner = isOpen ? fields.last : nil
    let isInside = owner.map { FieldReading.isInside(line, $0) } ?? false
    if let field, !isInside || FieldReading.breaksOut(field, of: owner) { return open(field) }
    if isInside {
      fields[fields.count - 1].content.append(line)
    } else {
      isOpen = false
      loose.append(line)
    }
  }

  private mutating func open(_ field: DocumentField) {
    fields.append(field)
    isOpen = true
  }

  /// A label ends the field before it, unless it stands deeper: then it belongs to what that field lists.
  ///
  /// A field without a meaning of its own, such as "Details", is ended by what has one, also in its list.
  private static func breaksOut(_ field: DocumentField, of owner: DocumentField?) -> Bool {
    guard let owner else { return true }
    if owner.line.level != nil { return field.label != .other && field.line.depth <= 1 }
    if field.line.depth <= owner.line.depth { return true }
    return field.label != .other && owner.label == .other && field.line.depth == owner.line.depth + 1
  }

  private static func isInside(_ line: MarkdownDocument.Line, _ field: DocumentField) -> Bool {
    let label = field.line
    if label.level != nil { return true }
    if label.opensItem { return line.depth > label.depth || line.depth == label.depth && !line.opensItem }
    if field.value.isEmpty { return line.depth > label.depth || line.depth == label.depth && !line.opensItem }
    // What follows a sentence is another matter, but for the sentence's own further lines.
    let last = field.content.last?.number ?? label.number
    return line.depth == label.depth && !line.opensItem && line.number == last + 1
  }

  /// The label of a line: bold with a colon in or behind it, or a known word with a colon.
  static func labelled(_ line: MarkdownDocument.Line) -> DocumentField? {
    guard line.kind == .text,
      let start = line.runs.firstIndex(where: { $0.style == .code || $0.text.contains { $0.isLetter || $0.isNumber } })
    else { return nil }
    let runs = Array(line.runs[start...])
    return switch runs[0].style {
    case .strong: strong(runs, line)
    case .plain: plain(runs, line)
    case .code: nil
    }
  }

  private static func strong(_ runs: [MarkdownDocument.Run], _ line: MarkdownDocument.Line) -> DocumentField? {
    if let colon = runs[0].text.firstIndex(of: ":") {
      let name = runs[0].text[..<colon]
      let value = rest(of: runs, after: colon)
      return DocumentField(label: FieldLabel(name), name: String(name), line: line, value: value)
    }
    // The colon may follow the bold label, with an explanation in brackets between them.
    guard runs.count > 1, runs[1].style == .plain, let colon = runs[1].text.firstIndex(of: ":") else { return nil }
    let between = runs[1].text[..<colon].trimmed
    guard between.isEmpty || between.hasPrefix("(") && between.hasSuffix(")") else { return nil }
    let value = rest(of: Array(runs[1...]), after: colon)
    return DocumentField(label: FieldLabel(runs[0].text), name: runs[0].text, line: line, value: value)
  }

  private static func plain(_ runs: [MarkdownDocument.Run], _ line: MarkdownDocument.Line) -> DocumentField? {
    var text = runs[0].text[...]
    text.dropMarks()
    guard let colon = text.firstIndex(of: ":") else { return nil }
    let label = FieldLabel(text[..<colon])
    guard label != .other else { return nil }
    let value = rest(of: runs, after: colon)
    return DocumentField(label: label, name: String(text[..<colon]), line: line, value: value)
  }

  /// The runs behind `colon` in the first of them; none when they are blank.
  private static func rest(of runs: [MarkdownDocument.Run], after colon: String.Index) -> [MarkdownDocument.Run] {
    var runs = runs
    runs[0].text = String(runs[0].text[runs[0].text.index(after: colon)...].drop { $0.isWhitespace })
    if runs[0].text.isEmpty { runs.removeFirst() }
    return runs.contains { $0.text.contains { !$0.isWhitespace } } ? runs : []
  }
}

extension [MarkdownDocument.Run] {
  /// The runs as Markdown again, without bold: code stays code.
  var markdown: String {
    String(map { $0.style == .code ? Markdown.code($0.text) : $0.text }.joined()[...].trimmed)
  }
}

extension DocumentField {
  /// What the field lists: the text on its own line, then its lines, each as one item.
  func items(isPathList: Bool = false) -> [DescribedAchievement.Item] {
    var items: [DescribedAchievement.Item] = []
    if !value.isEmpty {
      let paths = PathReading.paths(in: value, isList: isPathList)
      items.append(.init(text: value.markdown, line: line.number, depth: 0, paths: paths))
    }
    let top = content.filter(\.opensItem).map(\.depth).min() ?? line.depth
    for line in content {
      let paths = PathReading.paths(in: line.runs, isList: isPathList)
      let depth = line.opensItem ? line.depth - top : 0
      if !line.opensItem, let last = items.last, line.depth > 0 || line.number == last.line + 1 {
        // A further line of the same item.
        let text = "\(last.text) \(line.runs.markdown)"
        items[items.count - 1] = .init(text: text, line: last.line, depth: last.depth, paths: last.paths + paths)
      } else {
        items.append(.init(text: line.runs.markdown, line: line.number, depth: depth, paths: paths))
      }
    }
    return items.filter { !$0.text.isEmpty }
  }
}

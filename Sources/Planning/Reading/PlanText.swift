/// The scanned file together with what has been found in it: what every stage of the reader works on.
struct PlanText {
  /// A field in words: `estimated_hours` of 1.1.
  struct Subject {
    let field: String
    var owner: String?

    var words: String { owner.map { "`\(field)` of \($0)" } ?? "`\(field)`" }
  }

  /// A key that `PlanFixer` can replace by its canonical name.
  struct Rename: Equatable {
    let node: Int
    let name: String
  }

  let document: JSONDocument
  var findings: Findings
  private(set) var renames: [Rename] = []
  /// What unknown keys are near to, so that a key used by every achievement is looked at once.
  private var nearestNames: [String: String?] = [:]

  init(_ document: JSONDocument, findings: Findings = Findings()) {
    self.document = document
    self.findings = findings
  }

  mutating func error(_ code: String, _ message: String, at node: Int, hint: String? = nil) {
    findings.add(Diagnostic(.error, code, message, at: document.place(of: node), hint: hint))
  }

  mutating func warning(_ code: String, _ message: String, at node: Int, hint: String? = nil) {
    findings.add(Diagnostic(.warning, code, message, at: document.place(of: node), hint: hint))
  }

  /// Notes a correction, unless another key of the same object has got that name: it would be there twice.
  mutating func correct(keyOf node: Int, to name: String, in object: Int) {
    let isTaken = renames.reversed().prefix { $0.node > object }.contains { $0.name == name }
    if !isTaken { renames.append(Rename(node: node, name: name)) }
  }

  /// The value in words that are safe to print: short text and numbers as written, else its kind.
  func excerpt(_ node: Int) -> String {
    switch document.kind(of: node) {
    case .object: "an object"
    case .array: "a list"
    case .string: "\"\(JSONText.printable(document.text(of: node), limit: 80))\""
    case .number: JSONText.printable(String(decoding: document.source(of: node).prefix(200), as: UTF8.self), limit: 40)
    case .yes: "true"
    case .no: "false"
    case .null: "null"
    }
  }

  /// Sorts an object's values by field; unknown keys are kept out, and a near miss of a field is a warning.
  mutating func fields<Key: FieldKey>(of object: Int, _ table: FieldTable<Key>) -> ObjectFields<Key> {
    var fields = ObjectFields<Key>()
    var unknown: [Int] = []
    let nodes = document.nodes
    document.bytes.withUnsafeBufferPointer { bytes in
      var child = nodes[object].hasChildren ? object + 1 : 0
      while child != 0 {
        let start = Int(nodes[child].keyStart)
        let name = bytes[start..<start + Int(nodes[child].keyLength)]
        let key = nodes[child].isKeyEscaped ? escapedKey(of: child, table) : table.key(for: .init(rebasing: name))
        if let key { fields[key] = child } else { unknown.append(child) }
        child = Int(nodes[child].next)
      }
    }
    for child in unknown {
      guard let key = nearest(to: child, table) else { continue }
      findings.add(
        Diagnostic(
          .warning,
          "near-miss",
          "`\(JSONText.printable(document.key(of: child), limit: 60))` is no field of the format and is ignored",
          at: document.keyPlace(of: child),
          hint: "Did you mean `\(key.name)`?"
        )
      )
      if fields[key] == nil { correct(keyOf: child, to: key.name, in: object) }
    }
    return fields
  }

  private func escapedKey<Key: FieldKey>(of child: Int, _ table: FieldTable<Key>) -> Key? {
    Array(document.key(of: child).utf8).withUnsafeBufferPointer { table.key(for: $0) }
  }

  private mutating func nearest<Key: FieldKey>(to child: Int, _ table: FieldTable<Key>) -> Key? {
    let known = "\(Key.self)/\(document.key(of: child))"
    if let name = nearestNames[known] { return Key.allCases.first { $0.name == name } }
    // A file with thousands of different unknown keys has a form of its own; slips are not looked for there.
    guard nearestNames.count < 1000 else { return nil }
    let key = table.nearest(to: document.key(of: child))
    nearestNames[known] = .some(key?.name)
    return key
  }

  /// Whether the field is there and not null, which counts as missing wherever a field may be missing.
  func present(_ node: Int?) -> Int? {
    guard let node, document.kind(of: node) != .null else { return nil }
    return node
  }

  /// Whether the value has the kind; otherwise says so.
  mutating func has(_ kind: JSONNode.Kind, _ node: Int, _ subject: @autoclosure () -> Subject) -> Bool {
    guard document.kind(of: node) != kind else { return true }
    let wanted =
      switch kind {
      case .object: "an object"
      case .array: "a list"
      case .string: "text"
      case .number: "a number"
      case .yes, .no: "true or false"
      case .null: "null"
      }
    error("bad-type", "\(subject().words) must be \(wanted), not \(excerpt(node))", at: node)
    return false
  }

  mutating func bad(_ node: Int, _ subject: Subject, _ rule: String, hint: String? = nil) {
    error("bad-value", "\(subject.words) \(rule), not \(excerpt(node))", at: node, hint: hint)
  }
}

// Values of the types that fields have. Each says what is wrong and then gives nil.
extension PlanText {
  /// Text that may be empty.
  mutating func text(_ node: Int, _ subject: @autoclosure () -> Subject) -> String? {
    has(.string, node, subject()) ? document.text(of: node) : nil
  }

  /// Text that reaches another program: not blank, and without the zero byte that would cut it short there.
  mutating func word(_ node: Int, _ subject: @autoclosure () -> Subject) -> String? {
    guard let text = text(node, subject()) else { return nil }
    guard text.utf8.contains(where: { $0 > 0x20 }), !text.utf8.contains(0) else {
      bad(node, subject(), "must not be blank or hold a zero byte")
      return nil
    }
    return text
  }

  mutating func words(_ node: Int, _ subject: @autoclosure () -> Subject) -> [String] {
    guard has(.array, node, subject()) else { return [] }
    var result: [String] = []
    for child in document.children(of: node) {
      if let text = word(child, subject()) { result.append(text) }
    }
    return result
  }

  /// Paths or path patterns that stay inside the repository.
  mutating func paths(_ node: Int, _ subject: @autoclosure () -> Subject) -> [String] {
    guard has(.array, node, subject()) else { return [] }
    var result: [String] = []
    for child in document.children(of: node) {
      if let path = path(child, subject()) { result.append(path) }
    }
    return result
  }

  /// A path relative to the repository's top, without a step upwards.
  mutating func path(_ node: Int, _ subject: @autoclosure () -> Subject) -> String? {
    guard let text = word(node, subject()) else { return nil }
    let steps = text.utf8.split(separator: UInt8(ascii: "/"))
    guard text.utf8.first != UInt8(ascii: "/"), !steps.contains(where: { $0.elementsEqual("..".utf8) }) else {
      bad(node, subject(), "must be a path inside the repository, relative and without `..`")
      return nil
    }
    return text
  }

  mutating func flag(_ node: Int, _ subject: @autoclosure () -> Subject) -> Bool? {
    switch document.kind(of: node) {
    case .yes: return true
    case .no: return false
    default:
      _ = has(.yes, node, subject())
      return nil
    }
  }

  /// A number without a fraction, in `range`.
  mutating func integer(_ node: Int, in range: ClosedRange<Int>, _ subject: @autoclosure () -> Subject) -> Int? {
    guard has(.number, node, subject()) else { return nil }
    guard let number = document.number(of: node), let value = Int(exactly: number), range.contains(value) else {
      bad(node, subject(), "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
      return nil
    }
    return value
  }

  /// Seconds, from a number of them or from text such as `1h30m`.
  mutating func duration(_ node: Int, allowsZero: Bool = false, _ subject: @autoclosure () -> Subject) -> Double? {
    let seconds: Double?
    switch document.kind(of: node) {
    case .number: seconds = document.number(of: node)
    case .string: seconds = document.withTextBytes(of: node) { TimeText.seconds($0) }
    default:
      let kind = excerpt(node)
      error("bad-type", "\(subject().words) must be a duration, not \(kind)", at: node, hint: "Like \"45m\" or 90.")
      return nil
    }
    guard let seconds, seconds <= TimeText.longest, allowsZero ? seconds >= 0 : seconds > 0 else {
      bad(node, subject(), "must be a duration", hint: "Like \"10s\", \"45m\", \"1h30m\", or a number of seconds.")
      return nil
    }
    return seconds
  }

  /// A word of an enumeration.
  mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ node: Int,
    _ subject: @autoclosure () -> Subject
  ) -> Choice? {
    guard let text = text(node, subject()) else { return nil }
    if let choice = Choice(rawValue: text) { return choice }
    let choices = Choice.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
    error("bad-enum", "\(subject().words) must be one of \(choices), not \(excerpt(node))", at: node)
    return nil
  }
}

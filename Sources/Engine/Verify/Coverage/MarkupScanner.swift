/// Goes through the tags of an XML document, one by one.
///
/// Written here and not taken from a library: what a coverage report says is in the attributes of three elements, while the
/// parser that comes with Swift would link libxml2 into a program that is one file otherwise, and would follow entities. It is
/// strict about what it reads (every tag closed, by its own name, in order) and reads no declarations of a document type.
struct MarkupScanner {
  /// A tag with its attributes.
  struct Tag {
    let name: String
    let isEnd: Bool
    /// `<a/>`; it has no end of its own.
    let isEmpty: Bool
    /// How many elements it is in.
    let depth: Int
    fileprivate let attributes: [(name: ArraySlice<UInt8>, value: ArraySlice<UInt8>)]

    /// The value of an attribute; nil without one.
    subscript(name: String) -> String? {
      attributes.first { $0.name.elementsEqual(name.utf8) }.map { MarkupScanner.text($0.value) }
    }
  }

  private let bytes: ArraySlice<UInt8>
  private var position: Int
  private var open: [String] = []
  private var hasRoot = false

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  /// The next tag; nil at the end of the document.
  mutating func next() throws(LineCoverage.Unusable) -> Tag? {
    while true {
      guard let start = bytes[position...].firstIndex(of: UInt8(ascii: "<")) else {
        guard open.isEmpty, hasRoot else { throw cutOff }
        return nil
      }
      position = start
      if begins("<!--") {
        try skip(past: "-->")
      } else if begins("<![CDATA[") {
        try skip(past: "]]>")
      } else if begins("<?") {
        try skip(past: "?>")
      } else if begins("<!") {
        try skipDocumentType()
      } else {
        return try tag()
      }
    }
  }

  private var cutOff: LineCoverage.Unusable { LineCoverage.Unusable(reason: "is XML that is cut off or garbled") }

  private func begins(_ text: String) -> Bool { bytes[position...].starts(with: text.utf8) }

  private mutating func skip(past end: String) throws(LineCoverage.Unusable) {
    let end = Array(end.utf8)
    while position < bytes.endIndex {
      guard let found = bytes[position...].firstIndex(of: end[0]) else { break }
      position = found
      if bytes[position...].starts(with: end) {
        position += end.count
        return
      }
      position += 1
    }
    throw cutOff
  }

  /// `<!DOCTYPE …>`, with what it declares in brackets.
  private mutating func skipDocumentType() throws(LineCoverage.Unusable) {
    var brackets = 0
    while position < bytes.endIndex {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "["): brackets += 1
      case UInt8(ascii: "]"): brackets -= 1
      case UInt8(ascii: ">") where brackets == 0: return
      default: break
      }
    }
    throw cutOff
  }

  private mutating func tag() throws(LineCoverage.Unusable) -> Tag {
    position += 1
    let isEnd = position < bytes.endIndex && bytes[position] == UInt8(ascii: "/")
    if isEnd { position += 1 }
    let name = String(decoding: word(), as: UTF8.self)
    guard !name.isEmpty, isEnd || !hasRoot || !open.isEmpty else { throw cutOff }
    var attributes: [(name: ArraySlice<UInt8>, value: ArraySlice<UInt8>)] = []
    while true {
      skipSpace()
      guard position < bytes.endIndex else { throw cutOff }
      let byte = bytes[position]
      if byte == UInt8(ascii: ">") || byte == UInt8(ascii: "/") { break }
      attributes.append(try attribute())
    }
    let isEmpty = bytes[position] == UInt8(ascii: "/")
    if isEmpty { position += 1 }
    guard position < bytes.endIndex, bytes[position] == UInt8(ascii: ">"), !(isEmpty && isEnd) else { throw cutOff }
    position += 1
    if isEnd, open.popLast() != name { throw cutOff }
    let depth = open.count
    if !isEnd, !isEmpty { open.append(name) }
    hasRoot = true
    return Tag(name: name, isEnd: isEnd, isEmpty: isEmpty, depth: depth, attributes: attributes)
  }

  private mutating func attribute() throws(LineCoverage.Unusable) -> (ArraySlice<UInt8>, ArraySlice<UInt8>) {
    let name = word()
    skipSpace()
    guard !name.isEmpty, position < bytes.endIndex, bytes[position] == UInt8(ascii: "=") else { throw cutOff }
    position += 1
    skipSpace()
    guard position < bytes.endIndex, [UInt8(ascii: "\""), UInt8(ascii: "'")].contains(bytes[position]) else {
      throw cutOff
    }
    let quote = bytes[position]
    guard let end = bytes[(position + 1)...].firstIndex(of: quote) else { throw cutOff }
    defer { position = end + 1 }
    return (name, bytes[(position + 1)..<end])
  }

  private mutating func word() -> ArraySlice<UInt8> {
    let start = position
    while position < bytes.endIndex, bytes[position] > 0x20, !"=/><\"'".utf8.contains(bytes[position]) { position += 1 }
    return bytes[start..<position]
  }

  private mutating func skipSpace() {
    while position < bytes.endIndex, bytes[position] <= 0x20 { position += 1 }
  }

  /// The value of an attribute with the entities that every document knows.
  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    let text = String(decoding: bytes, as: UTF8.self)
    guard text.contains("&") else { return text }
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")]
    return entities.reduce(text) { $0.replacing($1.0, with: $1.1) }
  }
}

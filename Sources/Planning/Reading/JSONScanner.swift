/// Scans a JSON text (RFC 8259) into nodes, strictly and without recursion.
///
/// It stops at the first offence against the grammar, since nothing after it can be trusted. Depth costs a stack of
/// its own, and more than `deepest` levels are refused so that no later reader needs to care.
struct JSONScanner {
  /// An offence against JSON, at a byte.
  struct Problem {
    let offset: Int
    let message: String
    var hint: String?
  }

  private struct Open {
    let node: Int
    var last = 0
  }

  static let deepest = 512

  let bytes: UnsafeBufferPointer<UInt8>
  let limit: Int
  var offset: Int
  private(set) var nodes: [JSONNode] = []
  private(set) var lines: SourceLines
  private(set) var duplicates: [Problem] = []
  private var open: [Open] = []

  /// Prepares to scan `range` of `bytes`; `lines` must know the lines before it.
  init(_ bytes: UnsafeBufferPointer<UInt8>, range: Range<Int>, lines: SourceLines) {
    self.bytes = bytes
    self.lines = lines
    limit = range.upperBound
    offset = range.lowerBound
    nodes.reserveCapacity(range.count / 12)
  }

  /// Scans one value and nothing after it; nil when the text is well formed.
  mutating func scan() -> Problem? {
    skipSpace()
    guard offset < limit else { return Problem(offset: offset, message: "the file is empty", hint: nil) }
    if let problem = scanValue(keyStart: 0, keyLength: 0, isKeyEscaped: false) { return problem }
    while !open.isEmpty {
      if let problem = scanNextItem() { return problem }
    }
    skipSpace()
    guard offset == limit else {
      return Problem(offset: offset, message: "something follows the end of the JSON text: \(found())")
    }
    return nil
  }

  private mutating func scanNextItem() -> Problem? {
    let top = open[open.count - 1]
    let isObject = nodes[top.node].kind == .object
    let close = UInt8(ascii: isObject ? "}" : "]")
    skipSpace()
    guard offset < limit else { return truncated() }
    if bytes[offset] == close {
      offset += 1
      nodes[top.node].end = UInt32(truncatingIfNeeded: offset)
      if isObject { findDuplicates(in: top.node) }
      open.removeLast()
      return nil
    }
    if top.last != 0 {
      guard bytes[offset] == UInt8(ascii: ",") else {
        return Problem(offset: offset, message: "expected `,` or `\(isObject ? "}" : "]")`, found \(found())")
      }
      let comma = offset
      offset += 1
      skipSpace()
      if offset < limit, bytes[offset] == close {
        return Problem(
          offset: comma,
          message: "a comma with nothing after it",
          hint: "JSON allows no comma after the last item."
        )
      }
    }
    return isObject ? scanMember() : scanValue(keyStart: 0, keyLength: 0, isKeyEscaped: false)
  }

  private mutating func scanMember() -> Problem? {
    guard offset < limit else { return truncated() }
    guard bytes[offset] == UInt8(ascii: "\"") else {
      return Problem(
        offset: offset,
        message: "expected a key in double quotes, found \(found())",
        hint: hint(for: bytes[offset])
      )
    }
    let start = offset + 1
    var isEscaped = false
    if let problem = scanString(isEscaped: &isEscaped) { return problem }
    let length = offset - 1 - start
    skipSpace()
    guard offset < limit else { return truncated() }
    guard bytes[offset] == UInt8(ascii: ":") else {
      return Problem(offset: offset, message: "expected `:` after the key, found \(found())")
    }
    offset += 1
    skipSpace()
    return scanValue(keyStart: start, keyLength: length, isKeyEscaped: isEscaped)
  }

  private mutating func scanValue(keyStart: Int, keyLength: Int, isKeyEscaped: Bool) -> Problem? {
    guard offset < limit else { return truncated() }
    let start = offset
    var isEscaped = false
    let kind: JSONNode.Kind
    switch bytes[offset] {
    case UInt8(ascii: "\""):
      kind = .string
      if let problem = scanString(isEscaped: &isEscaped) { return problem }
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      kind = bytes[offset] == UInt8(ascii: "{") ? .object : .array
      guard open.count < JSONScanner.deepest else {
        return Problem(offset: offset, message: "values are nested deeper than \(JSONScanner.deepest) levels")
      }
      offset += 1
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      kind = .number
      if let problem = scanNumber() { return problem }
    default:
      guard let word = scanWord() else {
        let message = "expected a value, found \(found())"
        return Problem(offset: offset, message: message, hint: hint(for: bytes[offset]))
      }
      kind = word
    }
    append(
      JSONNode(
        start: UInt32(truncatingIfNeeded: start),
        end: UInt32(truncatingIfNeeded: offset),
        keyStart: UInt32(truncatingIfNeeded: keyStart),
        keyLength: UInt32(truncatingIfNeeded: keyLength),
        kind: kind,
        isEscaped: isEscaped,
        isKeyEscaped: isKeyEscaped
      )
    )
    return nil
  }

  private mutating func append(_ node: JSONNode) {
    let index = nodes.count
    nodes.append(node)
    if !open.isEmpty {
      let top = open.count - 1
      if open[top].last == 0 {
        nodes[open[top].node].hasChildren = true
      } else {
        nodes[open[top].last].next = UInt32(truncatingIfNeeded: index)
      }
      open[top].last = index
    }
    if node.kind == .object || node.kind == .array { open.append(Open(node: index)) }
  }

  private mutating func scanWord() -> JSONNode.Kind? {
    let words: [(StaticString, JSONNode.Kind)] = [("true", .yes), ("false", .no), ("null", .null)]
    for (word, kind) in words where word.utf8CodeUnitCount <= limit - offset {
      let letters = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
      guard letters.elementsEqual(bytes[offset..<offset + letters.count]) else { continue }
      offset += letters.count
      return kind
    }
    return nil
  }

  mutating func skipSpace() {
    while offset < limit {
      switch bytes[offset] {
      case 0x20, 0x09, 0x0D: offset += 1
      case 0x0A:
        offset += 1
        lines.append(lineAt: offset)
      default: return
      }
    }
  }

  private func truncated() -> Problem {
    let place = open.last.map { lines.place(at: Int(nodes[$0.node].start)) }
    let opened = place.map { "The object or list opened at line \($0.line), column \($0.column) is not closed." }
    return Problem(offset: limit, message: "the JSON text ends too early", hint: opened)
  }

  private func findDuplicatesQuickly(in object: Int) -> Bool? {
    var seen: [Int] = []
    var child = object + 1
    while child != 0 {
      let node = nodes[child]
      guard seen.count < 24, !node.isKeyEscaped else { return nil }
      for other in seen where nodes[other].keyLength == node.keyLength && haveSameKey(other, child) { return true }
      seen.append(child)
      child = Int(node.next)
    }
    return false
  }

  private func haveSameKey(_ first: Int, _ second: Int) -> Bool {
    let (a, b) = (Int(nodes[first].keyStart), Int(nodes[second].keyStart))
    for step in 0..<Int(nodes[first].keyLength) where bytes[a + step] != bytes[b + step] { return false }
    return true
  }

  /// Notes every key that its object has had before. Most objects are small: comparing each pair beats hashing there.
  private mutating func findDuplicates(in object: Int) {
    guard nodes[object].hasChildren, findDuplicatesQuickly(in: object) ?? true else { return }
    // Sets of bytes, not of `String`: Swift compares text by canonical equivalence, JSON by code points.
    var seen: Set<[UInt8]> = []
    var child = object + 1
    while child != 0 {
      let node = nodes[child]
      let raw = Array(bytes[Int(node.keyStart)..<Int(node.keyStart) + Int(node.keyLength)])
      let key = node.isKeyEscaped ? Array(JSONText.decoded(raw[...]).utf8) : raw
      if !seen.insert(key).inserted {
        let text = JSONText.printable(String(decoding: key, as: UTF8.self), limit: 60)
        duplicates.append(
          Problem(
            offset: Int(node.keyStart) - 1,
            message: "the key `\(text)` is there twice",
            hint: "Most readers silently keep the last one; remove one of the two."
          )
        )
      }
      child = Int(node.next)
    }
  }
}

/// One value of a JSON text, as ranges of the file's bytes: 24 bytes however large the value is.
///
/// Nodes lie in one array in the order of the text, so the first child of a container is the node after it.
struct JSONNode: Sendable {
  enum Kind: UInt8, Sendable {
    case object, array, string, number, yes, no, null
  }

  /// First byte of the value; for text the opening quote.
  let start: UInt32
  /// The byte after the value's last one.
  var end: UInt32
  /// The next value of the same container; 0 for none (0 is the root, which nobody follows).
  var next: UInt32 = 0
  /// First byte of the key's text, inside its quotes; 0 without a key.
  let keyStart: UInt32
  let keyLength: UInt32
  let kind: Kind
  var hasChildren = false
  /// Whether the text holds a backslash and so must be decoded before it is compared.
  let isEscaped: Bool
  let isKeyEscaped: Bool
}

/// A JSON text that has been scanned: its bytes, its nodes (the root is number 0) and its lines.
///
/// A class, so that handing it to the many small readers counts one reference and not one for each array.
final class JSONDocument: Sendable {
  let bytes: [UInt8]
  let nodes: [JSONNode]
  let lines: SourceLines

  init(bytes: [UInt8], nodes: [JSONNode], lines: SourceLines) {
    self.bytes = bytes
    self.nodes = nodes
    self.lines = lines
  }

  /// The values in a container, first to last; empty for anything else.
  struct Children: Sequence, IteratorProtocol {
    private let nodes: [JSONNode]
    private var current: Int

    init(of node: Int, in nodes: [JSONNode]) {
      self.nodes = nodes
      current = nodes[node].hasChildren ? node + 1 : 0
    }

    mutating func next() -> Int? {
      guard current != 0 else { return nil }
      defer { current = Int(nodes[current].next) }
      return current
    }
  }

  func children(of node: Int) -> Children { Children(of: node, in: nodes) }

  func kind(of node: Int) -> JSONNode.Kind { nodes[node].kind }

  /// The bytes of the value's text without its quotes, as written (escapes and all).
  func rawText(of node: Int) -> ArraySlice<UInt8> {
    bytes[Int(nodes[node].start) + 1..<Int(nodes[node].end) - 1]
  }

  /// The bytes of the value, as written.
  func source(of node: Int) -> ArraySlice<UInt8> {
    bytes[Int(nodes[node].start)..<Int(nodes[node].end)]
  }

  /// The bytes of the key's text, as written.
  func rawKey(of node: Int) -> ArraySlice<UInt8> {
    let start = Int(nodes[node].keyStart)
    return bytes[start..<start + Int(nodes[node].keyLength)]
  }

  /// The decoded text; only for a node of kind `string`.
  func text(of node: Int) -> String {
    let raw = rawText(of: node)
    return nodes[node].isEscaped ? JSONText.decoded(raw) : String(decoding: raw, as: UTF8.self)
  }

  /// The decoded key; empty without one.
  func key(of node: Int) -> String {
    let raw = rawKey(of: node)
    return nodes[node].isKeyEscaped ? JSONText.decoded(raw) : String(decoding: raw, as: UTF8.self)
  }

  /// Calls `body` with the bytes of the decoded text; only an escaped text is copied for that.
  func withTextBytes<Result>(of node: Int, _ body: (ArraySlice<UInt8>) -> Result) -> Result {
    guard nodes[node].isEscaped else { return body(rawText(of: node)) }
    return body(ArraySlice(text(of: node).utf8))
  }

  /// The place of a value.
  func place(of node: Int) -> SourcePlace { lines.place(at: Int(nodes[node].start)) }

  /// The place of a value's key, its opening quote; of the value when it has none.
  func keyPlace(of node: Int) -> SourcePlace {
    let start = Int(nodes[node].keyStart)
    return start > 0 ? lines.place(at: start - 1) : place(of: node)
  }

  /// The number as a `Double`; nil when the node is no number or too large for one.
  func number(of node: Int) -> Double? {
    guard kind(of: node) == .number else { return nil }
    return JSONText.number(source(of: node))
  }
}

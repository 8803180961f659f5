/// The bytes of an id, packed: comparing and hashing it needs no text.
struct IdentifierKey: Hashable {
  private var words = SIMD4<UInt64>(repeating: 0)

  /// Packs `bytes`, at most 32 of them.
  private init(packing bytes: ArraySlice<UInt8>) {
    for (index, byte) in bytes.enumerated() {
      words[index >> 3] |= UInt64(byte) << UInt64((index & 7) * 8)
    }
  }

  /// Packs an id of two or three runs of digits; nil when it is none.
  init?(_ bytes: ArraySlice<UInt8>) {
    guard AchievementID.isWellFormed(bytes) else { return nil }
    self.init(packing: bytes)
  }

  /// The key of an id's file suffix.
  static func suffix(of bytes: ArraySlice<UInt8>) -> IdentifierKey {
    IdentifierKey(packing: ArraySlice(bytes.filter { $0 != UInt8(ascii: ".") }.prefix(32)))
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(words[0])
    hasher.combine(words[1])
    // Nearly all ids have at most 16 bytes.
    if words[2] != 0 {
      hasher.combine(words[2])
      hasher.combine(words[3])
    }
  }

  static func hasLeadingZero(_ bytes: ArraySlice<UInt8>) -> Bool {
    bytes.split(separator: UInt8(ascii: ".")).contains { $0.count > 1 && $0.first == UInt8(ascii: "0") }
  }
}

/// The ids of a file and the numbers of their nodes.
struct IdentifierTable {
  private var nodes: [IdentifierKey: Int32] = [:]

  subscript(_ key: IdentifierKey) -> Int? { nodes[key].map { Int($0) } }

  func index(of id: AchievementID) -> Int? { IdentifierKey(ArraySlice(id.text.utf8)).flatMap { self[$0] } }

  /// Enters an id; gives back the node that has it already, if one has.
  mutating func enter(_ key: IdentifierKey, as node: Int) -> Int? {
    if let other = nodes[key] { return Int(other) }
    nodes[key] = Int32(node)
    return nil
  }

  mutating func reserve(_ count: Int) { nodes.reserveCapacity(count) }
}

/// The bytes of an id, packed: comparing and hashing it needs no text.
struct IdentifierKey: Equatable {
  private var words = SIMD4<UInt64>(repeating: 0)

  /// Packs the first 32 of `bytes`, without `omitted`.
  private init(packing bytes: ArraySlice<UInt8>, without omitted: UInt8 = 0) {
    var word: UInt64 = 0
    var count = 0
    for byte in bytes where byte != omitted && count < 32 {
      word |= UInt64(byte) << UInt64((count & 7) * 8)
      count += 1
      guard count & 7 == 0 else { continue }
      words[(count >> 3) - 1] = word
      word = 0
    }
    if count & 7 != 0 { words[count >> 3] = word }
  }

  /// Packs an id of two or three runs of digits; nil when it is none.
  init?(_ bytes: ArraySlice<UInt8>) {
    guard AchievementID.isWellFormed(bytes) else { return nil }
    self.init(packing: bytes)
  }

  /// The key of an id's file suffix.
  static func suffix(of bytes: ArraySlice<UInt8>) -> IdentifierKey {
    IdentifierKey(packing: bytes, without: UInt8(ascii: "."))
  }

  static func hasLeadingZero(_ bytes: ArraySlice<UInt8>) -> Bool {
    var isAtStart = true
    var isAfterLeadingZero = false
    for byte in bytes {
      if isAfterLeadingZero, byte != UInt8(ascii: ".") { return true }
      isAfterLeadingZero = isAtStart && byte == UInt8(ascii: "0")
      isAtStart = byte == UInt8(ascii: ".")
    }
    return false
  }

  /// Mixes the words with a seed, so that nobody can write a file whose ids all fall into one place.
  func hash(_ seed: UInt64) -> UInt64 {
    var hash = seed
    // Nearly all ids have at most 16 bytes.
    for word in 0..<(words[2] == 0 ? 2 : 4) {
      hash = (hash ^ words[word]) &* 0x9E37_79B9_7F4A_7C15
      hash ^= hash >> 32
    }
    return hash
  }
}

/// The ids of a file and the numbers of their nodes: a hash table with open addresses.
///
/// A plan of 100,000 items asks it half a million times; the general `Dictionary` takes three times as long.
struct IdentifierTable {
  private var keys: [IdentifierKey] = []
  private var nodes: [Int32] = []
  /// Positions in `keys`, -1 for none; a power of two of them, at most half taken.
  private var slots: [Int32] = Array(repeating: -1, count: 16)
  private let seed = UInt64.random(in: .min ... .max)

  subscript(_ key: IdentifierKey) -> Int? {
    let position = slots[slot(of: key)]
    return position < 0 ? nil : Int(nodes[Int(position)])
  }

  func index(of id: AchievementID) -> Int? { IdentifierKey(ArraySlice(id.text.utf8)).flatMap { self[$0] } }

  /// Enters an id; gives back the node that has it already, if one has.
  mutating func enter(_ key: IdentifierKey, as node: Int) -> Int? {
    if let other = self[key] { return other }
    if keys.count * 2 >= slots.count { grow() }
    slots[slot(of: key)] = Int32(keys.count)
    keys.append(key)
    nodes.append(Int32(node))
    return nil
  }

  /// The slot that holds the key, else the free one where it belongs.
  private func slot(of key: IdentifierKey) -> Int {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: key.hash(seed)) & mask
    while slots[slot] >= 0, keys[Int(slots[slot])] != key { slot = (slot + 1) & mask }
    return slot
  }

  private mutating func grow() {
    slots = Array(repeating: -1, count: slots.count * 4)
    for position in keys.indices { slots[slot(of: keys[position])] = Int32(position) }
  }
}

/// The fields that one kind of object may have; the raw values number them from 0.
protocol FieldKey: RawRepresentable<Int>, CaseIterable, Sendable, Equatable {
  /// The key in the file.
  var name: String { get }
}

/// Finds fields by the bytes of their keys, so that no text is made for the millions of keys of a large plan.
struct FieldTable<Key: FieldKey>: Sendable {
  /// A name's length and its first and last eight bytes: enough for names of up to 16.
  private struct Print: Equatable {
    let length: Int
    var head: UInt64 = 0
    var tail: UInt64 = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
      length = bytes.count
      for byte in bytes.prefix(8) { head = head << 8 | UInt64(byte) }
      for byte in bytes.suffix(8) { tail = tail << 8 | UInt64(byte) }
    }
  }

  private let prints: [Print]
  private let keys: [Key]
  private let candidates: [Key]

  /// Builds the table; `unlikely` fields are never proposed for a misspelt key.
  init(unlikely: [Key] = []) {
    keys = Array(Key.allCases)
    prints = Key.allCases.map { key in Array(key.name.utf8).withUnsafeBufferPointer { Print($0) } }
    candidates = Key.allCases.filter { !unlikely.contains($0) }
  }

  func key(for bytes: UnsafeBufferPointer<UInt8>) -> Key? {
    let print = Print(bytes)
    for index in prints.indices where prints[index] == print {
      guard print.length <= 16 || keys[index].name.utf8.elementsEqual(bytes) else { continue }
      return keys[index]
    }
    return nil
  }

  /// The field that an unknown key is a slip of; nil when none is near enough.
  ///
  /// Short names differ by one letter from many a decent word, so they allow one slip and long ones two.
  func nearest(to unknown: String) -> Key? {
    guard unknown.utf8.count <= 64 else { return nil }
    let folded = unknown.lowercased().filter { $0 != "-" && $0 != "_" && $0 != " " }
    var best: (key: Key, distance: Int)?
    for candidate in candidates {
      let name = candidate.name.filter { $0 != "_" }
      let distance = EditDistance.between(Array(folded.utf8), Array(name.utf8))
      guard distance <= (name.count < 5 ? 0 : name.count < 8 ? 1 : 2) else { continue }
      if distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.key
  }
}

/// The fields of one object, by their numbers.
struct ObjectFields<Key: FieldKey> {
  private var nodes = [Int](repeating: 0, count: Key.allCases.count)

  /// The node of a field's value; nil when the object doesn't have it.
  subscript(_ key: Key) -> Int? {
    get { nodes[key.rawValue] == 0 ? nil : nodes[key.rawValue] }
    set { nodes[key.rawValue] = newValue ?? 0 }
  }
}

/// How many slips lie between two words.
enum EditDistance {
  /// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
  static func between(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var before: [Int] = []
    var previous = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var cost = min(row[j] + 1, previous[j + 1] + 1, previous[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, before[j - 1] + 1) }
        row.append(cost)
      }
      (before, previous) = (previous, row)
    }
    return previous[b.count]
  }
}

/// A key as the menu understands it.
package enum MenuKey: Sendable, Equatable {
  case up
  case down
  case enter
  case escape
  case backspace
  case character(Character)
  /// The input has ended, or was interrupted.
  case end

  /// The keys that `bytes` from a terminal in raw mode spell; sequences of keys that the menu doesn't know are left out.
  ///
  /// A lone escape byte at the end is the escape key: a terminal sends a sequence at once.
  package static func parse(_ bytes: [UInt8]) -> [MenuKey] {
    var keys: [MenuKey] = []
    var rest = bytes[...]
    while let byte = rest.first {
      switch byte {
      case 0x1B: keys += escape(&rest)
      case 0x0D, 0x0A:
        keys.append(.enter)
        rest.removeFirst()
      case 0x7F, 0x08:
        keys.append(.backspace)
        rest.removeFirst()
      case 0x03, 0x04:
        keys.append(.end)
        rest.removeFirst()
      case ..<0x20: rest.removeFirst()
      default: keys += character(&rest)
      }
    }
    return keys
  }

  /// An escape sequence: `ESC [` or `ESC O`, parameters, and a last byte that names the key.
  private static func escape(_ rest: inout ArraySlice<UInt8>) -> [MenuKey] {
    rest.removeFirst()
    guard let kind = rest.first, kind == UInt8(ascii: "[") || kind == UInt8(ascii: "O") else { return [.escape] }
    rest.removeFirst()
    rest = rest.drop { (0x20...0x3F).contains($0) }
    guard let last = rest.popFirst() else { return [] }
    switch last {
    case UInt8(ascii: "A"): return [.up]
    case UInt8(ascii: "B"): return [.down]
    default: return []
    }
  }

  private static func character(_ rest: inout ArraySlice<UInt8>) -> [MenuKey] {
    let first = rest[rest.startIndex]
    let length = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
    let text = String(decoding: rest.prefix(length), as: UTF8.self)
    rest = rest.dropFirst(length)
    return text.contains("\u{FFFD}") ? [] : text.map { .character($0) }
  }
}

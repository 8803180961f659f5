/// Names one node of a plan: an achievement (`P.N`) or a part of one (`P.N.M`).
///
/// Only the reader makes these from a plan's text, after it has checked the form: two or three runs of ASCII digits
/// joined by dots. The text is kept as written (`1.10` and `1.1` are two ids).
package struct AchievementID: Hashable, Sendable, Codable, CustomStringConvertible {
  /// As it stands in the file: `2.1`.
  package let text: String

  /// Takes `text` when it has the form of an id; nil otherwise.
  package init?(_ text: String) {
    guard AchievementID.isWellFormed(text.utf8) else { return nil }
    self.text = text
  }

  /// Decodes the text; throws when it is no id.
  package init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let id = AchievementID(text) else {
      throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "not an id: \(text)"))
    }
    self = id
  }

  /// Encodes the text.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }

  /// The text.
  package var description: String { text }

  /// The numbers between the dots, for ordering: `1.10` comes after `1.9`. A number too large for `Int` counts as the largest.
  package var numbers: [Int] {
    text.split(separator: ".").map { Int($0) ?? Int.max }
  }

  /// What the id's files are named by: the id without its dots (`1.1` is `11`).
  ///
  /// Never parse a suffix back: `111` may be `1.11` or `11.1`. Compute the suffix of every id and look it up.
  package var fileSuffix: String { text.filter { $0 != "." } }

  /// Whether `bytes` are two or three runs of ASCII digits joined by dots, at most 32 bytes in all.
  package static func isWellFormed(_ bytes: some Sequence<UInt8>) -> Bool {
    var dots = 0
    var digits = 0
    var length = 0
    for byte in bytes {
      length += 1
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digits += 1
      case UInt8(ascii: "."):
        guard digits > 0 else { return false }
        dots += 1
        digits = 0
      default: return false
      }
    }
    return (1...2).contains(dots) && digits > 0 && length <= 32
  }
}

extension AchievementID: Comparable {
  /// Orders by the numbers between the dots.
  package static func < (left: AchievementID, right: AchievementID) -> Bool {
    let (a, b) = (left.numbers, right.numbers)
    return a == b ? left.text < right.text : a.lexicographicallyPrecedes(b)
  }
}

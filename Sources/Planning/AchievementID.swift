/// Names one node of a plan: an achievement (`P.N`) or a part of one (`P.N.M`); among several plans that are run together,
/// with its plan's name before it (`NAME:P.N`).
///
/// Only the reader makes these from a plan's text, after it has checked the form: two or three runs of ASCII digits
/// joined by dots. The text is kept as written (`1.10` and `1.1` are two ids).
package struct AchievementID: Hashable, Sendable, Codable, CustomStringConvertible {
  /// As it stands in the file: `2.1`; with its plan's name: `SEARCH:2.1`.
  package let text: String

  /// Takes `text` when it has the form of an id, with or without a plan's name; nil otherwise.
  package init?(_ text: String) {
    if let colon = text.utf8.firstIndex(of: AchievementID.colon) {
      guard AchievementID.canName(text[..<colon]), AchievementID.isWellFormed(text.utf8[colon...].dropFirst()) else {
        return nil
      }
    } else if !AchievementID.isWellFormed(text.utf8) {
      return nil
    }
    self.text = text
  }

  /// Takes `text` when it has the form of an id without a plan's name: what the files of one plan hold.
  package init?(plain text: String) {
    guard AchievementID.isWellFormed(text.utf8) else { return nil }
    self.text = text
  }

  private init(checked text: String) { self.text = text }

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
    number.split(separator: ".").map { Int($0) ?? Int.max }
  }

  /// What the id's files are named by: the id without its dots (`1.1` is `11`), and without its plan's name, for they lie in
  /// that plan's own folder.
  ///
  /// Never parse a suffix back: `111` may be `1.11` or `11.1`. Compute the suffix of every id and look it up.
  package var fileSuffix: String { number.filter { $0 != "." } }

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

/// Ids of several plans side by side.
extension AchievementID {
  /// The name of the plan that the id says; nil for one that stands in a plan of its own.
  package var plan: Substring? {
    text.utf8.firstIndex(of: AchievementID.colon).map { text[..<$0] }
  }

  /// The id without its plan's name, as that plan's file has it.
  package var plain: AchievementID { AchievementID(checked: String(number)) }

  /// The id with its plan's name, in place of any that it says; `name` must be one that `canName` accepts.
  package func of(plan name: String) -> AchievementID { AchievementID(checked: "\(name):\(number)") }

  /// How one achievement of the plan of `other` calls this one: without a name within one plan.
  package func text(besides other: AchievementID) -> String { plan == other.plan ? String(number) : text }

  /// What branches, refs and folders are named by: one component of a path, another one for every id. A colon, which no
  /// ref may hold, is a plus, which no plan's name in an id holds.
  package var pathComponent: String { text.replacing(":", with: "+") }

  /// Whether a plan of this name can be named in an id, and so in branches, folders and on a command line: ASCII letters,
  /// digits, `-`, `_` and `.`, beginning with a letter or a digit, without `..`, at most 100 of them.
  package static func canName(_ name: some StringProtocol) -> Bool {
    var before: UInt8?
    for byte in name.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): break
      case UInt8(ascii: "0")...UInt8(ascii: "9"): break
      case UInt8(ascii: "-"), UInt8(ascii: "_"): if before == nil { return false }
      case UInt8(ascii: "."): if before == nil || before == byte { return false }
      default: return false
      }
      before = byte
    }
    return (1...100).contains(name.utf8.count)
  }

  private static let colon = UInt8(ascii: ":")

  /// The digits and dots.
  private var number: Substring {
    text.utf8.firstIndex(of: AchievementID.colon).map { text[$0...].dropFirst() } ?? text[...]
  }
}

extension AchievementID: Comparable {
  /// Orders by the plan's name, then by the numbers between the dots.
  package static func < (left: AchievementID, right: AchievementID) -> Bool {
    let (plan, other) = (left.plan ?? "", right.plan ?? "")
    guard plan == other else { return plan < other }
    let (a, b) = (left.numbers, right.numbers)
    return a == b ? left.text < right.text : a.lexicographicallyPrecedes(b)
  }
}

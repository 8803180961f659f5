internal import CLibgit2

/// The name of a commit: 40 hexadecimal digits, lower case.
package struct CommitID: Hashable, Sendable, Codable, CustomStringConvertible {
  /// 40 lower-case hexadecimal digits.
  package let hex: String

  /// Takes exactly 40 hexadecimal digits; anything else, an abbreviation too, is nil.
  package init?(_ text: String) {
    guard text.utf8.count == 40, text.utf8.allSatisfy({ Self.isHexadecimal($0) }) else { return nil }
    hex = text.lowercased()
  }

  /// Decodes the digits; throws for anything else.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let id = CommitID(text) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a commit id: \(text)")
    }
    self = id
  }

  /// Encodes the digits.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(hex)
  }

  /// The digits.
  package var description: String { hex }

  /// The first ten digits, for people.
  package var short: String { String(hex.prefix(10)) }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
    case UInt8(ascii: "A")...UInt8(ascii: "F"): true
    default: false
    }
  }
}

extension CommitID {
  init(_ id: git_oid) {
    var id = id
    hex = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 41) { buffer in
      git_oid_tostr(buffer.baseAddress, buffer.count, &id)
      return String(decoding: buffer.prefix(40).lazy.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }

  /// The same name in libgit2's form.
  var oid: git_oid {
    var oid = git_oid()
    // Cannot fail: `hex` is checked in the only initializers.
    git_oid_fromstr(&oid, hex)
    return oid
  }
}

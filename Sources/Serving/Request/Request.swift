/// The head of an HTTP request: what was asked for, and what it says about who asks.
package struct Request: Sendable, Equatable {
  /// As it was sent; methods are told apart by case.
  package let method: String
  /// The path as it was sent, without a query.
  package let path: String
  private let fields: [String: [String]]

  /// Takes a head that has been read; names of `fields` in lower case.
  init(method: String, path: String, fields: [String: [String]]) {
    self.method = method
    self.path = path
    self.fields = fields
  }

  /// All values of a header field, in order; `name` in lower case.
  func values(of name: String) -> [String] { fields[name] ?? [] }
}

/// Reads a request's head from the bytes of a connection, as they come.
///
/// As strict as RFC 9112 allows: what two programs could read differently is refused and not repaired. A body isn't read,
/// since nothing that is served has one.
package struct RequestReader: Sendable {
  /// The most bytes that a head may have. Browsers send one or two thousand.
  package static let limit = 16_384

  /// What has become of the bytes so far.
  package enum Reading: Sendable, Equatable {
    /// More has to come.
    case open
    case request(Request)
    case refused(Status)
  }

  private var bytes: [UInt8] = []

  /// Begins with nothing.
  package init() {}

  /// Takes in what has come, and says what it is by now.
  package mutating func take(_ more: some Collection<UInt8>) -> Reading {
    let seen = max(0, bytes.count - 3)
    bytes += more
    guard let end = RequestReader.end(of: bytes, from: seen) else {
      return bytes.count > RequestReader.limit ? .refused(.headTooLarge) : .open
    }
    return end > RequestReader.limit ? .refused(.headTooLarge) : RequestReader.parse(bytes[..<end])
  }

  /// Where the empty line begins that ends the head.
  private static func end(of bytes: [UInt8], from start: Int) -> Int? {
    guard bytes.count >= 4 else { return nil }
    return (start...bytes.count - 4).first { bytes[$0..<$0 + 4].elementsEqual([13, 10, 13, 10]) }
  }

  private static func parse(_ head: ArraySlice<UInt8>) -> Reading {
    var lines: [String] = []
    for line in head.split(separator: 10, omittingEmptySubsequences: false) {
      // The last line's own end is part of the empty line.
      let text = line.last == 13 ? line.dropLast() : line
      guard line.last == 13 || line.endIndex == head.endIndex, text.allSatisfy({ $0 == 9 || (32..<127).contains($0) })
      else { return .refused(.badRequest) }
      lines.append(String(decoding: text, as: UTF8.self))
    }
    let words = lines[0].split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    guard words.count == 3, isToken(words[0]), words[1].hasPrefix("/") else { return .refused(.badRequest) }
    guard words[2] == "HTTP/1.1" || words[2] == "HTTP/1.0" else { return .refused(.badVersion) }
    guard let fields = fields(lines.dropFirst()) else { return .refused(.badRequest) }
    let path = words[1].prefix { $0 != "?" && $0 != "#" }
    return .request(Request(method: words[0], path: String(path), fields: fields))
  }

  private static func fields(_ lines: some Sequence<String>) -> [String: [String]]? {
    var fields: [String: [String]] = [:]
    for line in lines {
      // A line that goes on with the one before begins with a space, which is no part of a name.
      guard let colon = line.firstIndex(of: ":"), isToken(line[..<colon]) else { return nil }
      let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
      let kept = value.reversed().drop { $0 == " " || $0 == "\t" }.reversed()
      fields[line[..<colon].lowercased(), default: []].append(String(kept))
    }
    return fields
  }

  private static func isToken(_ text: some StringProtocol) -> Bool {
    let signs = Set("!#$%&'*+-.^_`|~".utf8)
    return !text.isEmpty
      && text.utf8.allSatisfy { byte in
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || signs.contains(byte)
      }
  }
}

/// A path in the file system's own bytes, which grows and shrinks as a walk goes down and up.
///
/// Names in a git tree need not be UTF-8, so a walk that deletes must not go through `String`.
struct PathBuffer {
  /// The bytes with the terminating zero.
  private(set) var bytes: [CChar]

  init(_ path: String) {
    bytes = path.utf8CString.map { $0 }
  }

  init(_ path: UnsafePointer<CChar>) {
    var end = path
    while end.pointee != 0 { end += 1 }
    bytes = Array(UnsafeBufferPointer(start: path, count: end - path + 1))
  }

  /// The length without the terminating zero.
  var count: Int { bytes.count - 1 }

  /// Appends `/` and a name; gives the length to go back to.
  mutating func push(_ name: UnsafeBufferPointer<CChar>) -> Int {
    let length = count
    bytes.removeLast()
    if let last = bytes.last, last != slash { bytes.append(slash) }
    bytes.append(contentsOf: name)
    bytes.append(0)
    return length
  }

  mutating func pop(to length: Int) {
    bytes.removeLast(bytes.count - length)
    bytes.append(0)
  }

  mutating func appendSlash() -> Int {
    let length = count
    bytes[length] = slash
    bytes.append(0)
    return length
  }

  /// The path for people; bytes that are no UTF-8 are replaced.
  var text: String { String(decoding: bytes.dropLast().lazy.map { UInt8(bitPattern: $0) }, as: UTF8.self) }

  private var slash: CChar { CChar(UInt8(ascii: "/")) }
}

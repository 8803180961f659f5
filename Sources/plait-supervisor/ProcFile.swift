#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Small files below `/proc`, which are empty on systems without it.
enum ProcFile {
  /// The first bytes of `path`: enough for each file that is read here. Nil when there is no such file.
  static func bytes(of path: String) -> [UInt8]? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    return [UInt8](unsafeUninitializedCapacity: 2048) { buffer, count in
      count = max(0, read(file, buffer.baseAddress, buffer.count))
    }
  }

  /// Tells one boot of the machine from another; `-` when the system doesn't say.
  static var bootID: String {
    guard let bytes = bytes(of: "/proc/sys/kernel/random/boot_id"), !bytes.isEmpty else { return "-" }
    return String(decoding: bytes.prefix { $0 > UInt8(ascii: " ") }, as: UTF8.self)
  }

  /// Clock ticks from boot to the start of `pid`, which tell it from a later process of the same number; 0 when unknown.
  static func start(of pid: pid_t) -> Int64 { Stat(of: pid)?[22] ?? 0 }

  /// Processes whose parent this one is, those that have ended but were not taken in among them; of very many, the first ones.
  static var children: [pid_t] {
    guard let bytes = bytes(of: "/proc/thread-self/children"), let end = bytes.lastIndex(of: UInt8(ascii: " ")) else {
      return []
    }
    // What is behind the last space is a number that was cut off.
    return bytes[..<end].split(separator: UInt8(ascii: " ")).map { pid_t(number($0)) }.filter { $0 > 1 }
  }

  /// Bytes that `pid` has handed to write calls, with those of children that it waited for.
  static func bytesWritten(by pid: pid_t) -> Int64? {
    guard let bytes = bytes(of: "/proc/\(pid)/io") else { return nil }
    let label = Array("wchar: ".utf8)
    for line in bytes.split(separator: UInt8(ascii: "\n")) where line.starts(with: label) {
      return number(line.dropFirst(label.count))
    }
    return nil
  }

  /// `/proc/PID/stat`, by the field numbers of proc(5).
  struct Stat {
    let state: UInt8
    private let fields: [ArraySlice<UInt8>]

    init?(of pid: pid_t) {
      // The command's name may hold anything, also spaces and parentheses: what counts is behind the last one.
      guard let bytes = ProcFile.bytes(of: "/proc/\(pid)/stat"), let name = bytes.lastIndex(of: UInt8(ascii: ")"))
      else {
        return nil
      }
      fields = bytes[(name + 1)...].split(separator: UInt8(ascii: " "))
      guard fields.count > 20, let first = fields[0].first else { return nil }
      state = first
    }

    /// Field `number`, from 4 on.
    subscript(number: Int) -> Int64 { ProcFile.number(fields[number - 3]) }
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int64 {
    Int64(String(decoding: digits, as: UTF8.self)) ?? 0
  }
}

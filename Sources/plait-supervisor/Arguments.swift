#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

typealias CStrings = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>

/// The command line.
struct Arguments {
  static let usage = """
    usage: plait-supervisor --directory DIR [--timeout S] [--idle-timeout S] [--grace S] \
    [--output FILE] [--output-limit BYTES] -- EXE [ARG...]
    """

  /// Where `worker.state` and `worker.result` go.
  private(set) var directory = ""
  /// Nanoseconds.
  private(set) var timeout: Int64?
  private(set) var idleTimeout: Int64?
  /// Nanoseconds between SIGTERM and SIGKILL.
  private(set) var grace = 10 * Clock.second
  /// The file that the worker's output goes to; nil means standard output, when that is a file.
  private(set) var output: String?
  private(set) var outputLimit: Int64?
  /// What to start: a path, or a name that is looked for on the PATH.
  let program: UnsafePointer<CChar>
  /// The worker's words, the program's name first, as a list that ends with NULL.
  let command: CStrings

  /// Nil when the words make no sense.
  init?(_ words: CStrings, count: Int) {
    var index = 1
    var options: [(name: String, value: String)] = []
    while index < count, let word = words[index], strcmp(word, "--") != 0 {
      guard index + 1 < count, let value = words[index + 1] else { return nil }
      options.append((String(cString: word), String(cString: value)))
      index += 2
    }
    guard index + 1 < count, let program = words[index + 1], program.pointee != 0 else { return nil }
    self.program = UnsafePointer(program)
    command = words + index + 1
    for option in options {
      guard take(option.name, option.value) else { return nil }
    }
    if directory.isEmpty { return nil }
  }

  private mutating func take(_ name: String, _ value: String) -> Bool {
    switch name {
    case "--directory":
      directory = value
      return true
    case "--output":
      output = value
      return true
    case "--timeout":
      timeout = Self.duration(value)
      return timeout != nil
    case "--idle-timeout":
      idleTimeout = Self.duration(value)
      return idleTimeout != nil
    case "--grace":
      guard let given = Self.duration(value) else { return false }
      grace = given
      return true
    case "--output-limit":
      outputLimit = Int64(value).flatMap { $0 < 0 ? nil : $0 }
      return outputLimit != nil
    default: return false
    }
  }

  /// Seconds, with decimals or without. What is beyond thirty years is as good as for ever, and never overflows.
  private static func duration(_ text: String) -> Int64? {
    guard let seconds = Double(text), seconds >= 0 else { return nil }
    return Int64(min(seconds, 1e9) * Double(Clock.second))
  }
}

import ArgumentParser
import Engine
import Reporting
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where text goes: data to standard output, everything else to standard error.
enum Console {
  /// Writes data; a closed pipe (`plait runs | head`) ends the program quietly.
  static func out(_ text: String) throws {
    try write(text, to: .standardOutput)
  }

  /// Writes a diagnostic or progress; failing to is not worth failing for.
  static func note(_ text: String) {
    try? write(text + "\n", to: .standardError)
  }

  /// Writes an error in the form of all of them: `error: …`.
  static func error(_ message: String) {
    note("error: \(TerminalText.safe(message))")
  }

  static func notice(_ message: String) {
    note("note: \(TerminalText.safe(message))")
  }

  private static func write(_ text: String, to descriptor: FileDescriptor) throws {
    do {
      _ = try descriptor.writeAll(text.utf8)
    } catch Errno.brokenPipe {
      throw ExitCode(0)
    } catch let error as Errno {
      throw EngineError(.storage, "output", "the output can't be written: \(error)")
    }
  }

  /// Whether progress may be drawn and coloured on standard error.
  static func drawsOnStandardError(noColor: Bool) -> Bool {
    isatty(STDERR_FILENO) == 1 && variable("TERM") != "dumb" && !noColor && variable("NO_COLOR") ?? "" == ""
  }

  static func variable(_ name: String) -> String? {
    guard let value = getenv(name) else { return nil }
    return String(cString: value)
  }

  /// Plait's own environment.
  static var environment: [String: String] {
    var variables: [String: String] = [:]
    var next = environ
    while let entry = next.pointee {
      let text = String(cString: entry)
      if let split = text.firstIndex(of: "=") {
        variables[String(text[..<split])] = String(text[text.index(after: split)...])
      }
      next += 1
    }
    return variables
  }

  /// The program `plait-supervisor`, which is installed beside this one; `PLAIT_SUPERVISOR` names another.
  static func supervisor() throws -> String {
    if let path = variable("PLAIT_SUPERVISOR") { return absolute(path) }
    return try companion("plait-supervisor")
  }

  /// A program that is installed beside this one.
  static func companion(_ name: String) throws -> String {
    let path = FilePath(try ownPath()).removingLastComponent().appending(name).string
    guard access(path, X_OK) == 0 else {
      throw EngineError(.missing, path, "the program \(name) is not beside plait (\(path)): install Plait again")
    }
    return path
  }

  static var cores: Int { Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

  /// Where files may be made that nobody keeps: `TMPDIR`, else `/tmp`; its real path.
  static var temporaryFolder: String { real(variable("TMPDIR") ?? "/tmp") }

  /// `path` absolute and without links; only absolute when there is no such file.
  static func real(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return absolute(path) }
    defer { free(real) }
    return String(cString: real)
  }

  /// The program that runs now, absolute.
  static func ownPath() throws -> String {
    var buffer = [CChar](repeating: 0, count: 4_096)
    #if os(Linux)
      let isFound = readlink("/proc/self/exe", &buffer, buffer.count - 1) > 0
    #else
      var size = UInt32(buffer.count)
      let isFound = _NSGetExecutablePath(&buffer, &size) == 0
    #endif
    guard isFound else { return absolute(CommandLine.arguments[0]) }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// The size of the terminal on standard error: columns and rows; 80 × 24 when it doesn't say.
  static var size: (columns: Int, rows: Int) {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return (80, 24) }
    return (Int(size.ws_col), Int(size.ws_row))
  }

  /// The folder that the command was called in, absolute.
  static var currentDirectory: String {
    guard let path = getcwd(nil, 0) else { return "." }
    defer { free(path) }
    return String(cString: path)
  }

  /// `path` made absolute from the current folder.
  static func absolute(_ path: String) -> String {
    FilePath(currentDirectory).pushing(FilePath(path)).lexicallyNormalized().string
  }
}

/// Runs a command's body and turns what it throws into one clear message and the right exit code.
func reporting(_ body: () async throws -> Void) async throws {
  do {
    try await body()
  } catch {
    guard let status = ExitStatus(error) else { throw error }
    Console.error("\(error)")
    for detail in (error as? ReportingError)?.details ?? [] { Console.note("  \(TerminalText.safe(detail))") }
    throw status.code
  }
}

import Foundation

/// A program that could not be started, or ended badly.
struct ProgramFailure: Error, CustomStringConvertible {
  let arguments: [String]
  let status: Int32
  let output: String

  var description: String {
    let last = output.split(separator: "\n").suffix(2).joined(separator: " / ")
    let name = arguments.prefix(3).joined(separator: " ")
    return "`\(name)` ended with \(status)\(last.isEmpty ? "" : ": \(last.prefix(200))")"
  }
}

/// What a program took, and wrote.
struct ProgramResult {
  /// From before its start to after its end.
  let seconds: Double
  /// User and system time of it and of the children that it waited for.
  let cpuSeconds: Double
  let output: String
}

/// Starts programs and waits for them.
///
/// With `posix_spawn` and `wait4`: it is the one call that says what a single child has cost, and nothing polls in between.
struct Program {
  /// Where the output of programs goes while they run.
  let folder: String
  var environment: [String: String] = Program.ownEnvironment

  /// This process's environment without what would lead git elsewhere.
  static var ownEnvironment: [String: String] {
    ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("GIT_") }
  }

  /// Runs a program of the search path to its end.
  ///
  /// - Parameter input: the file that is its standard input; nothing without one.
  /// - Throws: `ProgramFailure` when it can't be started or doesn't end with 0.
  @discardableResult
  func run(_ arguments: [String], in directory: String, input: String? = nil) throws -> ProgramResult {
    let (out, err) = ("\(folder)/out", "\(folder)/err")
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
    #else
      var actions = posix_spawn_file_actions_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, input ?? "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, out, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    posix_spawn_file_actions_addopen(&actions, 2, err, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    // In this process and not by an action of the spawn, which glibc shows to GNU programs only. Nothing runs beside this.
    guard chdir(directory) == 0 else {
      throw ProgramFailure(arguments: arguments, status: errno, output: "no folder \(directory)")
    }
    let start = ContinuousClock.now
    var usage = rusage()
    var status: Int32 = 0
    let child = try spawn(arguments) { child, words, variables in
      posix_spawnp(&child, arguments[0], &actions, nil, &words, &variables)
    }
    while wait4(child, &status, 0, &usage) < 0, errno == EINTR {}
    let seconds = start.secondsToNow
    let code = status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f)
    let output = Self.text(of: out)
    guard code == 0 else {
      throw ProgramFailure(arguments: arguments, status: code, output: output + Self.text(of: err))
    }
    let cpu = usage.ru_utime.seconds + usage.ru_stime.seconds
    return ProgramResult(seconds: seconds, cpuSeconds: cpu, output: output)
  }

  /// Whether the search path has it.
  func has(_ name: String) -> Bool {
    (try? run(["sh", "-c", "command -v \"$0\"", name], in: "/")) != nil
  }

  private typealias Words = [UnsafeMutablePointer<CChar>?]

  /// Lends arguments and environment as C wants them to the call that starts the program.
  private func spawn(
    _ arguments: [String],
    _ call: (inout pid_t, inout Words, inout Words) -> Int32
  ) throws -> pid_t {
    var words: Words = arguments.map { strdup($0) } + [nil]
    var variables: Words = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { (words + variables).forEach { free($0) } }
    var child: pid_t = 0
    let failure = call(&child, &words, &variables)
    guard failure == 0 else {
      throw ProgramFailure(arguments: arguments, status: failure, output: String(cString: strerror(failure)))
    }
    return child
  }

  private static func text(of file: String) -> String {
    FileManager.default.contents(atPath: file).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}

extension timeval {
  fileprivate var seconds: Double { Double(tv_sec) + Double(tv_usec) / 1e6 }
}

extension ContinuousClock.Instant {
  /// Seconds from this moment to now.
  var secondsToNow: Double { duration(to: .now) / .seconds(1) }
}

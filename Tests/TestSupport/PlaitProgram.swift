import Foundation

/// How a program ended, and what it wrote.
package struct Ended: Sendable {
  /// The exit code; nil when a signal ended it.
  package let code: Int32?
  package let signal: Int32?
  package let out: String
  package let err: String

  /// Standard output as a JSON object; empty when it is none.
  package var json: JSONValue { JSONValue(parsing: out) }
  /// The lines of standard error that are errors.
  package var errors: [String] { err.split(separator: "\n").map(String.init).filter { $0.hasPrefix("error: ") } }
}

/// The real `plait`, as a child process.
package enum PlaitProgram {
  /// The binary: `PLAIT_BINARY`, else the one that was built with the tests.
  package static let path: String = {
    if let given = ProcessInfo.processInfo.environment["PLAIT_BINARY"] { return given }
    var places = [Bundle.main.bundlePath, CommandLine.arguments[0]]
    places += CommandLine.arguments.filter { $0.contains(".xctest") } + Bundle.allBundles.map(\.bundlePath)
    for place in places {
      var folder = URL(fileURLWithPath: place)
      for _ in 0..<5 {
        let candidate = folder.appendingPathComponent("plait").path
        if access(candidate, X_OK) == 0, !isFolder(candidate) { return candidate }
        folder.deleteLastPathComponent()
      }
    }
    return "plait is not beside the tests: build it, or set PLAIT_BINARY"
  }()

  private static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }

  /// Starts it in `folder`; what it writes goes to files in a new folder below `scratch`.
  package static func start(
    _ arguments: [String],
    in folder: String,
    scratch: String,
    environment: [String: String] = [:]
  ) throws -> RunningProgram {
    try RunningProgram([path] + arguments, in: folder, scratch: scratch, environment: environment)
  }
}

/// A child process that writes to files, so that no pipe can fill up or be kept open by what it leaves behind.
package final class RunningProgram: Sendable {
  package let pid: Int32
  private let outPath: String
  private let errPath: String
  private let ending: Task<Int32, Never>

  package init(_ words: [String], in folder: String, scratch: String, environment: [String: String]) throws {
    let output = "\(scratch)/output-\(UInt32.random(in: 0 ... .max))"
    (outPath, errPath) = ("\(output).out", "\(output).err")
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
    #else
      var actions = posix_spawn_file_actions_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, outPath, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    posix_spawn_file_actions_addopen(&actions, 2, errPath, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    // The shell only changes the folder and becomes the program: the process id stays.
    let line = ["sh", "-c", "cd \"$0\" && exec \"$@\"", folder] + words
    var argv: [UnsafeMutablePointer<CChar>?] = line.map { strdup($0) } + [nil]
    let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    var envp: [UnsafeMutablePointer<CChar>?] = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { (argv + envp).forEach { free($0) } }
    var child: pid_t = 0
    let spawned = posix_spawnp(&child, "sh", &actions, nil, &argv, &envp)
    guard spawned == 0 else { throw ProgramFailure(arguments: words, status: spawned, output: "not started") }
    pid = child
    // On a thread of its own: a task that blocks would keep other tests from going on.
    ending = Task { [child] in
      await withCheckedContinuation { continuation in
        Thread.detachNewThread {
          var status: Int32 = 0
          while waitpid(child, &status, 0) < 0, errno == EINTR {}
          continuation.resume(returning: status)
        }
      }
    }
  }

  /// What it has written so far.
  package var out: String { Self.text(outPath) }
  package var err: String { Self.text(errPath) }

  package func send(_ signal: Int32) { kill(pid, signal) }

  /// Waits for its end.
  package func end() async -> Ended {
    let status = await ending.value
    let signal = status & 0x7f
    return Ended(
      code: signal == 0 ? (status >> 8) & 0xff : nil,
      signal: signal == 0 ? nil : signal,
      out: out,
      err: err
    )
  }

  private static func text(_ path: String) -> String {
    String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
  }
}

/// Waits until `condition` holds; false when that hasn't happened after `limit`, and it was looked at many times: where other
/// tests keep all threads busy, one look may come long after the one before.
package func eventually(within limit: Duration = .seconds(30), _ condition: () async throws -> Bool) async rethrows
  -> Bool
{
  let deadline = ContinuousClock.now + limit
  var looks = 0
  while looks < 50 || ContinuousClock.now < deadline {
    if try await condition() { return true }
    looks += 1
    try? await Task.sleep(for: .milliseconds(5))  // a poll: what other processes do sends a test no event
  }
  return false
}

/// The machine's processes whose environment mentions `text`: workers know the folder of their worktree.
package func processes(mentioning text: String) -> [Int32] {
  let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
  return names.compactMap { Int32($0) }.filter { pid in
    guard pid != getpid(), let bytes = FileManager.default.contents(atPath: "/proc/\(pid)/environ") else {
      return false
    }
    return bytes.range(of: Data("PLAIT_WORKTREE=\(text)".utf8)) != nil
  }
}

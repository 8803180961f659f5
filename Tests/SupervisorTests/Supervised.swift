import Foundation
import TestSupport
import Testing

/// The binary under test: `PLAIT_SUPERVISOR_BINARY`, else the one that was built with the tests.
let supervisorPath: String = {
  if let given = ProcessInfo.processInfo.environment["PLAIT_SUPERVISOR_BINARY"] { return given }
  var places = [Bundle.main.bundlePath, CommandLine.arguments[0]]
  places += CommandLine.arguments.filter { $0.contains(".xctest") } + Bundle.allBundles.map(\.bundlePath)
  for place in places {
    var folder = URL(fileURLWithPath: place)
    for _ in 0..<5 {
      let candidate = folder.appendingPathComponent("plait-supervisor").path
      if access(candidate, X_OK) == 0 { return candidate }
      folder.deleteLastPathComponent()
    }
  }
  return "plait-supervisor is not beside the tests: build it, or set PLAIT_SUPERVISOR_BINARY"
}()

/// A supervisor with a folder of its own, started as Plait starts one: in a new session, with files for input and output.
final class Supervised {
  let folder: String
  let pid: pid_t
  private let marker: String
  private var status: Int32?

  var outputPath: String { folder + "/output.log" }
  private var statePath: String { folder + "/worker.state" }
  var resultPath: String { folder + "/worker.result" }

  /// Starts `sh -c script` below a supervisor.
  convenience init(_ script: String, _ options: [String] = [], input: String = "", environment: [String: String] = [:])
    throws
  {
    try self.init(options: options, command: ["/bin/sh", "-c", script], input: input, environment: environment)
  }

  init(options: [String], command: [String], input: String = "", environment: [String: String] = [:]) throws {
    folder = try Self.makeFolder()
    marker = "SUPERVISED=\(folder)"
    try Data(input.utf8).write(to: URL(fileURLWithPath: folder + "/input"))
    let words =
      [supervisorPath, "--directory", folder, "--output", folder + "/output.log"] + options + ["--"] + command
    pid = try spawn(words, in: folder, environment: environment)
  }

  /// Whatever a test that failed has left.
  deinit {
    if status == nil { kill(pid, SIGKILL) }
    for pid in survivors { kill(pid, SIGKILL) }
    try? FileManager.default.removeItem(atPath: folder)
  }

  static func makeFolder() throws -> String {
    let base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : NSTemporaryDirectory()
    let folder = "\(base)/plait-supervisor-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return folder
  }

  /// The exit code of the supervisor; nil when a signal ended it, or it goes on for too long.
  func end(within limit: Duration = .seconds(60)) async -> Int32? {
    if status == nil { status = await exitStatus(of: pid, within: limit) }
    return status.flatMap { $0 & 0x7f == 0 ? ($0 >> 8) & 0xff : nil }
  }

  /// The lines of the result; empty as long as there is none.
  var result: [String: String] { record(at: resultPath) }
  var state: [String: String] { record(at: statePath) }
  var output: String { text(of: outputPath) }

  /// The worker's process id, once the supervisor has told it.
  func worker() async throws -> pid_t {
    #expect(await eventually { state["worker"] != nil })
    return try #require(state["worker"].flatMap { pid_t($0) })
  }

  /// Waits until the worker has written `word` to its output.
  func hasWritten(_ word: String) async -> Bool { await eventually { output.contains(word) } }

  /// Processes that carry this supervisor's mark and still live; the supervisor is one of them.
  var survivors: [pid_t] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    let needle = Data(marker.utf8)
    return names.compactMap { pid_t($0) }.filter { pid in
      FileManager.default.contents(atPath: "/proc/\(pid)/environ")?.range(of: needle) != nil
    }
  }
}

/// Starts `words` in a session of its own and in `folder`; what it writes is appended to `output.log` there.
func spawn(_ words: [String], in folder: String, environment: [String: String] = [:]) throws -> pid_t {
  #if canImport(Darwin)
    var actions: posix_spawn_file_actions_t?
    var attributes: posix_spawnattr_t?
    let newSession: Int16 = 0x400
  #else
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    let newSession: Int16 = 0x80
  #endif
  posix_spawn_file_actions_init(&actions)
  posix_spawnattr_init(&attributes)
  defer {
    posix_spawn_file_actions_destroy(&actions)
    posix_spawnattr_destroy(&attributes)
  }
  let output = folder + "/output.log"
  posix_spawn_file_actions_addopen(&actions, 0, folder + "/input", O_RDONLY, 0)
  posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o644)
  posix_spawn_file_actions_adddup2(&actions, 1, 2)
  posix_spawnattr_setflags(&attributes, newSession)
  // The shell only changes the folder and becomes the program: the process id stays.
  let line = ["sh", "-c", "cd \"$0\" && exec \"$@\"", folder] + words
  var argv: [UnsafeMutablePointer<CChar>?] = line.map { strdup($0) } + [nil]
  let variables = ProcessInfo.processInfo.environment
    .merging(["SUPERVISED": folder]) { $1 }
    .merging(environment) { $1 }
  var envp: [UnsafeMutablePointer<CChar>?] = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
  defer { (argv + envp).forEach { free($0) } }
  var child: pid_t = 0
  let code = posix_spawn(&child, "/bin/sh", &actions, &attributes, &argv, &envp)
  try #require(code == 0, "could not start \(words[0])")
  return child
}

/// The wait status of a child, once it has ended.
func exitStatus(of pid: pid_t, within limit: Duration = .seconds(60)) async -> Int32? {
  var status: Int32 = 0
  let hasEnded = await eventually(within: limit) { waitpid(pid, &status, WNOHANG) == pid }
  return hasEnded ? status : nil
}

func text(of path: String) -> String {
  String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
}

func touch(_ path: String) throws { try Data().write(to: URL(fileURLWithPath: path)) }

/// The lines of a record by their key; empty when there is no file, or it is none of this version.
func record(at path: String) -> [String: String] {
  let lines = text(of: path).split(separator: "\n")
  guard lines.first == "plait-supervisor 1" else { return [:] }
  let pairs = lines.dropFirst().map { line in
    let words = line.split(separator: " ", maxSplits: 1)
    return (String(words[0]), words.count > 1 ? String(words[1]) : "")
  }
  return Dictionary(uniqueKeysWithValues: pairs)
}

/// Whether `pid` is there, and not only as a zombie.
func isAlive(_ pid: pid_t) -> Bool {
  guard kill(pid, 0) == 0 else { return false }
  let stat = text(of: "/proc/\(pid)/stat")
  return stat.isEmpty || stat.split(separator: ")").last?.hasPrefix(" Z") != true
}

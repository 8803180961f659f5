import ArgumentParser
import CProcess
import Engine
import Recording
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Starts this very command once more, in a session of its own and without the terminal, and leaves it alone.
struct Detachment {
  let archive: RunArchive

  /// Returns when the run is on record; throws what the other process ended with when it never got there.
  func start() async throws {
    let name = RunName.new(wall: SystemClock.wallTime())
    try RunFiles.makeDirectory(archive.runDirectory(name))
    let log = archive.runDirectory(name) + "/driver.log"
    let pid = try spawn(arguments(named: name), log: log)
    while true {
      if archive.driver(of: name) != nil, (try? await archive.load(name)) != nil { break }
      var status: Int32 = 0
      if waitpid(pid, &status, WNOHANG) == pid {
        // So quick that it has ended already, or it never started.
        if (try? await archive.load(name)) != nil { break }
        Console.note(String(decoding: (try? RunFiles.read(log)) ?? [], as: UTF8.self))
        throw ExitCode((status >> 8) & 0xFF == 0 ? ExitStatus.bug.rawValue : (status >> 8) & 0xFF)
      }
      try await Task.sleep(for: .milliseconds(20))
    }
    try Console.out("Run \(name) goes on in the background: 'plait status \(name) --watch', 'plait cancel \(name)'.\n")
  }

  /// The same words without `--detach`, with the name before the worker's own words.
  private func arguments(named name: String) -> [String] {
    let words = CommandLine.arguments.dropFirst()
    let own = words.prefix { $0 != "--" }.filter { $0 != "--detach" }
    return own + ["--run-name", name] + words.dropFirst(words.prefix { $0 != "--" }.count)
  }

  private func spawn(_ arguments: [String], log: String) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log, O_WRONLY | O_CREAT | O_APPEND, 0o644)
    posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawnattr_setflags(&attributes, Int16(CPROCESS_SPAWN_SETSID))
    let program = try Console.ownPath()
    var words = ([program] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var pid: pid_t = 0
    let status = posix_spawn(&pid, program, &actions, &attributes, &words, environ)
    guard status == 0 else {
      throw EngineError(.missing, program, "\(program) could not be started: \(String(cString: strerror(status)))")
    }
    return pid
  }
}

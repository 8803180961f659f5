import CProcess
import Engine

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A process of this very program, started by itself.
struct OwnProcess {
  let pid: pid_t

  /// How it came to its end.
  enum End: Equatable {
    case exited(Int32)
    case signalled(Int32)
  }

  /// Where what it reads and writes goes.
  enum Streams {
    /// Nothing to read; everything that it writes is appended to this file. In a session of its own, without the terminal.
    case detached(log: String)
    /// The terminal as it is, without standard output.
    case progressOnly
    /// The terminal as it is.
    case terminal
  }

  init(_ arguments: [String], streams: Streams) throws {
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #else
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    switch streams {
    case .detached(let log):
      posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
      posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log, O_WRONLY | O_CREAT | O_APPEND, 0o644)
      posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO)
      posix_spawnattr_setflags(&attributes, Int16(CPROCESS_SPAWN_SETSID))
    case .progressOnly, .terminal:
      if case .progressOnly = streams {
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
      }
      OwnProcess.giveDefaultSignals(&attributes)
    }
    let program = try Console.ownPath()
    var words = ([program] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var pid: pid_t = 0
    let status = posix_spawn(&pid, program, &actions, &attributes, &words, environ)
    guard status == 0 else {
      throw EngineError(.missing, program, "\(program) could not be started: \(String(cString: strerror(status)))")
    }
    self.pid = pid
  }

  #if canImport(Darwin)
    private typealias Attributes = posix_spawnattr_t?
  #else
    private typealias Attributes = posix_spawnattr_t
  #endif

  private static func giveDefaultSignals(_ attributes: inout Attributes) {
    // What this process ignores or blocks, because it hands it on, the other one must not.
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    var handedOn = sigset_t()
    sigemptyset(&handedOn)
    for number in SignalRelay.numbers { sigaddset(&handedOn, number) }
    posix_spawnattr_setsigdefault(&attributes, &handedOn)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF) | Int16(POSIX_SPAWN_SETSIGMASK))
  }

  /// How it ended, once; nil while it goes on. After that its number may be another process's.
  func end() -> End? {
    var status: Int32 = 0
    guard waitpid(pid, &status, WNOHANG) == pid else { return nil }
    return status & 0x7F == 0 ? .exited((status >> 8) & 0xFF) : .signalled(status & 0x7F)
  }
}

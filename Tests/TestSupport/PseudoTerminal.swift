import Foundation
import Synchronization

/// A program with a terminal of its own, as a person would start it: keys go in, and what would be on the screen comes out.
package final class PseudoTerminal: Sendable {
  package let pid: Int32
  private let master: Int32
  /// Kept open, so that the settings can be looked at after the program has gone.
  private let slave: Int32
  private let output = Mutex<[UInt8]>([])
  private let isOver = Flag()

  /// Set when the program has ended, or its terminal is to be taken away.
  private final class Flag: Sendable {
    let value = Mutex(false)
  }

  /// The settings that the program left: once the other end is closed nobody can ask for them.
  private final class Settings: Sendable {
    let value = Mutex<termios?>(nil)
  }

  private let last = Settings()
  private let ending: Task<Int32, Never>

  /// Starts a program of the search path as the leader of a session, with a terminal of this size.
  package init(
    _ words: [String],
    in folder: String,
    environment: [String: String] = [:],
    columns: Int = 80,
    rows: Int = 24
  ) throws {
    var (near, far): (Int32, Int32) = (-1, -1)
    var size = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
    var name = [CChar](repeating: 0, count: 128)
    guard openpty(&near, &far, nil, nil, &size) == 0, ttyname_r(far, &name, name.count) == 0 else {
      throw ProgramFailure(arguments: words, status: errno, output: "no pseudo-terminal")
    }
    (master, slave) = (near, far)
    let path = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    for end in [near, far] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let variables = ProcessInfo.processInfo.environment.merging(["TERM": "xterm", "SWIFT_BACKTRACE": "enable=no"]) {
      $1
    }.merging(environment) { $1 }
    pid = try Self.spawn(words, in: folder, on: path, variables)
    ending = Task { [pid, isOver, slave, last] in
      await withCheckedContinuation { continuation in
        Thread.detachNewThread {
          var status: Int32 = 0
          while waitpid(pid, &status, 0) < 0, errno == EINTR {}
          last.value.withLock { settings in
            var now = termios()
            if tcgetattr(slave, &now) == 0 { settings = now }
          }
          isOver.value.withLock { $0 = true }
          continuation.resume(returning: status)
        }
      }
    }
    Thread.detachNewThread { [self] in collect() }
  }

  /// Reads to the end. It alone closes the descriptor: one that someone waits in isn't closed by closing it.
  private func collect() {
    defer { close(master) }
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      var source = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
      let isReadable = poll(&source, 1, 20) > 0
      if !isReadable, isOver.value.withLock({ $0 }) { return }
      guard isReadable else { continue }
      let count = read(master, &chunk, chunk.count)
      if count <= 0, errno != EINTR { return }
      output.withLock { $0 += chunk[..<max(0, count)] }
    }
  }

  private static func spawn(_ words: [String], in folder: String, on path: String, _ variables: [String: String])
    throws -> Int32
  {
    #if canImport(Darwin)
      var (actions, attributes): (posix_spawn_file_actions_t?, posix_spawnattr_t?)
      let ownSession: Int16 = 0x0400
    #else
      var (actions, attributes) = (posix_spawn_file_actions_t(), posix_spawnattr_t())
      let ownSession: Int16 = 0x80  // POSIX_SPAWN_SETSID, which the header shows to GNU programs alone
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawnattr_setflags(&attributes, ownSession)
    // The first terminal that the leader of a session opens becomes that of the session.
    posix_spawn_file_actions_addopen(&actions, 0, path, O_RDWR, 0)
    posix_spawn_file_actions_adddup2(&actions, 0, 1)
    posix_spawn_file_actions_adddup2(&actions, 0, 2)
    let line = ["sh", "-c", "cd \"$0\" && exec \"$@\"", folder] + words
    var argv: [UnsafeMutablePointer<CChar>?] = line.map { strdup($0) } + [nil]
    var envp: [UnsafeMutablePointer<CChar>?] = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { (argv + envp).forEach { free($0) } }
    var child: pid_t = 0
    let spawned = posix_spawnp(&child, "sh", &actions, &attributes, &argv, &envp)
    guard spawned == 0 else { throw ProgramFailure(arguments: words, status: spawned, output: "not started") }
    return child
  }

  deinit { close(slave) }

  /// Everything that was written so far.
  package var text: String { String(decoding: output.withLock { $0 }, as: UTF8.self) }

  /// Where the output stands, to ask what comes after.
  package var mark: Int { output.withLock { $0.count } }

  /// What was written after `mark`.
  package func text(after mark: Int) -> String {
    String(decoding: output.withLock { $0.dropFirst(mark) }, as: UTF8.self)
  }

  /// Types.
  package func send(_ text: String) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(master, $0.baseAddress, $0.count) }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }

  /// Waits until `text` has come after `mark`.
  package func shows(_ text: String, after mark: Int = 0) async -> Bool {
    await eventually { self.text(after: mark).contains(text) }
  }

  /// Makes the terminal larger or smaller, as a window manager does.
  package func resize(columns: Int, rows: Int) {
    var size = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(master, UInt(TIOCSWINSZ), &size)
  }

  private var settings: termios {
    if let last = last.value.withLock({ $0 }) { return last }
    var settings = termios()
    tcgetattr(slave, &settings)
    return settings
  }

  /// Whether keys come one by one and unseen.
  package var isRaw: Bool {
    settings.c_lflag & tcflag_t(ICANON | ECHO) == 0
  }

  /// Whether lines are edited and echoed, as a shell leaves a terminal.
  package var isCooked: Bool {
    let wanted = tcflag_t(ICANON | ECHO | ISIG | IEXTEN)
    return settings.c_lflag & wanted == wanted
  }

  /// Takes the terminal away, as a connection that breaks does.
  package func hangUp() { isOver.value.withLock { $0 = true } }

  /// Waits for its end.
  package func end() async -> (code: Int32?, signal: Int32?) {
    let status = await ending.value
    let signal = status & 0x7f
    return (signal == 0 ? (status >> 8) & 0xff : nil, signal == 0 ? nil : signal)
  }
}

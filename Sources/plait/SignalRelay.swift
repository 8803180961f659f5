import Dispatch
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Hands Ctrl-C, SIGTERM and SIGHUP on to a process that does the work, and remembers that they came.
final class SignalRelay: Sendable {
  static let numbers = [SIGINT, SIGTERM, SIGHUP]

  private struct State {
    var target: OwnProcess?
    var isAsked = false
  }

  private let state: Mutex<State>
  private nonisolated(unsafe) let sources: [any DispatchSourceSignal]  // set once here, never read: only kept alive

  init() {
    let numbers = SignalRelay.numbers
    sources = numbers.map { DispatchSource.makeSignalSource(signal: $0, queue: .global()) }
    state = Mutex(State())
    for (number, source) in zip(numbers, sources) {
      signal(number, SIG_IGN)
      source.setEventHandler { [weak self] in self?.handOn(number) }
      source.activate()
    }
  }

  /// Whether someone asked for an end.
  var isAsked: Bool { state.withLock { $0.isAsked } }

  /// Waits for the end of `process`, and hands signals on to it meanwhile.
  func follow(_ process: OwnProcess) async throws -> OwnProcess.End {
    state.withLock { $0.target = process }
    while true {
      // Under the lock: once it was waited for, its number may be another process's, which must not get a signal.
      let end = state.withLock { state in
        let end = process.end()
        if end != nil { state.target = nil }
        return end
      }
      if let end { return end }
      try await Task.sleep(for: .milliseconds(20))
    }
  }

  private func handOn(_ number: Int32) {
    state.withLock { state in
      state.isAsked = true
      // A terminal gives Ctrl-C to both: the other one would count it twice.
      if number == SIGINT, SignalRelay.isInForeground { return }
      if let target = state.target { kill(target.pid, number) }
    }
  }

  private static var isInForeground: Bool {
    [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO].contains { tcgetpgrp($0) == getpgrp() }
  }
}

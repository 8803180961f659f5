import Dispatch
import Engine
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Ctrl-C in three steps: let workers finish, stop them, kill everything. SIGTERM and SIGHUP count like Ctrl-C.
final class Interrupts: Sendable {
  /// Keeps the sources alive to the end of the process: a local variable is let go after its last use, and a signal that
  /// comes while the report is written would end the process by itself.
  private static let current = Mutex<Interrupts?>(nil)

  private let count = Count()
  private nonisolated(unsafe) let sources: [any DispatchSourceSignal]  // set once here, never read: only kept alive
  private nonisolated(unsafe) let cancelSource: any DispatchSourceSignal  // set once here, never read: only kept alive

  private final class Count: Sendable {
    private let value = Mutex(0)

    func next() -> Int {
      value.withLock { value in
        value += 1
        return value
      }
    }
  }

  /// Turns signals into what is asked of the run, from now to the end of the process.
  ///
  /// `lastResort` is called at the third signal, just before the process ends with code 130.
  static func begin(_ controls: RunControls, lastResort: @escaping @Sendable () -> Void) {
    let interrupts = Interrupts(controls, lastResort: lastResort)
    current.withLock { $0 = interrupts }
  }

  private init(_ controls: RunControls, lastResort: @escaping @Sendable () -> Void) {
    cancelSource = DispatchSource.makeSignalSource(signal: RunArchive.stopSignal, queue: .global())
    let numbers = [SIGINT, SIGTERM, SIGHUP]
    sources = numbers.map { DispatchSource.makeSignalSource(signal: $0, queue: .global()) }
    for (number, source) in zip(numbers, sources) {
      signal(number, SIG_IGN)
      source.setEventHandler { [count] in
        let name = number == SIGINT ? "Ctrl-C" : number == SIGTERM ? "SIGTERM" : "SIGHUP"
        switch count.next() {
        case 1: controls.send(.drain(reason: name))
        case 2: controls.send(.stop(reason: "\(name) again"))
        default:
          lastResort()
          _exit(ExitStatus.killed.rawValue)
        }
      }
      source.activate()
    }
    // From 'plait cancel': straight to the second step.
    signal(RunArchive.stopSignal, SIG_IGN)
    cancelSource.setEventHandler { controls.send(.stop(reason: "plait cancel")) }
    cancelSource.activate()
    // A reader that goes away (`plait status | head`) is an error of the write, not a reason to die in the middle of a run.
    signal(SIGPIPE, SIG_IGN)
  }
}

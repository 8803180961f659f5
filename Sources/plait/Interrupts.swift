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
  let controls: AsyncStream<RunControl>
  private let count = Mutex(0)
  // The sources live as long as the program: dispatch keeps them, nothing reads them again.
  private let sources = Mutex<[any DispatchSourceSignal]>([])

  /// `lastResort` is called at the third signal, just before the process ends with code 130.
  init(lastResort: @escaping @Sendable () -> Void) {
    let (stream, continuation) = AsyncStream<RunControl>.makeStream()
    controls = stream
    for number in [SIGINT, SIGTERM, SIGHUP] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { [weak self] in
        guard let self else { return }
        let name = number == SIGINT ? "Ctrl-C" : number == SIGTERM ? "SIGTERM" : "SIGHUP"
        switch count.withLock({ count in
          count += 1
          return count
        }) {
        case 1: continuation.yield(.drain(reason: name))
        case 2: continuation.yield(.stop(reason: "\(name) again"))
        default:
          lastResort()
          _exit(ExitStatus.killed.rawValue)
        }
      }
      source.activate()
      sources.withLock { $0.append(source) }
    }
    // A reader that goes away (`plait status | head`) is an error of the write, not a reason to die in the middle of a run.
    signal(SIGPIPE, SIG_IGN)
  }
}

import Dispatch

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The signals that end the server: Ctrl-C, SIGTERM, and SIGHUP when its terminal goes.
final class StopSignals: Sendable {
  /// Gives one value at the first of them.
  let first: AsyncStream<Void>
  private nonisolated(unsafe) let sources: [any DispatchSourceSignal]  // set once here, never read: only kept alive

  init() {
    let (stream, continuation) = AsyncStream<Void>.makeStream()
    first = stream
    let numbers = [SIGINT, SIGTERM, SIGHUP]
    sources = numbers.map { DispatchSource.makeSignalSource(signal: $0, queue: .global()) }
    for (number, source) in zip(numbers, sources) {
      signal(number, SIG_IGN)
      source.setEventHandler {
        continuation.yield()
        continuation.finish()
      }
      source.activate()
    }
    // A browser that goes away is an error of the write, and no reason to die.
    signal(SIGPIPE, SIG_IGN)
  }
}

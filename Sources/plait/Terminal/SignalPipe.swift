import CProcess
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Signals as bytes of a pipe, for a thread to poll together with what else it waits for.
///
/// The handler is a real one and not "ignore", so that programs started meanwhile get the default. There is one of these at a time.
final class SignalPipe: Sendable {
  /// The end that the handler writes to; -1 when there is no pipe.
  private static let writeEnd = Atomic<Int32>(-1)

  let readEnd: Int32
  private let writeEnd: Int32
  private let watched = Mutex<Set<Int32>>([])

  init?() {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return nil }
    (readEnd, writeEnd) = (ends[0], ends[1])
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    SignalPipe.writeEnd.store(ends[1], ordering: .sequentiallyConsistent)
  }

  /// Puts these signals into the pipe from now on.
  func watch(_ numbers: [Int32]) {
    watched.withLock { $0.formUnion(numbers) }
    for number in numbers { signal(number) { SignalPipe.put(UInt8(truncatingIfNeeded: $0)) } }
  }

  /// Makes whoever polls look.
  func wake() { SignalPipe.put(0) }

  /// What came since the last call, in its order.
  func arrived() -> [Int32] {
    var buffer = [UInt8](repeating: 0, count: 256)
    #if canImport(Glibc)
      let count = Glibc.read(readEnd, &buffer, buffer.count)
    #else
      let count = Darwin.read(readEnd, &buffer, buffer.count)
    #endif
    return buffer.prefix(max(0, count)).filter { $0 != 0 }.map(Int32.init)
  }

  /// Gives the watched signals their default meaning again and closes the pipe.
  func forget() {
    for number in watched.withLock({ $0 }) { signal(number, SIG_DFL) }
    let own = writeEnd
    let (isOwn, _) = SignalPipe.writeEnd.compareExchange(
      expected: own,
      desired: -1,
      ordering: .sequentiallyConsistent
    )
    guard isOwn else { return }
    close(own)
    close(readEnd)
  }

  /// Lets a signal do to this process what it does by default.
  static func deliver(_ number: Int32) {
    signal(number, SIG_DFL)
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, number)
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
    raise(number)
  }

  private static func put(_ byte: UInt8) {
    let end = writeEnd.load(ordering: .sequentiallyConsistent)
    guard end >= 0 else { return }
    let before = errno
    var byte = byte
    #if canImport(Glibc)
      _ = Glibc.write(end, &byte, 1)
    #else
      _ = Darwin.write(end, &byte, 1)
    #endif
    errno = before
  }
}

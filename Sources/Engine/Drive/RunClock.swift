/// Time as the engine sees it: seconds since the run's start by a monotonic clock, and the wall clock for people.
package protocol RunClock: Sendable {
  /// Seconds since the run's start.
  var now: Double { get }
  /// Seconds since 1970 UTC.
  var wall: Double { get }
  /// Returns when `now` has reached `time`; throws `CancellationError` when the task is cancelled.
  func sleep(until time: Double) async throws
}

/// The machine's clocks.
package struct SystemClock: RunClock {
  private let start: ContinuousClock.Instant
  private let offset: Double

  /// Starts at `offset` seconds: 0 for a new run, the time already recorded for one that goes on.
  package init(offset: Double = 0) {
    start = .now
    self.offset = offset
  }

  /// Seconds since the run's start, by a monotonic clock.
  package var now: Double { offset + (ContinuousClock.now - start) / .seconds(1) }

  /// Seconds since 1970 UTC.
  package var wall: Double { SystemClock.wallTime() }

  /// Waits until `now` is `time`; throws when the task is cancelled.
  package func sleep(until time: Double) async throws {
    try await Task.sleep(until: start + .seconds(max(0, time - offset)), clock: .continuous)
  }

  /// Seconds since 1970 UTC by the machine's wall clock.
  package static func wallTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

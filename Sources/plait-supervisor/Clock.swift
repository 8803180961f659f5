#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Moments and durations are whole nanoseconds: no rounding adds up, and no formatting needs a locale.
enum Clock {
  static let second: Int64 = 1_000_000_000
  static let millisecond: Int64 = 1_000_000

  /// Nanoseconds of a clock that nobody sets; it stands still while the machine sleeps.
  static var monotonic: Int64 { read(CLOCK_MONOTONIC) }

  /// Nanoseconds since 1970.
  static var wall: Int64 { read(CLOCK_REALTIME) }

  private static func read(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return nanoseconds(time.tv_sec, time.tv_nsec)
  }

  static func nanoseconds(_ seconds: Int, _ nanoseconds: Int) -> Int64 {
    Int64(seconds) * second + Int64(nanoseconds)
  }

  static func nanoseconds(_ time: timeval) -> Int64 {
    nanoseconds(time.tv_sec, Int(time.tv_usec) * 1000)
  }

  static func interval(_ nanoseconds: Int64) -> timespec {
    timespec(tv_sec: Int(nanoseconds / second), tv_nsec: Int(nanoseconds % second))
  }

  /// Seconds with six decimals.
  static func text(_ nanoseconds: Int64) -> String {
    let micros = String(nanoseconds % second / 1000)
    return "\(nanoseconds / second)." + String(repeating: "0", count: 6 - micros.utf8.count) + micros
  }
}

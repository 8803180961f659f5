#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// What processes used that have ended and were waited for.
struct Usage {
  /// Nanoseconds.
  let user: Int64
  let system: Int64
  /// The highest resident size that any one of them reached.
  let peakBytes: Int64

  var total: Int64 { user + system }

  /// Of all descendants so far, orphans included.
  static var ofReaped: Usage {
    var usage = rusage()
    #if os(Linux)
      getrusage(RUSAGE_CHILDREN.rawValue, &usage)
      let unit: Int64 = 1024
    #else
      getrusage(RUSAGE_CHILDREN, &usage)
      let unit: Int64 = 1
    #endif
    return Usage(
      user: Clock.nanoseconds(usage.ru_utime),
      system: Clock.nanoseconds(usage.ru_stime),
      peakBytes: Int64(usage.ru_maxrss) * unit
    )
  }
}

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Names of runs.
package enum RunName {
  /// A name that sorts by time and that two runs of one second don't share: `20260314-150926-k3f` (UTC).
  package static func new(wall: Double) -> String {
    var seconds = time_t(wall)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    let date = padded(parts.tm_year + 1900, 4) + padded(parts.tm_mon + 1, 2) + padded(parts.tm_mday, 2)
    let time = padded(parts.tm_hour, 2) + padded(parts.tm_min, 2) + padded(parts.tm_sec, 2)
    // Without vowels and look-alikes: no words, nothing to misread.
    let letters = Array("bcdfghjkmnpqrstvwxz23456789")
    return "\(date)-\(time)-\(String((0..<3).compactMap { _ in letters.randomElement() }))"
  }

  private static func padded(_ number: Int32, _ width: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.count)) + text
  }
}

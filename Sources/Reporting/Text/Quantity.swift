/// Numbers as people read them. Machine output never uses these: it has plain seconds and ratios.
extension Double {
  /// The number with exactly `places` decimals, rounded half away from zero; `–` when it isn't finite.
  func fixed(_ places: Int) -> String {
    guard isFinite else { return "–" }
    let scale = (0..<places).reduce(1.0) { power, _ in power * 10 }
    let scaled = (magnitude * scale).rounded()
    guard scaled < 9e15 else { return description }
    let whole = Int64(scaled)
    let sign = self < 0 && whole != 0 ? "-" : ""
    guard places > 0 else { return sign + String(whole) }
    let (integer, fraction) = whole.quotientAndRemainder(dividingBy: Int64(scale))
    let digits = String(fraction)
    return sign + String(integer) + "." + String(repeating: "0", count: places - digits.count) + digits
  }

  /// A ratio as percent: `66.9 %`.
  package var percent: String { "\((self * 100).fixed(1)) %" }

  /// Hours: `71.0 h`; what would be hardly anything in hours as minutes and seconds.
  var hours: String { magnitude > 0 && magnitude < 0.25 ? TimeText.text(self * 3600) : "\(fixed(1)) h" }
}

/// Durations as the plan's overview writes them, for whoever writes more about plans.
package enum TimeWords {
  /// `71.0 h`, `42.0 s`.
  package static func hours(_ hours: Double) -> String { hours.hours }
}

/// Seconds as people read them: `42 ms`, `4.2 s`, `3 m 12 s`, `2 h 05 m`, `3 d 04 h`.
enum TimeText {
  static func text(_ seconds: Double) -> String {
    guard seconds.isFinite else { return "–" }
    return (seconds < 0 && seconds <= -0.0005 ? "-" : "") + positive(seconds.magnitude)
  }

  private static func positive(_ seconds: Double) -> String {
    if seconds < 0.0005 { return "0 s" }
    if seconds < 0.0995 { return "\((seconds * 1000).fixed(0)) ms" }
    if seconds < 59.95 { return "\(seconds.fixed(1)) s" }
    guard seconds < 9e15 else { return "\(seconds) s" }
    let whole = Int64(seconds.rounded())
    if whole < 3600 { return "\(whole / 60) m \(padded(whole % 60)) s" }
    let minutes = Int64((seconds / 60).rounded())
    if minutes < 48 * 60 { return "\(minutes / 60) h \(padded(minutes % 60)) m" }
    let hours = Int64((seconds / 3600).rounded())
    return "\(hours / 24) d \(padded(hours % 24)) h"
  }

  /// As on a stopwatch, for a row that changes every second: `0:07`, `12:04`, `1:02:09`. Never rounds up.
  static func clock(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 9e15 else { return "–" }
    let whole = Int64(max(0, seconds))
    let (hours, minutes) = (whole / 3600, whole / 60 % 60)
    let rest = ":" + padded(whole % 60)
    return hours > 0 ? "\(hours):\(padded(minutes))\(rest)" : "\(minutes)\(rest)"
  }

  static func padded(_ number: Int64) -> String { number < 10 ? "0\(number)" : String(number) }
}

/// Moments of the wall clock, from seconds since 1970 UTC; computed here so that text needs no calendar library.
enum WallClock {
  /// `2026-01-02T03:04:05Z`.
  static func stamp(_ seconds: Double) -> String {
    let (day, time) = split(seconds, utcOffset: 0)
    return "\(date(day))T\(clock(time))Z"
  }

  /// `2026-01-02 03:04:05`, `utcOffset` seconds east of Greenwich.
  static func dateAndTime(_ seconds: Double, utcOffset: Int = 0) -> String {
    let (day, time) = split(seconds, utcOffset: utcOffset)
    return "\(date(day)) \(clock(time))"
  }

  /// `03:04:05`.
  static func time(_ seconds: Double, utcOffset: Int = 0) -> String {
    clock(split(seconds, utcOffset: utcOffset).time)
  }

  private static func split(_ seconds: Double, utcOffset: Int) -> (day: Int64, time: Int64) {
    let limit = 253_402_300_799.0
    let shifted = Int64(min(max(seconds.isFinite ? seconds : 0, -limit), limit).rounded(.down)) + Int64(utcOffset)
    let time = (shifted % 86_400 + 86_400) % 86_400
    return ((shifted - time) / 86_400, time)
  }

  private static func clock(_ time: Int64) -> String {
    [time / 3600, time / 60 % 60, time % 60].map(TimeText.padded).joined(separator: ":")
  }

  /// Days since 1970 in the Gregorian calendar, counted in eras of 400 years that begin with March.
  private static func date(_ day: Int64) -> String {
    let shifted = day + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * dayOfYear + 2) / 153
    let year = yearOfEra + era * 400 + (month >= 10 ? 1 : 0)
    let dayOfMonth = dayOfYear - (153 * month + 2) / 5 + 1
    return "\(year)-\(TimeText.padded(month < 10 ? month + 3 : month - 9))-\(TimeText.padded(dayOfMonth))"
  }
}

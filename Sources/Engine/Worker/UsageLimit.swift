/// A worker's word that it has to wait: exit code 75, or the message of a usage limit that is known.
struct UsageLimit: Sendable, Equatable {
  /// Wall clock, seconds since 1970 UTC, from which on it may be tried again; nil when nobody said.
  let until: Double?
  /// One line for people.
  let words: String

  /// EX_TEMPFAIL of sysexits.h.
  static let temporaryFailure: Int32 = 75

  /// Phrases of agents and services that have run out of their allowance; compared without regard to case.
  private static let phrases = [
    "usage limit reached", "rate limit exceeded", "rate_limit_error", "too many requests", "quota exceeded",
    "you've hit your limit", "overloaded_error",
  ]

  /// Looks at how a worker ended with `exitCode` and what it wrote last; nil when that is an ordinary end.
  ///
  /// `now` is the wall clock, seconds since 1970 UTC.
  init?(exitCode: Int32, output: String, now: Double) {
    let text = output.lowercased()
    let phrase = UsageLimit.phrases.first { text.contains($0) }
    guard exitCode == UsageLimit.temporaryFailure || (exitCode != 0 && phrase != nil) else { return nil }
    until = UsageLimit.statedTime(in: text, now: now)
    words = phrase.map { "its worker has to wait: \($0)" } ?? "its worker asked to be tried again later (exit 75)"
  }

  /// The time that the text states: `…|1767225600` (seconds since 1970), or `try again in 5 minutes` and the like.
  private static func statedTime(in text: String, now: Double) -> Double? {
    let week = 7.0 * 86_400
    for part in text.split(separator: "|").dropFirst() {
      guard let stamp = Double(part.prefix { $0.isASCII && $0.isNumber }), stamp > now - week, stamp < now + week else {
        continue
      }
      return stamp
    }
    for opening in ["try again in ", "retry after ", "retry-after: ", "resets in ", "retry in "] {
      guard let range = text.ranges(of: opening).last else { continue }
      if let seconds = duration(text[range.upperBound...]), seconds < week { return now + seconds }
    }
    return nil
  }

  /// `5 minutes`, `90s`, `2 h`, `30`: a number and a unit, seconds without one.
  private static func duration(_ text: Substring) -> Double? {
    let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    guard let number = Double(digits) else { return nil }
    let rest = text.dropFirst(digits.count)
    switch rest.drop(while: { $0 == " " }).first {
    case "m" where !rest.drop(while: { $0 == " " }).hasPrefix("ms"): return number * 60
    case "m": return number / 1_000
    case "h": return number * 3_600
    case "d": return number * 86_400
    default: return number
    }
  }
}

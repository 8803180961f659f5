/// Reads the times that people write: estimates in hours (`2–3 hours`, `41 min`) and durations (`1h30m`).
enum TimeText {
  /// A hundred years, in seconds and in hours: what is longer is a slip.
  static let longest = 3.2e9
  static let mostHours = 876_600.0

  /// A number and the unit behind it, in hours; 0 for no unit.
  private struct Amount {
    let value: Double
    let unit: Double
    /// The value in hours where a missing unit means `fallback`.
    func hours(_ fallback: Double) -> Double { value * (unit == 0 ? fallback : unit) }
  }

  /// An estimate: one amount or a range of two, with `~` or `about` before it; without a unit it means hours.
  ///
  /// The ends are as written, so that the caller can say that a range is reversed; nil when it can't be read.
  static func hours(_ text: ArraySlice<UInt8>) -> HourRange? {
    var rest = trimmed(text)
    for word in ["~", "≈", "about ", "approx. ", "approx ", "ca. "] where startsFolded(rest, word) {
      rest = trimmed(rest.dropFirst(word.utf8.count))
      break
    }
    guard let first = sum(&rest) else { return nil }
    if rest.isEmpty { return HourRange(low: first.hours(1), high: first.hours(1)) }
    guard dropSeparator(&rest), let second = sum(&rest), rest.isEmpty else { return nil }
    let fallback = second.unit == 0 ? 1 : second.unit
    return HourRange(low: first.hours(fallback), high: second.hours(1))
  }

  /// A duration in seconds: `10s`, `45m`, `1h30m`, or a number without a unit.
  static func seconds(_ text: ArraySlice<UInt8>) -> Double? {
    var rest = trimmed(text)
    guard let amount = sum(&rest), rest.isEmpty else { return nil }
    return amount.unit == 0 ? amount.value : (amount.hours(1) * 3600 * 1000).rounded() / 1000
  }

  /// One amount, or several with falling units (`1h 30m`).
  private static func sum(_ rest: inout ArraySlice<UInt8>) -> Amount? {
    guard let first = amount(&rest) else { return nil }
    guard first.unit != 0 else { return first }
    var (total, unit) = (first.hours(1), first.unit)
    while let byte = rest.first, isDigit(byte) {
      guard let next = amount(&rest), next.unit != 0, next.unit < unit else { return nil }
      total += next.hours(1)
      unit = next.unit
    }
    return Amount(value: total / first.unit, unit: first.unit)
  }

  private static func amount(_ rest: inout ArraySlice<UInt8>) -> Amount? {
    let digits = rest.prefix { isDigit($0) || $0 == UInt8(ascii: ".") }
    guard let first = digits.first, isDigit(first), digits.last != UInt8(ascii: "."),
      let value = JSONText.number(digits)
    else { return nil }
    rest = rest.dropFirst(digits.count)
    let spaced = trimmed(rest)
    let letters = spaced.prefix { ($0 | 0x20) >= UInt8(ascii: "a") && ($0 | 0x20) <= UInt8(ascii: "z") }
    guard !letters.isEmpty, !startsFolded(letters, "to") else {
      rest = spaced
      return Amount(value: value, unit: 0)
    }
    guard let unit = unit(letters) else { return nil }
    rest = trimmed(spaced.dropFirst(letters.count))
    return Amount(value: value, unit: unit)
  }

  /// The unit in hours.
  private static func unit(_ letters: ArraySlice<UInt8>) -> Double? {
    switch String(decoding: letters, as: UTF8.self).lowercased() {
    case "h", "hr", "hrs", "hour", "hours": 1
    case "m", "min", "mins", "minute", "minutes": 1.0 / 60
    case "s", "sec", "secs", "second", "seconds": 1.0 / 3600
    default: nil
    }
  }

  /// Drops a hyphen, a dash of any length, or `to`, with the spaces around it.
  private static func dropSeparator(_ rest: inout ArraySlice<UInt8>) -> Bool {
    for mark in ["-", "–", "—", "−", "‑", "to"] where startsFolded(rest, mark) {
      rest = trimmed(rest.dropFirst(mark.utf8.count))
      return true
    }
    return false
  }

  private static func startsFolded(_ bytes: ArraySlice<UInt8>, _ word: String) -> Bool {
    bytes.count >= word.utf8.count
      && zip(bytes, word.utf8).allSatisfy { byte, letter in
        (65...90).contains(byte) ? byte | 0x20 == letter : byte == letter
      }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let start = bytes.drop { $0 == 0x20 || $0 == 0x09 }
    return start.prefix(start.endIndex - start.startIndex - start.reversed().prefix { $0 == 0x20 || $0 == 0x09 }.count)
  }
}

/// Writes hours and percentages for messages, with a point and one decimal; the language's own formatting needs Foundation.
enum HourText {
  static func decimal(_ value: Double) -> String {
    let tenths = (value * 10).rounded()
    guard abs(tenths) < 1e15 else { return "\(value)" }
    let whole = Int64(abs(tenths))
    return "\(tenths < 0 ? "-" : "")\(whole / 10).\(whole % 10)"
  }

  static func words(_ range: HourRange) -> String {
    range.low == range.high ? "\(decimal(range.low)) h" : "\(decimal(range.low))–\(decimal(range.high)) h"
  }
}

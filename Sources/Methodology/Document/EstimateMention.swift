import Planning

/// Finds hours in running text: `4-5 hours (was 3-4 hours)`, `~20 minutes`, `(4-6h)`.
enum EstimateMention {
  private static let units: Set<String> = [
    "h", "hr", "hrs", "hour", "hours", "m", "min", "mins", "minute", "minutes",
  ]

  /// The first amount of time with a unit; nil when there is none.
  static func first(in text: some StringProtocol) -> HourRange? { all(in: text).first }

  /// All amounts of time with a unit, in order.
  static func all(in text: some StringProtocol) -> [HourRange] {
    let characters = Array(text)
    var found: [HourRange] = []
    var position = 0
    while position < characters.count {
      let before = position > 0 ? characters[position - 1] : " "
      guard characters[position].isASCIIDigit, !before.isLetter, before != ".", !before.isASCIIDigit,
        let end = end(ofAmountAt: position, in: characters)
      else {
        position += 1
        continue
      }
      // A minus or plus right before it makes it a difference and not an amount: `+1 hour`.
      if before != "+", let hours = EstimateText.hours(String(characters[position..<end])) { found.append(hours) }
      position = end
    }
    return found
  }

  /// Behind the unit of the amount at `start`; nil when it has none that is known.
  private static func end(ofAmountAt start: Int, in text: [Character]) -> Int? {
    var position = start
    func skip(_ isPart: (Character) -> Bool) { while position < text.count, isPart(text[position]) { position += 1 } }
    func number() { skip { $0.isASCIIDigit || $0 == "." } }
    func word() -> String {
      let begin = position
      skip { $0.isLetter }
      return String(text[begin..<position]).lowercased()
    }
    number()
    skip { $0 == " " }
    var unit = word()
    skip { $0 == " " }
    let afterUnit = position
    if unit == "to"
      || (unit.isEmpty || units.contains(unit)) && position < text.count && "-–—−‑".contains(text[position])
    {
      if unit != "to" { position += 1 }
      skip { $0 == " " }
      guard position < text.count, text[position].isASCIIDigit else {
        return units.contains(unit) ? trimmedEnd(afterUnit, in: text) : nil
      }
      number()
      skip { $0 == " " }
      unit = word()
      return units.contains(unit) ? position : nil
    }
    return units.contains(unit) ? trimmedEnd(afterUnit, in: text) : nil
  }

  private static func trimmedEnd(_ end: Int, in text: [Character]) -> Int {
    var end = end
    while end > 0, text[end - 1] == " " { end -= 1 }
    return end
  }
}

// Reads hours: estimates and what was needed in fact.
extension PlanDraft {
  private typealias Subject = PlanText.Subject

  /// Hours as a number or in words; nil when missing, or unreadable with an error.
  mutating func readHours(
    _ fields: ObjectFields<ItemField>,
    _ field: ItemField,
    _ owner: String
  ) -> HourRange? {
    guard let node = text.present(fields[field]) else { return nil }
    let range: HourRange?
    switch text.document.kind(of: node) {
    case .number: range = text.document.number(of: node).map { HourRange(low: $0, high: $0) }
    case .string: range = text.document.withTextBytes(of: node) { TimeText.hours($0) }
    default:
      text.error("bad-type", "`\(field.name)` of \(owner) must be hours, not \(text.excerpt(node))", at: node)
      return nil
    }
    let subject = Subject(field: field.name, owner: owner)
    guard let range, range.low >= 0, range.high <= TimeText.mostHours else {
      text.bad(node, subject, "must be hours", hint: "Like 3, \"4-6\", \"2-3 hours\" or \"45 min\".")
      return nil
    }
    guard range.low <= range.high else {
      text.bad(node, subject, "must be a range from low to high")
      return nil
    }
    if range.high == 0, field == .estimatedHours {
      text.warning("zero-hours", "\(subject.words) is zero", at: node, hint: "Leave it out when it is unknown.")
    }
    return range
  }

  /// Compares an achievement's estimate with the sum of its sub-executions.
  mutating func checkEstimate(
    _ estimate: HourRange?,
    parts: Range<Int>,
    _ fields: ObjectFields<ItemField>,
    _ owner: String
  ) {
    let known = achievements[parts].compactMap(\.estimate)
    guard let estimate, let node = fields[.estimatedHours], known.count == parts.count else { return }
    let low = known.reduce(0) { $0 + $1.low }
    let high = known.reduce(0) { $0 + $1.high }
    guard abs(low - estimate.low) > 0.05 || abs(high - estimate.high) > 0.05 else { return }
    let sum = HourText.words(HourRange(low: low, high: high))
    text.warning(
      "estimate-mismatch",
      "`estimated_hours` of \(owner) is \(HourText.words(estimate)), but its sub-executions add up to \(sum)",
      at: node,
      hint: "The sub-executions count."
    )
  }
}

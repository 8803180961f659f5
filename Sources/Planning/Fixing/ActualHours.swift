extension PlanEditor {
  /// The file with what was learned as `actual_hours` of its achievements, and whose these are.
  ///
  /// Everything else stays byte for byte. Left out are achievements that the file doesn't hold as they were read, and those
  /// that are only their parts: what was measured of them is their checks alone.
  package static func settingActualHours(
    of plan: Plan,
    to learned: LearnedDurations,
    in bytes: [UInt8]
  ) -> (bytes: [UInt8], written: [AchievementID]) {
    let values = plan.achievements.compactMap { achievement -> (id: AchievementID, json: String)? in
      guard achievement.role.hasWorker, let hours = learned[achievement.id]?.hours else { return nil }
      return (achievement.id, decimal(hours))
    }
    guard !values.isEmpty else { return (bytes, []) }
    let (edited, found) = setting("actual_hours", to: values, in: bytes)
    return (edited, found)
  }

  /// Hours to six decimals, which is 4 ms, without an exponent.
  static func decimal(_ hours: Double) -> String {
    let millionths = Int64((min(max(hours, 0), 1e9) * 1e6).rounded())
    let (whole, rest) = millionths.quotientAndRemainder(dividingBy: 1_000_000)
    var digits = String(rest)
    digits = String(repeating: "0", count: 6 - digits.count) + digits
    while digits.count > 1, digits.last == "0" { digits.removeLast() }
    return "\(whole).\(digits)"
  }
}

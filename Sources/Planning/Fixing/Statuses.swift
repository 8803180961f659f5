extension PlanEditor {
  /// The file with these as `status` of its achievements, and whose were changed.
  ///
  /// Everything else stays byte for byte, and so does a status that is right already.
  package static func settingStatuses(
    of plan: Plan,
    to statuses: [AchievementID: FileStatus],
    in bytes: [UInt8]
  ) -> (bytes: [UInt8], written: [AchievementID]) {
    let values = plan.achievements.compactMap { achievement -> (id: AchievementID, json: String)? in
      guard let status = statuses[achievement.id], status != achievement.status else { return nil }
      return (achievement.id, "\"\(status.rawValue)\"")
    }
    guard !values.isEmpty else { return (bytes, []) }
    let (edited, found) = setting("status", to: values, in: bytes)
    return (edited, found)
  }
}

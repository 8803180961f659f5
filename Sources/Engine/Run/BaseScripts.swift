internal import Git
internal import Planning
internal import Recording

extension Preparation {
  /// Whose validation scripts are there before the work begins, in the base commit or beside their plan.
  static func existingScripts(
    of plan: Plan,
    in sources: [PlanSource],
    at repository: Repository,
    base: CommitID
  ) async throws -> Set<AchievementID> {
    var known: [String: Bool] = [:]
    var found: Set<AchievementID> = []
    for achievement in plan.achievements {
      guard let script = achievement.details.validationScript else { continue }
      let path = "\(sources.source(of: achievement.id)?.directory ?? ".")/\(script)"
      if known[path] == nil {
        let isBesidePlan = RunFiles.exists(path)
        known[path] = isBesidePlan ? true : try await repository.fileExists(script, at: base)
      }
      if known[path] == true { found.insert(achievement.id) }
    }
    return found
  }
}

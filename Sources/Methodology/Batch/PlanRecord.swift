package import Planning
package import SystemPackage

/// A plan with everything that its folder knows about it: what files and prompts are made from.
package struct PlanRecord: Sendable {
  /// The plan.
  package let plan: Plan
  /// Its folder.
  package let folder: PlanFolder
  /// Its PLAN document; nil when there is none.
  package let document: PlanDocument?
  /// Where each achievement stands by the folder's files.
  package let statuses: [AchievementID: FolderStatus]
  /// The repository around the folder; nil outside of one.
  package let repository: FilePath?
  /// The names of the folder's files.
  let files: FolderFiles
  /// What the document says of each achievement.
  let descriptions: [AchievementID: DescribedAchievement]
  /// How many steps of dependencies lie before each achievement; parts count as their achievement.
  package let levels: [AchievementID: Int]

  /// Reads the folder; throws `MethodologyError` when it can't be read, or when it has several PLAN documents.
  package init(_ plan: Plan, folder: PlanFolder, repository: FilePath? = nil) throws {
    self.plan = plan
    self.folder = folder
    self.repository = repository
    document = try folder.document(ofPlan: plan.name).map { try PlanDocument($0) }
    descriptions = Dictionary((document?.achievements ?? []).map { ($0.id, $0) }) { first, _ in first }
    statuses = try folder.statuses(of: plan)
    files = try FolderFiles(folder, plan: plan.name)
    levels = PlanRecord.levels(of: plan)
  }

  /// The achievements in plan order, without their parts and variants.
  package var achievements: [Achievement] {
    plan.achievements.filter { $0.role.owner == nil }
  }

  /// The parts of an achievement, in plan order.
  package func parts(of id: AchievementID) -> [Achievement] { plan.achievements.filter { $0.role == .part(of: id) } }

  /// What `id` waits for: dependencies that are neither complete nor skipped and waived.
  package func openDependencies(of id: AchievementID) -> [AchievementID] {
    plan.wholeDependencies(of: id).filter { !satisfies($0) }
  }

  /// Whether what depends on `id` may begin.
  package func satisfies(_ id: AchievementID) -> Bool {
    switch statuses[id]?.status {
    case .complete: true
    case .skipped: plan[id]?.isWaived ?? false
    default: plan.part(of: id).map { statuses[$0]?.status == .complete } ?? false
    }
  }

  /// Whether nothing is left to do for `id`.
  package func isSettled(_ id: AchievementID) -> Bool {
    switch statuses[id]?.status {
    case .complete, .skipped: true
    default: false
    }
  }

  private static func levels(of plan: Plan) -> [AchievementID: Int] {
    var levels: [AchievementID: Int] = [:]
    for node in PlanAnalysis.topologicalOrder(of: plan.graph) {
      let id = plan.achievements[Int(node)].id
      let group = plan.part(of: id) ?? id
      var level = levels[group] ?? 0
      for dependency in plan.dependencies(of: id) {
        let other = plan.part(of: dependency) ?? dependency
        if other != group { level = max(level, (levels[other] ?? 0) + 1) }
      }
      levels[group] = level
    }
    return levels
  }
}

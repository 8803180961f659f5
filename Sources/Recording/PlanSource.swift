package import Planning

/// A plan file that a run was given.
package struct PlanSource: Sendable, Codable, Equatable {
  /// The plan's name.
  package let name: String
  /// The file that it was read from, absolute.
  package let path: String
  /// Whether the run writes approvals into its folder; nil: what the run's options say.
  package var approves: Bool?

  /// Takes a plan's name and the absolute path of its file.
  package init(name: String, path: String) {
    self.name = name
    self.path = path
  }

  /// The folder of the plan file.
  package var directory: String { path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "." }
}

extension [PlanSource] {
  /// The file of the plan that `id` says, else the first; nil for none.
  package func source(of id: AchievementID) -> PlanSource? {
    first { id.plan.map(String.init) == $0.name } ?? first
  }
}

extension RunHeader {
  /// The files of the run's plans, in the order of the command line.
  package var sources: [PlanSource] { plans ?? [PlanSource(name: planName, path: planPath)] }

  /// The folder of the plan file that holds `id`, absolute.
  package func planDirectory(of id: AchievementID) -> String { sources.source(of: id)?.directory ?? "." }

  /// How the run calls the achievement `id` of the plan file at `path`; nil when the run was not given that file.
  package func id(_ id: AchievementID, ofPlanAt path: String) -> AchievementID? {
    guard let plans else { return path == planPath ? id : nil }
    return plans.first { $0.path == path }.map { id.of(plan: $0.name) }
  }

  /// Whether the run was given the plan file at `path`.
  package func runs(planAt path: String) -> Bool { sources.contains { $0.path == path } }
}

// What the file's own statuses and level say against its graph. Statuses are snapshots, so these are warnings.
extension PlanDraft {
  mutating func checkStatuses(in graph: DependencyGraph) {
    for item in items.indices {
      let status = items[item].status
      if status == .complete || status == .inProgress { checkStale(item, in: graph) }
      if status != .complete, status != .skipped { checkSkipped(item, in: graph) }
    }
  }

  /// Whatever is done or being done should have all that it depends on.
  private mutating func checkStale(_ item: Int, in graph: DependencyGraph) {
    for dependency in graph.dependencies(of: item) {
      let dependency = items[Int(dependency)]
      guard let status = items[item].status, let other = dependency.status, other != .complete, other != .skipped
      else { continue }
      return warn(
        "stale-status",
        "\(items[item].id) is `\(status.rawValue)`, but \(dependency.id), which it depends on, is `\(other.rawValue)`",
        at: item,
        "The file's status is a snapshot and is not trusted."
      )
    }
  }

  private mutating func checkSkipped(_ item: Int, in graph: DependencyGraph) {
    for dependency in graph.dependencies(of: item) where items[Int(dependency)].status == .skipped {
      let skipped = achievements[Int(dependency)]
      guard !skipped.isWaived else { continue }
      return warn(
        "skipped-dependency",
        "\(items[item].id) depends on \(skipped.id), which is skipped: it can never start",
        at: item,
        "Set \"waived\": true on \(skipped.id) if what depends on it may start without it."
      )
    }
  }

  private mutating func warn(_ code: String, _ message: String, at item: Int, _ hint: String) {
    text.findings.add(Diagnostic(.warning, code, message, at: achievements[item].place, hint: hint))
  }

  /// Compares the declared level with what the graph does.
  mutating func checkLevel(_ graph: DependencyGraph) {
    guard let node = fields[.level], let level else { return }
    let crossing = items.indices.first { item in
      graph.dependencies(of: item).contains { items[Int($0)].priority != items[item].priority }
    }
    if level != .acrossPriorities, let crossing {
      text.warning(
        "narrow-level",
        "the plan is declared `\(level.rawValue)`, but \(achievements[crossing].id) depends on another priority",
        at: node,
        hint: "That is `\(ParallelizationLevel.acrossPriorities.rawValue)`."
      )
    } else if level == .withinAchievement, neededLevel != .withinAchievement {
      text.warning(
        "narrow-level",
        "the plan is declared `\(level.rawValue)`, but has several achievements",
        at: node,
        hint: "That is `\(neededLevel.rawValue)`."
      )
    }
    if level == .withinAchievement, !achievements.isEmpty, !items.contains(where: { $0.owner >= 0 }) {
      text.warning(
        "no-sub-executions",
        "the plan is declared `\(level.rawValue)`, but no achievement has `sub_executions`",
        at: node
      )
    }
  }
}

// What the file's own statuses and level say against its graph. Statuses are snapshots, so these are warnings.
extension PlanDraft {
  mutating func checkStatuses(in graph: DependencyGraph) {
    for item in achievements.indices {
      let achievement = achievements[item]
      guard let status = achievement.status else {
        checkSkipped(item, in: graph)
        continue
      }
      if status == .complete || status == .inProgress {
        let open = graph.dependencies(of: item).map { achievements[Int($0)] }.first {
          $0.status != nil && $0.status != .complete && $0.status != .skipped
        }
        if let open, let other = open.status {
          warn(
            "stale-status",
            "\(achievement.id) is `\(status.rawValue)`, but \(open.id), which it depends on, is `\(other.rawValue)`",
            at: item,
            "The file's status is a snapshot and is not trusted."
          )
        }
      }
      if status != .complete, status != .skipped { checkSkipped(item, in: graph) }
    }
  }

  private mutating func checkSkipped(_ item: Int, in graph: DependencyGraph) {
    let skipped = graph.dependencies(of: item).map { achievements[Int($0)] }.first {
      $0.status == .skipped && !$0.isWaived
    }
    guard let skipped else { return }
    warn(
      "skipped-dependency",
      "\(achievements[item].id) depends on \(skipped.id), which is skipped: it can never start",
      at: item,
      "Set \"waived\": true on \(skipped.id), or use `plait skip --waive`."
    )
  }

  private mutating func warn(_ code: String, _ message: String, at item: Int, _ hint: String) {
    text.findings.add(Diagnostic(.warning, code, message, at: achievements[item].place, hint: hint))
  }

  /// Compares the declared level with what the graph does.
  mutating func checkLevel(_ graph: DependencyGraph) {
    guard let node = fields[.level], let level else { return }
    let crossing = achievements.indices.first { item in
      graph.dependencies(of: item).contains { achievements[Int($0)].priority != achievements[item].priority }
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

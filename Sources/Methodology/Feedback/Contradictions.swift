package import Planning

/// Where an achievement stands by a run: what Methodology needs to know of it.
package enum RunStanding: String, Sendable, Equatable {
  case waiting
  case running
  /// Its result is merged.
  case complete
  case failed
  case blocked
  case skipped
}

/// Two sources that say different things about an achievement. Neither is believed over the other.
package struct Contradiction: Sendable, Equatable {
  /// Which achievement; nil when it is about the folder.
  package let id: AchievementID?
  /// Both sides, a sentence.
  package let message: String
}

extension PlanRecord {
  /// Where each achievement stands by the files, and by `run` for those that it is working on.
  ///
  /// What is complete, skipped or rejected stays so while a run works on it.
  package func standing(run: [AchievementID: RunStanding]) -> [AchievementID: FolderStatus] {
    var standing = statuses
    for (id, state) in run where state == .running {
      switch standing[id]?.status {
      case .complete, .skipped, .failed: break
      default: standing[id] = FolderStatus(.inProgress, reason: "a run works on it")
      }
    }
    return standing
  }

  /// Where the folder's files, parallel.json and a run say different things; in plan order, the folder's own last.
  package func contradictions(run: [AchievementID: RunStanding] = [:]) -> [Contradiction] {
    achievements.flatMap { achievement in
      (files(about: achievement) + claim(of: achievement) + outcome(of: achievement, run[achievement.id]))
        .map { Contradiction(id: achievement.id, message: $0) }
    } + strays.map { Contradiction(id: nil, message: $0) }
  }

  private func files(about achievement: Achievement) -> [String] {
    let (id, suffix) = (achievement.id, achievement.id.fileSuffix)
    let approved = files.feedbacks.contains("APPROVED_\(suffix).md")
    let skipped = files.execution.contains("SKIPPED_\(suffix).md")
    let fix = files.feedbacks.contains("FIX_\(suffix).md")
    var found: [String] = []
    if approved, fix { found.append("\(id) has both APPROVED_\(suffix).md and FIX_\(suffix).md; the approval counts") }
    if approved, skipped {
      found.append("\(id) has both APPROVED_\(suffix).md and SKIPPED_\(suffix).md; the approval counts")
    }
    if skipped, fix, !approved {
      found.append("\(id) has both SKIPPED_\(suffix).md and FIX_\(suffix).md; the skip counts")
    }
    if !fix, files.feedbacks.contains("FIX_\(suffix)_RESOLUTION.md") {
      found.append("\(id) has FIX_\(suffix)_RESOLUTION.md and no FIX_\(suffix).md that it resolves")
    }
    if approved {
      let open = openDependencies(of: id).map(\.text).joined(separator: ", ")
      if !open.isEmpty { found.append("\(id) is approved, and depends on \(open), which is not complete") }
    }
    if let note = statuses[id]?.note, note.contains("doesn't count") { found.append("\(id): \(note)") }
    return found
  }

  private func claim(of achievement: Achievement) -> [String] {
    guard let claimed = achievement.status, let actual = statuses[achievement.id], claimed != actual.status else {
      return []
    }
    return ["parallel.json says that \(achievement.id) is \(claimed.rawValue), the files say \(actual.sentence)"]
  }

  private func outcome(of achievement: Achievement, _ run: RunStanding?) -> [String] {
    guard let run, let status = statuses[achievement.id] else { return [] }
    let id = achievement.id
    switch (run, status.status) {
    case (.complete, .complete), (.skipped, .skipped): return []
    case (.complete, .failed): return ["the run merged \(id), and \(status.reason ?? "") rejects it"]
    case (.complete, .skipped): return ["the run merged \(id), and \(status.reason ?? "") skips it"]
    case (.complete, _): return ["the run merged \(id), and nothing approves it yet: it waits for a review"]
    case (.failed, .complete), (.blocked, .complete):
      return ["\(id) \(run == .failed ? "failed" : "was blocked") in the run, and \(status.reason ?? "") approves it"]
    case (.skipped, _): return ["the run skipped \(id), and no SKIPPED_\(id.fileSuffix).md says so"]
    default: return []
    }
  }

  /// Feedback files that are about no achievement of the plan.
  private var strays: [String] {
    let known = Set(plan.achievements.map(\.id.fileSuffix))
    return (files.feedbacks.sorted() + files.execution.sorted()).compactMap { name in
      let suffix: String
      switch FileName(name) {
      case .approved(let found), .fix(let found), .fixResolution(let found), .skipped(let found): suffix = found
      default: return nil
      }
      return known.contains(suffix) ? nil : "\(name) is about no achievement of \(plan.name)"
    }
  }
}

package import Planning
package import SystemPackage

/// The folder that holds a plan's `parallel.json`: what its files say about each achievement.
///
/// It is the folder of the file that was given and never a path built from the plan's name, so that a plan that was
/// moved keeps its status.
package struct PlanFolder: Sendable {
  /// The folder of the plan file.
  package let path: FilePath

  /// Takes the folder; reads nothing.
  package init(_ path: FilePath) {
    self.path = path
  }

  /// The folder of the plan file at `file`.
  package init(ofPlanFile file: FilePath) {
    let folder = file.removingLastComponent()
    path = folder.isEmpty ? "." : folder
  }

  /// Where SUBPLAN files belong.
  package var subplans: FilePath { path.appending("subplans") }
  /// Where EXECUTION_TASK files and skips belong.
  package var execution: FilePath { path.appending("execution") }
  /// Where approvals and rejections belong.
  package var feedbacks: FilePath { execution.appending("feedbacks") }

  /// Where `plan`'s approval of `id` belongs: `execution/feedbacks/APPROVED_<NN>.md`.
  package func approval(of id: AchievementID) -> FilePath {
    feedbacks.appending("APPROVED_\(id.fileSuffix).md")
  }

  /// Derives the status of every achievement of `plan` from the folder's files; the first match wins.
  ///
  /// An approval says complete, then a skip note, then a fix request, then an execution task, then a subplan. Only exact
  /// names in their own folder count, and only those of this plan. Each folder is read once: O(files + achievements).
  /// A folder that doesn't exist is empty; throws `MethodologyError` for one that can't be read.
  package func statuses(of plan: Plan) throws -> [AchievementID: FolderStatus] {
    let files = try FolderFiles(self, plan: plan.name)
    var statuses: [AchievementID: FolderStatus] = [:]
    statuses.reserveCapacity(plan.achievements.count)
    for achievement in plan.achievements {
      statuses[achievement.id] = files.status(suffix: achievement.id.fileSuffix)
    }
    return statuses
  }
}

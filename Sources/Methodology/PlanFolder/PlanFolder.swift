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

/// The names in a plan folder, ready to be asked for by suffix.
private struct FolderFiles {
  private let plan: String
  private let subplans: Set<String>
  private let execution: Set<String>
  private let feedbacks: Set<String>
  /// The latest execution task of each suffix.
  private let tasks: [Substring: String]

  init(_ folder: PlanFolder, plan: String) throws {
    self.plan = plan
    subplans = Set(try FolderFiles.names(in: folder.subplans))
    feedbacks = Set(try FolderFiles.names(in: folder.feedbacks))
    let names = try FolderFiles.names(in: folder.execution)
    execution = Set(names)
    tasks = Dictionary(FolderFiles.tasks(in: names, plan: plan), uniquingKeysWith: { max($0, $1) })
  }

  /// The names of all that isn't a directory, sorted.
  private static func names(in folder: FilePath) throws -> [String] {
    do {
      return try Directory(folder).entries.filter { $0.kind != .directory }.map(\.name.string)
    } catch .noSuchFileOrDirectory {
      return []
    } catch {
      throw MethodologyError(
        .unreadable,
        folder.string,
        "can't be read (\(error)), so the status of its achievements is unknown. Check what it is and who may read it."
      )
    }
  }

  /// Suffix and name of each execution task of `plan`: `EXECUTION_TASK_<plan>_<NN>_<MM>`, with or without a tail.
  ///
  /// Looks for this plan's own name instead of recognising any plan's: names in the wild aren't all upper case.
  private static func tasks(in names: [String], plan: String) -> [(Substring, String)] {
    let start = "EXECUTION_TASK_\(plan)_"
    return names.compactMap { name in
      guard name.hasPrefix(start), name.hasSuffix(".md") else { return nil }
      let parts = name.dropFirst(start.count).dropLast(3).split(separator: "_", omittingEmptySubsequences: false)
      guard parts.count >= 2, parts[0].isNumber, parts[1].isNumber else { return nil }
      // A third number would be another numbering, `08_05_01`: not a task of 08.
      guard parts.dropFirst(2).allSatisfy({ !$0.isEmpty && !$0.isNumber }) else { return nil }
      return (parts[0], name)
    }
  }

  func status(suffix: String) -> FolderStatus {
    let approved = "APPROVED_\(suffix).md"
    if feedbacks.contains(approved) { return FolderStatus(.complete, reason: approved) }
    let skipped = "SKIPPED_\(suffix).md"
    if execution.contains(skipped) { return FolderStatus(.skipped, reason: skipped) }
    let misplaced = misplacedNote(approved: approved, skipped: skipped)
    let fix = "FIX_\(suffix).md"
    if feedbacks.contains(fix) {
      let isResolved = feedbacks.contains("FIX_\(suffix)_RESOLUTION.md")
      return FolderStatus(
        .failed,
        reason: fix,
        note: isResolved ? "failed, its resolution waits for review" : misplaced
      )
    }
    if let task = tasks[suffix[...]] { return FolderStatus(.executionCreated, reason: task, note: misplaced) }
    let subplan = "SUBPLAN_\(plan)_\(suffix).md"
    if subplans.contains(subplan) { return FolderStatus(.subplanCreated, reason: subplan, note: misplaced) }
    return FolderStatus(.notStarted, note: misplaced)
  }

  /// A file in the wrong folder decides nothing, but whoever put it there believes that it does.
  private func misplacedNote(approved: String, skipped: String) -> String? {
    if feedbacks.contains(skipped) { return "\(skipped) doesn't count in execution/feedbacks: move it to execution/" }
    if execution.contains(approved) { return "\(approved) doesn't count in execution/: move it to execution/feedbacks" }
    return nil
  }
}

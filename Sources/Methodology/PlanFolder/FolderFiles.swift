import Planning
import SystemPackage

/// The names in a plan folder, ready to be asked for by suffix.
struct FolderFiles {
  private let plan: String
  let subplans: Set<String>
  let execution: Set<String>
  let feedbacks: Set<String>
  /// The execution tasks of each suffix, by name.
  private let tasks: [Substring: [String]]

  init(_ folder: PlanFolder, plan: String) throws {
    self.plan = plan
    subplans = Set(try FolderFiles.names(in: folder.subplans))
    feedbacks = Set(try FolderFiles.names(in: folder.feedbacks))
    let names = try FolderFiles.names(in: folder.execution)
    execution = Set(names)
    tasks = Dictionary(grouping: FolderFiles.tasks(in: names, plan: plan), by: \.0).mapValues { $0.map(\.1).sorted() }
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

  /// The execution tasks of this suffix, the latest last.
  func tasks(suffix: String) -> [String] { tasks[suffix[...]] ?? [] }

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
    if let task = tasks(suffix: suffix).last { return FolderStatus(.executionCreated, reason: task, note: misplaced) }
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

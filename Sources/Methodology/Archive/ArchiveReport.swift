import SystemPackage

/// What `plait archive --json` prints, and the same in words.
package struct ArchiveReport: Sendable, Encodable {
  /// A file that was moved, or would be.
  package struct Move: Sendable, Equatable, Encodable {
    /// Relative to the repository's top.
    package let from: String
    /// Relative to the repository's top.
    package let to: String
  }

  /// A file that stays.
  package struct Remainder: Sendable, Equatable, Encodable {
    /// Relative to the plan's folder.
    package let path: String
    /// Why, a phrase.
    package let reason: String
  }

  /// `plait.archive/1`.
  package let schema = "plait.archive/1"
  /// The plan's name.
  package let plan: String
  /// The archive's folder, relative to the repository's top.
  package let destination: String
  /// Whether nothing was moved because that was asked for.
  package let isDryRun: Bool
  /// Whether every achievement is complete or skipped, so that the plan itself goes too.
  package let isWhole: Bool
  /// Sorted by what they were called.
  package let moved: [Move]
  /// Sorted by path.
  package let left: [Remainder]
  /// The branch that got the commit; left out when nothing was moved.
  package let branch: String?
  /// The commit that moved them; left out when nothing was moved.
  package let commit: String?

  /// `result` is nil where no commit was made.
  package init(
    _ archive: ArchivePlan,
    plan: String,
    isDryRun: Bool,
    result: (branch: String, commit: String)? = nil
  ) {
    self.plan = plan
    destination = archive.destination.string
    self.isDryRun = isDryRun
    isWhole = archive.isWhole
    moved = archive.moves.map { Move(from: $0.source.string, to: $0.target.string) }
    left = archive.left.map { Remainder(path: $0.path.string, reason: $0.reason) }
    branch = result?.branch
    commit = result?.commit
  }

  /// In words: a line for each file, and what it comes to.
  package var text: String {
    let verb = isDryRun ? "would move" : "moved"
    let lines = moved.map { "\(verb) \($0.from) to \($0.to)" } + left.map { "left \($0.path): \($0.reason)" }
    return (lines + [summary]).joined(separator: "\n") + "\n"
  }

  private var summary: String {
    guard !moved.isEmpty else { return "nothing to move: \(left.count) left" }
    let counts = "\(moved.count) \(isDryRun ? "to move" : "moved") to \(destination), \(left.count) left"
    guard let branch, let commit else { return counts }
    return "\(counts); commit \(commit.prefix(10)) on \(branch), which 'git revert \(commit.prefix(10))' undoes"
  }
}

import Planning
import SystemPackage

/// The `INDEX.md` of an archive.
struct ArchiveIndex {
  let text: String

  /// Throws when there is one that Plait didn't write.
  init(_ record: PlanRecord, _ root: FilePath, _ sorting: ArchiveSorting, date: String) throws {
    let path = root.appending("INDEX.md")
    let existing = TextFile.exists(path) ? String(decoding: try TextFile.read(path), as: UTF8.self) : nil
    let isForeign = existing.map { !$0.hasPrefix(ArchivePlan.indexHeading) } ?? false
    // Where nothing is moved, nothing is written either.
    if isForeign, !sorting.moves.isEmpty {
      throw MethodologyError(.exists, path.string, "is there already and was not written by Plait; nothing was moved.")
    }
    let there = TextFile.exists(root) ? try ArchiveSorting.files(in: root).filter { $0.string != "INDEX.md" } : []
    let files = (there + sorting.moves.map(\.1)).map(\.string).sorted()
    let settled = record.achievements.count { record.isSettled($0.id) }
    let rows = record.achievements.map { achievement in
      let title = Markdown.line(achievement.title).replacing("|", with: "\\|")
      return "| \(achievement.id) | \(title) | \(record.statuses[achievement.id]?.status.rawValue ?? "") |"
    }
    var parts = [
      "\(ArchivePlan.indexHeading)\(Markdown.line(record.plan.name))",
      "- **Archived**: \(date)\n- **Settled**: \(settled) of \(record.achievements.count) achievements",
      "## Achievements\n\n| Id | Title | Status |\n|---|---|---|\n\(rows.joined(separator: "\n"))",
      "## Files\n\n\(files.map { "- \(Markdown.code($0))" }.joined(separator: "\n"))",
    ]
    if !sorting.left.isEmpty {
      let left = sorting.left.map { "- \(Markdown.code($0.path.string)): \($0.reason)" }
      parts.append("## Left where it was\n\n\(left.joined(separator: "\n"))")
    }
    text = parts.joined(separator: "\n\n") + "\n"
  }
}

import Planning
import SystemPackage

/// What `plait subplans --json` and `plait executions --json` print, and the same in words.
package struct BatchReport: Sendable, Encodable {
  /// A file of the batch.
  package struct File: Sendable, Encodable {
    /// Whose file it is.
    package let achievement: String
    /// The dependency level of the achievement.
    package let level: Int
    /// The file's path.
    package let path: String
  }

  /// An achievement for which no file is made, and why.
  package struct Omission: Sendable, Equatable, Encodable {
    /// Which achievement.
    package let achievement: String
    /// Why, a phrase or a sentence.
    package let reason: String
  }

  /// `plait.subplans/1` or `plait.executions/1`.
  package let schema: String
  /// The plan's name.
  package let plan: String
  /// Whether nothing was written because that was asked for.
  package let isDryRun: Bool
  /// What was written, or would be.
  package let files: [File]
  /// What is there already.
  package let existing: [Omission]
  /// What was asked for and can't be made yet.
  package let refused: [Omission]
  /// What could not be written; the same command tries it again.
  package let failed: [Omission]

  /// `outcome` is nil for a dry run.
  package init(_ batch: Batch, plan: String, outcome: Batch.Outcome?) {
    schema = "plait.\(batch.kind.rawValue)/1"
    self.plan = plan
    isDryRun = outcome == nil
    files = (outcome?.written ?? batch.files).map { file in
      File(achievement: file.id.text, level: batch.levels[file.id] ?? 0, path: file.path.string)
    }
    let meanwhile = (outcome?.existing ?? []).map { file in
      Omission(achievement: file.id.text, reason: "\(file.path.lastComponent?.string ?? "") is there")
    }
    existing = batch.existing.map { Omission(achievement: $0.id.text, reason: $0.reason) } + meanwhile
    refused = batch.refused.map { Omission(achievement: $0.id.text, reason: $0.reason) }
    failed = (outcome?.failed ?? []).map { Omission(achievement: $0.id.text, reason: $0.reason) }
  }

  /// In words, by dependency level; a line for each file.
  package var text: String {
    var lines: [String] = []
    for (level, files) in Dictionary(grouping: files, by: \.level).sorted(by: { $0.key < $1.key }) {
      lines.append("level \(level)")
      lines += files.map { "  \(isDryRun ? "would write" : "wrote") \($0.path)" }
    }
    lines += existing.map { "\($0.achievement): \($0.reason)" }
    lines += refused.map { "\($0.achievement): refused, \($0.reason)" }
    lines += failed.map { "\($0.achievement): not written, \($0.reason)" }
    var parts = ["\(files.count) \(isDryRun ? "to write" : "written")"]
    for (list, words) in [(existing, "there already"), (refused, "refused"), (failed, "not written")]
    where !list.isEmpty {
      parts.append("\(list.count) \(words)")
    }
    return (lines + [parts.joined(separator: ", ")]).joined(separator: "\n") + "\n"
  }
}

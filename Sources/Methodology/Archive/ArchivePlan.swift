import Planning
package import SystemPackage

/// What archiving a plan would do: which files go where, what stays and why. Nothing is changed by making one.
///
/// Whatever still says that an achievement is complete stays until all of them are: without it, the rest of the plan would wait
/// for work that is done.
package struct ArchivePlan: Sendable {
  /// A file that is moved.
  package struct Move: Sendable, Equatable {
    /// Relative to the repository's top.
    package let source: FilePath
    /// Relative to the repository's top.
    package let target: FilePath
  }

  /// A file that stays.
  package struct Remainder: Sendable, Equatable {
    /// Relative to the plan's folder.
    package let path: FilePath
    /// Why, a phrase.
    package let reason: String
  }

  /// The archive's folder, relative to the repository's top.
  package let destination: FilePath
  /// Sorted by source.
  package let moves: [Move]
  /// Sorted by path.
  package let left: [Remainder]
  /// The archive's `INDEX.md`, relative to the repository's top.
  package var indexPath: FilePath { destination.appending("INDEX.md") }
  /// What it is to say, also in place of one that Plait wrote before.
  package let index: String
  /// Whether every achievement is complete or skipped, so that the plan itself is archived as well.
  package let isWhole: Bool
  /// How an index begins that Plait wrote, and may write anew.
  static let indexHeading = "# Archive of "

  /// Decides what goes where.
  ///
  /// The archive is where the PLAN's "Archive Location" says (`YYYY`, `MM` and `DD` in it become the date's), else
  /// `documentation/archive/<plan>-<date>/`. `pattern` is a shell pattern for the names of files, or for their paths in the plan's
  /// folder; `date` is like `2025-11-22`. Throws `MethodologyError` outside of a repository, for a place outside of it, and when
  /// a file is in the way.
  package init(_ record: PlanRecord, matching pattern: String? = nil, date: String) throws {
    guard let top = record.repository else {
      throw MethodologyError(
        .refused,
        record.folder.path.string,
        "is in no git repository, so that an archive has no place."
      )
    }
    let destination = try ArchivePlan.destination(of: record, date: date)
    let sorting = try ArchiveSorting(record, matching: pattern)
    let root = top.pushing(destination)
    var moves: [Move] = []
    for (path, place) in sorting.moves {
      let source = ArchivePlan.relative(record.folder.path.pushing(path), to: top)
      moves.append(Move(source: source, target: destination.pushing(place)))
    }
    let taken = moves.map { top.pushing($0.target) }.filter { TextFile.exists($0) }
    if let first = taken.first {
      let more = taken.count > 1 ? ", like \(taken.count - 1) more" : ""
      throw MethodologyError(.exists, first.string, "is in the archive already\(more); nothing was moved.")
    }
    self.destination = destination
    self.moves = moves
    left = sorting.left
    isWhole = sorting.isWhole
    index = try ArchiveIndex(record, root, sorting, date: date).text
  }

  private static func destination(of record: PlanRecord, date: String) throws -> FilePath {
    guard let stated = record.document?.archiveLocation else {
      let name = record.plan.name.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: "-")
      return FilePath("documentation/archive/\(name.isEmpty ? "plan" : name)-\(date)")
    }
    let parts = date.split(separator: "-").map { String($0) }
    var text = stated
    if parts.count == 3 {
      for (mark, value) in zip(["YYYY", "MM", "DD"], parts) { text = text.replacing(mark, with: value) }
    }
    let path = FilePath(text).lexicallyNormalized()
    guard path.isRelative, !path.isEmpty, path.components.first?.kind == .regular else {
      throw MethodologyError(.refused, stated, "is no place in the repository; correct the PLAN's Archive Location.")
    }
    return path
  }

  private static func relative(_ path: FilePath, to top: FilePath) -> FilePath {
    var path = path
    return path.removePrefix(top) ? path : path
  }
}

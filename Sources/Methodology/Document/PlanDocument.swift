package import Planning

/// What a PLAN document (`PLAN_<NAME>.md`) says: its sections and achievements, read through a Markdown parser.
///
/// Only what the document states is here; what may be guessed from it is `Discovery`'s to say. Text in code blocks, block quotes and
/// comments states nothing.
package struct PlanDocument: Sendable {
  /// A heading of the second level.
  package struct Section: Sendable, Equatable {
    /// The heading's text, without markup, with its emoji.
    package let title: String
    /// From 1.
    package let line: Int
  }

  /// A labelled line before the first section: `**Status**: Active`.
  package struct HeaderField: Sendable, Equatable {
    /// The label as it stands there.
    package let label: String
    /// What follows it, without markup.
    package let value: String
    /// From 1.
    package let line: Int
  }

  /// A total that the document claims.
  package struct Total: Sendable, Equatable {
    /// What is counted.
    package enum Subject: Sendable, Equatable {
      /// The hours of all achievements.
      case hours
      /// The hours of one priority's achievements.
      case hoursOfPriority(Int)
      /// How many achievements there are.
      case count
    }

    /// What is counted.
    package let subject: Subject
    /// Hours, or a number of achievements.
    package let claimed: HourRange
    /// From 1.
    package let line: Int
  }

  /// An entry of a list of achievements that doesn't describe them.
  package struct IndexEntry: Sendable, Equatable {
    /// Which achievement is listed.
    package let id: AchievementID
    /// Its title there; may be empty.
    package let title: String
    /// From 1.
    package let line: Int
  }

  /// The last component of the file's path.
  package let fileName: String
  /// The first heading, without a leading `PLAN:`; empty when there is none.
  package let title: String
  /// The labelled lines at the top.
  package let header: [HeaderField]
  /// All headings of the second level.
  package let sections: [Section]
  /// The achievements in the order of the document; each id once.
  package let achievements: [DescribedAchievement]
  /// The entries of the Achievement Index; empty when there is none.
  package let index: [IndexEntry]
  /// What the document says of its own sums.
  package let totals: [Total]
  /// What the plan is to reach, as Markdown; empty when there is no such section.
  package let goal: String
  /// Where the PLAN wants to be archived, a path as written; nil when it doesn't say.
  package let archiveLocation: String?
  /// What is wrong with the document itself: ids twice, ids that can't be told apart, no achievements.
  package let findings: [Diagnostic]
  /// The JSON blocks that speak of achievements.
  let blocks: [JSONBlock]

  /// The plan's name by the file's name, `PLAN_<NAME>.md`; nil when that has another form.
  package var name: String? {
    if case .plan(let name) = FileName(fileName) { name } else { nil }
  }

  /// The description of this achievement; nil when there is none.
  package subscript(id: AchievementID) -> DescribedAchievement? { achievements.first { $0.id == id } }
}

/// An achievement as a PLAN document describes it.
package struct DescribedAchievement: Sendable {
  /// Something that is listed: a deliverable, a criterion.
  package struct Item: Sendable, Equatable {
    /// Its text as Markdown, without the list's mark.
    package let text: String
    /// From 1.
    package let line: Int
    /// How deep it is nested below the list's own items: 0 for these.
    package let depth: Int
    /// The paths that it names, with their folder.
    package let paths: [PathMention]
  }

  /// Its id.
  package let id: AchievementID
  /// Its title without markup, marks and estimate; may be empty.
  package let title: String
  /// Where it begins, a line from 1.
  package let line: Int
  /// The `Priority N` heading above it; nil without one.
  package let priority: Int?
  /// What is expected, in hours; nil when not stated or not readable.
  package let estimate: HourRange?
  /// The words for the estimate; nil when there are none.
  package let estimateText: String?
  /// What it is about: goal, purpose and the like.
  package let summary: [Item]
  /// How it is to be done.
  package let approach: [Item]
  /// When it is done.
  package let success: [Item]
  /// What it hands over.
  package let deliverables: [Item]
  /// What its "Files" lines name.
  package let files: [Item]
  /// What its tests must show.
  package let testing: [Item]
  /// What it depends on; nil when no line says.
  package let dependencies: DependencyLine?
  /// What depends on it; nil when no line says.
  package let blocks: DependencyLine?
  /// Its whole description as the document has it, without its heading.
  package let source: String

  /// Whether anything is said about it beyond its title.
  var hasBody: Bool { !source.isEmpty }
}

/// A line that names other achievements: `Dependencies: 1.1, 1.2`.
package struct DependencyLine: Sendable, Equatable {
  /// The achievements that it names.
  package let ids: [AchievementID]
  /// The priorities that it names as a whole.
  package let priorities: [Int]
  /// Whether it says that there are none.
  package let saysNone: Bool
  /// Whether it says nothing but these names: otherwise they may be meant in another way.
  package let isClear: Bool
  /// The text behind the label, without markup.
  package let text: String
  /// From 1.
  package let line: Int
}

/// A path in a document.
package struct PathMention: Sendable, Hashable {
  /// Relative to the repository's top as far as the document goes; without a trailing slash.
  package let path: String
  /// Whether a folder is meant.
  package let isFolder: Bool
  /// Whether only a file's name is given and not its folder.
  package let isBare: Bool

  /// What may be touched: the path, or all below the folder.
  package var pattern: String { isFolder ? "\(path)/**" : path }
}

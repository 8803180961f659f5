import Planning

/// What a document says of one achievement, from its description and from JSON beside it.
struct DraftSource {
  let id: AchievementID
  let title: String
  let estimate: HourRange?
  let files: [String]
  let deliverables: [String]
  /// What the description says of what comes first; nil when it says nothing.
  let dependencies: Stated?
  /// What it says that comes after it.
  let blocks: Stated?
  /// What is named as coming first without being called a dependency, with the words for that.
  let hints: [(id: AchievementID, reason: String)]
  /// The origin of all that is not a dependency.
  let fields: [DraftField]

  /// Ids that a line names.
  struct Stated {
    let ids: [AchievementID]
    let line: Int
  }
}

/// Puts together what a document's descriptions and its JSON say.
///
/// JSON only adds to what is described: an example in a code block invents no achievement. Only a document that describes none is
/// taken at its JSON.
struct DraftSources {
  private(set) var items: [DraftSource] = []
  private(set) var findings: [Diagnostic] = []

  private typealias Mention = (entry: JSONBlock.Entry, line: Int)

  init(_ document: PlanDocument) {
    let described = document.achievements
    let blocks = described.isEmpty ? document.blocks.filter(\.isPlan).prefix(1).map { $0 } : usable(document)
    var entries: [AchievementID: [Mention]] = [:]
    for block in blocks.filter({ !$0.isPlan }) + blocks.filter(\.isPlan) {
      for entry in block.entries { entries[entry.id, default: []].append((entry, block.line)) }
    }
    if described.isEmpty {
      for entry in blocks.first?.entries ?? [] { add(nil, entries[entry.id] ?? [], entry.id, document) }
    }
    for achievement in described { add(achievement, entries[achievement.id] ?? [], achievement.id, document) }
  }

  /// The blocks that speak of what the document describes; another is taken for an example.
  private mutating func usable(_ document: PlanDocument) -> [JSONBlock] {
    let titles = Dictionary(document.achievements.map { ($0.id, $0.title) }) { first, _ in first }
    return document.blocks.filter { block in
      let isSame = block.entries.allSatisfy { entry in
        titles[entry.id].map { entry.title == nil || entry.title == $0 } ?? false
      }
      if !isSame {
        let words = "the JSON names other achievements or titles than the document: it is taken for an example"
        findings.append(
          Diagnostic(.warning, "json-ignored", words, at: SourcePlace(line: block.line, column: 1))
        )
      }
      return isSame
    }
  }

  /// Whether the format has room for the id and it is not taken; says so when there is none.
  private mutating func isUsable(_ id: AchievementID, _ line: Int) -> Bool {
    guard id.numbers.count == 2 else {
      findings.append(
        Diagnostic(
          .warning,
          "id-form",
          "\(id) is left out: an achievement's id has two numbers",
          at: SourcePlace(line: line, column: 1),
          hint: "Renumber it, or make it a part (sub_executions) of another."
        )
      )
      return false
    }
    return !items.contains { $0.id == id }
  }

  private mutating func add(
    _ described: DescribedAchievement?,
    _ mentions: [Mention],
    _ id: AchievementID,
    _ document: PlanDocument
  ) {
    let line = described?.line ?? mentions.first?.line ?? 1
    guard isUsable(id, line) else { return }
    var fields: [DraftField] = []
    func note(_ name: DraftField.Name, _ value: String, _ provenance: Provenance) {
      fields.append(DraftField(owner: id, name: name, value: value, provenance: provenance))
    }
    let title = described?.title ?? mentions.lazy.compactMap(\.entry.title).first ?? ""
    note(.title, title, title.isEmpty ? .unknown : .stated(line: line))
    note(.priority, "\(id.numbers[0])", .stated(line: line))
    let estimate =
      described?.estimate.map { ($0, line) }
      ?? mentions.lazy.compactMap { mention in mention.entry.estimate.map { ($0, mention.line) } }.first
    let hours = estimate.map { EstimateText.words($0.0) } ?? ""
    note(.estimatedHours, hours, estimate.map { .stated(line: $0.1) } ?? .unknown)
    let footprint = Footprint(described, mentions.map { ($0.entry, $0.line) })
    fields += footprint.fields(of: id)
    items.append(
      DraftSource(
        id: id,
        title: title,
        estimate: estimate?.0,
        files: footprint.files,
        deliverables: footprint.deliverables,
        dependencies: dependencies(described, mentions, document),
        blocks: described?.blocks.map { .init(ids: $0.targets(in: document, of: id), line: $0.line) },
        hints: hints(described, mentions, document),
        fields: fields
      )
    )
  }

  /// The line of the description, else the first JSON that has such a field.
  private func dependencies(
    _ described: DescribedAchievement?,
    _ mentions: [Mention],
    _ document: PlanDocument
  ) -> DraftSource.Stated? {
    if let line = described?.dependencies, let own = described?.id, line.isClear {
      return .init(ids: line.targets(in: document, of: own), line: line.line)
    }
    return mentions.lazy.compactMap { mention in
      mention.entry.dependencies.map { DraftSource.Stated(ids: $0, line: mention.line) }
    }.first
  }

  /// What else is named: by an unclear line, and by JSON beyond the first.
  private func hints(
    _ described: DescribedAchievement?,
    _ mentions: [Mention],
    _ document: PlanDocument
  ) -> [(id: AchievementID, reason: String)] {
    var hints: [(id: AchievementID, reason: String)] = []
    if let line = described?.dependencies, let own = described?.id, !line.isClear {
      hints += line.targets(in: document, of: own).map { ($0, "named in line \(line.line)") }
    }
    for mention in mentions {
      hints += mention.entry.hints.map { ($0.id, "`\($0.field)` in the JSON of line \(mention.line)") }
      hints += (mention.entry.dependencies ?? []).map { ($0, "`dependencies` in the JSON of line \(mention.line)") }
    }
    return hints
  }
}

/// What an achievement touches and hands over, by its "Files" lines, its deliverables and JSON.
struct Footprint {
  private var statedFiles: [(pattern: String, line: Int)] = []
  private var guessedFiles: [String] = []
  private var statedDeliverables: [(path: String, line: Int)] = []

  /// Words of a deliverable that is about taking something away: its path need not exist afterwards.
  private static let removals: Set<String> = [
    "remove", "removed", "delete", "deleted", "rename", "renamed", "move", "moved", "migrate", "migrated", "deprecate",
    "deprecated", "replace", "replaced",
  ]

  init(_ described: DescribedAchievement?, _ mentions: [(entry: JSONBlock.Entry, line: Int)]) {
    for item in described?.files ?? [] {
      for path in item.paths { statedFiles.append((path.pattern, item.line)) }
    }
    for (entry, line) in mentions {
      statedFiles += entry.files.map { ($0.pattern, line) }
      statedDeliverables += entry.deliverables.filter { !$0.isFolder }.map { ($0.path, line) }
    }
    for item in described?.deliverables ?? [] {
      for path in item.paths where !path.isBare {
        guessedFiles.append(path.pattern)
        if !path.isFolder, Footprint.removals.isDisjoint(with: item.text.words) {
          statedDeliverables.append((path.path, item.line))
        }
      }
    }
    let known = Set(statedFiles.map(\.pattern))
    guessedFiles.removeAll { known.contains($0) }
  }

  var files: [String] { Footprint.unique(statedFiles.map(\.pattern) + guessedFiles) }

  /// Without patterns: what must exist has a name.
  var deliverables: [String] { Footprint.unique(statedDeliverables.map(\.path).filter { !$0.contains("*") }) }

  func fields(of id: AchievementID) -> [DraftField] {
    func field(_ name: DraftField.Name, _ values: [String], _ provenance: Provenance) -> DraftField {
      let value = Footprint.unique(values).joined(separator: ", ")
      return DraftField(owner: id, name: name, value: value, provenance: provenance)
    }
    var fields: [DraftField] = []
    if let first = statedFiles.first {
      fields.append(field(.files, statedFiles.map(\.pattern), .stated(line: first.line)))
    }
    if !guessedFiles.isEmpty { fields.append(field(.files, guessedFiles, .guessed("from its deliverables"))) }
    if fields.isEmpty { fields.append(field(.files, [], .unknown)) }
    let origin = deliverables.isEmpty ? nil : statedDeliverables.first
    fields.append(field(.deliverables, deliverables, origin.map { .stated(line: $0.line) } ?? .unknown))
    return fields
  }

  private static func unique(_ values: [String]) -> [String] {
    var seen: Set<String> = []
    return values.filter { seen.insert($0).inserted }
  }
}

import Planning

/// Where each line of a document stands: in which section, under which priority.
struct DocumentMap {
  struct Section {
    let title: String
    let line: Int
    /// What lists of achievements in it are.
    let role: Role
  }

  enum Role {
    /// Achievements are described here.
    case definitions
    /// They are listed, tracked, summed up.
    case mentions
    /// Neither by its name.
    case unknown
  }

  private(set) var sections: [Section] = []
  /// Of each line, the number of its section; -1 before the first.
  private(set) var owners: [Int] = []
  /// Of each line, the number of the `Priority N` heading above it.
  private(set) var priorities: [Int?] = []

  init(_ lines: [MarkdownDocument.Line]) {
    var priority: Int?
    for line in lines {
      if let level = line.level, AchievementMention(line) == nil {
        if level <= 3 { priority = DocumentMap.priority(of: line.text) }
        if level == 2 {
          sections.append(Section(title: line.text, line: line.number, role: DocumentMap.role(of: line.text)))
        }
      }
      owners.append(sections.count - 1)
      priorities.append(priority)
    }
  }

  func section(of index: Int) -> Section? { owners[index] >= 0 ? sections[owners[index]] : nil }

  private static func role(of title: String) -> Role {
    let title = title.lowercased()
    let lists = [
      "index", "tracking", "status", "handoff", "log", "progress", "estimate", "roadmap", "timeline", "summary",
      "numbering",
      "convention", "opportunit", "next step", "components", "strategy", "criteria", "outcome", "insight", "review",
      "learning", "recommend", "quick start", "integration", "changes",
    ]
    if title.contains("desirable achievement") { return .definitions }
    if lists.contains(where: title.contains) { return .mentions }
    return title.contains("achievement") ? .definitions : .unknown
  }

  /// The number of `Priority 2: …`; nil for another heading, and for one like `Priority 3.5`.
  static func priority(of heading: String) -> Int? {
    var text = heading[...]
    text.dropMarks()
    let words = text.words
    guard words.count > 1, words[0] == "priority" else { return nil }
    return Int(words[1].hasSuffix(".") ? String(words[1].dropLast()) : words[1])
  }
}

/// Tells the lines that describe an achievement from those that only name one.
///
/// Descriptions stand in the sections that are called after achievements (and aren't an index or a log). A document without
/// such a section is searched for the one that names most. Of an id that is described twice the first counts.
struct MentionChoice {
  struct Definition {
    let mention: AchievementMention
    /// The number of its line.
    let index: Int
    /// The numbers of the lines that belong to it.
    let body: Range<Int>
  }

  private struct Candidate {
    let mention: AchievementMention
    let index: Int
    let depth: Int
  }

  private(set) var definitions: [Definition] = []
  private(set) var index: [PlanDocument.IndexEntry] = []
  private(set) var findings: [Diagnostic] = []

  init(_ lines: [MarkdownDocument.Line], _ map: DocumentMap) {
    let all = lines.indices.compactMap { index in
      AchievementMention(lines[index]).map { mention in
        // Without a blank line before it, a line right behind a list counts as part of its last item.
        Candidate(mention: mention, index: index, depth: lines[index].isContinuation ? 0 : lines[index].depth)
      }
    }
    index = all.filter { map.section(of: $0.index)?.title.lowercased().contains("index") == true }
      .map { .init(id: $0.mention.id, title: $0.mention.title, line: lines[$0.index].number) }
    var chosen = all.filter { map.section(of: $0.index)?.role == .definitions || MentionChoice.isTop($0, lines) }
    if chosen.isEmpty { chosen = MentionChoice.fullest(all, map) }
    let listed = chosen
    chosen = MentionChoice.prominent(chosen, lines)
    for (position, candidate) in chosen.enumerated() {
      let next = position + 1 < chosen.count ? chosen[position + 1].index : lines.count
      let end = MentionChoice.end(of: candidate, before: next, lines)
      definitions.append(
        Definition(mention: candidate.mention, index: candidate.index, body: candidate.index + 1..<end)
      )
    }
    removeRepetitions(lines)
    warnOfLosses(listed, lines)
    if definitions.isEmpty {
      findings.append(
        Diagnostic(
          .error,
          "no-achievements",
          "the document describes no achievement",
          at: SourcePlace(line: 1, column: 1),
          hint: "A description begins like this: **Achievement 1.1**: Title"
        )
      )
    }
  }

  /// An achievement may be a section of its own.
  private static func isTop(_ candidate: Candidate, _ lines: [MarkdownDocument.Line]) -> Bool {
    candidate.mention.form == .heading && (lines[candidate.index].level ?? 9) <= 2
  }

  /// The candidates of the section that names most achievements; of a mere index only when there is nothing else.
  private static func fullest(_ all: [Candidate], _ map: DocumentMap) -> [Candidate] {
    for role in [DocumentMap.Role.unknown, .mentions] {
      let sections = Dictionary(grouping: all.filter { (map.section(of: $0.index)?.role ?? .unknown) == role }) {
        map.owners[$0.index]
      }
      let counts = sections.mapValues { Set($0.map(\.mention.id)).count }
      if let best = counts.max(by: { ($0.value, $1.key) < ($1.value, $0.key) })?.key { return sections[best] ?? [] }
    }
    return []
  }

  /// Without those that stand out less than the rest: what a list inside of a description names is described elsewhere.
  private static func prominent(_ candidates: [Candidate], _ lines: [MarkdownDocument.Line]) -> [Candidate] {
    guard candidates.contains(where: { $0.mention.form > .item }) else { return candidates }
    var kept: [Candidate] = []
    for candidate in candidates where candidate.mention.form > .item {
      if let last = kept.last, candidate.depth > last.depth,
        end(of: last, before: candidate.index, lines) == candidate.index
      {
        continue
      }
      kept.append(candidate)
    }
    return kept
  }

  /// Where a description ends: at the next one, or at a heading that isn't part of it.
  private static func end(of candidate: Candidate, before next: Int, _ lines: [MarkdownDocument.Line]) -> Int {
    // Without a heading of its own, one of the third level or above is outside.
    let own = lines[candidate.index].level ?? 3
    let rest = candidate.index + 1..<max(next, candidate.index + 1)
    return rest.first { isOutside(lines[$0], of: own) } ?? next
  }

  /// Not inlined: in that form it brings down the optimizer of Swift 6.3.1.
  @inline(never)
  private static func isOutside(_ line: MarkdownDocument.Line, of own: Int) -> Bool {
    guard let level = line.level else { return false }
    return level <= own || DocumentMap.priority(of: line.text) != nil
  }

  /// Says which ids are left out since their lines stand out less than the rest, and are described nowhere else.
  private mutating func warnOfLosses(_ listed: [Candidate], _ lines: [MarkdownDocument.Line]) {
    var known = Set(definitions.map(\.mention.id))
    for candidate in listed where known.insert(candidate.mention.id).inserted {
      let id = candidate.mention.id
      findings.append(
        Diagnostic(
          .warning,
          "unmarked-achievement",
          "\(id) is only named in a list while others have headings or bold lines; it is not taken",
          at: SourcePlace(line: lines[candidate.index].number, column: 1),
          hint:
            "If it is an achievement of this plan, begin its description as the others do: **Achievement \(id)**: Title"
        )
      )
    }
  }

  /// Keeps one description of each id: the first that says anything.
  private mutating func removeRepetitions(_ lines: [MarkdownDocument.Line]) {
    var kept: [AchievementID: Int] = [:]
    var result: [Definition] = []
    for definition in definitions {
      guard let position = kept[definition.mention.id] else {
        kept[definition.mention.id] = result.count
        result.append(definition)
        continue
      }
      let first = result[position]
      if first.body.isEmpty, !definition.body.isEmpty {
        result[position] = definition
      } else if !definition.body.isEmpty || first.mention.title != definition.mention.title {
        let (id, line) = (definition.mention.id, lines[definition.index].number)
        findings.append(
          Diagnostic(
            .error,
            "duplicate-achievement",
            "\(id) is described twice, first in line \(lines[first.index].number); only the first is taken",
            at: SourcePlace(line: line, column: 1),
            hint: "Give one of the two another id."
          )
        )
      }
    }
    definitions = result
  }
}

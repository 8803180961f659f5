import Planning

/// What comes before what: stated by the document, and guessed where it says nothing.
///
/// No guess closes a cycle, and none repeats what follows from the rest.
struct DependencyDraft {
  private struct Guess {
    let id: AchievementID
    let reason: String
  }

  private let items: [DraftSource]
  private let known: Set<AchievementID>
  /// Stated, by achievement; the line of each.
  private var stated: [AchievementID: [AchievementID]] = [:]
  private var guesses: [AchievementID: [Guess]] = [:]
  /// Stated and guessed together, to follow what depends on what.
  private var edges: [AchievementID: [AchievementID]] = [:]
  /// The same, to ask what reaches what.
  private var closure: DependencyClosure
  private(set) var findings: [Diagnostic] = []

  /// So many achievements of one priority are still guessed to come after all of the priority before.
  private static let widestPriority = 100

  init(_ items: [DraftSource]) {
    self.items = items
    known = Set(items.map(\.id))
    closure = DependencyClosure(items.map(\.id))
    for item in items {
      guard let line = item.dependencies else { continue }
      stated[item.id] = line.ids.filter { $0 != item.id && known.contains($0) }
      for id in line.ids where !known.contains(id) {
        add("missing-dependency", "\(item.id) depends on \(id), which the document doesn't describe", line.line)
      }
    }
    edges = stated
    for (id, others) in stated { for other in others { closure.add(id, on: other) } }
    adoptBlocks()
    reportCycles()
  }

  /// `1.1 blocks 1.2` says that 1.2 depends on 1.1; where 1.2 says otherwise, its own line counts.
  private mutating func adoptBlocks() {
    for item in items {
      guard let line = item.blocks else { continue }
      for id in line.ids where known.contains(id) && !reaches(id, item.id) {
        if items.first(where: { $0.id == id })?.dependencies == nil, !reaches(item.id, id) {
          stated[id, default: []].append(item.id)
          edges[id, default: []].append(item.id)
          closure.add(id, on: item.id)
        } else {
          add("blocks-mismatch", "\(item.id) is said to block \(id), which doesn't depend on it", line.line)
        }
      }
    }
  }

  private mutating func reportCycles() {
    var reported: Set<AchievementID> = []
    for item in items where !reported.contains(item.id) && reaches(item.id, item.id) {
      guard let path = path(from: item.id, to: item.id) else { continue }
      reported.formUnion(path)
      let chain = (path + [item.id]).map(\.text).joined(separator: " -> ")
      let line = item.dependencies?.line ?? 1
      findings.append(
        Diagnostic(
          .error,
          "cycle",
          "the document's dependencies make a cycle: \(chain)",
          at: SourcePlace(line: line, column: 1),
          hint: "None of these could start: one of the lines is wrong."
        )
      )
    }
  }

  private mutating func add(_ code: String, _ message: String, _ line: Int) {
    findings.append(Diagnostic(.warning, code, message, at: SourcePlace(line: line, column: 1)))
  }

  /// Adds the guesses: what JSON hints at, what shares a file, and the order of the priorities.
  mutating func guess() {
    for item in items {
      for hint in item.hints where known.contains(hint.id) { guess(item.id, after: hint.id, hint.reason) }
    }
    var owners: [String: AchievementID] = [:]
    for item in items {
      for file in item.files {
        if let owner = owners[file], owner != item.id { guess(item.id, after: owner, "shares file \(file)") }
        owners[file] = item.id
      }
    }
    let priorities = Dictionary(grouping: items.map(\.id)) { $0.numbers[0] }
    let order = priorities.keys.sorted()
    for item in items where stated[item.id] == nil {
      guard let before = order.last(where: { $0 < item.id.numbers[0] }), let earlier = priorities[before],
        earlier.count <= DependencyDraft.widestPriority
      else { continue }
      for id in earlier { guess(item.id, after: id, "after priority \(before)") }
    }
  }

  private mutating func guess(_ id: AchievementID, after other: AchievementID, _ reason: String) {
    guard id != other, !reaches(id, other), !reaches(other, id) else { return }
    guesses[id, default: []].append(Guess(id: other, reason: reason))
    edges[id, default: []].append(other)
    closure.add(id, on: other)
  }

  /// Whether `id` depends on `other`, directly or through others.
  private func reaches(_ id: AchievementID, _ other: AchievementID) -> Bool { closure.reaches(id, other) }

  /// The achievements from `start` to before `end` along dependencies, by fewest steps.
  private func path(from start: AchievementID, to end: AchievementID) -> [AchievementID]? {
    var cameFrom: [AchievementID: AchievementID] = [:]
    var queue = [start]
    var head = 0
    while head < queue.count {
      let id = queue[head]
      head += 1
      for next in edges[id] ?? [] {
        if next == end {
          var path = [id]
          while let last = path.last, last != start, let before = cameFrom[last] { path.append(before) }
          return path.reversed()
        }
        if next != start, cameFrom.updateValue(cameFrom[next] ?? id, forKey: next) == nil { queue.append(next) }
      }
    }
    return nil
  }
}

extension DependencyDraft {
  /// What must come first; guesses count only when they were accepted and nothing is stated.
  func dependencies(of id: AchievementID, acceptsGuesses: Bool) -> [AchievementID] {
    if let stated = stated[id] { return stated }
    return acceptsGuesses ? (guesses[id] ?? []).map(\.id) : []
  }

  /// The guesses that aren't dependencies.
  func softDependencies(of id: AchievementID, acceptsGuesses: Bool) -> [AchievementID] {
    acceptsGuesses && stated[id] == nil ? [] : (guesses[id] ?? []).map(\.id)
  }

  /// The origin of both.
  func fields(of id: AchievementID, acceptsGuesses: Bool) -> [DraftField] {
    var fields: [DraftField] = []
    func add(_ name: DraftField.Name, _ ids: [AchievementID], _ provenance: Provenance) {
      let value = ids.map(\.text).joined(separator: ", ")
      fields.append(DraftField(owner: id, name: name, value: value, provenance: provenance))
    }
    let line =
      items.first { $0.id == id }?.dependencies?.line
      ?? items.first { $0.blocks?.ids.contains(id) == true }?.blocks?.line
    let isAccepted = acceptsGuesses && stated[id] == nil
    if let stated = stated[id] {
      add(.dependencies, stated, .stated(line: line ?? 1))
    } else if !isAccepted || guesses[id] == nil {
      add(.dependencies, [], .unknown)
    }
    var reasons: [String] = []
    for guess in guesses[id] ?? [] where !reasons.contains(guess.reason) { reasons.append(guess.reason) }
    for reason in reasons {
      let ids = (guesses[id] ?? []).filter { $0.reason == reason }.map(\.id)
      add(isAccepted ? .dependencies : .softDependencies, ids, .guessed(reason))
    }
    return fields
  }
}

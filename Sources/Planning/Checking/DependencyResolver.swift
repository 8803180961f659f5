/// Turns the ids in the items' lists into edges between numbered nodes.
struct DependencyResolver {
  /// The edges of all nodes, end to end, each with the node of the file that says so.
  struct Edges {
    var starts: [Int32] = [0]
    var targets: [Int32] = []
    var origins: [UInt32] = []

    func row(_ node: Int) -> Range<Int> { Int(starts[node])..<Int(starts[node + 1]) }

    mutating func append(_ target: Int32, from origin: UInt32) {
      targets.append(target)
      origins.append(origin)
    }

    mutating func endRow() { starts.append(Int32(targets.count)) }
  }

  /// More edges than this come only from sub-executions that each inherit a huge list.
  static let mostEdges = 50_000_000

  private(set) var draft: PlanDraft
  /// The external dependencies: 1 when satisfied, else 0.
  private var externals = IdentifierTable()
  /// For each node the last one that listed it: finds a double in a list without a set.
  private var lastListedBy: [Int32]
  private var hintsLeft = 20

  /// Resolves the dependencies of `draft`, which gets the findings.
  static func resolve(_ draft: inout PlanDraft) -> Edges? {
    var resolver = DependencyResolver(draft: draft)
    let edges = resolver.resolve()
    draft = resolver.draft
    return edges
  }

  private init(draft: PlanDraft) {
    self.draft = draft
    lastListedBy = [Int32](repeating: -1, count: draft.achievements.count)
  }

  private mutating func resolve() -> Edges? {
    readExternals()
    var edges = Edges()
    edges.starts.reserveCapacity(draft.items.count + 1)
    edges.targets.reserveCapacity(draft.items.count * 4)
    edges.origins.reserveCapacity(draft.items.count * 4)
    for node in draft.items.indices {
      resolveList(of: node, into: &edges)
      edges.endRow()
    }
    for node in draft.items.indices where draft.items[node].lists.softDependencies != 0 {
      checkSoftDependencies(of: node)
    }
    return draft.items.contains { $0.owner >= 0 } ? expanded(edges) : edges
  }

  private mutating func resolveList(of node: Int, into edges: inout Edges) {
    let list = draft.items[node].lists.dependencies
    guard list != 0 else { return }
    for entry in draft.text.document.children(of: list) {
      guard let target = target(of: entry, in: ItemField.dependencies.name, of: node, allowsExternal: true) else {
        continue
      }
      guard lastListedBy[target] != Int32(node) else {
        let id = draft.items[target].id
        draft.text.warning(
          "duplicate-dependency",
          "\(draft.items[node].id) lists its dependency \(id) twice",
          at: entry
        )
        continue
      }
      lastListedBy[target] = Int32(node)
      edges.append(Int32(target), from: UInt32(entry))
    }
  }

  private mutating func checkSoftDependencies(of node: Int) {
    for entry in draft.text.document.children(of: draft.items[node].lists.softDependencies) {
      _ = target(of: entry, in: ItemField.softDependencies.name, of: node, allowsExternal: true)
    }
  }

  /// The node that a list's entry names; nil, with a finding, when it names none.
  private mutating func target(of entry: Int, in field: String, of node: Int, allowsExternal: Bool) -> Int? {
    let document = draft.text.document
    guard document.kind(of: entry) == .string else {
      let owner = draft.items[node].id
      let hint = document.kind(of: entry) == .number ? "Write the id in quotes." : nil
      draft.text.error(
        "bad-type",
        "`\(field)` of \(owner) must hold ids, not \(draft.text.excerpt(entry))",
        at: entry,
        hint: hint
      )
      return nil
    }
    let key = document.withTextBytes(of: entry) { IdentifierKey($0) }
    if let key, let target = draft.ids[key] { return unlessVariant(target, entry, field, of: node) }
    guard key == nil, let id = draft.foreignID(entry) else {
      reportUnknown(entry, key, field, of: node)
      return nil
    }
    guard id.plan.map(String.init) == draft.name else {
      draft.note(id, in: field, of: node, at: entry)
      return nil
    }
    if let target = draft.ids.index(of: id.plain) { return unlessVariant(target, entry, field, of: node) }
    reportUnknown(entry, IdentifierKey(ArraySlice(id.plain.text.utf8)), field, of: node)
    return nil
  }

  /// Says it of a variant, and then gives nil.
  private mutating func unlessVariant(_ target: Int, _ entry: Int, _ field: String, of node: Int) -> Int? {
    guard draft.items[target].isVariant else { return target }
    draft.reportVariant(target, at: entry, named: "`\(field)` of \(draft.items[node].id)")
    return nil
  }

  private mutating func reportUnknown(_ entry: Int, _ key: IdentifierKey?, _ field: String, of node: Int) {
    let owner = draft.items[node].id
    let found = draft.text.excerpt(entry)
    guard let key else {
      let hint =
        draft.text.document.text(of: entry).contains(":")
        ? "An id of another plan is like NAME:2.1; its name has only ASCII letters, digits, `-`, `_` and `.`." : nil
      return draft.text.error("bad-id", "`\(field)` of \(owner) holds \(found), which is no id", at: entry, hint: hint)
    }
    let name = draft.text.document.text(of: entry)
    switch externals[key] {
    case 1?: return
    case .some:
      draft.text.error(
        "unsatisfied-external",
        "\(owner) depends on \(name), an external dependency that is not satisfied",
        at: entry,
        hint: "Set \"satisfied\": true in `external_dependencies` once it is."
      )
    case nil:
      let verb = field == ItemField.dependencies.name ? "depends on" : "lists in `\(field)`"
      draft.text.error(
        "missing-dependency",
        "\(owner) \(verb) \(name), which the file does not have",
        at: entry,
        hint: nearestHint(to: name)
      )
    }
  }

  /// Scanning all ids costs; the first unknown ones get a hint, in a file full of them no more.
  private mutating func nearestHint(to name: String) -> String? {
    guard hintsLeft > 0 else { return nil }
    hintsLeft -= 1
    return draft.nearestID(to: name).map { "Did you mean \($0)?" }
  }

  private mutating func readExternals() {
    guard let list = draft.text.present(draft.fields[.external]) else { return }
    let field = PlanField.external.name
    guard draft.text.has(.array, list, .init(field: field)) else { return }
    for entry in draft.text.document.children(of: list) {
      let isObject = draft.text.document.kind(of: entry) == .object
      let idNode = isObject ? draft.text.document.child(of: entry, named: "id") : entry
      guard let idNode else {
        draft.text.error("missing-field", "this item of `\(field)` has no `id`", at: entry)
        continue
      }
      guard draft.text.has(.string, idNode, .init(field: "an id", owner: "`\(field)`")) else { continue }
      guard let key = draft.text.document.withTextBytes(of: idNode, { IdentifierKey($0) }) else {
        draft.text.error("bad-id", "`\(field)` holds \(draft.text.excerpt(idNode)), which is no id", at: idNode)
        continue
      }
      _ = externals.enter(key, as: !isObject || isSatisfied(entry) ? 1 : 0)
    }
  }

  /// A named dependency with nothing said about it is not satisfied: only the word `true` is.
  private mutating func isSatisfied(_ entry: Int) -> Bool {
    guard let node = draft.text.document.child(of: entry, named: "satisfied") else { return false }
    return draft.text.flag(node, .init(field: "satisfied", owner: "`\(PlanField.external.name)`")) ?? false
  }

  /// Adds what follows from sub-executions and variants: each waits for all that its achievement waits for, and the
  /// achievement for all of them.
  private mutating func expanded(_ raw: Edges) -> Edges? {
    guard expandedCount(raw) <= DependencyResolver.mostEdges else {
      draft.text.error(
        "too-large",
        "the sub-executions inherit more than \(DependencyResolver.mostEdges) dependencies",
        at: 0
      )
      return nil
    }
    var edges = Edges()
    lastListedBy = [Int32](repeating: -1, count: draft.items.count)
    var parts: [Int] = []
    for node in draft.items.indices {
      for edge in raw.row(node) { add(raw.targets[edge], raw.origins[edge], to: node, &edges) }
      let owner = draft.items[node].owner
      if owner >= 0 {
        parts.append(node)
        for edge in raw.row(owner) where draft.items[Int(raw.targets[edge])].owner != owner {
          add(raw.targets[edge], raw.origins[edge], to: node, &edges)
        }
      } else {
        for part in parts { add(Int32(part), UInt32(draft.items[part].object), to: node, &edges) }
        parts = []
      }
      edges.endRow()
    }
    return edges
  }

  private mutating func add(_ target: Int32, _ origin: UInt32, to node: Int, _ edges: inout Edges) {
    guard lastListedBy[Int(target)] != Int32(node) else { return }
    lastListedBy[Int(target)] = Int32(node)
    edges.append(target, from: origin)
  }

  private func expandedCount(_ raw: Edges) -> Int {
    draft.items.reduce(raw.targets.count) { sum, item in
      item.owner >= 0 ? sum + raw.row(item.owner).count + 1 : sum
    }
  }
}

extension PlanDraft {
  /// The id that `name` is most likely a slip of: fewest slips, then the same priority, then the nearest number.
  func nearestID(to name: String) -> AchievementID? {
    let bytes = Array(name.utf8)
    let numbers = AchievementID(name)?.numbers ?? []
    var best: (id: AchievementID, rank: [Int])?
    for achievement in items where !achievement.isVariant && abs(achievement.id.text.utf8.count - bytes.count) <= 1 {
      let distance = EditDistance.between(bytes, Array(achievement.id.text.utf8))
      guard distance <= 1 else { continue }
      let gaps = zip(numbers, achievement.id.numbers).map { abs($0.subtractingReportingOverflow($1).partialValue) }
      let rank = [distance] + gaps
      if let known = best, !rank.lexicographicallyPrecedes(known.rank) { continue }
      best = (achievement.id, rank)
    }
    return best?.id
  }
}

// Holds what the file says about its order in other places (`blocks`, `parallelizable_with`,
// `cross_priority_dependencies`, groups and waves) against the graph. A contradiction is an error, since one of the two
// must be wrong; what is only left out is a warning, since the graph alone decides what runs when.
extension PlanDraft {
  /// An entry of a list that names an item.
  struct Mention {
    let item: Int
    let entry: Int
  }

  /// A list of an item that speaks about others.
  private struct Declaration {
    let item: Int
    let list: Int
    let mentions: [Mention]
  }

  mutating func checkDeclarations(against graph: DependencyGraph, order: [Int32]) {
    let blocks = declarations("blocks") { $0.blocks }
    let parallel = declarations("parallelizable_with") { $0.parallelizableWith }
    let cross = crossPriorityClaims()
    let pairs = (blocks + parallel).flatMap { list in list.mentions.map { (list.item, $0.item) } }
    if !pairs.isEmpty || !cross.isEmpty {
      let reachability = Reachability(graph: graph, order: order)
      let relations = reachability.relations(of: pairs + cross.map { ($0.from, $0.to) })
      var rest = relations[...]
      for list in blocks {
        checkBlocks(list, rest.prefix(list.mentions.count), graph)
        rest = rest.dropFirst(list.mentions.count)
      }
      let listed = Set(parallel.flatMap { list in list.mentions.map { pairKey(list.item, $0.item) } })
      for list in parallel {
        checkParallel(list, rest.prefix(list.mentions.count), listed)
        rest = rest.dropFirst(list.mentions.count)
      }
      checkCrossPriority(cross, Array(rest), graph)
    }
    checkGroups()
    checkWaves(graph, order: order)
  }

  /// The item that an entry names; nil, with an error, when it names none.
  mutating func item(named entry: Int, in place: String) -> Int? {
    guard text.has(.string, entry, .init(field: "an id", owner: place)) else { return nil }
    let key = text.document.withTextBytes(of: entry) { IdentifierKey($0) }
    if let key, let item = ids[key] {
      guard items[item].isVariant else { return item }
      reportVariant(item, at: entry, named: place)
      return nil
    }
    let found = text.excerpt(entry)
    let hint = nearestID(to: text.document.text(of: entry)).map { "Did you mean \($0)?" }
    text.error("missing-dependency", "\(place) names \(found), which the file does not have", at: entry, hint: hint)
    return nil
  }

  mutating func mentions(in list: Int, _ place: String) -> [Mention] {
    var mentions: [Mention] = []
    for entry in text.document.children(of: list) {
      if let item = item(named: entry, in: place) { mentions.append(Mention(item: item, entry: entry)) }
    }
    return mentions
  }

  private mutating func declarations(_ field: String, _ list: (ItemLists) -> Int) -> [Declaration] {
    var result: [Declaration] = []
    for item in items.indices where list(items[item].lists) != 0 {
      let node = list(items[item].lists)
      let mentions = mentions(in: node, "`\(field)` of \(items[item].id)")
      result.append(Declaration(item: item, list: node, mentions: mentions))
    }
    return result
  }

  private func pairKey(_ a: Int, _ b: Int) -> UInt64 { UInt64(a) << 32 | UInt64(b) }

  private func isPart(_ item: Int) -> Bool { items[item].owner >= 0 }

  /// A few ids of many, for a message.
  func names(_ items: some Collection<Int>) -> String {
    let first = items.prefix(8).map { self.items[$0].id.text }.joined(separator: ", ")
    return items.count > 8 ? first + " and \(items.count - 8) more" : first
  }

  private mutating func checkBlocks(
    _ list: Declaration,
    _ relations: ArraySlice<Reachability.Relation>,
    _ graph: DependencyGraph
  ) {
    let id = items[list.item].id
    let waiting = Set(graph.dependents(of: list.item).map { Int($0) }.filter { !isPart($0) })
    var named: Set<Int> = []
    var indirect: [Int] = []
    var unrelated: [Int] = []
    for (mention, relation) in zip(list.mentions, relations) where named.insert(mention.item).inserted {
      if relation == .dependsOn || mention.item == list.item {
        let other = items[mention.item].id
        let words = "`blocks` of \(id) names \(other), but \(id) itself depends on \(other)"
        text.error("contradiction", words, at: mention.entry)
      } else if relation == .unrelated {
        unrelated.append(mention.item)
      } else if !waiting.contains(mention.item), !isPart(mention.item) {
        indirect.append(mention.item)
      }
    }
    let left = waiting.subtracting(named).sorted()
    for (found, verb, rest) in [
      (indirect, "names", ": waiting for it only through others"), (unrelated, "names", ": not waiting for it at all"),
      (left, "leaves out", ""),
    ] where !found.isEmpty {
      let hint = rest.isEmpty ? nil : "Only `dependencies` decide what waits."
      text.warning("incomplete", "`blocks` of \(id) \(verb) \(names(found))\(rest)", at: list.list, hint: hint)
    }
  }

  private mutating func checkParallel(
    _ list: Declaration,
    _ relations: ArraySlice<Reachability.Relation>,
    _ listed: Set<UInt64>
  ) {
    let id = items[list.item].id
    var oneSided: [Int] = []
    for (mention, relation) in zip(list.mentions, relations) {
      let other = items[mention.item].id
      switch relation {
      case .dependsOn, .isNeededBy:
        let (later, earlier) = relation == .dependsOn ? (id, other) : (other, id)
        text.error(
          "contradiction",
          "\(id) is declared parallel with \(other), but \(later) depends on \(earlier)",
          at: mention.entry,
          hint: "Remove one of the two statements."
        )
      case .unrelated:
        let answers = items[mention.item].lists.parallelizableWith != 0
        if answers, !listed.contains(pairKey(mention.item, list.item)) { oneSided.append(mention.item) }
      }
    }
    guard !oneSided.isEmpty else { return }
    text.warning(
      "incomplete",
      "`parallelizable_with` of \(id) names \(names(oneSided)), which \(oneSided.count > 1 ? "do" : "does") not name \(id)",
      at: list.list
    )
  }
}

// `cross_priority_dependencies` and `priority_groups`.
extension PlanDraft {
  /// One entry of `cross_priority_dependencies`: `from` is said to depend on `to`.
  struct CrossPriorityClaim {
    let node: Int
    let from: Int
    let to: Int
  }

  private mutating func crossPriorityClaims() -> [CrossPriorityClaim] {
    let field = PlanField.crossPriority.name
    guard let list = text.present(fields[.crossPriority]), text.has(.array, list, .init(field: field)) else {
      return []
    }
    var claims: [CrossPriorityClaim] = []
    for node in text.document.children(of: list) {
      guard text.has(.object, node, .init(field: "an item", owner: "`\(field)`")) else { continue }
      var ends: [Int] = []
      for name in ["from_achievement", "to_achievement"] {
        guard let end = text.document.child(of: node, named: name) else {
          text.error("missing-field", "this item of `\(field)` has no `\(name)`", at: node)
          continue
        }
        if let item = item(named: end, in: "`\(field)`") { ends.append(item) }
      }
      if ends.count == 2 { claims.append(CrossPriorityClaim(node: node, from: ends[0], to: ends[1])) }
    }
    return claims
  }

  private mutating func checkCrossPriority(
    _ claims: [CrossPriorityClaim],
    _ relations: [Reachability.Relation],
    _ graph: DependencyGraph
  ) {
    let field = PlanField.crossPriority.name
    for (claim, relation) in zip(claims, relations) {
      let (from, to) = (items[claim.from].id, items[claim.to].id)
      switch relation {
      case .dependsOn: continue
      case .isNeededBy:
        text.error(
          "contradiction",
          "`\(field)` says that \(from) depends on \(to), but \(to) depends on \(from)",
          at: claim.node
        )
      case .unrelated where claim.from == claim.to:
        text.error("contradiction", "`\(field)` says that \(from) depends on itself", at: claim.node)
      case .unrelated:
        text.warning(
          "incomplete",
          "`\(field)` says that \(from) depends on \(to), but the `dependencies` of \(from) do not",
          at: claim.node,
          hint: "Only `dependencies` count: add \(to) there if it is needed."
        )
      }
    }
    guard !claims.isEmpty, let list = fields[.crossPriority] else { return }
    let listed = Set(claims.map { UInt64($0.from) << 32 | UInt64($0.to) })
    let missing = items.indices.filter { item in
      items[item].owner < 0
        && graph.dependencies(of: item).contains { dependency in
          items[Int(dependency)].priority != items[item].priority
            && !listed.contains(UInt64(item) << 32 | UInt64(dependency))
        }
    }
    guard !missing.isEmpty else { return }
    text.warning("incomplete", "`\(field)` leaves out dependencies of \(names(missing))", at: list)
  }

  private mutating func checkGroups() {
    let field = PlanField.priorityGroups.name
    guard let list = text.present(fields[.priorityGroups]), text.has(.array, list, .init(field: field)) else { return }
    for group in text.document.children(of: list) {
      guard text.has(.object, group, .init(field: "an item", owner: "`\(field)`")) else { continue }
      guard let members = text.document.child(of: group, named: "achievements"),
        text.has(.array, members, .init(field: "achievements", owner: "`\(field)`"))
      else { continue }
      let named = text.document.child(of: group, named: "priority")
      let priority = named.flatMap {
        text.integer($0, in: 0...1_000_000, .init(field: "priority", owner: "`\(field)`"))
      }
      for mention in mentions(in: members, "`\(field)`") {
        let item = items[mention.item]
        guard let priority, item.priority != priority else { continue }
        let message = "`\(field)` puts \(item.id) into priority \(priority), but it has priority \(item.priority)"
        if items[mention.item].hasOwnPriority {
          text.error("contradiction", message, at: mention.entry)
        } else {
          text.warning("incomplete", message, at: mention.entry, hint: "Give it a `priority` of its own.")
        }
      }
    }
  }
}

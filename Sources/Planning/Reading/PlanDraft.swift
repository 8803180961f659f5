/// The nodes of an item's lists of ids; 0 for none.
struct ItemLists {
  var dependencies = 0
  var softDependencies = 0
  var blocks = 0
  var parallelizableWith = 0
}

/// What the checks need of one node: they walk over all edges, and an `Achievement` is costly to copy.
struct DraftItem {
  let id: AchievementID
  let priority: Int
  let hasOwnPriority: Bool
  let status: FileStatus?
  /// The item's node in the file.
  let object: Int
  let lists: ItemLists
  let isVariant: Bool
  /// The achievement that a part or a variant belongs to; -1 for an achievement.
  var owner = -1
}

/// A plan on its way from the file's nodes to a checked graph.
///
/// First every item is read by itself, then dependencies are resolved, then the whole is checked: each step goes on
/// after an error, so that one pass tells all that is wrong.
struct PlanDraft {
  /// Forms of the format that are read but not canonical.
  enum Dialect: CaseIterable {
    case id, executionID, name, levels, missingLevel
  }

  var text: PlanText
  var fields = ObjectFields<PlanField>()
  var name = ""
  var level: ParallelizationLevel?
  var defaults = PlanDefaults()
  /// In plan order; the parts or variants of an achievement come before it.
  var achievements: [Achievement] = []
  /// One for each achievement, by the same number.
  var items: [DraftItem] = []
  var ids = IdentifierTable()
  /// What items wait for in other plans, by item.
  var foreign: [ForeignDependency] = []
  /// What `foreign` holds, to find a double in a long list.
  var knownForeign: Set<String> = []
  /// Where each dialect was first met.
  var dialects: [Dialect: Int] = [:]

  init(_ document: JSONDocument, findings: Findings) {
    text = PlanText(document, findings: findings)
  }

  /// Reads all that can be read item by item; false when the file is no plan at all.
  mutating func read() -> Bool {
    guard text.document.kind(of: 0) == .object else {
      let found = text.excerpt(0)
      text.error("bad-type", "a plan must be an object, not \(found)", at: 0, hint: "It starts with `{`.")
      return false
    }
    fields = text.fields(of: 0, PlanField.table)
    readName()
    readDefaults()
    let lists = itemLists()
    let count = lists.reduce(0) { sum, list in text.document.children(of: list).reduce(sum) { sum, _ in sum + 1 } }
    achievements.reserveCapacity(count)
    items.reserveCapacity(count)
    for list in lists {
      for item in text.document.children(of: list) { readItem(item) }
    }
    readLevel()
    reportDialects()
    if !lists.isEmpty, achievements.isEmpty, !text.findings.hasErrors {
      text.warning("no-achievements", "the plan has no achievements: there is nothing to run", at: lists[0])
    }
    return true
  }

  private mutating func readName() {
    guard let node = fields[.planName] else {
      return text.error("missing-field", "the plan has no `plan_name`", at: 0)
    }
    let subject = PlanText.Subject(field: PlanField.planName.name)
    guard let found = text.text(node, subject) else { return }
    name = found
    let isBlank = !found.unicodeScalars.contains { !$0.properties.isWhitespace }
    let hasControl = found.unicodeScalars.contains { $0.properties.generalCategory == .control }
    if isBlank {
      text.bad(node, subject, "must name the plan")
    } else if found.utf8.contains(where: { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") })
      || found == "." || found.contains("..")
    {
      text.bad(node, subject, "names files and so must not hold a path separator or `..`")
    } else if hasControl {
      text.bad(node, subject, "must not hold control characters")
    } else if found.utf8.count > 200 {
      text.bad(node, subject, "names files and so must not be longer than 200 bytes")
    }
  }

  private mutating func readLevel() {
    if let node = fields[.level] {
      level = text.choice(node, PlanText.Subject(field: PlanField.level.name))
      return
    }
    level = neededLevel
    guard !dialects.isEmpty else {
      let hint = "Add \"parallelization_level\": \"\(neededLevel.rawValue)\"."
      return text.error("missing-field", "the plan has no `parallelization_level`", at: 0, hint: hint)
    }
    dialects[.missingLevel] = 0
  }

  /// The narrowest level that holds all achievements.
  var neededLevel: ParallelizationLevel {
    let whole = items.lazy.filter { $0.owner < 0 }
    guard let first = whole.first else { return .withinAchievement }
    if whole.contains(where: { $0.priority != first.priority }) { return .acrossPriorities }
    return whole.dropFirst().isEmpty ? .withinAchievement : .withinPriority
  }

  /// The lists that hold achievements: one, or one for each of `levels`.
  private mutating func itemLists() -> [Int] {
    if let node = fields[.achievements] {
      return text.has(.array, node, PlanText.Subject(field: PlanField.achievements.name)) ? [node] : []
    }
    guard let levels = fields[.levels] else {
      text.error("missing-field", "the plan has no `achievements`", at: 0)
      return []
    }
    let subject = PlanText.Subject(field: PlanField.levels.name)
    guard text.has(.array, levels, subject) else { return [] }
    dialects[.levels] = levels
    return text.document.children(of: levels).compactMap { level in
      guard text.has(.object, level, PlanText.Subject(field: "an item", owner: "`levels`")) else { return nil }
      guard let list = text.document.child(of: level, named: "achievements") else {
        text.error("missing-field", "this item of `levels` has no `achievements`", at: level)
        return nil
      }
      return text.has(.array, list, PlanText.Subject(field: "achievements", owner: "`levels`")) ? list : nil
    }
  }

  private mutating func reportDialects() {
    for dialect in Dialect.allCases {
      guard let node = dialects[dialect] else { continue }
      let (message, hint) =
        switch dialect {
        case .id: ("achievements are named by `id`", "The canonical form is `achievement_id`")
        case .executionID: ("sub-executions are not named by `execution_id`", "The canonical form is `execution_id`")
        case .name: ("titles are called `name`", "The canonical form is `title`")
        case .levels: ("achievements are nested in `levels`", "The canonical form is one list `achievements`")
        case .missingLevel:
          ("the plan has no `parallelization_level`", "By its achievements it is `\(neededLevel.rawValue)`")
        }
      let rewrite = "\(hint); 'plait validate --fix' rewrites the file."
      let place = dialect == .missingLevel ? text.document.place(of: node) : text.document.keyPlace(of: node)
      text.findings.add(Diagnostic(.warning, "dialect", message, at: place, hint: rewrite))
    }
  }
}

extension JSONDocument {
  /// The value of an object's key; nil when it has none or the node is no object.
  func child(of node: Int, named name: String) -> Int? {
    guard kind(of: node) == .object else { return nil }
    return children(of: node).first { key(of: $0) == name }
  }
}

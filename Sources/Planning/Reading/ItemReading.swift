// Reads achievements and sub-executions, each by itself.
extension PlanDraft {
  private typealias Subject = PlanText.Subject

  /// Where an id may stand, the canonical place first.
  private static let achievementIDFields: [ItemField] = [.achievementID, .id]
  private static let partIDFields: [ItemField] = [.executionID, .achievementID, .id]

  /// Reads one achievement and, before it, its sub-executions.
  mutating func readItem(_ object: Int) {
    guard text.has(.object, object, Subject(field: "an item", owner: "`achievements`")) else { return }
    let fields = text.fields(of: object, ItemField.table)
    let id = readID(fields, PlanDraft.achievementIDFields, parts: 2, at: object)
    let owner = id?.text ?? "this achievement"
    let lists = ItemLists(
      dependencies: readDependencies(fields, owner, isRequired: true, at: object),
      softDependencies: readList(fields, .softDependencies, owner),
      blocks: readList(fields, .blocks, owner),
      parallelizableWith: readList(fields, .parallelizableWith, owner)
    )
    var details = readDetails(fields, owner)
    let estimate = readHours(fields, .estimatedHours, owner)
    let firstPart = achievements.count
    if let id { readParts(fields, of: id, details) }
    let hasParts = achievements.count > firstPart
    if hasParts { checkEstimate(estimate, parts: firstPart..<achievements.count, fields, owner) }
    let variants = readVariants(fields, hasParts: hasParts, owner)
    guard let id else { return }
    details.softDependencies = softDependencies(lists)
    let role: Achievement.Role = hasParts ? .join : variants == nil ? .whole : .choice
    let one = makeAchievement(id, fields, role: role, estimate: estimate, details, at: object)
    if let variants { appendVariants(variants, of: one, at: object) }
    let made = role == .whole ? one : one.expecting(HourRange(low: 0, high: 0))
    let whole = achievements.count
    guard append(made, lists, fields, at: object) else { return }
    for part in firstPart..<whole { items[part].owner = whole }
  }

  private mutating func readParts(_ fields: ObjectFields<ItemField>, of id: AchievementID, _ whole: AchievementDetails)
  {
    guard let list = text.present(fields[.subExecutions]) else { return }
    guard text.has(.array, list, Subject(field: ItemField.subExecutions.name, owner: id.text)) else { return }
    for part in text.document.children(of: list) { readPart(part, of: id, whole) }
  }

  private mutating func readPart(_ object: Int, of whole: AchievementID, _ inherited: AchievementDetails) {
    guard text.has(.object, object, Subject(field: "an item", owner: "`sub_executions` of \(whole)")) else { return }
    let fields = text.fields(of: object, ItemField.table)
    guard let id = readID(fields, PlanDraft.partIDFields, parts: 3, at: object) else { return }
    guard id.text.hasPrefix(whole.text + ".") else {
      return text.error(
        "bad-id",
        "the sub-execution \(id) must begin with the id of its achievement",
        at: object,
        hint: "Like \(whole).1."
      )
    }
    let lists = ItemLists(
      dependencies: readDependencies(fields, id.text, isRequired: false, at: object),
      softDependencies: readList(fields, .softDependencies, id.text)
    )
    var details = readDetails(fields, id.text)
    refuseVariants(fields, id)
    // Checks belong to the achievement, once all its parts are there; the worker and its pools to each part.
    details.verify = details.verify ?? []
    details.worker = inherited.worker?.overridden(by: details.worker) ?? details.worker
    details.resources = inherited.resources.merging(details.resources) { $1 }
    details.softDependencies = softDependencies(lists)
    let estimate = readHours(fields, .estimatedHours, id.text)
    let made = makeAchievement(id, fields, role: .part(of: whole), estimate: estimate, details, at: object)
    append(made, lists, fields, at: object)
  }

  /// Enters a node unless its id is taken; says whether it did.
  @discardableResult
  mutating func append(
    _ achievement: Achievement,
    _ lists: ItemLists,
    _ fields: ObjectFields<ItemField>,
    at object: Int
  ) -> Bool {
    guard let key = IdentifierKey(ArraySlice(achievement.id.text.utf8)) else { return false }
    if let other = ids.enter(key, as: achievements.count) {
      let place = achievements[other].place
      text.error(
        "duplicate-id",
        "\(achievement.id) is there twice, first at line \(place.line)",
        at: idNode(fields) ?? object,
        hint: "Give one of the two another id."
      )
      return false
    }
    achievements.append(achievement)
    items.append(
      DraftItem(
        id: achievement.id,
        priority: achievement.priority,
        hasOwnPriority: text.present(fields[.priority]) != nil,
        status: achievement.status,
        object: object,
        lists: lists,
        isVariant: achievement.role.isVariant
      )
    )
    return true
  }

  private func idNode(_ fields: ObjectFields<ItemField>) -> Int? {
    fields[.achievementID] ?? fields[.executionID] ?? fields[.id]
  }

  private mutating func makeAchievement(
    _ id: AchievementID,
    _ fields: ObjectFields<ItemField>,
    role: Achievement.Role,
    estimate: HourRange?,
    _ details: AchievementDetails,
    at object: Int
  ) -> Achievement {
    let isPart = if case .part = role { true } else { false }
    let status: FileStatus? = text.present(fields[.status]).flatMap {
      text.choice($0, Subject(field: ItemField.status.name, owner: id.text))
    }
    let isWaived = text.present(fields[.waived]).flatMap {
      text.flag($0, Subject(field: ItemField.waived.name, owner: id.text))
    }
    return Achievement(
      id: id,
      title: readTitle(fields, id, at: object) ?? (isPart ? "Sub-execution \(id)" : "Achievement \(id)"),
      priority: readPriority(fields, id),
      role: role,
      estimate: estimate,
      actualHours: readHours(fields, .actualHours, id.text)?.middle,
      status: status,
      isWaived: isWaived ?? false,
      place: text.document.place(of: idNode(fields) ?? 0),
      details: details
    )
  }

  /// Reads the id from the first of `names` that the item has; the first is the canonical one.
  private mutating func readID(
    _ fields: ObjectFields<ItemField>,
    _ names: [ItemField],
    parts: Int,
    at object: Int
  ) -> AchievementID? {
    guard let field = names.first(where: { fields[$0] != nil }), let node = fields[field] else {
      let kind = parts == 2 ? "achievement" : "sub-execution"
      text.error("missing-field", "this \(kind) has no `\(names[0].name)`", at: object)
      return nil
    }
    if field != names[0] {
      let dialect = parts == 2 ? Dialect.id : .executionID
      dialects[dialect] = dialects[dialect] ?? node
      text.correct(keyOf: node, to: names[0].name, in: object)
    }
    return readIdentifier(node, field.name, parts: parts)
  }

  private mutating func readIdentifier(_ node: Int, _ field: String, parts: Int) -> AchievementID? {
    let form = parts == 2 ? "two numbers joined by a dot, like 1.2" : "three numbers joined by dots, like 1.2.1"
    if text.document.kind(of: node) == .number {
      // The number's text still names the item, so that what depends on it is not called unknown as well.
      text.error(
        "bad-type",
        "`\(field)` must be text, not the number \(text.excerpt(node))",
        at: node,
        hint: "As a number 1.10 would be 1.1: write it in quotes."
      )
      return AchievementID(plain: String(decoding: text.document.source(of: node), as: UTF8.self))
    }
    guard let found = text.text(node, Subject(field: field)) else { return nil }
    let bytes = ArraySlice(found.utf8)
    guard let id = AchievementID(plain: found), bytes.count(where: { $0 == UInt8(ascii: ".") }) == parts - 1 else {
      text.error("bad-id", "`\(field)` must be \(form), not \(text.excerpt(node))", at: node)
      return nil
    }
    if IdentifierKey.hasLeadingZero(bytes) {
      text.error(
        "bad-id",
        "the id \(id) has a leading zero",
        at: node,
        hint: "1.01 and 1.1 would be two ids: drop the zero."
      )
    }
    return id
  }

  private mutating func readTitle(_ fields: ObjectFields<ItemField>, _ id: AchievementID, at object: Int) -> String? {
    if let node = text.present(fields[.title]) { return text.text(node, Subject(field: "title", owner: id.text)) }
    guard let node = text.present(fields[.name]) else { return nil }
    if fields[.title] == nil {
      dialects[.name] = dialects[.name] ?? node
      text.correct(keyOf: node, to: ItemField.title.name, in: object)
    }
    return text.text(node, Subject(field: "name", owner: id.text))
  }

  private mutating func readPriority(_ fields: ObjectFields<ItemField>, _ id: AchievementID) -> Int {
    let own = text.present(fields[.priority]).flatMap {
      text.integer($0, in: 0...1_000_000, Subject(field: ItemField.priority.name, owner: id.text))
    }
    return own
      ?? id.text.utf8.prefix { $0 != UInt8(ascii: ".") }.reduce(0) {
        min($0 * 10 + Int($1 - UInt8(ascii: "0")), 1_000_000)
      }
  }

  private mutating func readDependencies(
    _ fields: ObjectFields<ItemField>,
    _ owner: String,
    isRequired: Bool,
    at object: Int
  ) -> Int {
    guard let node = fields[.dependencies] else {
      if isRequired {
        text.error(
          "missing-field",
          "\(owner) has no `dependencies`",
          at: object,
          hint: "An achievement that depends on nothing says so: \"dependencies\": []."
        )
      }
      return 0
    }
    let subject = Subject(field: ItemField.dependencies.name, owner: owner)
    if text.document.kind(of: node) == .string {
      let found = text.excerpt(node)
      text.error("bad-type", "\(subject.words) must be a list, not \(found)", at: node, hint: "Like [\(found)].")
      return 0
    }
    return text.has(.array, node, subject) ? node : 0
  }

  private mutating func readList(_ fields: ObjectFields<ItemField>, _ field: ItemField, _ owner: String) -> Int {
    guard let node = text.present(fields[field]) else { return 0 }
    return text.has(.array, node, Subject(field: field.name, owner: owner)) ? node : 0
  }

  /// The well-formed ids of `soft_dependencies`; what is wrong with them is said when they are resolved.
  private func softDependencies(_ lists: ItemLists) -> [AchievementID] {
    guard lists.softDependencies != 0 else { return [] }
    return text.document.children(of: lists.softDependencies).compactMap { node in
      guard text.document.kind(of: node) == .string, let id = AchievementID(text.document.text(of: node)) else {
        return nil
      }
      return id.plan.map(String.init) == name ? id.plain : id
    }
  }
}

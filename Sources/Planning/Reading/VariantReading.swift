// Reads `variants` and `judge`: several attempts at one achievement, and what picks one of them.
extension PlanDraft {
  private typealias Subject = PlanText.Subject

  /// More side by side than this is a slip of the pen.
  static let mostVariants = 100

  /// What picks a variant, of the plan or of `owner`.
  mutating func readJudge(_ object: Int, _ owner: String?) -> WorkerSpecification? {
    guard text.has(.object, object, Subject(field: ItemField.judge.name, owner: owner)) else { return nil }
    let place = owner.map { "the judge of \($0)" } ?? "the judge"
    let judge = readSpecification(object, place)
    let fields = text.fields(of: object, WorkerField.table)
    if judge.command == nil, text.present(fields[.command]) == nil, text.present(fields[.shell]) == nil {
      text.error(
        "missing-field",
        "\(place) has neither `command` nor `shell`",
        at: object,
        hint: "Like {\"shell\": \"scripts/judge.sh\"}: its last line of output is the number of the picked variant."
      )
    }
    return judge
  }

  /// How many variants an achievement has, 2 or more; nil for none. Says what keeps it from having them.
  mutating func readVariants(
    _ fields: ObjectFields<ItemField>,
    hasParts: Bool,
    _ owner: String
  ) -> Int? {
    let subject = Subject(field: ItemField.variants.name, owner: owner)
    let node = text.present(fields[.variants])
    let count = node.flatMap { text.integer($0, in: 1...PlanDraft.mostVariants, subject) }
    guard let node, let count, count > 1 else {
      if node == nil || count == 1, let judge = text.present(fields[.judge]) {
        text.warning(
          "unused-judge",
          "\(owner) has a judge but no variants to pick from",
          at: judge,
          hint: "Like \"variants\": 3."
        )
      }
      return nil
    }
    if hasParts {
      text.error(
        "unsupported",
        "\(owner) has both `variants` and `sub_executions`",
        at: node,
        hint: "Keep one of them: parts are merged together, of variants only one is."
      )
      return nil
    }
    if text.present(fields[.judge]) == nil, text.present(self.fields[.judge]) == nil {
      text.error(
        "missing-field",
        "\(owner) has \(count) variants, but nothing says which one is picked",
        at: node,
        hint: "Add \"judge\": {\"shell\": \"…\"} to it or to the plan."
      )
    }
    return count
  }

  /// A part is one piece of work: its id has no room for another number.
  mutating func refuseVariants(_ fields: ObjectFields<ItemField>, _ id: AchievementID) {
    for field in [ItemField.variants, .judge] {
      guard let node = text.present(fields[field]), text.document.number(of: node) != 1 else { continue }
      text.error(
        "unsupported",
        "the sub-execution \(id) can't have `\(field.name)`",
        at: node,
        hint: "Only an achievement without sub-executions can."
      )
    }
  }

  /// Enters `count` variants of `whole`: the same work, each under a number of its own.
  mutating func appendVariants(_ count: Int, of whole: Achievement, at object: Int) {
    for number in 1...count {
      guard let id = AchievementID("\(whole.id).\(number)") else {
        return text.error("bad-id", "the id \(whole.id) is too long for one that has variants", at: object)
      }
      var details = whole.details
      details.judge = nil
      let variant = Achievement(
        id: id,
        title: "\(whole.title) (variant \(number) of \(count))",
        priority: whole.priority,
        role: .variant(of: whole.id, number: number, count: count),
        estimate: whole.estimate,
        place: whole.place,
        details: details
      )
      guard append(variant, ItemLists(), ObjectFields(), at: object) else { return }
    }
  }

  /// Says that a list names one variant, of which nobody knows whether it is picked.
  mutating func reportVariant(_ item: Int, at entry: Int, named place: String) {
    let (id, whole) = (items[item].id, items[items[item].owner].id)
    text.error(
      "missing-dependency",
      "\(place) names \(id), a variant of \(whole) that may not be picked",
      at: entry,
      hint: "Name \(whole): it is whatever its judge picks."
    )
  }
}

extension Achievement {
  /// The same with other hours to expect.
  func expecting(_ estimate: HourRange) -> Achievement {
    Achievement(
      id: id,
      title: title,
      priority: priority,
      role: role,
      estimate: estimate,
      actualHours: actualHours,
      status: status,
      isWaived: isWaived,
      place: place,
      details: details
    )
  }
}

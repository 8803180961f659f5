import Planning

/// What is known of one achievement, as Markdown for templates and prompts; empty where nothing is.
struct AchievementFacts {
  let record: PlanRecord
  let achievement: Achievement
  private let described: DescribedAchievement?

  init(record: PlanRecord, achievement: Achievement) {
    self.record = record
    self.achievement = achievement
    described = record.descriptions[achievement.id]
  }

  private var id: AchievementID { achievement.id }

  /// What the document says that it is about; its title when there is nothing more.
  var objective: String {
    let lines = AchievementFacts.list(described?.summary ?? [], isPlain: (described?.summary.count ?? 0) == 1)
    return lines.isEmpty ? Markdown.line(achievement.title) : lines
  }

  /// The steps that the document names; else those that follow from what is to be delivered and checked.
  var approach: String {
    if let stated = described?.approach, !stated.isEmpty { return AchievementFacts.list(stated) }
    var steps: [String] = []
    let built = record.plan.wholeDependencies(of: id)
    if !built.isEmpty { steps.append("Read what \(built.map(\.text).joined(separator: ", ")) left in the repository.") }
    steps += (described?.deliverables ?? []).filter { $0.depth == 0 }.map { "Deliver: \($0.text)" }
    if described?.deliverables.isEmpty ?? true {
      steps += achievement.details.deliverables.map { "Make \(Markdown.code($0))." }
    }
    if steps.isEmpty { steps.append("Do what the objective says.") }
    if !(described?.testing ?? []).isEmpty { steps.append("Write the tests that are asked for.") }
    let checks = record.plan.checks(of: achievement)
    steps.append(
      checks.isEmpty ? "Check the result against what is named above." : "Run the checks until all are green."
    )
    return steps.enumerated().map { "\($0.offset + 1). \($0.element)" }.joined(separator: "\n")
  }

  var success: String { AchievementFacts.list(described?.success ?? []) }
  var testing: String { AchievementFacts.list(described?.testing ?? []) }

  /// What the document lists, and the paths of the plan that it doesn't name.
  var deliverables: String {
    let listed = AchievementFacts.list(described?.deliverables ?? [])
    let paths = achievement.details.deliverables.filter { !listed.contains($0.split(separator: "/").last ?? "") }
    return ([listed] + paths.map { "- \(Markdown.code($0))" }).filter { !$0.isEmpty }.joined(separator: "\n")
  }

  var footprint: String { achievement.details.files.map { "- \(Markdown.code($0))" }.joined(separator: "\n") }

  /// Each dependency with where it stands and what it makes.
  var dependencies: String {
    record.plan.wholeDependencies(of: id).map { id in
      let title = record.plan[id].map { Markdown.line($0.title) } ?? ""
      let status = record.statuses[id]?.sentence ?? "unknown"
      let paths = record.plan[id]?.details.deliverables ?? []
      let made = paths.isEmpty ? "" : "; it makes \(paths.map(Markdown.code).joined(separator: ", "))"
      return "- \(id) \(title) (\(status))\(made)"
    }.joined(separator: "\n")
  }

  /// Each achievement that depends on it.
  var dependents: String {
    var seen: Set<AchievementID> = [id]
    return record.plan.dependents(of: id).map { record.plan.part(of: $0) ?? $0 }.filter { seen.insert($0).inserted }
      .map { "- \($0) \(Markdown.line(record.plan[$0]?.title ?? ""))" }.joined(separator: "\n")
  }

  var verify: String {
    let steps = record.plan.checks(of: achievement).map { step in
      switch step.check {
      case .file(let path): "- \(Markdown.code(path)) exists"
      case .command, .shell: "- \(Markdown.code(step.summary))"
      case .coverage: "- \(Markdown.line(step.summary))"
      }
    }
    return steps.joined(separator: "\n")
  }

  var parts: String {
    record.parts(of: id).map { "- \($0.id) \(Markdown.line($0.title))" }.joined(separator: "\n")
  }

  /// What every template may use.
  var values: [String: String] {
    [
      "plan": Markdown.line(record.plan.name), "id": id.text, "suffix": id.fileSuffix,
      "title": Markdown.line(achievement.title), "priority": "\(achievement.priority)",
      "level": "\(record.levels[id] ?? 0)", "estimate": estimate, "objective": objective, "approach": approach,
      "deliverables": deliverables, "footprint": footprint, "success": success, "testing": testing,
      "dependencies": dependencies, "dependents": dependents, "verify": verify, "parts": parts,
      "document": record.document?.fileName ?? "", "description": described?.source ?? "",
    ]
  }

  /// The plan's estimate; that of its parts together for an achievement that has them.
  private var estimate: String {
    let parts = record.parts(of: id)
    guard !parts.isEmpty else { return achievement.estimate.map { EstimateText.words($0) } ?? "" }
    let known = parts.compactMap(\.estimate)
    guard known.count == parts.count else { return "" }
    return EstimateText.words(HourRange(low: known.reduce(0) { $0 + $1.low }, high: known.reduce(0) { $0 + $1.high }))
  }

  /// A list as it stands in the document, or its one item as a paragraph.
  static func list(_ items: [DescribedAchievement.Item], isPlain: Bool = false) -> String {
    if isPlain, let item = items.first { return item.text }
    return items.map { String(repeating: "  ", count: $0.depth) + "- \($0.text)" }.joined(separator: "\n")
  }
}

extension Plan {
  /// What a result of `achievement` is checked by: its own steps or the plan's, then its deliverables.
  func checks(of achievement: Achievement) -> [VerifyStep] {
    let details = achievement.details
    return (details.verify ?? defaults.verify) + (details.validationScript.map { [VerifyStep(.command([$0]))] } ?? [])
      + details.deliverables.map { VerifyStep(.file($0)) }
  }
}

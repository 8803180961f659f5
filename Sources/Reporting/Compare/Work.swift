internal import Planning
internal import Recording

/// What a run had to do, as far as it decides how long that takes: two runs can be measured against each other only when it
/// is the same.
struct Work {
  /// What one achievement stands for.
  fileprivate struct Item {
    let role: Achievement.Role
    let command: WorkerSpecification.Command?
    let stdin: WorkerSpecification.StandardInput?
    let environment: [String: String]
    let checks: [VerifyStep]
    let validationScript: String?
    let instructions: String?
    let dependencies: Set<AchievementID>

    /// What is not the same, a few words for each.
    func differences(from other: Item) -> [String] {
      var found: [String] = []
      if role != other.role { found.append("parts or variants") }
      if command != other.command || stdin != other.stdin { found.append("worker's command") }
      if environment != other.environment { found.append("environment") }
      if checks != other.checks || validationScript != other.validationScript { found.append("checks") }
      if instructions != other.instructions { found.append("instructions") }
      if dependencies != other.dependencies { found.append("dependencies") }
      return found
    }
  }

  private let run: String
  private let plan: String
  private let base: String
  private let setups: [Setup]
  private let gates: [VerifyStep?]
  private let items: [AchievementID: Item]
  private let done: [AchievementID]

  init(_ run: ComparedRun) {
    self.run = run.name
    plan = run.snapshot.header?.planName ?? run.plan.name
    base = run.snapshot.header?.base ?? ""
    setups = run.plan.files.map(\.defaults.setup)
    gates = run.plan.files.map(\.defaults.gate)
    done = run.done
    let given = run.snapshot.header?.workerArguments
    items = Dictionary(run.plan.achievements.map { ($0.id, Item($0, of: run.plan, given: given)) }) { first, _ in first
    }
  }

  /// What distinguishes this work from `other`, one clause each, in a fixed order; empty when it is the same.
  func differences(from other: Work) -> [String] {
    var found: [String] = []
    func say(_ text: String) { found.append("\(run) \(text)") }
    if plan != other.plan { say("ran the plan \(plan), \(other.run) the plan \(other.plan)") }
    if base != other.base { say("started from \(base.prefix(10)), \(other.run) from \(other.base.prefix(10))") }
    let (ids, others) = (Set(items.keys), Set(other.items.keys))
    if let only = Work.list(ids.subtracting(others)) { say("has \(only) in its plan, \(other.run) has not") }
    if let only = Work.list(others.subtracting(ids)) { say("does not have \(only) in its plan, \(other.run) has") }
    if setups != other.setups { say("sets worktrees up in another way than \(other.run)") }
    if gates != other.gates { say("has another gate than \(other.run)") }
    var changed: [String: Set<AchievementID>] = [:]
    for id in ids.intersection(others) {
      guard let mine = items[id], let theirs = other.items[id] else { continue }
      for part in mine.differences(from: theirs) { changed[part, default: []].insert(id) }
    }
    for (part, ids) in changed.sorted(by: { $0.key < $1.key }) {
      if let named = Work.list(ids) { say("has other \(part) for \(named) than \(other.run)") }
    }
    let (mine, theirs) = (Set(done), Set(other.done))
    let common = ids.intersection(others)
    if let more = Work.list(mine.subtracting(theirs).intersection(common)) {
      say("did \(more) itself, \(other.run) did not")
    }
    if let fewer = Work.list(theirs.subtracting(mine).intersection(common)) {
      say("did not do \(fewer) itself, \(other.run) did")
    }
    return found
  }

  /// `1.1, 1.2, 1.3 and 4 more`; nil for none.
  private static func list(_ ids: Set<AchievementID>) -> String? {
    guard !ids.isEmpty else { return nil }
    let names = ids.sorted().map(\.text)
    guard names.count > 4 else { return names.joined(separator: ", ") }
    return names.prefix(3).joined(separator: ", ") + " and \(names.count - 3) more"
  }
}

extension Work.Item {
  /// `given` is the worker's command from the command line, which goes before what the plan says.
  fileprivate init(_ achievement: Achievement, of plan: Plan, given: [String]?) {
    let defaults = plan.defaults(of: achievement.id)
    let worker = plan.worker(of: achievement)
    let isJoin = achievement.role == .join
    let given = achievement.role.hasWorker ? given : nil
    role = achievement.role
    command = isJoin ? nil : given.map { .arguments($0) } ?? worker.command
    stdin = isJoin ? nil : worker.stdin ?? (given == nil ? nil : .prompt)
    environment = isJoin ? [:] : worker.environment
    checks =
      (achievement.details.verify ?? defaults.verify)
      + achievement.details.deliverables.map { VerifyStep(.file($0)) }
    validationScript = achievement.details.validationScript
    instructions = achievement.details.instructions
    dependencies = Set(plan.dependencies(of: achievement.id))
  }
}

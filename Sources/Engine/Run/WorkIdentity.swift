internal import Planning

/// What makes an achievement's work what it is: what is done, with what checks, on top of what. Titles and estimates are no
/// part of it. Two plans that agree in this ask for the same work.
struct WorkIdentity: Sendable {
  let role: Achievement.Role
  let command: WorkerSpecification.Command?
  let stdin: WorkerSpecification.StandardInput?
  let environment: [String: String]
  let setup: Setup
  let checks: [VerifyStep]
  let script: String?
  /// What the prompt says besides the title, for a worker that reads it.
  let instructions: String?
  /// By the names that the plan's own file has for them, so that a run of several plans does the same work.
  let dependencies: Set<String>

  init(_ achievement: Achievement, in plan: Plan) {
    let defaults = plan.defaults(of: achievement.id)
    let worker = plan.worker(of: achievement)
    role = achievement.role
    command = worker.command
    stdin = worker.stdin
    environment = worker.environment
    setup = defaults.setup
    checks = Verifier.steps(of: achievement, defaults: defaults)
    script = achievement.role == .choice ? nil : achievement.details.validationScript
    instructions = achievement.details.instructions
    dependencies = Set(plan.dependencies(of: achievement.id).map { $0.text(besides: achievement.id) })
  }

  /// What is not as it was in `old`, a clause for people; nil when it is the same work.
  func difference(from old: WorkIdentity) -> String? {
    if role != old.role { return "its parts or variants changed" }
    if command != old.command || stdin != old.stdin { return "its command changed" }
    if environment != old.environment { return "its environment changed" }
    if setup != old.setup { return "the plan's setup changed" }
    if checks != old.checks || script != old.script { return "its checks changed" }
    if instructions != old.instructions { return "its instructions changed" }
    return dependencies == old.dependencies ? nil : "its dependencies changed"
  }

  /// The identity in 16 hexadecimal digits, the same in every process and on every machine.
  var fingerprint: String {
    var words: [String?]
    switch role {
    case .whole: words = ["whole"]
    case .part(let whole): words = ["part", whole.plain.text]
    case .join: words = ["join"]
    case .variant(let whole, let number, _): words = ["variant", whole.plain.text, "\(number)"]
    case .choice: words = ["choice"]
    }
    words += command.map { WorkIdentity.words(of: $0) } ?? [nil]
    words += [stdin?.rawValue, "env"]
    for (name, value) in environment.sorted(by: { $0.key < $1.key }) { words += [name, value] }
    words += ["setup", setup.shell, "copy"] + setup.copy + ["keep"] + setup.keep + ["checks"]
    for step in checks { words += WorkIdentity.words(of: step) }
    words += [script, "after"] + dependencies.sorted()
    if let instructions { words += ["instructions", instructions] }
    return WorkIdentity.digest(words)
  }

  private static func words(of command: WorkerSpecification.Command) -> [String] {
    switch command {
    case .arguments(let list): ["arguments"] + list
    case .shell(let line): ["shell", line]
    }
  }

  private static func words(of step: VerifyStep) -> [String?] {
    let limit = step.timeout.map { "\($0)" }
    return switch step.check {
    case .command(let list): ["command", limit, "\(list.count)"] + list
    case .shell(let line): ["shell", limit, line]
    case .file(let path): ["file", limit, path]
    case .coverage(let report, let min): ["coverage", limit, report, "\(min)"]
    }
  }

  /// FNV-1a, 64 bits, over the words with their lengths. A key to look things up by and no proof: two kinds of work that
  /// met in one would only share their durations.
  static func digest(_ words: [String?]) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    func take(_ text: String) {
      for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    }
    for word in words {
      take(word.map { "\($0.utf8.count):" } ?? "-")
      take(word ?? "")
    }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

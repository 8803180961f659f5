// Reads what Plait adds to the format: workers, set-up, pools, budgets; and the rarely used item fields.
extension PlanDraft {
  private typealias Subject = PlanText.Subject

  /// Reads the plan's own settings; must come before the items, which are held against its pools.
  mutating func readDefaults() {
    if let node = text.present(fields[.worker]) { defaults.worker = readWorker(node, nil) ?? WorkerSpecification() }
    if let node = text.present(fields[.verify]) { defaults.verify = readSteps(node, nil) }
    if let node = text.present(fields[.gate]) { defaults.gate = readStep(node, Subject(field: "gate")) }
    if let node = text.present(fields[.setup]) { defaults.setup = readSetup(node) }
    if let node = text.present(fields[.resources]) { defaults.resources = readAmounts(node, nil) }
    if let node = text.present(fields[.overheadBudget]) { readBudget(node) }
    if let node = text.present(fields[.onConflict]) { readConflictPolicy(node) }
    if let node = text.present(fields[.judge]) { defaults.judge = readJudge(node, nil) }
  }

  private mutating func readBudget(_ node: Int) {
    let subject = Subject(field: PlanField.overheadBudget.name)
    guard text.has(.number, node, subject) else { return }
    guard let number = text.document.number(of: node), (0...1).contains(number) else {
      return text.bad(node, subject, "must be a share from 0 to 1", hint: "10 % is 0.10.")
    }
    defaults.overheadBudget = number
  }

  private mutating func readConflictPolicy(_ node: Int) {
    if text.document.kind(of: node) == .string, text.document.text(of: node) == "resolve" {
      return text.error(
        "unsupported",
        "`on_conflict` \"resolve\" is not supported",
        at: node,
        hint: "\"retry\" starts the work again from the new tip, \"fail\" keeps its branch."
      )
    }
    defaults.onConflict = text.choice(node, Subject(field: PlanField.onConflict.name))
  }

  /// Reads the rarely used fields of an item; most items have none and share one value.
  mutating func readDetails(_ fields: ObjectFields<ItemField>, _ owner: String) -> AchievementDetails {
    var details = AchievementDetails.none
    func subject(_ field: ItemField) -> Subject { Subject(field: field.name, owner: owner) }
    if let node = text.present(fields[.worker]) { details.worker = readWorker(node, owner) }
    if let node = text.present(fields[.verify]) { details.verify = readSteps(node, owner) }
    if let node = text.present(fields[.validationScript]) {
      details.validationScript = text.word(node, subject(.validationScript))
    }
    if let node = text.present(fields[.deliverables]) {
      details.deliverables = text.paths(node, subject(.deliverables))
    }
    if let node = text.present(fields[.files]) { details.files = text.paths(node, subject(.files)) }
    if let node = text.present(fields[.instructions]) {
      details.instructions = text.word(node, subject(.instructions))
    }
    if let node = text.present(fields[.resources]) { details.resources = readNeeds(node, owner) }
    if let node = text.present(fields[.judge]) { details.judge = readJudge(node, owner) }
    return details
  }

  private mutating func readWorker(_ object: Int, _ owner: String?) -> WorkerSpecification? {
    guard text.has(.object, object, Subject(field: "worker", owner: owner)) else { return nil }
    return readSpecification(object, owner.map { "the worker of \($0)" } ?? "the worker")
  }

  /// A worker or a judge; `place` names it.
  mutating func readSpecification(_ object: Int, _ place: String) -> WorkerSpecification {
    let fields = text.fields(of: object, WorkerField.table)
    func subject(_ field: WorkerField) -> Subject { Subject(field: field.name, owner: place) }
    var worker = WorkerSpecification()
    worker.command = readCommand(command: fields[.command], shell: fields[.shell], of: object, place)
    worker.stdin = text.present(fields[.stdin]).flatMap { text.choice($0, subject(.stdin)) }
    worker.timeout = text.present(fields[.timeout]).flatMap { text.duration($0, subject(.timeout)) }
    worker.idleTimeout = text.present(fields[.idleTimeout]).flatMap { text.duration($0, subject(.idleTimeout)) }
    worker.retries = text.present(fields[.retries]).flatMap { text.integer($0, in: 0...1000, subject(.retries)) }
    worker.backoff = text.present(fields[.backoff]).flatMap {
      text.duration($0, allowsZero: true, subject(.backoff))
    }
    if let node = text.present(fields[.env]) { worker.environment = readEnvironment(node, place) }
    if let node = text.present(fields[.passEnv]) {
      worker.passEnvironment = text.words(node, subject(.passEnv))
      if let wrong = worker.passEnvironment.first(where: { $0.utf8.contains(UInt8(ascii: "=")) }) {
        let name = JSONText.printable(wrong, limit: 60)
        text.error("bad-value", "`pass_env` of \(place) holds names of variables, not \"\(name)\"", at: node)
      }
    }
    return worker
  }

  /// An argument list or a shell line; both at once leave open which one is meant.
  private mutating func readCommand(
    command: Int?,
    shell: Int?,
    of object: Int,
    _ owner: String
  ) -> WorkerSpecification.Command? {
    if let command = text.present(command), text.present(shell) != nil {
      text.error("bad-value", "\(owner) has both `command` and `shell`", at: command, hint: "Keep one of them.")
    }
    if let node = text.present(command) {
      return readArguments(node, owner).map { .arguments($0) }
    }
    return text.present(shell).flatMap { text.word($0, Subject(field: "shell", owner: owner)) }.map { .shell($0) }
  }

  mutating func readArguments(_ node: Int, _ owner: String) -> [String]? {
    let subject = Subject(field: "command", owner: owner)
    if text.document.kind(of: node) == .string {
      text.error(
        "bad-type",
        "\(subject.words) must be a list of arguments, not \(text.excerpt(node))",
        at: node,
        hint: "A line for the shell is called `shell`."
      )
      return nil
    }
    guard text.has(.array, node, subject) else { return nil }
    var arguments: [String] = []
    for child in text.document.children(of: node) {
      // Only the program itself must not be blank: an empty argument is a legal one.
      let argument = arguments.isEmpty ? text.word(child, subject) : text.text(child, subject)
      guard let argument else { return nil }
      guard !argument.utf8.contains(0) else {
        text.bad(child, subject, "must not hold a zero byte")
        return nil
      }
      arguments.append(argument)
    }
    guard !arguments.isEmpty else {
      text.error("bad-value", "\(subject.words) is empty: it must name a program", at: node)
      return nil
    }
    return arguments
  }

  private mutating func readEnvironment(_ object: Int, _ owner: String) -> [String: String] {
    guard text.has(.object, object, Subject(field: "env", owner: owner)) else { return [:] }
    var environment: [String: String] = [:]
    for child in text.document.children(of: object) {
      let key = text.document.key(of: child)
      let subject = Subject(field: "env.\(JSONText.printable(key, limit: 60))", owner: owner)
      guard let value = text.text(child, subject) else { continue }
      if key.isEmpty || key.utf8.contains(where: { $0 == 0 || $0 == UInt8(ascii: "=") }) || value.utf8.contains(0) {
        text.error("bad-value", "\(subject.words) is no variable that a process can have", at: child)
      }
      environment[key] = value
    }
    return environment
  }

  private mutating func readSetup(_ object: Int) -> Setup {
    var setup = Setup()
    guard text.has(.object, object, Subject(field: "setup")) else { return setup }
    let fields = text.fields(of: object, SetupField.table)
    func subject(_ field: SetupField) -> Subject { Subject(field: field.name, owner: "`setup`") }
    setup.shell = text.present(fields[.shell]).flatMap { text.word($0, subject(.shell)) }
    if let node = text.present(fields[.copy]) { setup.copy = text.paths(node, subject(.copy)) }
    if let node = text.present(fields[.keep]) { setup.keep = text.paths(node, subject(.keep)) }
    return setup
  }

  private mutating func readAmounts(_ object: Int, _ owner: String?) -> [String: Int] {
    guard text.has(.object, object, Subject(field: "resources", owner: owner)) else { return [:] }
    var amounts: [String: Int] = [:]
    for child in text.document.children(of: object) {
      let name = text.document.key(of: child)
      let subject = Subject(field: "resources.\(JSONText.printable(name, limit: 60))", owner: owner)
      guard let amount = text.integer(child, in: 1...1_000_000, subject) else { continue }
      amounts[name] = amount
    }
    return amounts
  }

  /// What an item needs of the plan's pools; more than a pool has could never start.
  private mutating func readNeeds(_ object: Int, _ owner: String) -> [String: Int] {
    let needs = readAmounts(object, owner)
    guard !needs.isEmpty else { return needs }
    for child in text.document.children(of: object) {
      let key = text.document.key(of: child)
      guard let need = needs[key] else { continue }
      let name = JSONText.printable(key, limit: 60)
      if let size = defaults.resources[key] {
        guard need > size else { continue }
        text.error("resource", "\(owner) needs \(need) of `\(name)`, but the plan has \(size)", at: child)
      } else {
        text.error(
          "resource",
          "\(owner) needs `\(name)`, which is no pool of the plan",
          at: child,
          hint: "Pools are named by the plan's own `resources`."
        )
      }
    }
    return needs
  }
}

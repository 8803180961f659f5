// Reads the checks: the steps of `verify`, and `gate`.
extension PlanDraft {
  private typealias Subject = PlanText.Subject

  mutating func readSteps(_ node: Int, _ owner: String?) -> [VerifyStep] {
    let subject = Subject(field: "verify", owner: owner)
    guard text.has(.array, node, subject) else { return [] }
    var steps: [VerifyStep] = []
    for child in text.document.children(of: node) {
      if let step = readStep(child, subject) { steps.append(step) }
    }
    return steps
  }

  mutating func readStep(_ object: Int, _ subject: PlanText.Subject) -> VerifyStep? {
    if text.document.kind(of: object) == .string {
      let found = text.excerpt(object)
      text.error(
        "bad-type",
        "a step of \(subject.words) must be an object, not \(found)",
        at: object,
        hint: "Like {\"shell\": \(found)}."
      )
      return nil
    }
    guard text.has(.object, object, subject) else { return nil }
    let fields = text.fields(of: object, StepField.table)
    let timeout = text.present(fields[.timeout]).flatMap {
      text.duration($0, Subject(field: "timeout", owner: subject.words))
    }
    let checks: [StepField] = [.command, .shell, .file, .coverage].filter { text.present(fields[$0]) != nil }
    guard checks.count == 1, let node = fields[checks[0]] else {
      text.error(
        "bad-value",
        "a step of \(subject.words) must have one of `shell`, `command`, `file` and `coverage`",
        at: object
      )
      return nil
    }
    let check: VerifyStep.Check? =
      switch checks[0] {
      case .command: readArguments(node, subject.words).map { .command($0) }
      case .file: text.path(node, Subject(field: "file", owner: subject.words)).map { .file($0) }
      case .coverage: readCoverage(node, subject.words)
      case .shell, .timeout: text.word(node, Subject(field: "shell", owner: subject.words)).map { .shell($0) }
      }
    return check.map { VerifyStep($0, timeout: timeout) }
  }

  /// A report and the percentage that it must show.
  private mutating func readCoverage(_ object: Int, _ owner: String) -> VerifyStep.Check? {
    guard text.has(.object, object, Subject(field: "coverage", owner: owner)) else { return nil }
    let fields = text.fields(of: object, CoverageField.table)
    guard let report = text.present(fields[.report]), let min = text.present(fields[.min]) else {
      text.error(
        "bad-value",
        "`coverage` of \(owner) must have `report` and `min`",
        at: object,
        hint: "Like {\"report\": \"coverage.lcov\", \"min\": 90}."
      )
      return nil
    }
    let path = text.path(report, Subject(field: "report", owner: owner))
    let subject = Subject(field: "min", owner: owner)
    guard text.has(.number, min, subject) else { return nil }
    guard let percent = text.document.number(of: min), (0...100).contains(percent) else {
      text.bad(min, subject, "must be a percentage from 0 to 100")
      return nil
    }
    if percent > 0, percent <= 1 {
      text.warning(
        "small-percentage",
        "\(subject.words) is \(text.excerpt(min)) percent",
        at: min,
        hint: "It counts from 0 to 100: 90 % is 90."
      )
    }
    return path.map { .coverage(report: $0, min: percent) }
  }
}

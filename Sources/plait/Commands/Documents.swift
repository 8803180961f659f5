import ArgumentParser
import Engine
import Methodology
import Planning
import Reporting
import SystemPackage

struct Discover: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "discover",
    abstract: "Drafts a parallel.json from a PLAN document, and says of every field where it comes from.",
    discussion: """
      What the document doesn't state is guessed (the order of the priorities, files that two achievements share) and written \
      as soft dependencies, which block nothing. The draft goes to standard output, what is known about it to standard error. \
      A document with an error gives no draft: exit code 65.
      """
  )

  @Argument(help: ArgumentHelp("The document: its path, a folder that holds one, or @NAME.", valueName: "PLAN.md"))
  var document: String

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("Write the draft to this file, which must not be there yet.", valueName: "FILE")
  )
  var output: String?

  @Flag(help: "Make dependencies of the guesses where the document states none.")
  var acceptGuesses = false

  @Flag(help: "Write a prompt that asks a model for the dependencies instead.")
  var prompt = false

  @Option(help: ArgumentHelp("With --prompt: fit this many tokens (estimated).", valueName: "N"))
  var maxTokens: Int?

  @Option(help: ArgumentHelp("Check what a model answered against the document.", valueName: "FILE"))
  var check: String?

  @Flag(help: "One JSON object (plait.discover/1, plait.prompt/1 or plait.discover-check/1) instead of text.")
  var json = false

  func validate() throws {
    guard !prompt || check == nil else { throw ValidationError("--prompt and --check ask for different things.") }
  }

  func run() async throws {
    try await reporting {
      let path = try await locateDocument(document)
      let plan = try PlanDocument(path)
      if prompt {
        try ask(plan)
      } else if let check {
        try judge(check, plan, path)
      } else {
        try draft(plan, path)
      }
    }
  }

  private func ask(_ plan: PlanDocument) throws {
    let fitted = DiscoveryPrompt.prompt(plan).fitted(maxTokens: maxTokens)
    let report = PromptReport(fitted, kind: .discovery, achievement: nil, maxTokens: maxTokens)
    try deliver(json ? JSONText.render(report) : fitted.text)
  }

  private func judge(_ answer: String, _ plan: PlanDocument, _ path: FilePath) throws {
    let findings = DiscoveryCheck.find(try TextFile.read(FilePath(answer)), document: plan)
    let report = DiscoveryCheckReport(document: path.string, answer: answer, findings: findings)
    let file = ValidatedFile(path: answer, diagnostics: findings)
    try Console.out(
      json ? JSONText.render(report) : DiagnosticText.render([file]) + DiagnosticText.summary([file]) + "\n"
    )
    if !report.isSound { throw ExitStatus.invalidPlan.code }
  }

  private func draft(_ plan: PlanDocument, _ path: FilePath) throws {
    let draft = DraftPlan(plan, acceptsGuesses: acceptGuesses)
    let isSound = !draft.findings.contains { $0.severity == .error }
    if json {
      try Console.out(JSONText.render(DiscoveryReport(draft, path: path.string)))
      if isSound, let output { try TextFile.create(FilePath(output), draft.json) }
    } else {
      for finding in draft.findings { Console.note(DiagnosticText.line(finding, path: path.string)) }
      if isSound {
        try deliver(draft.json)
        Console.note(draft.table.text)
        for field in draft.fields {
          guard case .guessed(let reason) = field.provenance else { continue }
          let owner = field.owner?.text ?? "plan"
          Console.note(TerminalText.safe("\(owner) \(field.name.rawValue): \(field.value) (guessed: \(reason))"))
        }
      }
    }
    if !isSound { throw ExitStatus.invalidPlan.code }
  }

  private func deliver(_ text: String) throws {
    guard let output else { return try Console.out(text) }
    try TextFile.create(FilePath(output), text)
  }
}

struct Compliance: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compliance",
    abstract: "Scores PLAN documents against the methodology's template, and says what the score is blind to.",
    discussion: """
      The score (0 to 100) is the one that the methodology's own script computes. Beside it: achievements without estimate, \
      deliverable or tests, totals that don't add up, and where a document contradicts the parallel.json in its folder.
      """
  )

  @Argument(help: ArgumentHelp("The documents: paths, folders that hold one, or @NAME.", valueName: "PLAN.md"))
  var documents: [String] = []

  @Flag(help: "Every PLAN document below the current folder.")
  var all = false

  @Option(
    help: ArgumentHelp("The lowest score that is good enough; below it, the exit code is 65.", valueName: "SCORE")
  )
  var min: Int?

  @Flag(help: "One JSON object (plait.compliance/1) instead of text.")
  var json = false

  func run() async throws {
    try await reporting {
      var scored: [(document: ComplianceReport.Document, findings: [Diagnostic])] = []
      for path in try await paths() { scored.append(try score(path)) }
      let report = ComplianceReport(scored.map(\.document), minimum: min)
      if json {
        try Console.out(JSONText.render(report))
      } else {
        for (document, findings) in scored {
          try Console.out(document.text.split(separator: "\n").map { TerminalText.safe($0) + "\n" }.joined())
          for finding in findings { try Console.out(DiagnosticText.line(finding, path: document.path) + "\n") }
        }
      }
      if !report.isMet { throw ExitStatus.invalidPlan.code }
    }
  }

  private func paths() async throws -> [FilePath] {
    var paths: [FilePath] = []
    if all {
      let search = try DocumentSearch(below: ".")
      for folder in search.unreadable { Console.notice("\(folder) can't be read and was left out") }
      guard !search.documents.isEmpty || !documents.isEmpty else {
        throw MethodologyError(.notFound, ".", "holds no PLAN document (PLAN_<NAME>.md) at any depth.")
      }
      paths = search.documents.map { $0.lexicallyNormalized() }
    }
    for argument in documents.isEmpty && !all ? ["."] : documents { paths.append(try await locateDocument(argument)) }
    return paths
  }

  private func score(_ path: FilePath) throws -> (ComplianceReport.Document, [Diagnostic]) {
    let bytes = try TextFile.read(path)
    let name = path.lastComponent?.string ?? path.string
    let document = PlanDocument(bytes, fileName: name)
    let beside = path.removingLastComponent().appending(PlanLocator.fileName)
    let plan = TextFile.exists(beside) ? PlanReader.read(try TextFile.read(beside)).plan : nil
    let findings = ComplianceFindings.find(document, plan: plan)
    let score = ComplianceScore(bytes, fileName: name)
    return (
      ComplianceReport.Document(path: path.string, score: score, document: document, findings: findings), findings
    )
  }
}

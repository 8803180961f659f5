import ArgumentParser
import Engine
import Methodology
import Planning
import Reporting
import SystemPackage

struct Validate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Checks plans: every finding with file, line, column, code and a hint.",
    discussion: """
      Without PLAN, checks the parallel.json of the current folder. Plans that depend on each other (NAME:2.1) are checked \
      together when they are given together. Exit code 65 when a plan has an error.
      """
  )

  @Argument(help: ArgumentHelp("Plans to check.", valueName: "PLAN"))
  var plans: [String] = []

  @Flag(help: "Every parallel.json below the current folder.")
  var all = false

  @Flag(help: "Rewrite dialects and near misses of field names to the canonical form, in place.")
  var fix = false

  @Flag(help: "One JSON object (plait.validate/1) instead of text.")
  var json = false

  func run() async throws {
    try await reporting {
      let loaded = try await load()
      let files = try JoinedPlans.checked(fix ? loaded.map(fixed) : loaded)
      if json {
        try Console.out(JSONText.render(ValidationReport(files)))
      } else {
        let text = DiagnosticText.render(files)
        if !text.isEmpty { try Console.out(text.hasSuffix("\n") ? text : text + "\n") }
        try Console.out(DiagnosticText.summary(files) + "\n")
      }
      if files.contains(where: { $0.errorCount > 0 }) { throw ExitStatus.invalidPlan.code }
    }
  }

  private func load() async throws -> [LoadedPlan] {
    var loaded: [LoadedPlan] = []
    if all {
      let search = try PlanSearch(below: ".")
      for folder in search.unreadable { Console.notice("\(folder) can't be read and was left out") }
      guard !search.plans.isEmpty || !plans.isEmpty else {
        throw MethodologyError(.notFound, ".", "holds no parallel.json at any depth. 'plait init' makes one.")
      }
      for path in search.plans { loaded.append(try LoadedPlan(file: path.lexicallyNormalized().string)) }
    }
    for argument in plans.isEmpty && !all ? ["."] : plans { loaded.append(try await LoadedPlan(argument)) }
    return loaded
  }

  private func fixed(_ plan: LoadedPlan) throws -> LoadedPlan {
    guard let fixed = PlanFixer.fix(plan.bytes) else { return plan }
    try RunFiles.replace(plan.path, with: fixed.bytes)
    for change in fixed.changes { Console.note("fixed \(TerminalText.safe(plan.path)): \(TerminalText.safe(change))") }
    return try LoadedPlan(file: plan.path)
  }
}

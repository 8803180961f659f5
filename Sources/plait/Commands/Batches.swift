import ArgumentParser
import Methodology
import Planning
import Reporting

/// For which achievements a batch is made, and whether it is.
struct BatchOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("The plan.", valueName: "PLAN"))
  var plan: String = "."

  @Option(help: ArgumentHelp("All of this dependency level (from 0), also what isn't ready.", valueName: "L"))
  var level: Int?

  @Option(help: ArgumentHelp("These achievements, separated by commas, also what isn't ready.", valueName: "IDS"))
  var ids: String?

  @Flag(help: "Say what would be written; write nothing.")
  var dryRun = false

  @Flag(help: "One JSON object instead of text.")
  var json = false

  func validate() throws {
    guard level == nil || ids == nil else { throw ValidationError("Give --level or --ids, not both.") }
  }

  func make(_ kind: Batch.Kind) async throws {
    let record = try await LoadedRecord(plan).record
    let batch = try Batch(kind, selection(), of: record)
    let report = BatchReport(batch, plan: record.plan.name, outcome: dryRun ? nil : batch.write())
    let text = try json ? JSONText.render(report) : report.text
    try Console.out(json ? text : text.split(separator: "\n").map { TerminalText.safe($0) + "\n" }.joined())
    if !report.failed.isEmpty { throw ExitStatus.storage.code }
    // Only what was asked for by name is missed; of all that is ready, the rest may wait.
    if ids != nil, !report.refused.isEmpty { throw ExitStatus.achievementFailed.code }
  }

  private func selection() throws -> Batch.Selection {
    if let level { return .level(level) }
    guard let ids else { return .ready }
    return .ids(
      try ids.split(separator: ",").map { word in
        let text = word.filter { !$0.isWhitespace }
        guard let id = AchievementID(text) else {
          throw MethodologyError(.refused, text, "is no achievement: ids are like 2.1.")
        }
        return id
      }
    )
  }
}

struct Subplans: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes the missing SUBPLAN files of everything that is ready.",
    discussion: """
      Filled from the PLAN document and parallel.json. What is there is left as it is; what can't be written is named, and \
      written by the next call. Templates of your own are SUBPLAN.md in the plan's folder templates/ or in .plait/templates/.
      """
  )

  @OptionGroup var options: BatchOptions

  func run() async throws { try await reporting { try await options.make(.subplans) } }
}

struct Executions: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes the missing EXECUTION_TASK files of everything that is ready and has its SUBPLAN.",
    discussion: """
      A rejected achievement gets the file of its next attempt, with the findings. An achievement with parts gets one for each. \
      The template is called EXECUTION_TASK.md.
      """
  )

  @OptionGroup var options: BatchOptions

  func run() async throws { try await reporting { try await options.make(.executions) } }
}

import ArgumentParser
import Engine
import Git
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

  @Flag(help: "Have each file written by a worker, in parallel, as a run of its own; your checkout is not touched.")
  var fill = false

  @Option(
    name: [.customShort("j", allowingJoined: true), .long],
    help: ArgumentHelp("How many workers at once, with --fill; default: number of cores.", valueName: "N")
  )
  var jobs: Int?

  @Flag(help: "One JSON object instead of text; with --fill, the run's report.")
  var json = false

  @Argument(
    parsing: .postTerminator,
    help: ArgumentHelp(
      "The worker's command for --fill, without a shell; default: the plan's.",
      valueName: "WORKER ARG"
    )
  )
  var worker: [String] = []

  func validate() throws {
    guard level == nil || ids == nil else { throw ValidationError("Give --level or --ids, not both.") }
    guard fill || (jobs == nil && worker.isEmpty) else {
      throw ValidationError("A worker and --jobs are for --fill: without it, files are written from templates.")
    }
    if let jobs, jobs < 1 { throw ValidationError("--jobs must be at least 1, not \(jobs)") }
  }

  func make(_ kind: Batch.Kind) async throws {
    if fill { return try await runFill(kind) }
    let record = try await LoadedRecord(plan).record
    let batch = try Batch(kind, selection(), of: record)
    let report = BatchReport(batch, plan: record.plan.name, outcome: dryRun ? nil : batch.write())
    let text = try json ? JSONText.render(report) : report.text
    try Console.out(json ? text : text.split(separator: "\n").map { TerminalText.safe($0) + "\n" }.joined())
    if !report.failed.isEmpty { throw ExitStatus.storage.code }
    // Only what was asked for by name is missed; of all that is ready, the rest may wait.
    if ids != nil, !report.refused.isEmpty { throw ExitStatus.achievementFailed.code }
  }

  /// Hands the files to workers: a plan is derived and run as any other.
  private func runFill(_ kind: Batch.Kind) async throws {
    let loaded = try await LoadedRecord(plan, isReal: true)
    let batch = try Batch(kind, selection(), of: loaded.record)
    let plan = try FillPlan(batch, of: loaded.record)
    for omission in batch.refused { Console.notice("\(omission.id): refused, \(omission.reason)") }
    if plan.isEmpty {
      try Console.out("nothing to fill: \(batch.existing.count) there already\n")
      if ids != nil, !batch.refused.isEmpty { throw ExitStatus.achievementFailed.code }
      return
    }
    let archive = try loaded.ownArchive()
    try await archive.repository.checkCommitted(plan.blankPaths)
    let path = try loaded.keepDerived(JSONText.render(plan), kind.rawValue)
    var words = [path, "--repo", archive.top]
    if dryRun { words.append("--dry-run") }
    if json { words.append("--json") }
    if let jobs { words += ["--jobs", "\(jobs)"] }
    var run = try Run.parse(words)
    run.worker = worker
    for path in plan.paths { Console.notice("to fill: \(path)") }
    try await run.run()
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
    commandName: "subplans",
    abstract: "Writes the missing SUBPLAN files of everything that is ready.",
    discussion: """
      Filled from the PLAN document and parallel.json. What is there is left as it is; what can't be written is named, and \
      written by the next call. With --fill nothing is written here: workers make the files, and 'plait land' takes them over. \
      Templates of your own are SUBPLAN.md in the plan's folder templates/ or in .plait/templates/.
      """
  )

  @OptionGroup var options: BatchOptions

  func run() async throws { try await reporting { try await options.make(.subplans) } }
}

struct Executions: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "executions",
    abstract: "Writes the missing EXECUTION_TASK files of everything that is ready and has its SUBPLAN.",
    discussion: """
      A rejected achievement gets the file of its next attempt, with the findings. An achievement with parts gets one for each. \
      The template is called EXECUTION_TASK.md.
      """
  )

  @OptionGroup var options: BatchOptions

  func run() async throws { try await reporting { try await options.make(.executions) } }
}

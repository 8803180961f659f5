import ArgumentParser
import Engine
import Planning
import Recording
import Reporting

struct Resume: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Goes on with a run that was stopped or killed.",
    discussion: """
      What is merged stays; workers that still run go on, and those that have ended meanwhile are collected; results that \
      were collected but not merged are checked and merged; what was lost is kept under refs/plait/ and starts again. The \
      run goes on with its own copy of the plan.
      """
  )

  @Argument(help: ArgumentHelp("The run; default: the newest that has not ended well.", valueName: "RUN"))
  var name: String?

  @OptionGroup var repository: RepositoryOption

  @Flag(help: "Run what failed again, and what it blocked.")
  var retryFailed = false

  @Flag(help: "Take the plan file as it is now: what is complete and unchanged stays, the rest runs again.")
  var replan = false

  @Flag(help: "Make the database anew from the runs' folders and branches first, when it is gone or damaged.")
  var rebuild = false

  @Option(
    help: ArgumentHelp("Above the overhead budget do this from now on.", valueName: "warn|adapt|stop")
  )
  var onOverBudget: OverBudgetPolicy?

  @Flag(help: "No colour and no live view.")
  var noColor = false

  @Option(
    help: ArgumentHelp(
      "Append every event as a line of JSON (plait.event/1); '-': to standard output, in place of the report.",
      valueName: "FILE|-"
    )
  )
  var events: String?

  @Flag(help: "Print the report as one JSON object (plait.report/1) at the end.")
  var json = false

  func run() async throws {
    try await reporting {
      let archive = try await repository.archive()
      if rebuild { for line in try await archive.rebuild() { Console.notice(line) } }
      var recorded = try await chosen(archive)
      if let holder = archive.driver(of: recorded.run) {
        throw RecordingError(.locked, recorded.run, "run \(recorded.run) is driven by another process (\(holder))")
      }
      recorded = try await withPlanFile(recorded, in: archive)
      if recorded.snapshot.outcome == .complete, !replan {
        Console.note("Run \(recorded.run) is complete: there is nothing to resume.")
        if json { try Console.out(JSONText.render(RunReport(comparing: recorded.plan, with: recorded.snapshot))) }
        return
      }
      if !retryFailed, !replan, let outcome = recorded.snapshot.outcome, !recorded.isResumable {
        Console.note(
          "Run \(recorded.run) has ended, and what is not complete has failed or is blocked:"
            + " 'plait resume \(recorded.run) --retry-failed' tries that again."
        )
        if json { try Console.out(JSONText.render(RunReport(comparing: recorded.plan, with: recorded.snapshot))) }
        throw ExitStatus(outcome).code
      }
      let launcher = try SupervisedLauncher(supervisor: Console.supervisor())
      let session = try await RunSession(
        resuming: recorded,
        in: archive,
        retryFailed: retryFailed,
        environment: Console.environment,
        launcher: launcher
      )
      try await DrivenRun(
        plan: recorded.plan,
        session: session,
        archive: archive,
        launcher: launcher,
        earlier: recorded.snapshot,
        events: events,
        onOverBudget: onOverBudget
      ).drive(noColor: noColor, json: json)
    }
  }

  /// Takes the plan file over with `--replan`; else says so when it is no longer what the run was started with.
  private func withPlanFile(
    _ recorded: RunArchive.Recorded,
    in archive: RunArchive
  ) async throws -> RunArchive.Recorded {
    let sources = recorded.header.sources
    guard replan else {
      let kept = PlanBundle.files(in: try await archive.store().plan(of: recorded.run))
      for (source, bytes) in zip(sources, kept) where RunFiles.exists(source.path) {
        guard try RunFiles.read(source.path) != bytes else { continue }
        Console.notice(
          "\(source.path) has changed since the run started: it goes on with its own copy (--replan takes the new one)"
        )
      }
      return recorded
    }
    let loaded = try JoinedPlans(sources)
    let plan = try loaded.runnable()
    if let renamed = zip(plan.files, sources).first(where: { $0.name != $1.name && sources.count > 1 }) {
      throw EngineError(
        .invalidRequest,
        renamed.1.path,
        "\(renamed.1.path) is called \(renamed.0.name) now, and \(renamed.1.name) in the run: give it that name again"
      )
    }
    let (replanning, changed) = try await archive.replan(recorded, to: plan, bytes: loaded.bytes)
    for (id, reason) in replanning.reopened { Console.notice("\(id) runs again: \(reason)") }
    for id in replanning.dropped { Console.notice("\(id) is no longer in the plan; what it did stays merged") }
    for id in replanning.added { Console.notice("\(id) is new in the plan") }
    return changed
  }

  /// The run that was named, else the newest that is not complete, else the newest.
  private func chosen(_ archive: RunArchive) async throws -> RunArchive.Recorded {
    if let name { return try await archive.load(name) }
    let runs = try await archive.loadAll { $0.snapshot.outcome != .complete }
    if let last = runs.last, last.snapshot.outcome != .complete { return last }
    return try await archive.load(nil)
  }
}

extension RunArchive.Recorded {
  /// Whether something is left that goes on without trying again what failed.
  var isResumable: Bool {
    guard let outcome = snapshot.outcome else { return true }
    // One that ended by an error of the system may have things left to do besides its achievements.
    if outcome == .complete || outcome == .error { return outcome == .error }
    return plan.achievements.contains { achievement in
      let state = snapshot[achievement.id].state
      return !state.isFinal || state == .cancelled
    }
  }
}

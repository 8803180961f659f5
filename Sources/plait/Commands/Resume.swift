import ArgumentParser
import Engine
import Recording
import Reporting

struct Resume: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Goes on with a run that was stopped or killed.",
    discussion: """
      What is merged stays; results that were collected but not merged are checked and merged; workers that still run are \
      ended and their achievements start again, with what they left kept under refs/plait/. The run goes on with its own \
      copy of the plan.
      """
  )

  @Argument(help: ArgumentHelp("The run; default: the newest that has not ended well.", valueName: "RUN"))
  var name: String?

  @OptionGroup var repository: RepositoryOption

  @Flag(help: "Run what failed again, and what it blocked.")
  var retryFailed = false

  @Flag(help: "No colour and no live view.")
  var noColor = false

  @Flag(help: "Print the report as one JSON object (plait.report/1) at the end.")
  var json = false

  func run() async throws {
    try await reporting {
      let archive = try await repository.archive()
      let unfinished = try await newestUnfinished(archive)
      let recorded = try await archive.load(name ?? unfinished)
      if let holder = archive.driver(of: recorded.run) {
        throw RecordingError(.locked, recorded.run, "run \(recorded.run) is driven by another process (\(holder))")
      }
      if recorded.snapshot.outcome == .complete {
        Console.note("Run \(recorded.run) is complete: there is nothing to resume.")
        return
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
        earlier: recorded.snapshot
      ).drive(noColor: noColor, json: json)
    }
  }

  private func newestUnfinished(_ archive: RunArchive) async throws -> String? {
    try await archive.loadAll().first { $0.snapshot.outcome != .complete }?.run
  }
}

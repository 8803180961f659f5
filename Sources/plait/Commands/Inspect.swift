import ArgumentParser
import Engine
import Planning
import Recording
import Reporting
import SystemPackage

/// Where the repository is; shared by all commands that look at runs.
struct RepositoryOption: ParsableArguments {
  @Option(help: ArgumentHelp("The repository, or any folder in it.", valueName: "DIR"))
  var repo: String = "."

  func archive() async throws -> RunArchive { try await RunArchive(repositoryAt: repo) }
}

extension RunArchive {
  /// Seconds since the run's start up to which it is shown: time goes on for a run that a process drives, and for no other.
  func now(of recorded: Recorded) -> Double {
    driver(of: recorded.run) == nil ? recorded.snapshot.lastTime : recorded.now
  }
}

struct Runs: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs",
    abstract: "Lists the runs of the repository, newest first."
  )

  @OptionGroup var repository: RepositoryOption

  @Flag(help: "One JSON object (plait.runs/1) instead of text.")
  var json = false

  func run() async throws {
    try await reporting {
      let archive = try await repository.archive()
      var summaries: [RunSummary] = []
      for recorded in try await archive.loadAll() {
        summaries.append(
          RunSummary(
            recorded.snapshot,
            total: recorded.plan.achievements.count,
            isDriven: archive.driver(of: recorded.run) != nil,
            until: archive.now(of: recorded)
          )
        )
      }
      try Console.out(
        json
          ? JSONText.render(RunList(summaries))
          : RunsText.render(summaries, utcOffset: LocalTime.utcOffset)
      )
    }
  }
}

struct Explain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Says why an achievement waits, failed, was blocked, skipped or retried.",
    usage: "plait explain [<RUN>] <ID> [--repo <DIR>] [--json]"
  )

  @Argument(help: ArgumentHelp("The run (default: the newest) and the achievement.", valueName: "RUN ID"))
  var names: [String]

  @OptionGroup var repository: RepositoryOption

  @Flag(help: "The achievement's part of plait.report/1 as one JSON object (plait.explain/1).")
  var json = false

  func run() async throws {
    try await reporting {
      let (run, id) = try RunAndAchievement.parse(names)
      let archive = try await repository.archive()
      let recorded = try await archive.load(run)
      let now = archive.now(of: recorded)
      if json {
        let report = RunReport(plan: recorded.plan, snapshot: recorded.snapshot, until: now)
        guard let entry = report.achievements.first(where: { $0.id == id.text }) else { throw unknown(id, recorded) }
        try Console.out(JSONText.render(Explanation(run: recorded.run, achievement: entry)))
        return
      }
      guard
        let text = ExplainText.render(id, plan: recorded.plan, snapshot: recorded.snapshot, now: now)
      else { throw unknown(id, recorded) }
      try Console.out(text)
    }
  }

  private struct Explanation: Encodable {
    let schema = "plait.explain/1"
    let run: String
    let achievement: RunReport.Entry
  }
}

private func unknown(_ id: AchievementID, _ recorded: RunArchive.Recorded) -> RecordingError {
  RecordingError(
    .noSuchRun,
    id.text,
    "run \(recorded.run) has no achievement \(id): 'plait status \(recorded.run)' lists them"
  )
}

/// `[RUN] ID` on the command line.
enum RunAndAchievement {
  static func parse(_ names: [String]) throws -> (run: String?, id: AchievementID) {
    guard let last = names.last, names.count <= 2, let id = AchievementID(last) else {
      throw EngineError(
        .invalidRequest,
        names.joined(separator: " "),
        "give an achievement like 2.1 (of several plans NAME:2.1), or a run and an achievement"
      )
    }
    return (names.count == 2 ? names[0] : nil, id)
  }
}

struct Logs: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "logs",
    abstract: "Prints what a worker wrote.",
    usage: "plait logs [<RUN>] <ID> [--repo <DIR>] [--follow] [--attempt <N>] [--verify]"
  )

  @Argument(help: ArgumentHelp("The run (default: the newest) and the achievement.", valueName: "RUN ID"))
  var names: [String]

  @OptionGroup var repository: RepositoryOption

  @Flag(name: [.customShort("f"), .long], help: "Go on until the attempt has ended.")
  var follow = false

  @Option(help: ArgumentHelp("Which attempt; default: the last.", valueName: "N"))
  var attempt: Int?

  @Flag(help: "The output of its checks instead of its worker's.")
  var verify = false

  func run() async throws {
    try await reporting {
      let (run, id) = try RunAndAchievement.parse(names)
      let archive = try await repository.archive()
      var recorded = try await archive.load(run)
      guard recorded.plan[id] != nil else { throw unknown(id, recorded) }
      while follow, recorded.snapshot[id].attempts.isEmpty, isGoingOn(id, recorded, archive) {
        try await Task.sleep(for: .milliseconds(200))
        recorded = try await archive.load(recorded.run)
      }
      guard let number = attempt ?? recorded.snapshot[id].attempts.last?.number else {
        throw RecordingError(
          .noSuchRun,
          id.text,
          "\(id) has not been started in run \(recorded.run): 'plait explain \(id)' says why"
        )
      }
      let folder = recorded.header.directory(of: AttemptID(id, number))
      let path = "\(folder)/\(verify ? "verify" : "output").log"
      guard RunFiles.exists(path) || follow else { throw missing(path, of: id, number, in: recorded) }
      try await copy(path, of: id, number, in: recorded, archive)
    }
  }

  private func missing(
    _ path: String,
    of id: AchievementID,
    _ number: Int,
    in recorded: RunArchive.Recorded
  ) -> RecordingError {
    let count = recorded.snapshot[id].attempts.count
    let isKnown = recorded.snapshot[id].attempts.contains { $0.number == number }
    let message =
      isKnown
      ? "attempt \(number) of \(id) has no \(verify ? "checks'" : "worker's") log: \(path)"
      : "\(id) has no attempt \(number) in run \(recorded.run): there \(count == 1 ? "is 1" : "are \(count)")"
    return RecordingError(.noSuchRun, path, message)
  }

  private func isGoingOn(_ id: AchievementID, _ recorded: RunArchive.Recorded, _ archive: RunArchive) -> Bool {
    archive.driver(of: recorded.run) != nil && !recorded.snapshot[id].state.isFinal
  }

  /// Copies the log as it is: the bytes are the worker's own.
  private func copy(
    _ path: String,
    of id: AchievementID,
    _ number: Int,
    in recorded: RunArchive.Recorded,
    _ archive: RunArchive
  ) async throws {
    var recorded = recorded
    var offset: Int64 = 0
    while true {
      let ended = !isGoingOn(id, recorded, archive) || recorded.snapshot[id].attempts.last?.number != number
      if RunFiles.exists(path) { offset = try RunFiles.copyTail(of: path, from: offset, to: .standardOutput) }
      if !follow || ended { return }
      try await Task.sleep(for: .milliseconds(200))
      recorded = try await archive.load(recorded.run)
    }
  }
}

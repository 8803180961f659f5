import ArgumentParser
import Engine
import Git
import Planning
import Recording
import Reporting

struct Cancel: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cancel",
    abstract: "Stops a run from another terminal: its workers are stopped, all is recorded, 'plait resume' goes on."
  )

  @Argument(help: ArgumentHelp("The run; default: the newest.", valueName: "RUN"))
  var name: String?

  @OptionGroup var repository: RepositoryOption

  @Flag(help: "One JSON object (plait.cancel/1) instead of text.")
  var json = false

  private struct Done: Encodable {
    let schema = "plait.cancel/1"
    let run: String
    let outcome: RunArchive.Cancelled
  }

  func run() async throws {
    try await reporting {
      let archive = try await repository.archive()
      let run = try await archive.store().find(name).run
      let outcome = try await archive.cancel(run)
      if json {
        try Console.out(JSONText.render(Done(run: run, outcome: outcome)))
        return
      }
      switch outcome {
      case .stopped: try Console.out("Run \(run) is stopped; 'plait resume \(run)' goes on.\n")
      case .orphansEnded: try Console.out("Nobody drove run \(run); its workers that still ran have been ended.\n")
      case .nothingRan: try Console.out("Nobody drives run \(run), and nothing of it runs.\n")
      }
    }
  }
}

struct Restore: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "Brings back what an attempt left, as a branch.",
    usage: "plait restore [<RUN>] <ID> [--repo <DIR>] [--attempt <N>] [--branch <NAME>]"
  )

  @Argument(help: ArgumentHelp("The run (default: the newest) and the achievement.", valueName: "RUN ID"))
  var names: [String]

  @OptionGroup var repository: RepositoryOption

  @Option(help: ArgumentHelp("Which attempt; default: the last of which something is kept.", valueName: "N"))
  var attempt: Int?

  @Option(
    help: ArgumentHelp("The branch to make; default: restored/RUN/ID (NAME+2.1 for NAME:2.1).", valueName: "NAME")
  )
  var branch: String?

  func run() async throws {
    try await reporting {
      let (name, id) = try RunAndAchievement.parse(names)
      let archive = try await repository.archive()
      let run = try await archive.store().find(name).run
      let kept = try await archive.repository.refs(matching: "refs/plait/\(run)/\(id.pathComponent)/*")
        .sorted { Restore.number(of: $0.name) < Restore.number(of: $1.name) }
      let wanted =
        attempt.map { number in kept.filter { $0.name.hasSuffix("/\(number)") || $0.name.hasSuffix("/\(number)-green") }
        } ?? kept
      guard let (ref, commit) = wanted.last else {
        let found = kept.map(\.name).joined(separator: ", ")
        throw RecordingError(
          .noSuchRun,
          id.text,
          kept.isEmpty
            ? "nothing is kept of \(id) in run \(run): only what was not used is ('plait explain \(run) \(id)')"
            : "nothing is kept of that attempt of \(id) in run \(run); there is \(found)"
        )
      }
      let branch = branch ?? "restored/\(run)/\(id.pathComponent)"
      try await archive.repository.createRef("refs/heads/\(branch)", at: commit)
      try Console.out("\(branch) is at \(commit.short) now (\(ref)): 'git switch \(branch)', 'git show \(branch)'\n")
    }
  }

  /// The attempt's number at the end of a ref that keeps its work: `refs/plait/RUN/2.1/3`, `…/3-left`.
  private static func number(of ref: String) -> Int {
    ref.split(separator: "/").last.flatMap { Int($0.prefix { $0.isNumber }) } ?? 0
  }
}

import ArgumentParser
import Engine
import Git
import Methodology
import Planning
import Recording
import Reporting
import SystemPackage

struct Archive: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "archive",
    abstract: "Moves the files of completed work to the archive, in one commit on the branch that is checked out.",
    discussion: """
      To where the PLAN's "Archive Location" says, else to documentation/archive/<plan>-<date>. What is not complete stays, and \
      so does what says that others are, until all of them are. Nothing is moved while anything is staged, and nothing that is \
      not committed as it is; 'git revert' of the commit takes it back.
      """
  )

  @Argument(help: ArgumentHelp("The plan.", valueName: "PLAN"))
  var plan: String = "."

  @Option(help: ArgumentHelp("Only files whose name, or path in the plan's folder, matches.", valueName: "GLOB"))
  var match: String?

  @Flag(help: "Say what would be moved; move nothing.")
  var dryRun = false

  @Flag(help: "One JSON object (plait.archive/1) instead of text.")
  var json = false

  func run() async throws {
    try await reporting {
      let loaded = try await LoadedRecord(plan, isReal: true)
      if let run = try await loaded.liveRun() {
        throw RecordingError(.locked, run, "run \(run) works on this plan: archive it when the run has ended")
      }
      let name = loaded.record.plan.name
      let archive = try ArchivePlan(loaded.record, matching: match, date: String(LocalTime.now.prefix(10)))
      var result: (String, String)?
      if !archive.moves.isEmpty { result = try await perform(archive, name, in: loaded.ownArchive().repository) }
      let report = ArchiveReport(archive, plan: name, isDryRun: dryRun, result: result)
      let text = try json ? JSONText.render(report) : report.text
      try Console.out(json ? text : text.split(separator: "\n").map { TerminalText.safe($0) + "\n" }.joined())
    }
  }

  private func perform(_ archive: ArchivePlan, _ name: String, in repository: Repository) async throws
    -> (String, String)?
  {
    let request = MoveRequest(
      archive.moves.map { FileMove(from: $0.source.string, to: $0.target.string) },
      writing: archive.index,
      to: archive.indexPath.string
    )
    if dryRun {
      try await repository.checkMoves(request)
      return nil
    }
    let files = "\(archive.moves.count) file\(archive.moves.count == 1 ? "" : "s")"
    let title = TerminalText.safe(name).prefix(60)
    let (branch, commit) = try await repository.commitMoves(
      request,
      message: "Archive \(title)\n\nMoves \(files) of completed work to \(archive.destination).\n"
    )
    return (branch, commit.description)
  }
}

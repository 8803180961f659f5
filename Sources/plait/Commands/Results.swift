import ArgumentParser
import Engine
import Git
import Methodology
import Recording
import Reporting
import SystemPackage

struct Land: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "land",
    abstract: "Fast-forwards a branch to a run's result, and your checkout with it.",
    discussion: """
      Where the branch is checked out, its files move with it; local changes that would be overwritten stop that before \
      anything changes.
      """
  )

  @Argument(help: ArgumentHelp("The run; default: the newest.", valueName: "RUN"))
  var name: String?

  @Option(help: ArgumentHelp("The branch; default: the one that is checked out.", valueName: "BRANCH"))
  var into: String?

  @OptionGroup var repository: RepositoryOption

  @Flag(help: "One JSON object (plait.land/1) instead of text.")
  var json = false

  func run() async throws {
    try await reporting {
      let archive = try await repository.archive()
      let recorded = try await archive.load(name)
      let landing = try await archive.land(header: recorded.header, into: into)
      if recorded.snapshot.outcome != .complete {
        Console.notice("run \(recorded.run) is not complete: what it has merged so far was taken over")
      }
      try Console.out(json ? JSONText.render(landing) : "\(landing.branch) \(landing.words)\n")
    }
  }
}

struct Clean: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clean",
    abstract: "Removes what ended runs have left: processes, worktrees, branches that have landed.",
    discussion: """
      Work that is in no branch of yours is kept and named; --delete-results removes that too, and the run's record with \
      it. Runs that are going on are left alone.
      """
  )

  @Argument(help: ArgumentHelp("The run; default: all that have ended.", valueName: "RUN"))
  var name: String?

  @OptionGroup var repository: RepositoryOption

  @Flag(help: "Say what would be removed; remove nothing.")
  var dryRun = false

  @Flag(help: "Remove results that have not landed, logs and records too.")
  var deleteResults = false

  @Flag(help: "One JSON object (plait.clean/1) instead of text.")
  var json = false

  func run() async throws {
    try await reporting {
      let archive = try await repository.archive()
      let cleaning = Cleaning(archive: archive, deletesResults: deleteResults, isDryRun: dryRun)
      let done = try await cleaning.clean(name)
      if json {
        try Console.out(JSONText.render(done))
        return
      }
      for item in done.removed {
        try Console.out("\(dryRun ? "would remove" : "removed") \(TerminalText.safe(item))\n")
      }
      for item in done.kept { try Console.out("kept \(TerminalText.safe(item))\n") }
      if done.removed.isEmpty && done.kept.isEmpty { try Console.out("Nothing to clean.\n") }
    }
  }
}

struct Init: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Makes a starter plan with a worker that runs as it is."
  )

  @Argument(help: ArgumentHelp("The folder to make it in.", valueName: "DIR"))
  var directory: String = "."

  func run() async throws {
    try await reporting {
      let folder = Console.absolute(directory)
      let name = StarterPlan.planName(from: FilePath(folder).lastComponent?.string ?? "PLAN")
      let files = StarterPlan.files(named: name)
      for file in files where RunFiles.exists("\(folder)/\(file.path)") {
        throw EngineError(
          .invalidRequest,
          file.path,
          "\(directory)/\(file.path) exists already, so nothing was written: choose another folder"
        )
      }
      for file in files {
        let path = FilePath(folder).appending(file.path)
        try RunFiles.makeDirectory(path.removingLastComponent().string)
        try RunFiles.write(file.content, to: path.string, executable: file.isExecutable)
        try Console.out("made \(FilePath(directory).appending(file.path).lexicallyNormalized())\n")
      }
      try Console.out("Run it with: plait run \(directory)\n")
    }
  }
}

struct Doctor: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Says what works here and what does not: git, libgit2, the repository, disk, agents found."
  )

  @OptionGroup var repository: RepositoryOption

  @Flag(help: "One JSON object (plait.doctor/1) instead of text.")
  var json = false

  func run() async throws {
    try await reporting {
      let findings = await Examination(path: repository.repo, environment: Console.environment).findings()
      if json {
        try Console.out(JSONText.render(Examination.Report(findings)))
      } else {
        for finding in findings {
          try Console.out(
            "\(finding.mark) \(TerminalText.safe(finding.subject)): \(TerminalText.safe(finding.message))\n"
          )
        }
      }
      if findings.contains(where: { $0.level == .broken }) { throw ExitStatus.unavailable.code }
    }
  }
}

import ArgumentParser
import Git
import Reporting

/// The command line of Plait: what the user wants, handed to the modules, and what they say, written out.
@main
struct Plait: AsyncParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "plait",
    abstract: "Runs a whole plan of work in parallel: one worker per achievement, each in its own git worktree.",
    discussion: """
      PLAN is a path to a parallel.json, to a folder that holds one, or @NAME: the plan folder of that name below \
      work-space/plans or Workflows of the repository. RUN is a run's id, a unique prefix of it, or nothing for the newest.

      Exit codes: 0 all is well; 1 an achievement failed or is blocked; 3 over the overhead budget that was asked for; \
      4 a merge conflict is left; 8 stopped orderly; 9 another process drives the run; 64 usage; 65 a plan is invalid; \
      66 a named file or run does not exist; 69 something the run needs is missing here; 70 a bug in Plait; 74 disk or \
      database error; 130 killed by the third Ctrl-C.
      """,
    version: version,
    subcommands: [Selftest.self],
    groupedSubcommands: [
      CommandGroup(name: "Plans", subcommands: [Validate.self, Show.self, Simulate.self, Calibrate.self, Init.self]),
      CommandGroup(
        name: "Methodology",
        subcommands: [
          Discover.self, Compliance.self, Subplans.self, Executions.self, PromptCommand.self, Approve.self, Reject.self,
          Skip.self, Archive.self, MenuCommand.self,
        ]
      ),
      CommandGroup(
        name: "Runs",
        subcommands: [
          Run.self, Resume.self, Cancel.self, Status.self, Runs.self, Logs.self, Explain.self, Report.self,
          Serve.self, Compare.self,
        ]
      ),
      CommandGroup(name: "Results", subcommands: [Land.self, Clean.self, Restore.self]),
      CommandGroup(name: "This machine", subcommands: [Doctor.self]),
    ]
  )
  /// Commands that open a repository for sure. One that is missing here only starts a little later.
  private static let repositoryCommands: Set<String> = [
    "run", "resume", "cancel", "status", "runs", "logs", "explain", "report", "serve", "compare", "land", "clean",
  ]

  static func main() async {
    if CommandLine.arguments.dropFirst().first.map(repositoryCommands.contains) == true { Repository.prepareLibrary() }
    do {
      var command = try Run.parseAsRoot(with: Array(CommandLine.arguments.dropFirst()))
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch {
      guard let hint = hint(CommandLine.arguments.dropFirst(), error) else { exit(withError: error) }
      Console.note(fullMessage(for: error))
      Console.note(hint)
      exit(withError: exitCode(for: error))
    }
  }

  /// What to say besides the parser's message when the worker's command was given without `--`.
  private static func hint(_ words: ArraySlice<String>, _ error: any Error) -> String? {
    let words = Array(words)
    guard exitCode(for: error) == .validationFailure, words.count > 2, words[0] == "run", !words.contains("--"),
      !words[1].hasPrefix("-"), !words[2].hasPrefix("-")
    else { return nil }
    let command = TerminalText.safe(words[2...].joined(separator: " "), limit: 60)
    return "The worker's command goes after '--': plait run \(TerminalText.safe(words[1])) -- \(command)"
  }
}

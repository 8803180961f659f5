import ArgumentParser
import Engine
import Recording
import Reporting

struct Compare: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Says what parallel work saved, measured: runs of a plan one after another against runs side by side.",
    usage: "plait compare <RUN> ... -- <RUN> ... [--repo <DIR>] [--json]",
    discussion: """
      Before '--' the runs to compare with, typically with --jobs 1; after it those that were to be faster. Groups of one \
      size are taken as pairs, in order. Two names alone need no '--'. 'plait run --measure-saving N' makes such pairs.
      """
  )

  @Argument(
    help: ArgumentHelp("The runs to compare with; after '--', those that were to be faster.", valueName: "RUN")
  )
  var names: [String] = []

  @OptionGroup var repository: RepositoryOption

  @Flag(help: "One JSON object (plait.compare/1) instead of text.")
  var json = false

  /// Both groups. The parser takes only one list and leaves the `--` out of it; but whatever follows that is a name.
  private var groups: (baseline: ArraySlice<String>, parallel: ArraySlice<String>) {
    let words = CommandLine.arguments
    let separator = words.firstIndex(of: "--")
    let after = separator.map { words.count - $0 - 1 } ?? (names.count == 2 ? 1 : 0)
    return (names.dropLast(after), names.suffix(after))
  }

  func validate() throws {
    guard !groups.baseline.isEmpty, !groups.parallel.isEmpty else {
      throw ValidationError("name runs on both sides of '--': plait compare RUN_ONE_AFTER_ANOTHER -- RUN_PARALLEL")
    }
  }

  func run() async throws {
    try await reporting {
      let archive = try await repository.archive()
      try await archive.compare(groups.baseline, with: groups.parallel, json: json)
    }
  }
}

extension RunArchive {
  /// Writes out what the runs named `parallel` saved against those named `baseline`; runs of different work are an error.
  func compare(_ baseline: some Sequence<String>, with parallel: some Sequence<String>, json: Bool) async throws {
    func load(_ names: some Sequence<String>) async throws -> [ComparedRun] {
      var runs: [ComparedRun] = []
      for name in names {
        let recorded = try await self.load(name)
        runs.append(ComparedRun(plan: recorded.plan, snapshot: recorded.snapshot))
      }
      return runs
    }
    let comparison = try await Comparison(baseline: load(baseline), parallel: load(parallel))
    try Console.out(json ? JSONText.render(comparison) : ComparisonText.render(comparison))
  }
}

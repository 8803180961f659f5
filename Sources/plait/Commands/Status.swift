import ArgumentParser
import Engine
import Methodology
import Planning
import Recording
import Reporting

struct Status: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Shows where every achievement of a run or of a plan stands.",
    discussion: """
      Of a plan it says what the files of its folder say, and every contradiction between them, parallel.json and the runs. \
      It resolves none; --write-back makes parallel.json say what the files say.
      """
  )

  @Argument(help: ArgumentHelp("The run or the plan; default: the newest run.", valueName: "RUN|PLAN"))
  var name: String?

  @OptionGroup var repository: RepositoryOption

  @Flag(help: "One JSON object (plait.status/1, of a plan plait.plan-status/1) instead of text.")
  var json = false

  @Flag(help: "Watch the run until it ends; leaving does not end it.")
  var watch = false

  @Flag(help: "Write the statuses that a plan's files say into its parallel.json; all else in it stays as it is.")
  var writeBack = false

  private var namesPlan: Bool { name.map(LoadedPlan.isNamed) ?? false }

  func validate() throws {
    if writeBack, !namesPlan {
      throw ValidationError("--write-back needs a PLAN: @NAME, a folder, or a parallel.json.")
    }
    if watch, namesPlan { throw ValidationError("--watch follows a run; a plan has nothing to follow.") }
  }

  func run() async throws {
    try await reporting {
      if let name, namesPlan { return try await show(plan: name) }
      let archive = try await repository.archive()
      var recorded = try await load(archive)
      if watch {
        let progress = RunProgress(
          plan: recorded.plan,
          header: recorded.header,
          draws: Console.drawsOnStandardError(noColor: false),
          earlier: RunSnapshot()
        )
        _ = await progress.follow(try archive.watch(recorded.run), from: recorded.now)
        recorded = try await archive.load(recorded.run)
      }
      let status = StatusReport(
        plan: recorded.plan,
        snapshot: recorded.snapshot,
        now: recorded.now,
        isDriven: archive.driver(of: recorded.run) != nil
      )
      try Console.out(json ? JSONText.render(status) : StatusText.render(status))
    }
  }

  private func load(_ archive: RunArchive) async throws -> RunArchive.Recorded {
    do {
      return try await archive.load(name)
    } catch let error as RecordingError where error.code == .noSuchRun {
      guard let name, [name, archive.top].contains(error.subject) else { throw error }
      throw RecordingError(
        .noSuchRun,
        name,
        "no run and no plan is called '\(name)': 'plait runs' lists the runs; a plan is named as @NAME, by its folder or by"
          + " its parallel.json"
      )
    }
  }

  private func show(plan name: String) async throws {
    let loaded = try await LoadedRecord(name)
    let run = try await loaded.newestRun()
    let standing = loaded.record.standing(run: run?.isLive == true ? run?.standing ?? [:] : [:])
    var written: [AchievementID]?
    if writeBack {
      let statuses = loaded.record.achievements.reduce(into: [AchievementID: FileStatus]()) {
        $0[$1.id] = standing[$1.id]?.status
      }
      let edited = PlanEditor.settingStatuses(of: loaded.record.plan, to: statuses, in: loaded.bytes)
      // Read again just before: whoever edited it meanwhile would lose that.
      if !edited.written.isEmpty {
        guard try RunFiles.read(loaded.path) == loaded.bytes else {
          throw EngineError(.file, loaded.path, "\(loaded.path) was changed by someone else meanwhile: try again")
        }
        try RunFiles.replace(loaded.path, with: edited.bytes)
      }
      written = edited.written
    }
    let report = PlanStatusReport(loaded.record, standing: standing, path: loaded.path, run: run, written: written)
    let text = try json ? JSONText.render(report) : report.text
    try Console.out(json ? text : text.split(separator: "\n").map { TerminalText.safe($0) + "\n" }.joined())
  }
}

import ArgumentParser
import Engine
import Planning
import Reporting

struct Calibrate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "calibrate",
    abstract: "Holds a plan's estimates against what its runs in this repository took.",
    discussion: "Only runs of the same work count: the same command, environment, checks, setup and dependencies."
  )

  @Argument(help: ArgumentHelp("The plan.", valueName: "PLAN"))
  var plan: String = "."

  @OptionGroup var repository: RepositoryOption

  @Flag(help: "Write what was learned into the plan file, as actual_hours; estimates stay as they are.")
  var write = false

  @Flag(help: "One JSON object (plait.calibrate/1) instead of text.")
  var json = false

  func run() async throws {
    try await reporting {
      let loaded = try await LoadedPlan(plan)
      let plan = try loaded.checked()
      let learned = try await repository.archive().learned(of: plan)
      let written = try write ? save(learned, of: plan, to: loaded) : []
      let calibration = Calibration(plan, learned: learned, written: written)
      try Console.out(json ? JSONText.render(calibration) : calibration.text)
      guard write else { return }
      let count = "\(written.count) achievement\(written.count == 1 ? "" : "s")"
      Console.note("Wrote actual_hours of \(count) to \(TerminalText.safe(loaded.path)).")
    }
  }

  /// Replaces the file as a whole, or leaves it alone when there is nothing to write.
  private func save(_ learned: LearnedDurations, of plan: Plan, to loaded: LoadedPlan) throws -> [AchievementID] {
    let edited = PlanEditor.settingActualHours(of: plan, to: learned, in: loaded.bytes)
    if edited.bytes != loaded.bytes { try RunFiles.replace(loaded.path, with: edited.bytes) }
    return edited.written
  }
}

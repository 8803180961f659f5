import Foundation

/// How long the shortest commands take.
enum StartSection: Section {
  static let name = "start"
  static let title = "Start-up"
  static let explanation = """
    Whole commands, in a repository of 200 files; for `plait status` with one run of two achievements in its record.
    """

  static func run(_ bench: Bench) async throws -> String {
    Notice.say(name)
    let folder = try bench.scratch.folder("start")
    let sample = try SampleRepository(files: 200, at: "\(folder)/repository", program: bench.program)
    let worker = "{\"command\": [\"\(NoOp.path)\"], \"stdin\": \"none\"}"
    let plan = PlanFile.text(of: .independent(2), worker: worker)
    try plan.write(toFile: "\(folder)/parallel.json", atomically: false, encoding: .utf8)
    try bench.program.run([bench.plait, "run", "\(folder)/parallel.json", "--repo", sample.path], in: folder)
    let commands = [
      [NoOp.path], [bench.plait, "--version"], [bench.plait, "status"], ["git", "--version"], ["git", "status"],
    ]
    // A start is short, so it is measured more often than the rest.
    let contest = Contest(repetitions: 5 * bench.repetitions, warmsUp: true)
    let standings = await contest.run(
      commands.map { command in
        let name = command.first == bench.plait ? ["plait"] + command.dropFirst() : command
        return Contender(name.joined(separator: " ")) { try bench.program.run(command, in: sample.path).seconds }
      }
    )
    return Table("command", standings, unit: .milliseconds).markdown
  }
}

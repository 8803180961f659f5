import Engine
import Foundation
import Planning

/// How the cost of planning grows with the plan.
enum GrowthSection: Section {
  static let name = "growth"
  static let title = "Growth with the plan"
  static let explanation = """
    Processor time (median, min–max) for layered plans, three dependencies each, with estimates. `validate` and `show` are whole \
    commands with their start. `schedule` is the scheduler alone, from the plan in memory to the end of a run on a virtual clock at 8 slots.
    """

  static func run(_ bench: Bench) async throws -> String {
    var table = Table(["achievements", "validate", "show", "schedule"])
    for count in bench.isQuick ? [1_000, 10_000] : [1_000, 10_000, 100_000] {
      Notice.say("\(name): \(count) achievements")
      let folder = try bench.scratch.folder("growth")
      let graph = TaskGraph.layered(count)
      let timed = TimedGraph(graph, deviation: 1, seed: 1)
      let hours = timed.seconds.map { ($0 * 100).rounded(.up) / 100 }
      try PlanFile.text(of: graph, hours: hours)
        .write(toFile: "\(folder)/parallel.json", atomically: false, encoding: .utf8)
      let plan = timed.plan
      let standings = await bench.contest.run([
        command("validate", folder, bench), command("show", folder, bench), Contender("schedule") { schedule(plan) },
      ])
      table.add(["\(count)"] + standings.map(text))
    }
    return table.markdown
  }

  private static func command(_ name: String, _ folder: String, _ bench: Bench) -> Contender {
    Contender(name) { try bench.program.run([bench.plait, name, "parallel.json"], in: folder).cpuSeconds }
  }

  private static func schedule(_ plan: Plan) -> Double {
    let start = processorSeconds
    _ = Simulation.makespan(of: plan, analysis: PlanAnalysis(plan), slots: 8)
    return processorSeconds - start
  }

  /// What this process has used of the processors.
  private static var processorSeconds: Double { Double(clock()) / Double(CLOCKS_PER_SEC) }

  private static func text(_ standing: Standing) -> String {
    guard let median = standing.samples.median, let low = standing.samples.minimum, let high = standing.samples.maximum
    else { return "not measured: \(standing.failure ?? "nothing ran")" }
    let unit = Quantity.milliseconds
    return "\(unit.text(median)) (\(unit.text(low))–\(unit.text(high)))"
  }
}

import Engine
import Planning

/// How close the order of work comes to the best possible.
enum ScheduleSection: Section {
  static let name = "schedule"
  static let title = "Quality of the schedule"
  static let explanation = """
    Makespan ÷ a lower bound that no schedule can beat (the largest of critical path, work ÷ slots, and what has to be done in \
    one stretch of time); 1.0000 is proven to be the best. Plait's own scheduler on a virtual clock, against a queue that takes \
    what has been ready for longest. Computed, not timed, so the machine's load doesn't matter.
    """

  static func run(_ bench: Bench) async throws -> String {
    let recorded = TimedGraph.recorded(in: bench.workflows)
    var table = Table(["graphs", "slots", "Plait median", "Plait worst", "first come median", "first come worst"])
    add("generated", generated(isQuick: bench.isQuick), to: &table)
    add("recorded (WfCommons)", recorded, to: &table)
    guard recorded.isEmpty else { return table.markdown }
    return table.markdown
      + "\n\nRecorded workflows: not measured, there are none in the folder that `--workflows` names."
  }

  private static func generated(isQuick: Bool) -> [TimedGraph] {
    let sizes = isQuick ? [100, 400] : [100, 400, 2_000]
    return (1...UInt64(isQuick ? 3 : 10)).flatMap { seed in
      sizes.flatMap { size in
        [
          TaskGraph.layered(size, width: 10, seed: seed), .layered(size, width: 50, degree: 2, seed: seed),
          .random(size, seed: seed), .random(size, degree: 1, seed: seed),
        ].map { TimedGraph($0, deviation: 1, seed: seed) }
      }
    }
  }

  private static func add(_ name: String, _ graphs: [TimedGraph], to table: inout Table) {
    guard !graphs.isEmpty else { return }
    Notice.say("\(ScheduleSection.name): \(name), \(graphs.count) graphs")
    let slots = [2, 4, 8, 16, 32]
    var plait = slots.map { _ in Samples() }
    var firstCome = slots.map { _ in Samples() }
    for graph in graphs {
      let plan = graph.plan
      let makespans = Simulation.makespans(of: plan, analysis: PlanAnalysis(plan), slots: slots)
      let bounds = graph.bounds(slots: slots)
      for (index, count) in slots.enumerated() {
        plait[index].append(makespans[index] / bounds[index])
        firstCome[index].append(graph.firstComeMakespan(slots: count) / bounds[index])
      }
    }
    for (index, count) in slots.enumerated() {
      let values = [plait[index].median, plait[index].maximum, firstCome[index].median, firstCome[index].maximum]
      table.add(["\(name), \(graphs.count)", "\(count)"] + values.map { $0.map(Quantity.ratio.text) ?? "" })
    }
  }
}

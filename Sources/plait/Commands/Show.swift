import ArgumentParser
import Engine
import Planning
import Reporting

struct Show: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Shows a plan: levels, critical path, bottlenecks, predicted time at 1…∞ slots, claims beside the truth."
  )

  @Argument(
    help: ArgumentHelp("The plan, or several that are run together; default: the current folder's.", valueName: "PLAN")
  )
  var plans: [String] = []

  @Option(help: ArgumentHelp("Write the dependency graph instead.", valueName: "dot|mermaid|svg"))
  var graph: GraphFormat?

  @Flag(help: "One JSON object (plait.show/1) instead of text.")
  var json = false

  func run() async throws {
    try await reporting {
      let plan = try await JoinedPlans(plans).checked()
      // Outside of a repository nothing was learned.
      let learned = await (try? RunArchive(repositoryAt: Console.currentDirectory))?.learned(of: plan) ?? .none
      let analysis = PlanAnalysis(plan, learned: learned)
      if let graph {
        try Console.out(GraphRenderer.render(plan, analysis: analysis, as: graph))
        return
      }
      let slots: [Int?] = [1, 2, 4, 8, nil]
      let hours = Simulation.makespans(of: plan, analysis: analysis, slots: slots)
      let hasDurations = analysis.learned.isEmpty == false || plan.achievements.contains { $0.estimate != nil }
      let intervals = hasDurations ? Forecast.intervals(of: plan, analysis: analysis, slots: slots) : []
      let overview = PlanOverview(
        plan: plan,
        analysis: analysis,
        predictions: slots.indices.map {
          .init(slots: slots[$0], hours: hours[$0], interval: intervals.isEmpty ? nil : intervals[$0])
        },
        bottlenecks: analysis.bottlenecks(plan, count: 5).map {
          .init(id: $0.id, heldUp: $0.heldUp, hours: $0.hours)
        },
        isWhole: json
      )
      try Console.out(json ? JSONText.render(overview) : PlanOverviewText.render(overview))
    }
  }
}

extension GraphFormat: ExpressibleByArgument {}

package import Planning
package import Recording

/// The formats of `plait show --graph`; the raw value is the word on the command line.
package enum GraphFormat: String, Sendable, CaseIterable {
  case dot
  case mermaid
  case svg
}

/// A plan's graph as a picture or as text that other programs draw.
package enum GraphRenderer {
  /// Renders `plan` in `format`; ends with a newline. `analysis` must be the plan's.
  ///
  /// The critical path is marked. With a `snapshot`, nodes are coloured by their state. Whatever stands in titles is
  /// shown as text: nothing of it can become markup.
  package static func render(
    _ plan: Plan,
    analysis: PlanAnalysis,
    as format: GraphFormat,
    snapshot: RunSnapshot? = nil
  ) -> String {
    let picture = GraphPicture(plan, analysis: analysis, snapshot: snapshot)
    return switch format {
    case .dot: DotGraph.render(picture)
    case .mermaid: MermaidGraph.render(picture)
    case .svg: SVGGraph.render(picture)
    }
  }
}

/// What all formats draw.
struct GraphPicture {
  struct Node {
    let id: String
    let title: String
    let hours: String
    let level: Int
    let isCritical: Bool
    let tone: Tone?
  }

  struct Edge {
    let from: Int
    let to: Int
    let isCritical: Bool
  }

  /// How a node looks: the states that a reader tells apart by colour.
  enum Tone: String, CaseIterable {
    case waiting
    case ready
    case active
    case complete
    case failed
    case blocked
    case skipped

    init(_ state: AchievementState) {
      switch state {
      case .waiting: self = .waiting
      case .ready: self = .ready
      case .preparing, .running, .collecting, .verifying, .merging: self = .active
      case .complete: self = .complete
      case .failed: self = .failed
      case .blocked: self = .blocked
      case .skipped, .cancelled: self = .skipped
      }
    }

    /// Fill and border on a light ground.
    var light: (fill: String, stroke: String) {
      switch self {
      case .waiting: ("#f6f8fa", "#9aa4b0")
      case .ready: ("#e8f1ff", "#5b8def")
      case .active: ("#fff4d6", "#d19a12")
      case .complete: ("#e3f6e8", "#3a9b57")
      case .failed: ("#fde7e7", "#d0453f")
      case .blocked: ("#f3e9f7", "#9a5fb5")
      case .skipped: ("#efefef", "#b5b5b5")
      }
    }

    /// Fill and border on a dark ground.
    var dark: (fill: String, stroke: String) {
      switch self {
      case .waiting: ("#20262e", "#66717f")
      case .ready: ("#182a48", "#5b8def")
      case .active: ("#3a2f12", "#d9a82e")
      case .complete: ("#15321f", "#46b168")
      case .failed: ("#401c1c", "#e0605a")
      case .blocked: ("#33213c", "#b57fcf")
      case .skipped: ("#2a2a2a", "#6d6d6d")
      }
    }
  }

  let name: String
  let caption: String
  let nodes: [Node]
  let edges: [Edge]

  /// The graph of a run: measured times in place of estimates, and the critical path that they make.
  init(_ chart: RunChart) {
    let graph = chart.graph
    let levels = PlanAnalysis.levels(of: graph, order: PlanAnalysis.topologicalOrder(of: graph))
    let critical = Set(chart.criticalPath)
    let steps = Set(zip(chart.criticalPath, chart.criticalPath.dropFirst()).map { [$0, $1] })
    name = chart.report.plan
    nodes = chart.report.achievements.enumerated().map { index, entry in
      Node(
        id: entry.id,
        title: entry.title,
        hours: entry.seconds > 0 ? TimeText.text(entry.seconds) : "",
        level: Int(levels[index]),
        isCritical: critical.contains(index),
        tone: Tone(entry.state)
      )
    }
    edges = nodes.indices.flatMap { index in
      graph.dependencies(of: index).map { dependency in
        Edge(from: Int(dependency), to: index, isCritical: steps.contains([Int(dependency), index]))
      }
    }
    caption =
      "\(Prose.count(nodes.count, "achievement")), \(Prose.count(edges.count, "dependency", plural: "dependencies")), "
      + "critical path \(TimeText.text(chart.report.totals.criticalPathSeconds))"
  }

  init(_ plan: Plan, analysis: PlanAnalysis, snapshot: RunSnapshot?) {
    let critical = Set(analysis.criticalPath)
    let steps = Set(zip(analysis.criticalPath, analysis.criticalPath.dropFirst()).map { [$0, $1] })
    name = plan.name
    nodes = plan.achievements.enumerated().map { index, achievement in
      let hours = !achievement.role.hasWorker ? "" : achievement.estimate == nil ? "? h" : analysis.hours[index].hours
      return Node(
        id: achievement.id.text,
        title: achievement.title,
        hours: hours,
        level: Int(analysis.levels[index]),
        isCritical: critical.contains(index),
        tone: snapshot.map { Tone($0[achievement.id].state) }
      )
    }
    edges = plan.achievements.indices.flatMap { index in
      plan.graph.dependencies(of: index).map { dependency in
        Edge(from: Int(dependency), to: index, isCritical: steps.contains([Int(dependency), index]))
      }
    }
    caption =
      Prose.count(nodes.count, "achievement") + " · one after another \(analysis.totalHours.hours) · critical path "
      + "\(analysis.criticalPathHours.hours) · up to \(analysis.possibleSaving.percent) can be saved"
  }
}

/// What a plan's graph says by itself: order, levels, priorities of the scheduler, critical path.
///
/// Pure functions over numbered nodes; all are O(nodes + edges) and use no recursion.
package struct PlanAnalysis: Sendable {
  /// Expected hours of each node: its estimate's middle, else `neutralHours`; 0 for a join.
  package let hours: [Double]
  /// What an achievement without an estimate counts as: the median of the known estimates, else 1 hour.
  package let neutralHours: Double
  /// Nodes so that each comes after all it depends on; ties in plan order.
  package let order: [Int32]
  /// Dependency level: 0 without dependencies, else 1 + the highest of them.
  package let levels: [Int32]
  /// Own hours plus the longest expected chain after it: the scheduler's priority (highest first).
  package let bLevels: [Double]
  /// The longest chain by hours, first to last; ties go to the earlier node.
  package let criticalPath: [Int]

  /// Analyses `plan`; the graph must be acyclic, as every `Plan` is.
  package init(_ plan: Plan) {
    let graph = plan.graph
    let known = plan.achievements.compactMap { $0.role == .join ? nil : $0.estimate?.middle }.sorted()
    let neutral = known.isEmpty ? 1 : known[known.count / 2]
    neutralHours = neutral
    hours = plan.achievements.map { $0.role == .join ? 0 : $0.estimate?.middle ?? neutral }
    order = PlanAnalysis.topologicalOrder(of: graph)

    levels = PlanAnalysis.levels(of: graph, order: order)
    bLevels = PlanAnalysis.bLevels(of: graph, order: order, hours: hours)
    criticalPath = PlanAnalysis.criticalPath(of: graph, bLevels: bLevels, hours: hours)
  }

  /// Σ hours of all nodes: the work of one pair of hands.
  package var totalHours: Double { hours.reduce(0, +) }
  /// Hours of the critical path: no number of slots is faster.
  package var criticalPathHours: Double { bLevels.max() ?? 0 }
  /// What parallelism can save at best: 1 − critical path ÷ total, 0…1.
  package var possibleSaving: Double { totalHours > 0 ? 1 - criticalPathHours / totalHours : 0 }

  /// How many nodes each dependency level holds.
  package var levelWidths: [Int] {
    var widths = [Int](repeating: 0, count: Int(levels.max() ?? -1) + 1)
    for level in levels { widths[Int(level)] += 1 }
    return widths
  }

  /// Kahn's algorithm with a first-in-first-out queue: deterministic, O(nodes + edges). Shorter than `count` when cyclic.
  package static func topologicalOrder(of graph: DependencyGraph) -> [Int32] {
    var open = (0..<graph.count).map { graph.dependencies(of: $0).count }
    var queue: [Int32] = []
    queue.reserveCapacity(graph.count)
    for node in 0..<graph.count where open[node] == 0 { queue.append(Int32(node)) }
    var head = 0
    while head < queue.count {
      for dependent in graph.dependents(of: Int(queue[head])) {
        open[Int(dependent)] -= 1
        if open[Int(dependent)] == 0 { queue.append(dependent) }
      }
      head += 1
    }
    return queue
  }

  /// 0 for a node without dependencies, else 1 + the highest level of them.
  package static func levels(of graph: DependencyGraph, order: [Int32]) -> [Int32] {
    var levels = [Int32](repeating: 0, count: graph.count)
    for node in order {
      var level: Int32 = 0
      for dependency in graph.dependencies(of: Int(node)) { level = max(level, levels[Int(dependency)] + 1) }
      levels[Int(node)] = level
    }
    return levels
  }

  /// Own hours plus the longest chain of dependents, per node.
  package static func bLevels(of graph: DependencyGraph, order: [Int32], hours: [Double]) -> [Double] {
    var levels = hours
    for node in order.reversed() {
      let after = graph.dependents(of: Int(node)).reduce(0.0) { max($0, levels[Int($1)]) }
      levels[Int(node)] += after
    }
    return levels
  }

  /// Follows the highest b-level from a source to a sink.
  package static func criticalPath(of graph: DependencyGraph, bLevels: [Double], hours: [Double]) -> [Int] {
    func highest(_ nodes: some Sequence<Int>) -> Int? {
      nodes.reduce(nil as Int?) { best, node in
        guard let best else { return node }
        return bLevels[node] > bLevels[best] ? node : best
      }
    }
    var path: [Int] = []
    var next = highest((0..<graph.count).lazy.filter { graph.dependencies(of: $0).isEmpty })
    while let node = next {
      path.append(node)
      next = highest(graph.dependents(of: node).lazy.map { Int($0) })
    }
    return path
  }
}

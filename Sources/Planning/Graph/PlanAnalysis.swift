/// What a plan's graph says by itself: order, levels, priorities of the scheduler, critical path.
///
/// Pure functions over numbered nodes; all are O(nodes + edges) and use no recursion.
package struct PlanAnalysis: Sendable {
  /// Expected hours of each node: what was learned, else its estimate's middle × `factor`, else `neutralHours`; 0 for a join
  /// that nothing was learned of.
  package let hours: [Double]
  /// What an achievement that nothing is known of counts as: the median of the known estimates × `factor`, else that of what
  /// was learned, else 1 hour.
  package let neutralHours: Double
  /// What was learned from earlier runs.
  package let learned: LearnedDurations
  /// What estimates are multiplied by, so that they agree with what was learned; 1 where nothing has both.
  package let factor: Double
  /// Nodes so that each comes after all it depends on; ties in plan order.
  package let order: [Int32]
  /// Dependency level: 0 without dependencies, else 1 + the highest of them.
  package let levels: [Int32]
  /// Own hours plus the longest expected chain after it: the scheduler's priority (highest first).
  package let bLevels: [Double]
  /// The longest chain by hours, first to last; ties go to the earlier node.
  package let criticalPath: [Int]

  /// Analyses `plan`; the graph must be acyclic, as every `Plan` is. What was `learned` goes before the plan's estimates.
  package init(_ plan: Plan, learned: LearnedDurations = .none) {
    let graph = plan.graph
    let factor = learned.factor(for: plan) ?? 1
    let known = plan.achievements.compactMap { !$0.role.hasWorker ? nil : $0.estimate?.middle }.sorted()
    let measured = known.isEmpty ? learned.entries.values.map(\.hours).sorted() : []
    let neutral =
      !known.isEmpty ? known[known.count / 2] * factor : measured.isEmpty ? 1 : measured[measured.count / 2]
    neutralHours = neutral
    self.learned = learned
    self.factor = factor
    hours = plan.achievements.map { achievement in
      if !learned.isEmpty, let entry = learned[achievement.id] { return entry.hours }
      return !achievement.role.hasWorker ? 0 : achievement.estimate.map { $0.middle * factor } ?? neutral
    }
    order = PlanAnalysis.topologicalOrder(of: graph)

    levels = PlanAnalysis.levels(of: graph, order: order)
    bLevels = PlanAnalysis.bLevels(of: graph, order: order, hours: hours)
    criticalPath = PlanAnalysis.criticalPath(of: graph, bLevels: bLevels, hours: hours)
  }

  /// Where the hours of `achievement`, one of the plan's, come from.
  package func source(of achievement: Achievement) -> DurationSource {
    if learned[achievement.id] != nil { return .learned }
    if !achievement.role.hasWorker { return .join }
    return achievement.estimate == nil ? .neutral : .estimate
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

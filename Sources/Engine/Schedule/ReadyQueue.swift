import HeapModule
internal import Planning

/// Ready nodes in the order in which they are to start: highest b-level first, then plan order. O(log n) per change.
struct ReadyQueue: Sendable {
  struct Entry: Comparable, Sendable {
    let priority: Double
    let node: Int32

    static func < (left: Entry, right: Entry) -> Bool {
      left.priority == right.priority ? left.node > right.node : left.priority < right.priority
    }
  }

  private var heap = Heap<Entry>()
  private let priorities: [Double]

  /// Queues by the b-levels of `plan`. A soft dependency counts like a real one here, and only here: it pulls its target
  /// forward without blocking anything. Where soft ones close a cycle, they are left out.
  init(plan: Plan, analysis: PlanAnalysis) {
    guard plan.achievements.contains(where: { !$0.details.softDependencies.isEmpty }) else {
      priorities = analysis.bLevels
      return
    }
    let rows = plan.achievements.indices.map { node in
      Array(plan.graph.dependencies(of: node))
        + plan.achievements[node].details.softDependencies.compactMap { plan.indices[$0].map { Int32($0) } }
    }
    let graph = DependencyGraph(dependencies: rows)
    let order = PlanAnalysis.topologicalOrder(of: graph)
    priorities =
      order.count == graph.count
      ? PlanAnalysis.bLevels(of: graph, order: order, hours: analysis.hours) : analysis.bLevels
  }

  var isEmpty: Bool { heap.isEmpty }

  mutating func insert(_ node: Int) {
    heap.insert(Entry(priority: priorities[node], node: Int32(node)))
  }

  mutating func popFirst() -> Int? {
    heap.popMax().map { Int($0.node) }
  }

  mutating func removeAll() { heap = Heap() }
}

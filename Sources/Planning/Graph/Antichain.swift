/// The widest set of items of which none waits for another.
///
/// By Dilworth's theorem it has as many items as the fewest chains that cover the graph, and those are the items minus
/// a largest matching between items and what they transitively depend on.
struct Antichain {
  /// For each node the nodes it depends on, one bit each.
  private var closure: [[UInt64]]
  /// For each node the one that it is matched to as its dependency, and the other way round; -1 for none.
  private var matched: [Int]
  private var partner: [Int]

  /// The size of the widest set for an acyclic `graph` in topological `order`.
  static func width(of graph: DependencyGraph, order: [Int32]) -> Int {
    var antichain = Antichain(graph: graph, order: order)
    return graph.count - antichain.largestMatching()
  }

  private init(graph: DependencyGraph, order: [Int32]) {
    let words = (graph.count + 63) / 64
    matched = [Int](repeating: -1, count: graph.count)
    partner = matched
    closure = Array(repeating: Array(repeating: 0, count: words), count: graph.count)
    for node in order.map({ Int($0) }) {
      var row = closure[node]
      for dependency in graph.dependencies(of: node).map({ Int($0) }) {
        for word in row.indices { row[word] |= closure[dependency][word] }
        row[dependency >> 6] |= 1 << UInt64(dependency & 63)
      }
      closure[node] = row
    }
  }

  private mutating func largestMatching() -> Int {
    closure.indices.count { augment(from: $0) }
  }

  /// Looks breadth first for an alternating path from `start` to an unmatched node and turns it over.
  private mutating func augment(from start: Int) -> Bool {
    var open = [UInt64](repeating: .max, count: closure[start].count)
    var cameFrom = [Int](repeating: -1, count: closure.count)
    var queue = [start]
    var head = 0
    while head < queue.count {
      let node = queue[head]
      head += 1
      for word in open.indices {
        var bits = closure[node][word] & open[word]
        open[word] &= ~bits
        while bits != 0 {
          let target = word << 6 + bits.trailingZeroBitCount
          bits &= bits - 1
          cameFrom[target] = node
          guard matched[target] >= 0 else {
            turnOver(from: target, cameFrom)
            return true
          }
          queue.append(matched[target])
        }
      }
    }
    return false
  }

  /// Matches every node of the path anew; the node it began with had no partner, which ends it.
  private mutating func turnOver(from end: Int, _ cameFrom: [Int]) {
    var target = end
    while target >= 0 {
      let node = cameFrom[target]
      let next = partner[node]
      matched[target] = node
      partner[node] = target
      target = next
    }
  }
}

extension PlanAnalysis {
  /// How many items could run side by side at most, were slots unlimited; nil for more than `limit` nodes, for which it
  /// takes too long (a bipartite matching over the transitive closure).
  package func maxAntichain(_ plan: Plan, limit: Int = 2000) -> Int? {
    plan.graph.count > limit ? nil : Antichain.width(of: plan.graph, order: order)
  }
}

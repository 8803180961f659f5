/// An item that others wait for.
package struct Bottleneck: Sendable, Equatable {
  /// Which achievement it is.
  package let id: AchievementID
  /// How many achievements depend on it, directly or through others; parts and variants are not counted.
  package let heldUp: Int
  /// The expected hours of all that depends on it.
  package let hours: Double
}

extension PlanAnalysis {
  /// The `count` items that hold up most achievements, most first; ties by hours, then plan order.
  ///
  /// The numbers are exact. Which items are looked at is exact up to 2,000 nodes; above that the candidates are those
  /// that an estimate puts highest (E. Cohen, Size-Estimation Framework, 1997), so that 100,000 nodes take a moment.
  package func bottlenecks(_ plan: Plan, count: Int) -> [Bottleneck] {
    guard count > 0 else { return [] }
    let counts = plan.achievements.map { $0.role.owner == nil }
    let seen = candidates(plan.graph, count: count).map { (node: $0, size: heldUp(by: $0, plan.graph, counts)) }
    return
      seen
      .filter { $0.size.count > 0 }
      .sorted { ($1.size.count, $1.size.hours, $0.node) < ($0.size.count, $0.size.hours, $1.node) }
      .prefix(count)
      .map { Bottleneck(id: plan.achievements[$0.node].id, heldUp: $0.size.count, hours: $0.size.hours) }
  }

  private func candidates(_ graph: DependencyGraph, count: Int) -> [Int] {
    guard graph.count > 2000 else { return Array(0..<graph.count) }
    let sizes = estimatedDescendants(of: graph)
    return Array((0..<graph.count).sorted { (sizes[$1], $0) < (sizes[$0], $1) }.prefix(max(12, 2 * count)))
  }

  /// Gives every node a random time to a first event; the smallest time among n of them shrinks like 1/n.
  private func estimatedDescendants(of graph: DependencyGraph) -> [Double] {
    let rounds = 12
    var sums = [Double](repeating: 0, count: graph.count)
    // Not random but mixed (SplitMix64), so that the same plan always gives the same answer.
    var state: UInt64 = 0
    for _ in 0..<rounds {
      var smallest = (0..<graph.count).map { _ in
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return exponential(Double((mixed ^ mixed >> 31) >> 11) * 0x1p-53)
      }
      for node in order.reversed() {
        for dependent in graph.dependents(of: Int(node)) {
          smallest[Int(node)] = min(smallest[Int(node)], smallest[Int(dependent)])
        }
      }
      for node in sums.indices { sums[node] += smallest[node] }
    }
    return sums.map { Double(rounds - 1) / max($0, .leastNormalMagnitude) }
  }

  /// −ln(1 − u) by its series, near enough: only the order of magnitude of the smallest values matters, and those are
  /// close to `u` itself. Spares the module its only need of the C library.
  private func exponential(_ u: Double) -> Double { u * (1 + u * (0.5 + u * (1.0 / 3 + u * 0.25))) }

  /// `counts` says of each node whether it is counted as an achievement.
  private func heldUp(by node: Int, _ graph: DependencyGraph, _ counts: [Bool]) -> (count: Int, hours: Double) {
    var isSeen = [Bool](repeating: false, count: graph.count)
    var queue = [Int32(node)]
    var head = 0
    var result = (count: 0, hours: 0.0)
    while head < queue.count {
      for dependent in graph.dependents(of: Int(queue[head])) where !isSeen[Int(dependent)] {
        isSeen[Int(dependent)] = true
        queue.append(dependent)
        result.hours += hours[Int(dependent)]
        if counts[Int(dependent)] { result.count += 1 }
      }
      head += 1
    }
    return result
  }
}

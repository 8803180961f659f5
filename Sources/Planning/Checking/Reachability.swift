/// Answers which items depend on which, directly or through others.
///
/// 64 questions share one walk over the stretch of the order that lies between their items, and items whose dependency
/// levels exclude an answer cost nothing: lists of a whole wave against itself are free.
struct Reachability {
  /// How two items stand to each other.
  enum Relation {
    case unrelated
    /// The first depends on the second.
    case dependsOn
    /// The second depends on the first.
    case isNeededBy
  }

  private let graph: DependencyGraph
  private let order: [Int32]
  private let positions: [Int32]
  private let levels: [Int32]

  /// Prepares answers for an acyclic `graph` in topological `order`.
  init(graph: DependencyGraph, order: [Int32]) {
    self.graph = graph
    self.order = order
    var positions = [Int32](repeating: 0, count: order.count)
    for (position, node) in order.enumerated() { positions[Int(node)] = Int32(position) }
    self.positions = positions
    levels = PlanAnalysis.levels(of: graph, order: order)
  }

  /// The relation of each pair.
  func relations(of pairs: [(Int, Int)]) -> [Relation] {
    var relations = [Relation](repeating: .unrelated, count: pairs.count)
    let open = pairs.indices.filter { levels[pairs[$0].0] != levels[pairs[$0].1] }
      .map { index in (index: index, ends: ends(of: pairs[index])) }
      .sorted { $0.ends.lowerBound < $1.ends.lowerBound }
    var masks = [UInt64](repeating: 0, count: order.count)
    var start = 0
    while start < open.count {
      var sources: [Int] = []
      var end = start
      while end < open.count, sources.count < 64 || sources.last == open[end].ends.lowerBound {
        if sources.last != open[end].ends.lowerBound { sources.append(open[end].ends.lowerBound) }
        end += 1
      }
      let last = open[start..<end].reduce(0) { max($0, $1.ends.upperBound) }
      spread(sources, to: last, &masks)
      for question in open[start..<end] {
        guard let bit = sources.firstIndex(of: question.ends.lowerBound) else { continue }
        guard masks[question.ends.upperBound] & (1 << UInt64(bit)) != 0 else { continue }
        let isFirstLater = Int(positions[pairs[question.index].0]) == question.ends.upperBound
        relations[question.index] = isFirstLater ? .dependsOn : .isNeededBy
      }
      start = end
    }
    return relations
  }

  private func ends(of pair: (Int, Int)) -> ClosedRange<Int> {
    let (a, b) = (Int(positions[pair.0]), Int(positions[pair.1]))
    return min(a, b)...max(a, b)
  }

  /// Gives every position up to `last` the bits of the sources that it depends on; sources ascend.
  private func spread(_ sources: [Int], to last: Int, _ masks: inout [UInt64]) {
    guard let first = sources.first else { return }
    var bit = 0
    for position in first...last {
      var mask: UInt64 = 0
      for dependency in graph.dependencies(of: Int(order[position])) {
        let before = Int(positions[Int(dependency)])
        if before >= first { mask |= masks[before] }
      }
      if bit < sources.count, sources[bit] == position {
        mask |= 1 << UInt64(bit)
        bit += 1
      }
      masks[position] = mask
    }
  }
}

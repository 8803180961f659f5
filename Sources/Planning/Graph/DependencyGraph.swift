/// The edges of a plan, both ways, as compressed rows: node `n`'s dependencies are a slice of one array.
///
/// Nodes are numbered 0..<count. Building it costs O(nodes + edges) and two passes.
package struct DependencyGraph: Sendable {
  private let dependencyStarts: [Int32]
  private let dependencyTargets: [Int32]
  private let dependentStarts: [Int32]
  private let dependentTargets: [Int32]

  /// Builds the graph from each node's dependencies; every target must be in 0..<dependencies.count.
  package init(dependencies: [[Int32]]) {
    var starts: [Int32] = [0]
    starts.reserveCapacity(dependencies.count + 1)
    for row in dependencies { starts.append((starts.last ?? 0) + Int32(row.count)) }
    self.init(starts: starts, targets: Array(dependencies.joined()))
  }

  /// Builds the graph from rows that lie end to end: node `n`'s dependencies are `targets[starts[n]..<starts[n + 1]]`.
  ///
  /// `starts` has one element more than there are nodes; every target must be a node.
  package init(starts: [Int32], targets: [Int32]) {
    var incoming = [Int32](repeating: 0, count: starts.count)
    for target in targets { incoming[Int(target) + 1] += 1 }
    for index in incoming.indices.dropFirst() { incoming[index] += incoming[index - 1] }
    var reverse = [Int32](repeating: 0, count: targets.count)
    var next = incoming
    for node in 0..<starts.count - 1 {
      for target in targets[Int(starts[node])..<Int(starts[node + 1])] {
        reverse[Int(next[Int(target)])] = Int32(node)
        next[Int(target)] += 1
      }
    }
    dependencyStarts = starts
    dependencyTargets = targets
    dependentStarts = incoming
    dependentTargets = reverse
  }

  /// How many nodes there are.
  package var count: Int { dependencyStarts.count - 1 }
  /// How many dependencies there are.
  package var edgeCount: Int { dependencyTargets.count }

  /// The nodes that `node` depends on, in file order.
  package func dependencies(of node: Int) -> ArraySlice<Int32> {
    dependencyTargets[Int(dependencyStarts[node])..<Int(dependencyStarts[node + 1])]
  }

  /// Where `node`'s dependencies lie among all edges, to find what is kept beside them.
  func edges(of node: Int) -> Range<Int> { Int(dependencyStarts[node])..<Int(dependencyStarts[node + 1]) }

  /// The nodes that depend on `node`, in plan order.
  package func dependents(of node: Int) -> ArraySlice<Int32> {
    dependentTargets[Int(dependentStarts[node])..<Int(dependentStarts[node + 1])]
  }
}

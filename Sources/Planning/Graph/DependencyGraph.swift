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
    var targets: [Int32] = []
    var incoming = [Int32](repeating: 0, count: dependencies.count + 1)
    for row in dependencies {
      targets.append(contentsOf: row)
      starts.append(Int32(targets.count))
      for target in row { incoming[Int(target) + 1] += 1 }
    }
    for index in incoming.indices.dropFirst() { incoming[index] += incoming[index - 1] }
    var reverse = [Int32](repeating: 0, count: targets.count)
    var next = incoming
    for (node, row) in dependencies.enumerated() {
      for target in row {
        reverse[Int(next[Int(target)])] = Int32(node)
        next[Int(target)] += 1
      }
    }
    dependencyStarts = starts
    dependencyTargets = targets
    dependentStarts = incoming
    dependentTargets = reverse
  }

  package var count: Int { dependencyStarts.count - 1 }
  package var edgeCount: Int { dependencyTargets.count }

  /// The nodes that `node` depends on, in file order.
  package func dependencies(of node: Int) -> ArraySlice<Int32> {
    dependencyTargets[Int(dependencyStarts[node])..<Int(dependencyStarts[node + 1])]
  }

  /// The nodes that depend on `node`, in plan order.
  package func dependents(of node: Int) -> ArraySlice<Int32> {
    dependentTargets[Int(dependentStarts[node])..<Int(dependentStarts[node + 1])]
  }
}

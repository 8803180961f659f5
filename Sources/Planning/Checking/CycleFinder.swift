/// Finds the cycles of a graph without recursion: a chain of 100,000 nodes is as safe as one of three.
struct CycleFinder {
  /// In a component of more nodes only its shortest cycle through its first node is told, not every elementary one.
  static let smallComponent = 12
  static let mostCyclesOfOneComponent = 20

  private let graph: DependencyGraph
  private let components: [Int32]

  /// Gives the cycles of `graph`, each as the nodes along it, the earliest first; each depends on the next, the last
  /// on the first. Empty when the graph has none.
  static func cycles(in graph: DependencyGraph, atMost limit: Int) -> [[Int]] {
    let components = StrongComponents(graph)
    let finder = CycleFinder(graph: graph, components: components.numbers)
    var cycles: [[Int]] = []
    for members in components.cyclic where cycles.count < limit {
      cycles += finder.cycles(among: members)
    }
    return Array(cycles.prefix(limit))
  }

  private func cycles(among members: [Int]) -> [[Int]] {
    guard members.count <= CycleFinder.smallComponent else {
      let loops = members.filter { graph.dependencies(of: $0).contains(Int32($0)) }.map { [$0] }
      return loops.prefix(CycleFinder.mostCyclesOfOneComponent) + [shortestCycle(through: members[0])]
    }
    var cycles: [[Int]] = []
    for start in members {
      search(from: start, &cycles)
      if cycles.count >= CycleFinder.mostCyclesOfOneComponent { break }
    }
    return cycles
  }

  /// All elementary cycles whose earliest node is `start`: paths through later nodes of the component, back to it.
  private func search(from start: Int, _ cycles: inout [[Int]]) {
    var path = [start]
    var choices = [Array(graph.dependencies(of: start))]
    // Dense components have more paths than anyone wants to wait for.
    var steps = 20_000
    while let last = choices.last, steps > 0 {
      steps -= 1
      guard let next = last.first.map({ Int($0) }) else {
        choices.removeLast()
        path.removeLast()
        continue
      }
      choices[choices.count - 1].removeFirst()
      if next == start {
        cycles.append(path)
        if cycles.count >= CycleFinder.mostCyclesOfOneComponent { return }
      } else if next > start, components[next] == components[start], !path.contains(next) {
        path.append(next)
        choices.append(Array(graph.dependencies(of: next)))
      }
    }
  }

  /// A shortest way from `start` back to itself, breadth first within its component.
  private func shortestCycle(through start: Int) -> [Int] {
    var cameFrom: [Int: Int] = [:]
    var queue = [start]
    var head = 0
    while head < queue.count {
      let node = queue[head]
      head += 1
      for next in graph.dependencies(of: node).map({ Int($0) }) where components[next] == components[start] {
        if next == start, node != start { return path(from: start, to: node, cameFrom) }
        guard next != start, cameFrom[next] == nil else { continue }
        cameFrom[next] = node
        queue.append(next)
      }
    }
    return [start]
  }

  private func path(from start: Int, to end: Int, _ cameFrom: [Int: Int]) -> [Int] {
    var path = [end]
    while let last = path.last, last != start, let before = cameFrom[last] { path.append(before) }
    return path.reversed()
  }
}

/// The strongly connected components of a graph (Tarjan 1972, with its stack written out).
struct StrongComponents {
  /// The component of each node.
  private(set) var numbers: [Int32]
  /// The components that hold a cycle, their nodes ascending, in the order of their first nodes.
  private(set) var cyclic: [[Int]] = []

  private var indices: [Int32]
  private var lows: [Int32]
  private var stack: [Int32] = []
  private var nextIndex: Int32 = 0
  private var nextNumber: Int32 = 0

  init(_ graph: DependencyGraph) {
    numbers = [Int32](repeating: -1, count: graph.count)
    indices = numbers
    lows = numbers
    for node in 0..<graph.count where indices[node] < 0 { visit(node, in: graph) }
    cyclic.sort { $0[0] < $1[0] }
  }

  private mutating func visit(_ root: Int, in graph: DependencyGraph) {
    var calls: [(node: Int, next: Int)] = []
    enter(root)
    calls.append((root, graph.dependencies(of: root).startIndex))
    while let (node, next) = calls.last {
      let targets = graph.dependencies(of: node)
      guard next < targets.endIndex else {
        calls.removeLast()
        if let parent = calls.last?.node { lows[parent] = min(lows[parent], lows[node]) }
        if lows[node] == indices[node] { close(node, in: graph) }
        continue
      }
      calls[calls.count - 1].next += 1
      let target = Int(targets[next])
      if indices[target] < 0 {
        enter(target)
        calls.append((target, graph.dependencies(of: target).startIndex))
      } else if numbers[target] < 0 {
        lows[node] = min(lows[node], indices[target])
      }
    }
  }

  private mutating func enter(_ node: Int) {
    indices[node] = nextIndex
    lows[node] = nextIndex
    nextIndex += 1
    stack.append(Int32(node))
  }

  private mutating func close(_ root: Int, in graph: DependencyGraph) {
    var members: [Int] = []
    while let node = stack.popLast() {
      numbers[Int(node)] = nextNumber
      members.append(Int(node))
      if Int(node) == root { break }
    }
    nextNumber += 1
    if members.count > 1 || graph.dependencies(of: root).contains(Int32(root)) { cyclic.append(members.sorted()) }
  }
}

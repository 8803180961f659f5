import Planning

/// What waits for what, by position.
struct TaskGraph {
  let name: String
  let dependencies: [[Int]]

  var count: Int { dependencies.count }

  var dependents: [[Int]] {
    var dependents = [[Int]](repeating: [], count: count)
    for (node, row) in dependencies.enumerated() {
      for dependency in row { dependents[dependency].append(node) }
    }
    return dependents
  }
}

extension TaskGraph {
  /// Each after the one before.
  static func chain(_ count: Int) -> TaskGraph {
    TaskGraph(name: "chain of \(count)", dependencies: (0..<count).map { $0 == 0 ? [] : [$0 - 1] })
  }

  /// Nothing waits for anything.
  static func independent(_ count: Int) -> TaskGraph {
    TaskGraph(name: "\(count) independent", dependencies: Array(repeating: [], count: count))
  }

  /// Layers of `width`; each node waits for `degree` nodes of the layer before, the same one perhaps twice chosen.
  static func layered(_ count: Int, width: Int = 50, degree: Int = 3, seed: UInt64 = 1) -> TaskGraph {
    var random = SplitMix64(seed: seed)
    let rows = (0..<count).map { node in
      let first = (node / width - 1) * width
      guard first >= 0 else { return [Int]() }
      return Set((0..<degree).map { _ in Int.random(in: first..<first + width, using: &random) }).sorted()
    }
    return TaskGraph(name: "layered, \(count)", dependencies: rows)
  }

  /// One, then many, then one: `count` in all.
  static func fan(_ count: Int) -> TaskGraph {
    let middle = Array(repeating: [0], count: count - 2)
    return TaskGraph(name: "fan-out and -in, \(count)", dependencies: [[]] + middle + [Array(1..<count - 1)])
  }

  /// Each waits for up to `degree` of all that come before it.
  static func random(_ count: Int, degree: Int = 3, seed: UInt64) -> TaskGraph {
    var random = SplitMix64(seed: seed)
    let rows = (0..<count).map { node in
      guard node > 0 else { return [Int]() }
      let wanted = Int.random(in: 0...degree, using: &random)
      return Set((0..<wanted).map { _ in Int.random(in: 0..<node, using: &random) }).sorted()
    }
    return TaskGraph(name: "random, \(count)", dependencies: rows)
  }
}

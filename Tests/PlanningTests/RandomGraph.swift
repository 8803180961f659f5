import Planning

/// A generator with a seed (SplitMix64), so that a failing case can be run again.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}

/// Random graphs and slow, obvious answers about them.
enum RandomGraph {
  /// Dependencies of each node on earlier nodes of a random order.
  static func acyclic(_ count: Int, density: Double, using generator: inout SeededGenerator) -> [[Int32]] {
    let order = (0..<count).shuffled(using: &generator)
    var rows = [[Int32]](repeating: [], count: count)
    for (position, node) in order.enumerated() {
      rows[node] = order[..<position].filter { _ in Double.random(in: 0..<1, using: &generator) < density }.map {
        Int32($0)
      }
    }
    return rows
  }

  static func any(_ count: Int, density: Double, using generator: inout SeededGenerator) -> [[Int32]] {
    (0..<count).map { _ in (0..<Int32(count)).filter { _ in Double.random(in: 0..<1, using: &generator) < density } }
  }

  static func plan(_ rows: [[Int32]], hours: [Double]? = nil) -> Plan {
    let achievements = rows.indices.compactMap { node in
      AchievementID("1.\(node)").map { id in
        Achievement(id: id, title: "", priority: 1, estimate: hours.map { HourRange(low: $0[node], high: $0[node]) })
      }
    }
    return Plan(
      name: "RANDOM",
      level: .acrossPriorities,
      achievements: achievements,
      graph: DependencyGraph(dependencies: rows)
    )
  }

  /// Whether `node` depends on each other node (Warshall).
  static func closure(_ rows: [[Int32]]) -> [[Bool]] {
    var closure = rows.map { row in rows.indices.map { row.contains(Int32($0)) } }
    for k in rows.indices {
      for i in rows.indices where closure[i][k] {
        for j in rows.indices where closure[k][j] { closure[i][j] = true }
      }
    }
    return closure
  }
}

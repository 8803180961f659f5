/// Places a layered graph: one column per dependency level, edges that skip levels lead through lanes of their own.
///
/// The order within a column follows the mean place of each item's neighbours (the barycentre heuristic, several sweeps);
/// places are then the closest ones to the neighbours' that keep order and distance.
struct GraphLayout {
  struct Metrics {
    var nodeWidth = 200.0
    var nodeHeight = 62.0
    var laneHeight = 6.0
    var rowGap = 16.0
    var columnGap = 64.0
  }

  struct Point: Equatable {
    let x: Double
    let y: Double
  }

  private struct Item {
    let level: Int
    let isLane: Bool
    var before: [Int] = []
    var after: [Int] = []
    /// Middle.
    var y = 0.0
  }

  let metrics: Metrics
  let width: Double
  let height: Double
  /// Left upper corner of each node.
  let corners: [Point]
  /// The points that each edge runs through, from the right side of one node to the left side of the other.
  let routes: [[Point]]

  /// Above this many lanes edges go straight, since nobody can follow them anyway.
  private static let mostLanes = 20_000

  init(levels: [Int], edges: [(from: Int, to: Int)], metrics: Metrics = Metrics()) {
    var items = levels.map { Item(level: $0, isLane: false) }
    let chains = GraphLayout.addLanes(to: &items, edges: edges)
    var columns = [[Int]](repeating: [], count: (levels.max() ?? -1) + 1)
    for index in items.indices { columns[items[index].level].append(index) }
    GraphLayout.order(&columns, items)
    GraphLayout.place(columns, &items, metrics)

    let top = items.map { $0.y - metrics.nodeHeight / 2 }.min() ?? 0
    let step = metrics.nodeWidth + metrics.columnGap
    self.metrics = metrics
    width = max(0, Double(columns.count) * step - metrics.columnGap)
    height = (items.map { $0.y + metrics.nodeHeight / 2 }.max() ?? 0) - top
    corners = levels.indices.map {
      Point(x: Double(levels[$0]) * step, y: items[$0].y - metrics.nodeHeight / 2 - top)
    }
    routes = chains.map { chain in
      chain.flatMap { item -> [Point] in
        let left = Double(items[item].level) * step
        let y = items[item].y - top
        let right = left + metrics.nodeWidth
        if item == chain.first { return [Point(x: right, y: y)] }
        return item == chain.last ? [Point(x: left, y: y)] : [Point(x: left, y: y), Point(x: right, y: y)]
      }
    }
  }

  /// Gives every edge an item in each column that it passes; returns the items along each edge, its ends included.
  private static func addLanes(to items: inout [Item], edges: [(from: Int, to: Int)]) -> [[Int]] {
    let lanes = edges.reduce(0) { $0 + max(0, items[$1.to].level - items[$1.from].level - 1) }
    return edges.map { edge in
      var chain = [edge.from]
      if lanes <= mostLanes, items[edge.to].level - items[edge.from].level > 1 {
        for level in (items[edge.from].level + 1)..<items[edge.to].level {
          chain.append(items.count)
          items.append(Item(level: level, isLane: true))
        }
      }
      chain.append(edge.to)
      for (left, right) in zip(chain, chain.dropFirst()) {
        items[left].after.append(right)
        items[right].before.append(left)
      }
      return chain
    }
  }

  private static func order(_ columns: inout [[Int]], _ items: [Item]) {
    var rank = [Double](repeating: 0, count: items.count)
    for column in columns { for (place, item) in column.enumerated() { rank[item] = Double(place) } }
    for sweep in 0..<12 {
      let forward = sweep % 2 == 0
      for index in forward ? Array(columns.indices) : columns.indices.reversed() {
        let centres = columns[index].map { item -> Double in
          let neighbours = forward ? items[item].before : items[item].after
          return neighbours.isEmpty ? rank[item] : neighbours.reduce(0) { $0 + rank[$1] } / Double(neighbours.count)
        }
        let sorted = columns[index].indices.sorted { (centres[$0], $0) < (centres[$1], $1) }
        columns[index] = sorted.map { columns[index][$0] }
        // Places are counted from the column's middle, so that columns of different heights compare.
        let middle = Double(columns[index].count - 1) / 2
        for (place, item) in columns[index].enumerated() { rank[item] = Double(place) - middle }
      }
    }
  }

  private static func place(_ columns: [[Int]], _ items: inout [Item], _ metrics: Metrics) {
    for column in columns { settle(column, at: column.map { _ in 0 }, &items, metrics) }
    for sweep in 0..<16 {
      let forward = sweep % 2 == 0
      for column in forward ? columns : columns.reversed() {
        let wanted = column.map { item -> Double in
          let own = items[item]
          let neighbours = forward ? own.before : own.after
          let used = neighbours.isEmpty ? (forward ? own.after : own.before) : neighbours
          return used.isEmpty ? own.y : used.reduce(0) { $0 + items[$1].y } / Double(used.count)
        }
        settle(column, at: wanted, &items, metrics)
      }
    }
  }

  /// Puts a column's items as close to `wanted` as their order and sizes allow (least squares: pooling of neighbours
  /// that are in each other's way).
  private static func settle(_ column: [Int], at wanted: [Double], _ items: inout [Item], _ metrics: Metrics) {
    var blocks: [(sum: Double, count: Double, size: Int)] = []
    var offsets: [Double] = []
    var offset = 0.0
    for (place, item) in column.enumerated() {
      let height = items[item].isLane ? metrics.laneHeight : metrics.nodeHeight
      if place > 0 { offset += height / 2 }
      offsets.append(offset)
      offset += height / 2 + metrics.rowGap
      blocks.append((wanted[place] - offsets[place], 1, 1))
      while blocks.count > 1 {
        let (last, previous) = (blocks[blocks.count - 1], blocks[blocks.count - 2])
        guard previous.sum / previous.count > last.sum / last.count else { break }
        blocks.removeLast(2)
        blocks.append((previous.sum + last.sum, previous.count + last.count, previous.size + last.size))
      }
    }
    var place = 0
    for block in blocks {
      for _ in 0..<block.size {
        items[column[place]].y = block.sum / block.count + offsets[place]
        place += 1
      }
    }
  }
}

/// What running achievements hold beside their slots: shares of named pools, and path footprints.
struct HeldResources: Sendable {
  private let pools: [String: Int]
  private var used: [String: Int] = [:]
  private var footprints: [Int: Footprint] = [:]

  init(pools: [String: Int]) { self.pools = pools }

  /// Why `node` can't start now: one clause for people; nil when it can.
  func obstacle(to node: Int, needs: [String: Int], footprint: Footprint, name: (Int) -> String) -> String? {
    for (pool, need) in needs.sorted(by: { $0.key < $1.key }) {
      let free = (pools[pool] ?? 0) - (used[pool] ?? 0)
      if need > free { return "needs \(need) of \(pool), \(free) free" }
    }
    guard !footprint.isEmpty else { return nil }
    for (other, claimed) in footprints.sorted(by: { $0.key < $1.key }) where claimed.overlaps(footprint) {
      return "touches the same files as \(name(other)), which is running"
    }
    return nil
  }

  mutating func take(_ node: Int, needs: [String: Int], footprint: Footprint) {
    for (pool, need) in needs { used[pool, default: 0] += need }
    if !footprint.isEmpty { footprints[node] = footprint }
  }

  mutating func release(_ node: Int, needs: [String: Int]) {
    for (pool, need) in needs { used[pool, default: 0] -= need }
    footprints[node] = nil
  }
}

internal import Planning

/// What running achievements hold beside their slots: shares of named pools, and path footprints.
struct HeldResources: Sendable {
  private struct Need: Sendable {
    let pools: [(name: String, count: Int)]
    let footprint: Footprint
  }

  private let pools: [String: Int]
  /// Only of the nodes that need anything: most plans name nothing, and then nothing of this costs.
  private let needs: [Int: Need]
  private var used: [String: Int] = [:]
  private var footprints: [Int: Footprint] = [:]
  /// The choice of each variant, and of the choice itself: they have one footprint together, which is held from the first of
  /// them to the end of the last. Else others could begin between a variant and its merge, and conflict with it.
  private var groups: [Int: Int]

  init(_ plan: Plan, choices: [Int: Int]) {
    groups = choices
    for choice in choices.values { groups[choice] = choice }
    pools = plan.defaults.resources
    var needs: [Int: Need] = [:]
    for node in plan.achievements.indices {
      let details = plan.achievements[node].details
      if details.resources.isEmpty && details.files.isEmpty { continue }
      let resources = plan.achievements[node].role == .choice ? [:] : details.resources
      let pools = resources.sorted { $0.key < $1.key }.map { (name: $0.key, count: $0.value) }
      needs[node] = Need(pools: pools, footprint: Footprint(details.files))
    }
    self.needs = needs
  }

  /// Why `node` can't start now: one clause for people; nil when it can. `name` names another node.
  func obstacle(to node: Int, name: (Int) -> String) -> String? {
    guard !needs.isEmpty, let need = needs[node] else { return nil }
    for pool in need.pools {
      let free = (pools[pool.name] ?? 0) - (used[pool.name] ?? 0)
      if pool.count > free { return "needs \(pool.count) of \(pool.name), \(free) free" }
    }
    guard !need.footprint.isEmpty else { return nil }
    let own = groups[node]
    for (other, claimed) in footprints.sorted(by: { $0.key < $1.key })
    where other != own && claimed.overlaps(need.footprint) {
      return "touches the same files as \(name(other)), which is running"
    }
    return nil
  }

  mutating func take(_ node: Int) {
    guard !needs.isEmpty, let need = needs[node] else { return }
    for pool in need.pools { used[pool.name, default: 0] += pool.count }
    if !need.footprint.isEmpty { footprints[groups[node] ?? node] = need.footprint }
  }

  mutating func release(_ node: Int) {
    guard !needs.isEmpty, let need = needs[node] else { return }
    for pool in need.pools { used[pool.name, default: 0] -= pool.count }
    if groups[node] == nil { footprints[node] = nil }
  }

  /// Holds the footprint of a choice some variants of which have ended in an earlier process.
  mutating func claim(_ choice: Int) {
    guard let need = needs[choice], !need.footprint.isEmpty else { return }
    footprints[choice] = need.footprint
  }

  /// Takes in that `node` has ended: a choice lets go of what its variants held together.
  mutating func close(_ node: Int) {
    if !groups.isEmpty, groups[node] == node { footprints[node] = nil }
  }
}

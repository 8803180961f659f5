/// The priority-tier barrier: holds back every node of a priority until all nodes of lower numbers have ended.
struct TierGate: Sendable {
  private let priorities: [Int]
  private var remaining: [Int: Int] = [:]
  private var openPriorities: [Int]
  private var heldBack: [Int: [Int]] = [:]
  private var opened: [Int] = []

  init(_ priorities: [Int]) {
    self.priorities = priorities
    for priority in priorities { remaining[priority, default: 0] += 1 }
    // Sorted so that the current tier is last: leaving it is a removal at the end.
    openPriorities = remaining.keys.sorted(by: >)
  }

  /// Whether `node` has to wait for its tier; remembers it, so that `takeOpened` gives it back in time.
  mutating func holdsBack(_ node: Int) -> Bool {
    guard let current = openPriorities.last, priorities[node] > current else { return false }
    heldBack[priorities[node], default: []].append(node)
    return true
  }

  /// Takes in that `node` has ended, whatever its outcome.
  mutating func finish(_ node: Int) {
    remaining[priorities[node], default: 0] -= 1
    while let current = openPriorities.last, remaining[current] == 0 {
      openPriorities.removeLast()
      if let next = openPriorities.last { opened += heldBack.removeValue(forKey: next) ?? [] }
    }
  }

  /// The nodes whose tier has opened since the last call.
  mutating func takeOpened() -> [Int] {
    defer { opened = [] }
    return opened
  }
}

internal import HeapModule

/// The slots that are free, lowest number first. Slots that were never used cost nothing, however many there are.
struct SlotPool: Sendable {
  private let count: Int
  private var returned = Heap<Int>()
  private var firstUnused = 0

  init(count: Int) { self.count = count }

  var isEmpty: Bool { returned.isEmpty && firstUnused >= count }

  mutating func popFirst() -> Int? {
    if let slot = returned.popMin() { return slot }
    guard firstUnused < count else { return nil }
    firstUnused += 1
    return firstUnused - 1
  }

  mutating func insert(_ slot: Int) { returned.insert(slot) }

  /// Takes `slot` out of turn; false when it isn't free.
  mutating func take(_ slot: Int) -> Bool {
    guard slot >= 0, slot < count else { return false }
    while firstUnused <= slot {
      returned.insert(firstUnused)
      firstUnused += 1
    }
    let others = returned.unordered.filter { $0 != slot }
    guard others.count < returned.count else { return false }
    returned = Heap(others)
    return true
  }
}

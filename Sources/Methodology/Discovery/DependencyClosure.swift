import Planning

/// Who depends on whom, directly or through others, kept up to date while dependencies are added.
///
/// A row of bits for each achievement: a look-up is one of them, and an addition puts one row into those that it concerns. So the
/// guesses about a document of hundreds of achievements, each with a hundred candidates, cost no search.
struct DependencyClosure {
  private var places: [AchievementID: Int] = [:]
  private var rows: [[UInt64]] = []

  /// Nothing depends on anything yet.
  init(_ ids: [AchievementID]) {
    for id in ids where places[id] == nil { places[id] = places.count }
    rows = Array(repeating: Array(repeating: 0, count: (places.count + 63) / 64), count: places.count)
  }

  /// Whether `id` depends on `other`; an achievement that is in a cycle depends on itself.
  func reaches(_ id: AchievementID, _ other: AchievementID) -> Bool {
    guard let row = places[id], let bit = places[other] else { return false }
    return has(row, bit)
  }

  /// Lets `id` depend on `other`.
  mutating func add(_ id: AchievementID, on other: AchievementID) {
    guard let row = places[id], let bit = places[other], !has(row, bit) else { return }
    var gained = rows[bit]
    gained[bit / 64] |= 1 << UInt64(bit % 64)
    for place in rows.indices where place == row || has(place, row) {
      for word in gained.indices { rows[place][word] |= gained[word] }
    }
  }

  private func has(_ row: Int, _ bit: Int) -> Bool { rows[row][bit / 64] & (1 << UInt64(bit % 64)) != 0 }
}

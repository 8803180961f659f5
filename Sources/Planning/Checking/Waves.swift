// Holds `parallel_execution_waves` against the graph.
extension PlanDraft {
  private struct Wave {
    let name: String
    let members: [Mention]
    /// How many are said to run at once; nil when the wave doesn't say.
    let parallelism: Double?
  }

  /// The latest wave among a node and all it depends on, and the item that is in it.
  private struct Latest {
    var wave = -1
    var item = -1
  }

  /// A wave must not come before the wave of something it waits for. Within one wave a dependency is a contradiction
  /// only when the wave claims to run all its items at once; else it runs them one after the other.
  mutating func checkWaves(_ graph: DependencyGraph, order: [Int32]) {
    guard let node = text.present(fields[.waves]) else { return }
    let waves = readWaves(node)
    var waveOf = [Int](repeating: -1, count: items.count)
    var entries = [Int](repeating: 0, count: items.count)
    for (number, wave) in waves.enumerated() {
      for member in wave.members {
        if waveOf[member.item] >= 0 {
          let id = items[member.item].id
          text.warning(
            "incomplete",
            "\(id) is in `\(waves[waveOf[member.item]].name)` and again in `\(wave.name)`",
            at: member.entry
          )
          continue
        }
        waveOf[member.item] = number
        entries[member.item] = member.entry
      }
    }
    var latest = [Latest](repeating: Latest(), count: items.count)
    for item in order.map({ Int($0) }) {
      let before = graph.dependencies(of: item).map { latest[Int($0)] }.max { $0.wave < $1.wave } ?? Latest()
      if waveOf[item] >= 0 { check(item, in: waveOf[item], after: before, waves, at: entries[item]) }
      latest[item] = before.wave > waveOf[item] ? before : Latest(wave: waveOf[item], item: item)
    }
    let left = items.indices.filter { waveOf[$0] < 0 && items[$0].owner < 0 }
    if !left.isEmpty, !waves.isEmpty { text.warning("incomplete", "no wave holds \(names(left))", at: node) }
  }

  private mutating func check(_ item: Int, in number: Int, after before: Latest, _ waves: [Wave], at entry: Int) {
    guard before.wave >= number else { return }
    let (id, other, wave) = (items[item].id, items[before.item].id, waves[number])
    if before.wave > number {
      text.error(
        "contradiction",
        "`\(wave.name)` holds \(id) before `\(waves[before.wave].name)`, which holds \(other) that it depends on",
        at: entry
      )
    } else if let parallelism = wave.parallelism, parallelism > 1, parallelism >= Double(wave.members.count) {
      text.error(
        "contradiction",
        "`\(wave.name)` runs \(id) at the same time as \(other), which it depends on",
        at: entry
      )
    } else if wave.parallelism != 1 {
      text.warning(
        "incomplete",
        "`\(wave.name)` holds \(id) together with \(other), which it depends on",
        at: entry,
        hint: "They run one after the other."
      )
    }
  }

  /// The waves in their order: that of the file, or of their numbers when every name has one (`wave_2_data`).
  private mutating func readWaves(_ node: Int) -> [Wave] {
    let field = PlanField.waves.name
    guard text.document.kind(of: node) == .object || text.has(.array, node, .init(field: field)) else { return [] }
    var waves: [(number: Int?, wave: Wave)] = []
    for child in text.document.children(of: node) {
      let isList = text.document.kind(of: child) == .array
      guard let list = isList ? child : text.document.child(of: child, named: "achievements") else { continue }
      let key = text.document.key(of: child)
      let name = key.isEmpty ? "wave \(waves.count + 1)" : JSONText.printable(key, limit: 60)
      guard text.has(.array, list, .init(field: "achievements", owner: "`\(name)`")) else { continue }
      let parallelism = text.document.child(of: child, named: "parallelism").flatMap { text.document.number(of: $0) }
      let members = mentions(in: list, "`\(name)`")
      waves.append((number(in: key), Wave(name: name, members: members, parallelism: parallelism)))
    }
    guard !waves.contains(where: { $0.number == nil }) else { return waves.map(\.wave) }
    return waves.enumerated()
      .sorted { ($0.element.number ?? 0, $0.offset) < ($1.element.number ?? 0, $1.offset) }
      .map(\.element.wave)
  }

  private func number(in key: String) -> Int? {
    let digits = key.utf8.drop { !(0x30...0x39).contains($0) }.prefix { (0x30...0x39).contains($0) }
    return Int(Substring(digits))
  }
}

/// A number that goes up and down over a run.
enum TraceCounter: String, CaseIterable {
  /// Slots in which a worker or its checks run.
  case running
  /// Achievements that wait for nothing but a slot or a resource.
  case ready
  /// Slots in which Plait itself is at work.
  case overhead

  /// What is counted: viewers show it behind the counter's name.
  private var unit: String { self == .ready ? "achievements" : "slots" }

  /// One event for each time at which the number changes.
  func events(_ chart: RunChart) -> [TraceEvent] {
    steps(chart).map { time, count in
      TraceEvent(name: rawValue, phase: "C", at: time, rank: .counter, args: [unit: .integer(Int64(count))])
    }
  }

  private func steps(_ chart: RunChart) -> [(time: Int64, count: Int)] {
    var changes: [Int64: Int] = [:]
    for (from, to) in stretches(chart) {
      changes[TraceEvent.ticks(from), default: 0] += 1
      changes[TraceEvent.ticks(to), default: 0] -= 1
    }
    var steps = [(time: Int64(0), count: 0)]
    for (time, change) in changes.sorted(by: { $0.key < $1.key }) where change != 0 {
      let count = (steps.last?.count ?? 0) + change
      if steps.last?.time == time { steps.removeLast() }
      steps.append((time, count))
    }
    return steps
  }

  private func stretches(_ chart: RunChart) -> [(Double, Double)] {
    if self == .ready { return chart.waits.map { ($0.from, $0.to) } }
    return chart.bars.flatMap(\.timeline.spans).filter { $0.stage.isOverhead == (self == .overhead) }
      .map { ($0.from, $0.to) }
  }
}

import Planning
import Recording

/// Who held which slot when: counts free slots over time and finds what can't have been.
struct SlotAudit {
  /// A moment from which on `count` slots are free.
  struct Step: Equatable {
    let time: Double
    let count: Int
  }

  private struct Stay {
    let attempt: AttemptID
    let from: Double
    let to: Double
  }

  private let slots: Int
  private var stays: [Int: [Stay]] = [:]
  private var disorder: [String] = []

  init(slots: Int) { self.slots = slots }

  mutating func take(_ timeline: AttemptTimeline, of attempt: AttemptID) {
    stays[timeline.slot, default: []].append(Stay(attempt: attempt, from: timeline.from, to: timeline.to))
    if !timeline.isOrdered { disorder.append("the stamps of \(attempt) are not in order") }
    if timeline.from < 0 { disorder.append("\(attempt) was handed over before the run's start") }
    if !(0..<slots).contains(timeline.slot) {
      disorder.append("\(attempt) ran in slot \(timeline.slot + 1), but there are \(slots)")
    }
  }

  /// Contradictions, in a fixed order: each names attempts and times.
  var findings: [String] {
    var found = disorder.sorted()
    for slot in stays.keys.sorted() {
      var last: Stay?
      for stay in sorted(slot) {
        if let last, last.to - stay.from > 1e-9 {
          found.append(
            "slot \(slot + 1) was given to \(stay.attempt) at \(stay.from.fixed(3)) s, but \(last.attempt) held it until "
              + "\(last.to.fixed(3)) s"
          )
        }
        last = last.map { $0.to > stay.to ? $0 : stay } ?? stay
      }
    }
    return found
  }

  /// The number of free slots as steps from 0 to `end`. A slot taken twice at a time counts as one that is taken.
  func freeSlots(until end: Double) -> [Step] {
    var changes: [(time: Double, change: Int)] = []
    for slot in stays.keys where (0..<slots).contains(slot) {
      for busy in union(sorted(slot), until: end) {
        changes.append((busy.lowerBound, -1))
        changes.append((busy.upperBound, 1))
      }
    }
    changes.sort { $0.time < $1.time }
    var steps = [Step(time: 0, count: slots)]
    var count = slots
    for (time, change) in changes {
      count += change
      if steps[steps.count - 1].time == time { steps.removeLast() }
      steps.append(Step(time: time, count: count))
    }
    return steps
  }

  private func sorted(_ slot: Int) -> [Stay] {
    (stays[slot] ?? []).sorted { ($0.from, $0.to, $0.attempt.number) < ($1.from, $1.to, $1.attempt.number) }
  }

  private func union(_ stays: [Stay], until end: Double) -> [ClosedRange<Double>] {
    var ranges: [ClosedRange<Double>] = []
    for stay in stays {
      let from = min(max(0, stay.from), end)
      let to = min(max(from, stay.to), end)
      if let last = ranges.last, from <= last.upperBound {
        ranges[ranges.count - 1] = last.lowerBound...max(last.upperBound, to)
      } else {
        ranges.append(from...to)
      }
    }
    return ranges
  }
}

import Recording

/// How many achievements wanted a slot at each time, and how many of these were held: tells why free slots were free.
struct SlotDemand {
  private enum Change {
    case wanting(Int)
    case held(Int)
    case paused(Int)
    case down(Int)
    case withheld(Int)
  }

  private var changes: [(time: Double, change: Change)] = []
  private let end: Double

  init(pauses: [RunPause], end: Double) {
    self.end = end
    for pause in pauses {
      span(pause.from, pause.until, { .paused($0) })
      if let from = pause.downFrom { span(from, pause.until, { .down($0) }) }
    }
  }

  mutating func take(_ wait: ReadyWait) {
    span(wait.from, wait.until, { .wanting($0) })
    for hold in wait.holds {
      let until = hold.until.map { min($0, wait.until ?? end) } ?? wait.until
      span(max(hold.from, wait.from), until, { .held($0) })
    }
  }

  /// From `time` on so many slots are left free on purpose, however many were before.
  mutating func limit(_ withheld: Int, from time: Double) {
    changes.append((time, .withheld(withheld)))
  }

  private mutating func span(_ from: Double, _ until: Double?, _ change: (Int) -> Change) {
    let until = min(until ?? end, end)
    guard from < until else { return }
    changes.append((from, change(1)))
    changes.append((until, change(-1)))
  }

  /// The rows of the free slots. `free` holds the number of free slots in steps, from 0 on.
  ///
  /// As many free slots as achievements could have started are lost to scheduling; as many as were held, to resources;
  /// the rest had nothing to do. A slot that a limit keeps free holds what could have started. In a pause of the run nothing is started on purpose: what is ready counts as held. While no
  /// process drives the run, a free slot is free because of that.
  func share(of free: [SlotAudit.Step]) -> [Ledger.Row: Double] {
    var rows: [Ledger.Row: Double] = [:]
    let changes = changes.sorted { $0.time < $1.time }
    var (wanting, held, paused, down, slots, withheld) = (0, 0, 0, 0, 0, 0)
    var (nextChange, nextStep) = (0, 0)
    var time = 0.0
    while time < end {
      while nextStep < free.count, free[nextStep].time <= time {
        slots = free[nextStep].count
        nextStep += 1
      }
      while nextChange < changes.count, changes[nextChange].time <= time {
        switch changes[nextChange].change {
        case .wanting(let count): wanting += count
        case .held(let count): held += count
        case .paused(let count): paused += count
        case .down(let count): down += count
        case .withheld(let count): withheld = count
        }
        nextChange += 1
      }
      let nextTimes =
        [nextStep < free.count ? free[nextStep].time : end]
        + [nextChange < changes.count ? changes[nextChange].time : end]
      let until = min(end, nextTimes[0], nextTimes[1])
      let absent = down > 0 ? slots : 0
      let startable = paused > 0 ? 0 : min(wanting - held, max(0, slots - withheld))
      let waiting = min(paused > 0 ? wanting : wanting - startable, slots - absent - startable)
      let seconds = until - time
      rows[.schedule, default: 0] += Double(startable) * seconds
      rows[.resources, default: 0] += Double(waiting) * seconds
      rows[.dependencies, default: 0] += Double(slots - absent - startable - waiting) * seconds
      rows[.down, default: 0] += Double(absent) * seconds
      time = until
    }
    return rows
  }
}

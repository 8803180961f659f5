import Planning
package import Recording

/// Where the time of a run's slots went: every slot-second between its start and its end is in exactly one row.
///
/// Rows of busy slots come from the attempts' stamps; rows of free slots from the times at which achievements were
/// ready. The two are added up apart, so that `inconsistencies` can tell when a recorded run doesn't close.
package struct Ledger: Sendable, Equatable {
  /// The rows; the raw value is the name in every format.
  package enum Row: String, Sendable, CaseIterable {
    /// A worker of an attempt whose result was used (or still may be).
    case work
    /// The user's own checks on such an attempt.
    case verify
    /// Worker and checks of attempts whose result was thrown away.
    case rework
    /// Ready, a slot free, and not handed over.
    case schedule = "overhead.schedule"
    case prepare = "overhead.prepare"
    case launch = "overhead.launch"
    case collect = "overhead.collect"
    case merge = "overhead.merge"
    /// Nothing was ready.
    case dependencies = "idle.dependencies"
    /// Ready, but a pool, a footprint, a back-off or the end of the run held it.
    case resources = "idle.resources"
    /// No process drove the run, and no worker that outlived it used the slot.
    case down

    /// Whether the row is Plait's own time in a slot or before it.
    package var isOverhead: Bool { rawValue.hasPrefix("overhead.") }
    /// Whether the row is time in which the slot was free for a reason.
    package var isIdle: Bool { rawValue.hasPrefix("idle.") }
  }

  /// How many slots the run has.
  package let slots: Int
  /// Seconds from the run's start to its end, or to the moment asked for.
  package let wall: Double
  /// Slot-seconds of every row.
  package let seconds: [Row: Double]
  /// What in the record contradicts itself, one sentence each; empty for a sound run.
  package let inconsistencies: [String]

  /// Adds up the run in `snapshot`.
  ///
  /// `slots` is the run's own number when nil. A run that has not ended counts up to `until` (seconds since its start),
  /// at least to its last event; for one that has ended `until` is not used.
  package init(_ snapshot: RunSnapshot, slots: Int? = nil, until: Double? = nil) {
    let slots = max(0, slots ?? snapshot.header?.jobs ?? 0)
    let hasEnded = snapshot.outcome != nil
    let end = hasEnded ? snapshot.lastTime : max(snapshot.lastTime, until ?? 0)
    var audit = SlotAudit(slots: slots)
    var seconds = [Row: Double](uniqueKeysWithValues: Row.allCases.map { ($0, 0) })
    var demand = SlotDemand(pauses: snapshot.pauses, end: end)
    for measure in snapshot.adaptations {
      if case .slots(let limit) = measure.adaptation { demand.limit(slots - limit, from: measure.time) }
    }
    // Sorted, so that the sums are the same to the last bit whenever the same events are added up.
    for (id, record) in snapshot.records.sorted(by: { $0.key.text < $1.key.text }) {
      for attempt in record.attempts {
        let timeline = AttemptTimeline(attempt, until: attempt.busyUntil(end, hasEnded: hasEnded))
        let isRework = attempt.isRework(runHasEnded: hasEnded)
        for span in timeline.spans {
          let away = span.down(in: attempt, snapshot.pauses)
          seconds[Row(span.stage, isRework: isRework), default: 0] += span.seconds - away
          seconds[.down, default: 0] += away
        }
        audit.take(timeline, of: AttemptID(id, attempt.number))
      }
      for wait in record.waits { demand.take(wait) }
    }
    let free = demand.share(of: audit.freeSlots(until: end))
    seconds.merge(free) { $0 + $1 }

    self.slots = slots
    wall = end
    self.seconds = seconds
    let total = seconds.values.reduce(0, +)
    inconsistencies = audit.findings + Ledger.gap(total: total, expected: Double(slots) * end)
  }

  /// Slot-seconds of one row.
  package subscript(row: Row) -> Double { seconds[row] ?? 0 }

  /// What the rows add up to, in a fixed order of addition.
  package var total: Double { sum { _ in true } }
  /// What they have to add up to: slots × wall.
  package var expected: Double { Double(slots) * wall }
  /// Σ of the overhead rows.
  package var overhead: Double { sum(\.isOverhead) }
  /// Σ overhead ÷ (Σ overhead + work + verify + rework); 0 when nothing has taken time yet.
  package var overheadRatio: Double {
    let busy = overhead + self[.work] + self[.verify] + self[.rework]
    return busy > 0 ? overhead / busy : 0
  }
  /// Whether the rows add up and no slot was taken twice.
  package var isClosed: Bool { inconsistencies.isEmpty }

  private func sum(_ isIncluded: (Row) -> Bool) -> Double {
    Row.allCases.reduce(0) { isIncluded($1) ? $0 + self[$1] : $0 }
  }

  private static func gap(total: Double, expected: Double) -> [String] {
    guard abs(total - expected) > 1e-6 * max(1, expected) else { return [] }
    return ["the rows add up to \(total.fixed(3)) s, but slots × wall time is \(expected.fixed(3)) s"]
  }
}

extension Ledger.Row {
  /// The row that a stage of an attempt counts to.
  init(_ stage: AttemptTimeline.Stage, isRework: Bool) {
    switch stage {
    case .prepare: self = .prepare
    case .launch: self = .launch
    case .work: self = isRework ? .rework : .work
    case .collect: self = .collect
    case .verify: self = isRework ? .rework : .verify
    case .merge: self = .merge
    }
  }
}

extension AttemptTimeline.Span {
  /// Seconds of the stretch in which no process drove the run; none of a worker's, unless it was lost with its driver.
  fileprivate func down(in attempt: AttemptRecord, _ pauses: [RunPause]) -> Double {
    if stage == .work, attempt.failure?.kind != .lost { return 0 }
    return pauses.reduce(0) { sum, pause in
      guard let downFrom = pause.downFrom, let until = pause.until else { return sum }
      return sum + max(0, min(to, until) - max(from, downFrom))
    }
  }
}

extension AttemptRecord {
  /// Up to when an attempt without a `slotFreed` held its slot.
  ///
  /// While a run goes on, an attempt that has settled still waits for its slot to be freed. Once the run has ended (or its
  /// process died and another took over) no such event will come, and what settled it was the end.
  func busyUntil(_ end: Double, hasEnded: Bool) -> Double {
    guard let settled, hasEnded || failure?.kind == .lost else { return end }
    return settled
  }
}

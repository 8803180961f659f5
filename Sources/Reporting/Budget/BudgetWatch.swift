package import Recording

/// Watches a run's share of overhead while it goes on, and decides what to do when it is above the budget.
///
/// Pure: it is given the run as it stands and answers with what to ask of it. Measures are taken one at a time, the next one
/// only after as many attempts have ended as tell whether the one before was enough. Fewer slots stay only if the run
/// got on no slower with them.
package struct BudgetWatch: Sendable {
  /// What is to be asked of the run.
  package enum Finding: Sendable, Equatable {
    /// Say that the share is above the budget.
    case overBudget(ratio: Double)
    /// Take a measure.
    case adapt(Adaptation, ratio: Double)
    /// End the run orderly.
    case stop(ratio: Double)
  }

  /// What had been counted when the stretch began that is looked at now.
  private struct Mark {
    var time = 0.0
    var ended = 0
    var rows: [Ledger.Row: Double] = [:]
  }

  /// What a stretch of the run came to.
  private struct Stretch {
    let rows: [Ledger.Row: Double]
    /// Attempts that ended, per second.
    let pace: Double

    var overhead: Double { sum(\.isOverhead) }
    var ratio: Double {
      let busy = overhead + sum { [.work, .verify, .rework].contains($0) }
      return busy > 0 ? overhead / busy : 0
    }

    private func sum(_ isIncluded: (Ledger.Row) -> Bool) -> Double {
      rows.reduce(0) { isIncluded($1.key) ? $0 + $1.value : $0 }
    }
  }

  private let policy: OverBudgetPolicy
  private let budget: Double
  private let slots: Int
  private let hasGate: Bool
  private var mark = Mark()
  private var isSaid = false
  private var taken: Set<Adaptation> = []
  private var limit: Int
  /// The pace before slots were taken away, while that is on trial.
  private var trial: (pace: Double, slots: Int)?
  private var mayTakeSlots = true

  /// `hasGate`: whether merges go through a gate of the plan, so that batches of them save something. `taken` is what an
  /// earlier process of the run has done.
  package init(policy: OverBudgetPolicy, budget: Double, slots: Int, hasGate: Bool, taken: [Adaptation] = []) {
    self.policy = policy
    self.budget = budget
    self.slots = slots
    self.hasGate = hasGate
    self.taken = Set(taken)
    limit = taken.reduce(slots) { if case .slots(let count) = $1 { count } else { $0 } }
    isSaid = !taken.isEmpty
  }

  /// Looks at the run as it stands at `now`, seconds since its start. Adds up the whole record: O(n log n).
  package mutating func look(at snapshot: RunSnapshot, now: Double) -> [Finding] {
    let ended = snapshot.records.values.reduce(0) { $0 + $1.attempts.count { $0.freed != nil } }
    guard ended - mark.ended >= max(4, limit), now > mark.time else { return [] }
    let rows = Ledger(snapshot, until: now).seconds
    let stretch = Stretch(
      rows: rows.merging(mark.rows) { $0 - $1 },
      pace: Double(ended - mark.ended) / (now - mark.time)
    )
    mark = Mark(time: now, ended: ended, rows: rows)
    return judge(stretch)
  }

  private mutating func judge(_ stretch: Stretch) -> [Finding] {
    if let trial {
      self.trial = nil
      if stretch.pace < trial.pace * 0.9 {
        mayTakeSlots = false
        limit = trial.slots
        return [.adapt(.slots(trial.slots), ratio: stretch.ratio)]
      }
    }
    guard stretch.ratio > budget else { return [] }
    var findings: [Finding] = isSaid ? [] : [.overBudget(ratio: stretch.ratio)]
    isSaid = true
    switch policy {
    case .warn: break
    case .stop: findings.append(.stop(ratio: stretch.ratio))
    case .adapt:
      if let measure = nextMeasure(stretch) {
        taken.insert(measure)
        if case .slots(let count) = measure {
          trial = (stretch.pace, limit)
          limit = count
        }
        findings.append(.adapt(measure, ratio: stretch.ratio))
      }
    }
    return findings
  }

  /// What has not been tried yet against what costs most; at last fewer slots.
  private func nextMeasure(_ stretch: Stretch) -> Adaptation? {
    let costs = stretch.rows.filter(\.key.isOverhead).sorted {
      ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue)
    }
    for (row, _) in costs {
      if let measure = measures(against: row).first(where: { !taken.contains($0) }) { return measure }
    }
    return mayTakeSlots && limit > 1 ? .slots(limit / 2) : nil
  }

  private func measures(against row: Ledger.Row) -> [Adaptation] {
    switch row {
    case .prepare: [.spareWorktrees(slots), .sharedWorktrees]
    case .merge: hasGate ? [.batchedMerges] : []
    default: []
    }
  }
}

import Planning
import Recording

/// How fast a run could have been at best, how fast it was, and where the difference went.
///
/// The bound holds for every schedule of the same durations on the same slots. In each achievement counts the attempt that
/// is part of the result (of variants, each that was green), with its work and verify; what Plait adds itself counts as nothing.
package struct Certificate: Sendable, Codable, Equatable {
  /// Which argument gives the bound.
  package enum Basis: String, Sendable, Codable, CaseIterable {
    /// The critical path.
    case path
    /// Work ÷ slots.
    case work
    /// More work than fits has to be done in one stretch of time; see `MakespanBound`.
    case window
  }

  /// Slot time of one ledger row that was not work or verify of a used attempt.
  package struct Loss: Sendable, Codable, Equatable {
    /// The ledger's row.
    package let row: String
    /// Slot-seconds of the row.
    package let slotSeconds: Double
    /// The row ÷ the sum of all such rows, 0 to 1.
    package let share: Double
  }

  /// Seconds from the run's start to its end.
  package let makespanSeconds: Double
  /// The longest chain of measured durations.
  package let criticalPathSeconds: Double
  /// Σ durations ÷ slots.
  package let workPerSlotSeconds: Double
  /// What has to be done in one stretch of time, as seconds of the whole run.
  package let timeWindowSeconds: Double
  /// The largest of the three: no schedule is faster.
  package let boundSeconds: Double
  /// Which of the three it is; the simplest where they are the same.
  package let basis: Basis
  /// The stretch behind `timeWindowSeconds`; nil when it says no more than the critical path.
  package let window: MakespanBound.Window?
  /// makespan − bound.
  package let gapSeconds: Double
  /// makespan ÷ bound.
  package let makespanToBound: Double
  /// Slot time that was not used, largest first; rows of no time are left out. It adds up to slots × gap +
  /// `unavoidableSlotSeconds`.
  package let losses: [Loss]
  /// Slot-seconds that even a schedule as short as the bound leaves unused: slots × bound − work.
  package let unavoidableSlotSeconds: Double
}

extension Certificate {
  /// The certificate of a run that has ended; nil when nothing of it was used, or it has no slots.
  ///
  /// `entries` are the report's: the plan's achievements in plan order, then those that are no longer in it.
  init?(_ ledger: Ledger, plan: Plan, entries: [RunReport.Entry]) {
    let seconds = entries.map(\.countedSeconds)
    guard ledger.slots > 0, seconds.contains(where: { $0 > 0 }) else { return nil }
    let graph = RunChart.graph(of: plan, with: entries.count)
    let bound = MakespanBound(seconds: seconds, graph: graph, slots: ledger.slots)
    let best = bound.timeWindow
    let rows = Ledger.Row.allCases.filter { $0 != .work && $0 != .verify && ledger[$0] > 0 }
    let lost = rows.reduce(0) { $0 + ledger[$1] }

    makespanSeconds = ledger.wall
    criticalPathSeconds = bound.criticalPath
    workPerSlotSeconds = bound.workPerSlot
    timeWindowSeconds = bound.timeWindow
    boundSeconds = best
    // To within rounding: the window over the whole time says the same as work ÷ slots.
    let isAbove = { best > $0 * (1 + 1e-9) }
    basis = !isAbove(bound.criticalPath) ? .path : !isAbove(bound.workPerSlot) ? .work : .window
    window = bound.window
    gapSeconds = ledger.wall - best
    makespanToBound = ledger.wall / best
    losses = rows.map { Loss(row: $0.rawValue, slotSeconds: ledger[$0], share: ledger[$0] / lost) }
      .sorted { $0.slotSeconds > $1.slotSeconds }
    unavoidableSlotSeconds = max(0, Double(ledger.slots) * best - ledger[.work] - ledger[.verify])
  }
}

extension RunReport.Entry {
  /// Work and verify of the attempt that is part of the result; 0 without one.
  ///
  /// An achievement that was reopened has more than one used attempt. Only the last one ran after what the plan says now.
  fileprivate var countedSeconds: Double {
    guard mergeCommit != nil || variant?.keptRef != nil, let used = attempts.last(where: \.isUsed) else { return 0 }
    return (used.stages["work"] ?? 0) + (used.stages["verify"] ?? 0)
  }
}

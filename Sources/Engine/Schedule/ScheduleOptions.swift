package import Planning
package import Recording

/// What a user may ask of the scheduler beyond the plan itself.
package struct ScheduleOptions: Sendable {
  /// How many workers may run at once; at least 1.
  package var slots: Int
  /// Only these are run; nil means all. A dependency that is neither selected nor complete blocks.
  package var only: Set<AchievementID>?
  /// No achievement of a priority starts before every one of a lower number has ended.
  package var tiers: Bool
  /// The first failure stops new work.
  package var failFast: Bool
  /// Further attempts after a failed one, for achievements whose worker doesn't say.
  package var retries: Int
  /// By which share back-offs are spread, 0…1: 0.25 makes ten seconds 7.5 to 12.5.
  package var jitter = 0.0
  /// What happens to a result that doesn't merge, when the plan doesn't say.
  package var onConflict: ConflictPolicy

  /// Takes the options as the user gave them; the defaults are those of the command line.
  package init(
    slots: Int,
    only: Set<AchievementID>? = nil,
    tiers: Bool = false,
    failFast: Bool = false,
    retries: Int = 0,
    onConflict: ConflictPolicy = .fail
  ) {
    self.slots = max(1, slots)
    self.only = only
    self.tiers = tiers
    self.failFast = failFast
    self.retries = retries
    self.onConflict = onConflict
  }
}

/// One attempt handed to a slot.
package struct Assignment: Sendable, Equatable {
  /// The node's place in the plan.
  package let node: Int
  /// The achievement and the attempt's number.
  package let attempt: AttemptID
  /// Counted from 0.
  package let slot: Int
}

/// How an achievement stands before the run, by the plan folder or an earlier process.
package struct PriorStatus: Sendable, Equatable {
  /// How it stands.
  package let state: SettledState
  /// What says so, one line.
  package let reason: String

  /// Takes the state and what says so.
  package init(_ state: SettledState, reason: String) {
    self.state = state
    self.reason = reason
  }
}

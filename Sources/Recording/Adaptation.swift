/// A measure that a run takes when its coordination costs more than the budget allows.
package enum Adaptation: Sendable, Codable, Hashable {
  /// So many worktrees are kept clean beside those in use, for what starts next.
  case spareWorktrees(Int)
  /// A dependent goes on in the worktree of the achievement that it was waiting for, if that one has no other dependent:
  /// without a new checkout, and with everything there that is ignored.
  case sharedWorktrees
  /// Results that wait for their merge go through the plan's gate together.
  case batchedMerges
  /// At most so many workers at once.
  case slots(Int)
}

/// What a run does when its overhead is above the budget.
package enum OverBudgetPolicy: String, Sendable, Codable, CaseIterable {
  /// Says it once.
  case warn
  /// Takes measures, one at a time, and says each.
  case adapt
  /// Starts nothing new and ends orderly.
  case stop
}

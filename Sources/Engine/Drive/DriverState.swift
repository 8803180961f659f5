internal import DequeModule
package import Planning
package import Recording

extension RunDriver {
  /// All that changes while the run goes on.
  struct Progress {
    var schedule: Schedule
    var tip: String
    var results: [Int: AttemptWork.Dependency] = [:]
    var previous: [Int: AttemptWork.PreviousAttempt] = [:]
    var existing: [Int: VerifiedResult] = [:]
    var candidates: [Int: Candidate] = [:]
    var mergeQueue: Deque<MergeCandidate> = []
    var isMerging = false
    var mergesInBatches: Bool
    var sharesWorktrees = false
    /// How each attempt that is under way can be ended by itself, and those for which someone has asked that.
    var stoppers: [Int: Stopper] = [:]
    var cancelled: Set<Int> = []
    var timerTime: Double?
    var isOutOfSpace = false

    init(_ plan: Plan, _ schedule: Schedule, from tip: String, _ inheritance: Inheritance) {
      self.schedule = schedule
      self.tip = tip
      // A gate looks at one result at a time, so that each commit of the result has passed it, unless time presses.
      mergesInBatches = !plan.hasGate
      for (node, achievement) in plan.achievements.enumerated() {
        existing[node] = inheritance.results[achievement.id]
        previous[node] = inheritance.previous[achievement.id]
        candidates[node] = inheritance.candidates[achievement.id]
        guard let merge = inheritance.merges[achievement.id] else { continue }
        results[node] = .init(achievement: achievement, merge: merge, changedPaths: [])
      }
    }

    /// The results that are merged next, taken from those that wait.
    mutating func takeBatch() -> [MergeCandidate] {
      let batch = Array(mergeQueue.prefix(mergesInBatches ? 64 : 1))
      mergeQueue.removeFirst(batch.count)
      return batch
    }

    mutating func adapt(_ adaptation: Adaptation) {
      switch adaptation {
      case .batchedMerges: mergesInBatches = true
      case .sharedWorktrees: sharesWorktrees = true
      case .slots(let count): schedule.limit = max(1, count)
      case .spareWorktrees: break
      }
    }

    /// How the run ended, once nothing more happens.
    var outcome: RunOutcome {
      if isOutOfSpace { return .error }
      let failedFast = schedule.options.failFast && schedule.hasFailed
      let wasCutShort = schedule.stopReason != nil && !failedFast || schedule.hasCancelled || schedule.isPaused
      if wasCutShort, schedule.hasUnfinishedWork { return .stopped }
      if schedule.hasConflict { return .conflict }
      return schedule.hasFailed || schedule.hasBlocked ? .failed : .complete
    }
  }

  /// What an earlier process of the same run has left.
  package struct Inheritance: Sendable {
    /// The integration commits of what it completed.
    package var merges: [AchievementID: String] = [:]
    /// Results that it collected but did not merge.
    package var results: [AchievementID: VerifiedResult] = [:]
    /// Variants that are green, whose choice may still have to be made.
    package var candidates: [AchievementID: Candidate] = [:]
    /// Why the last attempts failed.
    package var previous: [AchievementID: AttemptWork.PreviousAttempt] = [:]
    /// Attempts whose workers it started, which go on.
    package var adopted: [Adopted] = []
    /// The measures against overhead that it had taken.
    package var adaptations: [Adaptation] = []

    /// Nothing: a new run.
    package init() {}
  }

  /// An attempt of an earlier process whose worker goes on.
  package struct Adopted: Sendable {
    /// Its slot.
    package let assignment: Assignment
    /// The commit that it started from.
    package let base: String
    /// Where it works, absolute.
    package let worktree: String
  }
}

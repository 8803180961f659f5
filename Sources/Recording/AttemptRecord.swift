package import Planning

/// One attempt with the stamps of its stages; all stamps are seconds since the run's start.
package struct AttemptRecord: Sendable {
  /// From 1.
  package let number: Int
  /// From 0.
  package let slot: Int
  /// The commit that it started from.
  package let base: String
  /// Given to its slot.
  package let handed: Double
  /// Worktree ready.
  package private(set) var prepared: Double?
  /// Worker process started.
  package private(set) var started: Double?
  /// Worker process gone.
  package private(set) var exited: Double?
  /// Result commit made.
  package private(set) var collected: Double?
  /// Checks done.
  package private(set) var verified: Double?
  /// The gate on the merged tree, from and to.
  package private(set) var gateStarted: Double?
  /// When the gate had run; nil while it runs and where there is none.
  package private(set) var gated: Double?
  /// Merged and recorded.
  package private(set) var merged: Double?
  /// A variant's: green and kept, and recorded as such.
  package private(set) var offered: Double?
  /// Found to be of no use.
  package private(set) var failed: Double?
  /// Slot free again.
  package private(set) var freed: Double?

  /// Its worktree, absolute.
  package private(set) var worktree: String?
  /// The process that its worker, or the worker's supervisor, was started as.
  package private(set) var pid: Int32?
  /// How its worker ended.
  package private(set) var end: WorkerEnd?
  /// The commit of what its worker left.
  package private(set) var resultCommit: String?
  /// Paths that differ from the base.
  package private(set) var changedPaths: Int?
  /// What its checks said.
  package private(set) var verdict: VerifyResult?
  /// What the gate said; nil when there was none.
  package private(set) var gate: VerifyResult.Step?
  /// The commit that the integration ref was about to move to.
  package private(set) var intendedMerge: String?
  /// The integration tip that first contained its result.
  package private(set) var mergeCommit: String?
  /// The ref that keeps a variant's green result.
  package private(set) var keptRef: String?
  /// The variant that a choice has picked.
  package private(set) var picked: AchievementID?
  /// Whether its judge picked it, and not for want of others.
  package private(set) var isJudged = false
  /// Why it was of no use.
  package private(set) var failure: AttemptFailure?

  /// An attempt that has just been handed to its slot, at `handed` seconds since the run's start.
  package init(number: Int, slot: Int, base: String, handed: Double) {
    self.number = number
    self.slot = slot
    self.base = base
    self.handed = handed
  }

  /// When its result was taken: merged and recorded, or a variant's kept for the choice.
  package var taken: Double? { merged ?? offered }
  /// Whether the attempt's result became part of the integration branch, or was one to pick from.
  package var wasUsed: Bool { taken != nil }

  /// Takes in what happened to it. `resumedAt` is when the run was last taken up again, if it was.
  mutating func apply(_ event: RunEvent, resumedAt: Double?) {
    switch event.fact {
    case .worktreeReady(_, let path):
      prepared = event.time
      worktree = path
    case .workerStarted(_, let pid):
      started = event.time
      self.pid = pid
    case .workerEnded(_, let end):
      exited = time(of: end, told: event.time, resumedAt)
      self.end = end
    case .resultCommitted(_, let commit, let changed):
      collected = event.time
      resultCommit = commit
      changedPaths = changed
    case .verified(_, let result):
      verified = event.time
      verdict = result
    case .gateStarted: gateStarted = event.time
    case .gated(_, let step):
      gated = event.time
      gate = step
    case .mergeIntended(_, let commit, _): intendedMerge = commit
    case .merged(_, let commit):
      merged = event.time
      mergeCommit = commit
    case .offered(_, let commit, let ref):
      offered = event.time
      resultCommit = commit
      keptRef = ref
    case .chosen(_, let variant, let isJudged):
      picked = variant
      self.isJudged = isJudged
    case .attemptFailed(_, let failure):
      failed = event.time
      self.failure = failure
    case .slotFreed: freed = event.time
    default: break
    }
  }

  /// When the worker ended: for one that outlived its driver that is earlier than when it was told, and its supervisor has
  /// measured it.
  private func time(of end: WorkerEnd, told: Double, _ resumedAt: Double?) -> Double {
    guard let started, let resumedAt, resumedAt > started, let wall = end.usage?.wall else { return told }
    return min(told, started + wall)
  }
}

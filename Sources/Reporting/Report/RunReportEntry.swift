import Planning
import Recording

extension RunReport.Entry {
  /// The entry of one achievement, with times up to `end`.
  init(
    _ id: AchievementID,
    title: String,
    _ record: AchievementRecord,
    end: Double,
    hasEnded: Bool,
    variant: RunReport.Variant? = nil
  ) {
    let attempts = record.attempts.map { RunReport.Attempt($0, end: end, hasEnded: hasEnded) }
    var seconds = 0.0
    var rework = 0.0
    for (attempt, shown) in zip(record.attempts, attempts) {
      let busy = (shown.stages["work"] ?? 0) + (shown.stages["verify"] ?? 0)
      if attempt.wasUsed { seconds += busy } else if attempt.isRework(runHasEnded: hasEnded) { rework += busy }
    }
    let last = record.attempts.last
    self.id = id.text
    self.title = title
    state = record.state
    reason = record.reason
    blockedBy = record.blockedBy?.text
    self.seconds = seconds
    reworkSeconds = rework
    waitedSeconds = record.waits.reduce(0) { $0 + max(0, ($1.until ?? end) - $1.from) }
    slot = last?.slot
    resultCommit = last?.resultCommit
    mergeCommit = record.mergeCommit
    changedPaths = last?.changedPaths
    failure = last?.failure.map(RunReport.Failure.init)
    self.attempts = attempts
    self.variant = variant
    picked = record.state == .complete ? record.picked?.text : nil
  }
}

extension RunReport.Attempt {
  init(_ attempt: AttemptRecord, end: Double, hasEnded: Bool) {
    let timeline = AttemptTimeline(attempt, until: attempt.busyUntil(end, hasEnded: hasEnded))
    number = attempt.number
    slot = attempt.slot
    base = attempt.base
    isUsed = attempt.wasUsed
    stamps = RunReport.Stamps(attempt)
    stages = [String: Double](
      uniqueKeysWithValues: AttemptTimeline.Stage.allCases.map { ($0.rawValue, timeline.seconds($0)) }
    )
    self.end = attempt.end?.summary
    outputWasCut = attempt.end?.outputWasCut ?? false
    resultCommit = attempt.resultCommit
    mergeCommit = attempt.mergeCommit
    changedPaths = attempt.changedPaths
    failure = attempt.failure.map(RunReport.Failure.init)
  }
}

extension RunReport.Variant {
  /// What `achievement` is and became; nil for what is no variant.
  init?(_ achievement: Achievement, plan: Plan, snapshot: RunSnapshot) {
    guard case .variant(let whole, let number, let count) = achievement.role else { return nil }
    of = whole.text
    self.number = number
    self.count = count
    keptRef = snapshot[achievement.id].keptRef
    isPicked = VariantWords(plan, snapshot).isPicked(achievement.id, of: whole)
  }
}

extension RunReport.Stamps {
  /// When the result was taken: merged, or a variant's kept.
  var taken: Double? { merged ?? offered }

  init(_ attempt: AttemptRecord) {
    handed = attempt.handed
    prepared = attempt.prepared
    started = attempt.started
    exited = attempt.exited
    collected = attempt.collected
    verified = attempt.verified
    merged = attempt.merged
    offered = attempt.offered
    failed = attempt.failed
    freed = attempt.freed
  }
}

extension RunReport.Failure {
  init(_ failure: AttemptFailure) {
    kind = failure.kind
    message = failure.message
    paths = failure.paths
    keptRef = failure.keptRef
  }
}

extension RunReport.Failure {
  /// Whether the message says which paths are meant, so that a list of them would say it twice.
  var namesItsPaths: Bool { paths.first.map { message.contains($0) } ?? true }
}

extension WorkerEnd {
  /// The end in a few words: `exit 0`, `signal 9`, `stopped: timeout of 45 m`.
  var summary: String {
    switch status {
    case .exited(let code): "exit \(code)"
    case .signalled(let signal): "signal \(signal)"
    case .stopped(let reason): "stopped: \(reason)"
    case .lost: "not known"
    }
  }
}

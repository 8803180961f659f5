internal import DequeModule
package import Planning
package import Recording

/// What someone outside may ask of a running run.
package enum RunControl: Sendable {
  /// Start nothing new, let running workers finish.
  case drain(reason: String)
  /// Stop running workers too; all is recorded and can be resumed.
  case stop(reason: String)
}

/// The heart: one loop over one task group, with the schedule as a local value in it.
///
/// Leaving `drive` means that every child task has ended. The intent is recorded before the effect, the outcome before
/// dependents become ready.
package struct RunDriver: Sendable {
  private let plan: Plan
  private let stages: any RunStages
  private let journal: Journal
  private let clock: any RunClock
  private let controls: AsyncStream<RunControl>

  /// `controls` may end early; then nothing more can be asked of the run.
  package init(
    plan: Plan,
    stages: any RunStages,
    journal: Journal,
    clock: any RunClock,
    controls: AsyncStream<RunControl>
  ) {
    self.plan = plan
    self.stages = stages
    self.journal = journal
    self.clock = clock
    self.controls = controls
  }

  private enum Event: Sendable {
    case attempted(AttemptWork, AttemptOutcome)
    case merged(AttemptWork, VerifiedResult, MergeResult)
    case setAside(AttemptWork, AttemptFailure)
    case control(RunControl)
    case timer
    case idle
  }

  /// All that changes while the run goes on.
  private struct Progress {
    var schedule: Schedule
    var tip: String
    var results: [Int: AttemptWork.Dependency]
    var previous: [Int: AttemptWork.PreviousAttempt] = [:]
    var existing: [Int: VerifiedResult] = [:]
    var mergeQueue: Deque<(AttemptWork, VerifiedResult)> = []
    var isMerging = false
    var timerTime: Double?
    var isOutOfSpace = false
  }

  /// What an earlier process of the same run has left.
  package struct Inheritance: Sendable {
    /// The integration commits of what it completed.
    package var merges: [AchievementID: String] = [:]
    /// Results that it collected but did not merge.
    package var results: [AchievementID: VerifiedResult] = [:]
    /// Why the last attempts failed.
    package var previous: [AchievementID: AttemptWork.PreviousAttempt] = [:]
    /// Attempts whose workers it started, which go on; with the bases that they started from.
    package var adopted: [(assignment: Assignment, base: String)] = []

    /// Nothing: a new run.
    package init() {}
  }

  /// Runs everything in `schedule` that can run, from the integration tip `tip`.
  ///
  /// Returns how the run ended; recording that is the caller's. Throws when the run can't go on (disk, database, repository): then all workers have been stopped.
  package func drive(
    _ schedule: Schedule,
    from tip: String,
    inheriting inheritance: Inheritance = Inheritance()
  ) async throws -> RunOutcome {
    var progress = Progress(schedule: schedule, tip: tip, results: [:])
    for (node, achievement) in plan.achievements.enumerated() {
      progress.existing[node] = inheritance.results[achievement.id]
      progress.previous[node] = inheritance.previous[achievement.id]
      guard let merge = inheritance.merges[achievement.id] else { continue }
      progress.results[node] = .init(achievement: achievement, merge: merge, changedPaths: [])
    }
    return try await withThrowingTaskGroup(of: Event.self) { group in
      listen(in: &group)
      for (assignment, base) in inheritance.adopted {
        let work = work(for: assignment, progress, adoptedFrom: base)
        group.addTask { [stages, journal] in .attempted(work, try await stages.attempt(work, journal: journal)) }
      }
      try await startWork(&progress, in: &group)
      while !progress.schedule.isFinished || progress.isMerging || !progress.mergeQueue.isEmpty {
        guard let event = try await group.next() else { break }
        try await handle(event, &progress, in: &group)
        try await startWork(&progress, in: &group)
      }
      group.cancelAll()
      return outcome(of: progress)
    }
  }

  private func handle(
    _ event: Event,
    _ progress: inout Progress,
    in group: inout ThrowingTaskGroup<Event, any Error>
  ) async throws {
    switch event {
    case .attempted(let work, .verified(let result)):
      progress.mergeQueue.append((work, result))
    case .attempted(let work, .failed(let failure, let result)):
      giveUp(work, result: result, failure, in: &group)
    case .merged(let work, let result, .merged(let tip)):
      progress.isMerging = false
      progress.tip = tip
      progress.results[work.assignment.node] = .init(
        achievement: work.achievement,
        merge: tip,
        changedPaths: result.changedPaths
      )
      // The merge itself is durable already: what follows from it may reach the disk with the next group.
      try await journal.note(.slotFreed(work.id, slot: work.assignment.slot))
      for fact in progress.schedule.complete(work.assignment) { try await journal.note(fact) }
    case .merged(let work, let result, .failed(let failure)):
      progress.isMerging = false
      giveUp(work, result: result, failure, in: &group)
    case .setAside(let work, let failure):
      progress.previous[work.assignment.node] = .init(failure: failure, base: work.base)
      if failure.kind == .storage {
        progress.isOutOfSpace = true
        try await journal.record(progress.schedule.stop(reason: failure.message))
      }
      let facts = progress.schedule.fail(work.assignment, failure, at: clock.now)
      try await journal.record(
        [.attemptFailed(work.id, failure), .slotFreed(work.id, slot: work.assignment.slot)] + facts
      )
    case .control(let control):
      try await obey(control, &progress, in: &group)
    case .timer: progress.timerTime = nil
    case .idle: break
    }
  }

  private func obey(
    _ control: RunControl,
    _ progress: inout Progress,
    in group: inout ThrowingTaskGroup<Event, any Error>
  ) async throws {
    switch control {
    case .drain(let reason):
      try await journal.record(progress.schedule.stop(reason: reason))
      listen(in: &group)
    case .stop(let reason):
      try await journal.record(progress.schedule.stop(reason: reason))
      // Workers are stopped through their tasks; merges under way go to their end, they don't look at cancellation.
      group.cancelAll()
    }
  }

  /// Hands out what can start, begins the next merge, and sets the timer for delayed attempts.
  private func startWork(
    _ progress: inout Progress,
    in group: inout ThrowingTaskGroup<Event, any Error>
  ) async throws {
    if !progress.isMerging, !progress.mergeQueue.isEmpty {
      let (work, result) = progress.mergeQueue.removeFirst()
      let tip = progress.tip
      progress.isMerging = true
      group.addTask { [stages, journal] in
        .merged(work, result, try await stages.merge(work, result: result, tip: tip, journal: journal))
      }
    }
    let round = progress.schedule.assign(at: clock.now)
    for fact in round.facts { try await journal.note(fact) }
    for assignment in round.assignments {
      let work = work(for: assignment, progress)
      progress.existing[assignment.node] = nil
      group.addTask { [stages, journal] in
        try await journal.record(.attemptStarted(work.id, slot: work.assignment.slot, base: work.base))
        return .attempted(work, try await stages.attempt(work, journal: journal))
      }
    }
    if let time = progress.schedule.wakeTime, progress.timerTime != time {
      progress.timerTime = time
      group.addTask { [clock] in
        do { try await clock.sleep(until: time) } catch { return .idle }
        return .timer
      }
    }
  }

  private func work(
    for assignment: Assignment,
    _ progress: Progress,
    adoptedFrom base: String? = nil
  ) -> AttemptWork {
    AttemptWork(
      assignment: assignment,
      achievement: plan.achievements[assignment.node],
      base: base ?? progress.tip,
      dependencies: plan.graph.dependencies(of: assignment.node).compactMap { progress.results[Int($0)] },
      previous: progress.previous[assignment.node],
      existing: progress.existing[assignment.node],
      isAdopted: base != nil
    )
  }

  private func giveUp(
    _ work: AttemptWork,
    result: VerifiedResult?,
    _ failure: AttemptFailure,
    in group: inout ThrowingTaskGroup<Event, any Error>
  ) {
    group.addTask { [stages] in
      .setAside(work, try await stages.setAside(work, result: result, failure: failure))
    }
  }

  private func listen(in group: inout ThrowingTaskGroup<Event, any Error>) {
    group.addTask { [controls] in
      for await control in controls { return .control(control) }
      return .idle
    }
  }

  private func outcome(of progress: Progress) -> RunOutcome {
    if progress.isOutOfSpace { return .error }
    let failedFast = progress.schedule.options.failFast && progress.schedule.hasFailed
    if progress.schedule.stopReason != nil, !failedFast, progress.schedule.hasUnfinishedWork { return .stopped }
    if progress.schedule.hasConflict { return .conflict }
    return progress.schedule.hasFailed || progress.schedule.hasBlocked ? .failed : .complete
  }
}

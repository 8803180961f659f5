package import Planning
package import Recording

/// The heart: one loop over one task group, with the schedule as a local value in it.
///
/// Leaving `drive` means that every child task has ended. The intent is recorded before the effect, the outcome before
/// dependents become ready.
package struct RunDriver: Sendable {
  private let plan: Plan
  private let stages: any RunStages
  private let journal: Journal
  private let clock: any RunClock
  private let budget: Double
  private let controls: AsyncStream<RunControl>

  /// `controls` may end early; then nothing more can be asked of the run. `budget` is the share of overhead, 0…1, that is
  /// recorded when it is exceeded.
  package init(
    plan: Plan,
    stages: any RunStages,
    journal: Journal,
    clock: any RunClock,
    budget: Double = 0.10,
    controls: AsyncStream<RunControl>
  ) {
    self.budget = budget
    self.plan = plan
    self.stages = stages
    self.journal = journal
    self.clock = clock
    self.controls = controls
  }

  private enum Event: Sendable {
    case attempted(AttemptWork, AttemptOutcome)
    case merged([MergeCandidate], [MergeResult])
    case setAside(AttemptWork, AttemptFailure)
    case control(RunControl)
    case timer
    case idle
  }

  /// Runs everything in `schedule` that can run, from the integration tip `tip`.
  ///
  /// Returns how the run ended; recording that is the caller's. Throws when the run can't go on (disk, database, repository): then all workers have been stopped.
  package func drive(
    _ schedule: Schedule,
    from tip: String,
    inheriting inheritance: Inheritance = Inheritance()
  ) async throws -> RunOutcome {
    var progress = Progress(plan, schedule, from: tip, inheritance)
    for adaptation in inheritance.adaptations { await adapt(adaptation, &progress) }
    return try await withThrowingTaskGroup(of: Event.self) { group in
      listen(in: &group)
      for adopted in inheritance.adopted {
        begin(work(for: adopted.assignment, progress, adopting: adopted), &progress, in: &group)
      }
      try await startWork(&progress, in: &group)
      while !progress.schedule.isFinished || progress.isMerging || !progress.mergeQueue.isEmpty {
        guard let event = try await group.next() else { break }
        try await handle(event, &progress, in: &group)
        try await startWork(&progress, in: &group)
        if case .merged = event { await journal.hasten() }
      }
      group.cancelAll()
      return progress.outcome
    }
  }

  private func handle(
    _ event: Event,
    _ progress: inout Progress,
    in group: inout ThrowingTaskGroup<Event, any Error>
  ) async throws {
    switch event {
    case .attempted(let work, let outcome):
      progress.stoppers[work.assignment.node] = nil
      let wasCancelled = progress.cancelled.remove(work.assignment.node) != nil
      switch outcome {
      case .verified(let result): progress.mergeQueue.append(MergeCandidate(work: work, result: result))
      case .offered(let candidate):
        try await take(candidate, of: work, &progress)
        renew(progress, in: &group)
      case .failed(let failure, let result):
        let byHand = AttemptFailure(.cancelled, "it was cancelled by hand")
        giveUp(work, result: result, wasCancelled && failure.kind == .stopped ? byHand : failure, in: &group)
      }
    case .merged(let batch, let results):
      progress.isMerging = false
      for (candidate, result) in zip(batch, results) {
        switch result {
        case .merged(let tip): try await complete(candidate, at: tip, &progress)
        case .failed(let failure): giveUp(candidate.work, result: candidate.result, failure, in: &group)
        }
      }
      renew(progress, in: &group)
    case .setAside(let work, let failure):
      try await fail(work, failure, &progress)
      renew(progress, in: &group)
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
    case .drain(let reason): try await journal.record(progress.schedule.stop(reason: reason))
    case .stop(let reason):
      try await journal.record(progress.schedule.stop(reason: reason))
      // Workers are stopped through their tasks; merges under way go to their end, they don't look at cancellation.
      group.cancelAll()
      return
    case .pause(let reason):
      if !progress.schedule.isPaused { try await journal.record(.paused(reason: reason)) }
      progress.schedule.isPaused = true
    case .proceed:
      if progress.schedule.isPaused { try await journal.record(.unpaused) }
      progress.schedule.isPaused = false
    case .cancel(let id):
      guard let node = plan.indices[id], let stopper = progress.stoppers[node] else { break }
      progress.cancelled.insert(node)
      stopper.stop()
    case .overBudget(let ratio): try await journal.note(.budgetExceeded(ratio: ratio, budget: budget))
    case .adapt(let adaptation, let ratio):
      try await journal.record(.adapted(adaptation, ratio: ratio))
      await adapt(adaptation, &progress)
      renew(progress, in: &group)
    }
    listen(in: &group)
  }

  private func adapt(_ adaptation: Adaptation, _ progress: inout Progress) async {
    progress.adapt(adaptation)
    await stages.adapt(adaptation)
  }

  private func complete(_ candidate: MergeCandidate, at tip: String, _ progress: inout Progress) async throws {
    let work = candidate.work
    let node = work.assignment.node
    progress.tip = tip
    progress.results[node] = .init(
      achievement: work.achievement,
      merge: tip,
      changedPaths: candidate.result.changedPaths
    )
    // The merge itself is durable already: what follows from it may reach the disk with the next group.
    try await journal.note(.slotFreed(work.id, slot: work.assignment.slot))
    let facts = progress.schedule.complete(work.assignment)
    for fact in facts { try await journal.note(fact) }
    var heir: AchievementID?
    if progress.sharesWorktrees, plan.graph.dependents(of: node).count == 1, case .ready(let id)? = facts.first,
      // Another plan has another set-up, and would find what this one's has left.
      id.plan == work.id.achievement.plan
    {
      heir = id
    }
    await stages.release(work, to: heir)
  }

  /// Takes in that a variant is green: its slot is free, and its choice may be ready.
  private func take(_ candidate: Candidate, of work: AttemptWork, _ progress: inout Progress) async throws {
    progress.candidates[work.assignment.node] = candidate
    try await journal.note(.slotFreed(work.id, slot: work.assignment.slot))
    for fact in progress.schedule.complete(work.assignment) { try await journal.note(fact) }
    await stages.release(work, to: nil)
  }

  private func fail(_ work: AttemptWork, _ failure: AttemptFailure, _ progress: inout Progress) async throws {
    progress.previous[work.assignment.node] = .init(failure: failure, base: work.base)
    progress.candidates[work.assignment.node] = nil
    if failure.kind == .storage {
      progress.isOutOfSpace = true
      try await journal.record(progress.schedule.stop(reason: failure.message))
    }
    let facts = progress.schedule.fail(work.assignment, failure, at: clock.now)
    try await journal.record(
      [.attemptFailed(work.id, failure), .slotFreed(work.id, slot: work.assignment.slot)] + facts
    )
    // Not before the record: until then a later process may look for the attempt's work in its worktree.
    await stages.release(work, to: nil)
  }

  private func renew(_ progress: Progress, in group: inout ThrowingTaskGroup<Event, any Error>) {
    let (tip, wanted) = (progress.tip, progress.schedule.stopReason == nil ? progress.schedule.unstarted : 0)
    guard wanted > 0, stages.preparesAhead else { return }
    group.addTask { [stages] in
      await stages.renew(at: tip, wanted: wanted)
      return .idle
    }
  }

  /// Hands out what can start, begins the next merge, and sets the timer for delayed attempts.
  private func startWork(
    _ progress: inout Progress,
    in group: inout ThrowingTaskGroup<Event, any Error>
  ) async throws {
    if !progress.isMerging, !progress.mergeQueue.isEmpty {
      let (batch, tip) = (progress.takeBatch(), progress.tip)
      progress.isMerging = true
      group.addTask { [stages, journal] in
        .merged(batch, try await stages.merge(batch, tip: tip, journal: journal))
      }
    }
    let round = progress.schedule.assign(at: clock.now)
    for fact in round.facts { try await journal.note(fact) }
    for assignment in round.assignments {
      let work = work(for: assignment, progress)
      progress.existing[assignment.node] = nil
      // The stages wait until this is durable, before the first thing that they change.
      try await journal.note(.attemptStarted(work.id, slot: assignment.slot, base: work.base))
      begin(work, &progress, in: &group)
    }
    if !round.assignments.isEmpty {
      // All that led to this goes to the disk in one group.
      await journal.hasten()
      renew(progress, in: &group)
    }
    if let time = progress.schedule.wakeTime, progress.timerTime != time {
      progress.timerTime = time
      group.addTask { [clock] in
        do { try await clock.sleep(until: time) } catch { return .idle }
        return .timer
      }
    }
  }

  private func begin(
    _ work: AttemptWork,
    _ progress: inout Progress,
    in group: inout ThrowingTaskGroup<Event, any Error>
  ) {
    let stopper = Stopper()
    progress.stoppers[work.assignment.node] = stopper
    group.addTask { [stages, journal] in
      return .attempted(work, try await stopper.run { try await stages.attempt(work, journal: journal) })
    }
  }

  private func work(
    for assignment: Assignment,
    _ progress: Progress,
    adopting adopted: Adopted? = nil
  ) -> AttemptWork {
    let dependencies = plan.graph.dependencies(of: assignment.node)
    return AttemptWork(
      assignment: assignment,
      achievement: plan.achievements[assignment.node],
      base: adopted?.base ?? progress.tip,
      dependencies: dependencies.compactMap { progress.results[Int($0)] },
      previous: progress.previous[assignment.node],
      existing: progress.existing[assignment.node],
      candidates: dependencies.compactMap { progress.candidates[Int($0)] },
      adoptedWorktree: adopted?.worktree
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
}

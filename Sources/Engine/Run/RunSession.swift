internal import Git
package import Planning
package import Recording

/// One process driving one run from start to end, or from where another process left it.
package struct RunSession: Sendable {
  /// What is fixed for the run.
  package let header: RunHeader
  /// What earlier runs took for the same work: the order of what is ready goes by it.
  package let learned: LearnedDurations
  private let settings: RunSettings
  private let archive: RunArchive
  private let launcher: any WorkerLauncher
  private let start: Start
  private let baseScripts: Set<AchievementID>

  private enum Start: Sendable {
    case new(planBytes: [UInt8], prior: [AchievementID: PriorStatus])
    case resumed(RunArchive.Recorded, retryFailed: Bool)
  }

  /// A new run of what has been prepared, and is `expected` to take what its forecast says.
  package init(_ preparation: Preparation, expected: Forecast, launcher: any WorkerLauncher) {
    let request = preparation.request
    var options = request.runOptions
    options.approves = preparation.approves && !request.withoutWorktrees ? true : nil
    let run = request.runName ?? RunName.new(wall: SystemClock.wallTime())
    archive = preparation.archive
    header = RunHeader(
      run: run,
      plaitVersion: request.plaitVersion,
      planName: request.plan.name,
      planPath: request.planPath,
      repository: preparation.archive.top,
      base: preparation.base.description,
      integrationRef: "refs/heads/plait/\(run)/integration",
      jobs: request.schedule.slots,
      overheadBudget: request.overheadBudget ?? request.plan.defaults.overheadBudget ?? 0.10,
      workerArguments: request.workerArguments,
      directory: preparation.archive.runDirectory(run),
      pid: getpid(),
      options: options,
      forecastSeconds: preparation.learned.isEmpty ? nil : expected.hours * 3600,
      plans: preparation.plans
    )
    learned = preparation.learned
    settings = RunSettings(header, plan: request.plan, archive: archive, environment: request.environment)
    start = .new(planBytes: request.planBytes, prior: preparation.prior)
    baseScripts = preparation.baseScripts
    self.launcher = launcher
  }

  /// A run that an earlier process did not bring to its end.
  package init(
    resuming recorded: RunArchive.Recorded,
    in archive: RunArchive,
    retryFailed: Bool,
    environment: [String: String],
    launcher: any WorkerLauncher
  ) async throws {
    header = recorded.header
    learned = await archive.learned(of: recorded.plan, workerArguments: recorded.header.workerArguments)
    self.archive = archive
    settings = RunSettings(recorded.header, plan: recorded.plan, archive: archive, environment: environment)
    start = .resumed(recorded, retryFailed: retryFailed)
    baseScripts = try await Preparation.existingScripts(
      of: recorded.plan,
      in: recorded.header.sources,
      at: archive.repository,
      base: CommitID(checked: recorded.header.base)
    )
    self.launcher = launcher
  }

  /// Runs the plan. `observe` is given the events of this process as they happen and is waited for at the end.
  ///
  /// Throws when the run could not start or go on; what was recorded until then stays and can be resumed.
  package func run<Observed: Sendable>(
    controls: RunControls,
    observe: @Sendable (AsyncStream<RunEvent>) async -> Observed
  ) async throws -> (outcome: RunOutcome, observed: Observed) {
    try RunFiles.makeDirectory(header.directory)
    let lock = try RunLock(path: archive.lockPath(header.run), run: header.run)
    let store = try archive.makeStore()
    let clock = clock()
    let journal = Journal(
      stamp: { (clock.now, clock.wall) },
      write: { events in
        try FaultPoint.beforeEvents.pass()
        try await write(events, to: store)
        try FaultPoint.afterEvents.pass()
      }
    )
    async let observed = observe(journal.events)
    do {
      let outcome = try await drive(store: store, clock: clock, journal: journal, controls: controls)
      try await journal.close()
      _ = consume lock
      return (outcome, await observed)
    } catch {
      // The error itself is what counts; that the run ended is recorded where that is still possible.
      try? await journal.record(.runEnded(.error))
      try? await journal.close()
      _ = await observed
      throw error
    }
  }

  /// The clock that the events of this process are stamped by.
  private func clock() -> SystemClock {
    switch start {
    case .new: SystemClock()
    case .resumed(let recorded, _):
      // Time goes on while nobody drives a run; a wall clock that was set back must not turn it back.
      SystemClock(offset: max(recorded.snapshot.lastTime, SystemClock.wallTime() - recorded.snapshot.startedWall))
    }
  }

  /// Writes events; the first ones of a new run together with its entry.
  private func write(_ events: [RunEvent], to store: RunStore) async throws {
    guard case .new(let planBytes, _) = start, let first = events.first, case .runStarted = first.fact else {
      return try await store.append(events, to: header.run)
    }
    try await store.createRun(
      header.run,
      planName: header.planName,
      startedWall: first.wall,
      plan: planBytes,
      events: events
    )
  }

  private func drive(
    store: RunStore,
    clock: SystemClock,
    journal: Journal,
    controls: RunControls
  ) async throws -> RunOutcome {
    let plan = settings.plan
    let stages = try LocalStages(
      settings: settings,
      launcher: launcher,
      clock: clock,
      integration: archive.repository,
      baseScripts: baseScripts
    )
    var schedule = Schedule(plan: plan, analysis: PlanAnalysis(plan, learned: learned), options: settings.schedule)
    let (inheritance, tip) = try await begin(&schedule, store: store, journal: journal)
    await stages.takeOver(inheritance.adopted)
    let driver = RunDriver(
      plan: plan,
      stages: stages,
      journal: journal,
      clock: clock,
      budget: header.overheadBudget,
      controls: controls.stream
    )
    let outcome = try await driver.drive(schedule, from: tip, inheriting: inheritance)
    try await stages.removeWorktrees()
    // A worker without a supervisor may have left what had made a session of its own.
    if settings.isPlain { _ = await ProcessTable().endAll(of: header.run) }
    try await journal.record(.runEnded(outcome))
    return outcome
  }

  /// Records that the run begins or goes on; gives what an earlier process has left of it, and where its branch is.
  private func begin(
    _ schedule: inout Schedule,
    store: RunStore,
    journal: Journal
  ) async throws -> (RunDriver.Inheritance, tip: String) {
    switch start {
    case .new(let planBytes, let prior):
      // Beside the logs, for the day on which the database is gone.
      try RunFiles.replace(header.directory + "/parallel.json", with: planBytes)
      try RunFiles.replace(header.directory + "/header.json", with: header.encoded())
      try await journal.record([.runStarted(header)] + schedule.begin(prior: prior))
      // After the record: a branch of a run that nobody knows would be found by nobody.
      try await archive.repository.createRef(header.integrationRef, at: CommitID(checked: header.base))
      return (RunDriver.Inheritance(), header.base)
    case .resumed(_, let retryFailed):
      try settings.requireOverlays()
      // Read again under the lock: another process may have driven the run since it was looked up.
      let recorded = try await archive.load(header.run, from: store)
      let recovery = try await Recovery(recorded, settings: settings, archive: archive, launcher: launcher)
      try await journal.record([.runResumed(pid: getpid())] + recovery.facts)
      let resumed = schedule.resume(
        recovery.snapshot,
        retryFailed: retryFailed,
        adopting: recovery.adoptable.mapValues(\.record.slot)
      )
      try await journal.record(resumed.facts)
      var inheritance = recovery.inheritance
      inheritance.adopted = resumed.adopted.compactMap { assignment in
        recovery.adoptable[assignment.attempt].map { adoptable in
          .init(assignment: assignment, base: adoptable.record.base, worktree: adoptable.worktree)
        }
      }
      inheritance.adaptations = recovery.snapshot.adaptations.map(\.adaptation)
      return (inheritance, recovery.tip)
    }
  }
}

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

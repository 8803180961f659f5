internal import Git
internal import Planning
package import Recording

/// One process driving one run from start to end.
package struct RunSession: Sendable {
  package let header: RunHeader
  private let preparation: Preparation
  private let launcher: any WorkerLauncher

  package init(_ preparation: Preparation, launcher: any WorkerLauncher) {
    self.preparation = preparation
    self.launcher = launcher
    let request = preparation.request
    let run = RunSession.newName(wall: SystemClock.wallTime())
    header = RunHeader(
      run: run, plaitVersion: request.plaitVersion, planName: request.plan.name, planPath: request.planPath,
      repository: preparation.archive.top, base: preparation.base.description,
      integrationRef: "refs/heads/plait/\(run)/integration", jobs: request.schedule.slots,
      overheadBudget: request.overheadBudget ?? request.plan.defaults.overheadBudget ?? 0.10,
      workerArguments: request.workerArguments, directory: preparation.archive.runDirectory(run), pid: getpid())
  }

  /// Runs the plan. `observe` is given the events as they happen and is waited for at the end.
  ///
  /// Throws when the run could not start or go on; what was recorded until then stays and can be resumed.
  package func run<Observed: Sendable>(
    controls: AsyncStream<RunControl>, observe: @Sendable (AsyncStream<RunEvent>) async -> Observed
  ) async throws -> (outcome: RunOutcome, observed: Observed) {
    let archive = preparation.archive
    let request = preparation.request
    try RunFiles.makeDirectory(header.directory)
    let lock = try RunLock(path: archive.lockPath(header.run), run: header.run)
    let store = try archive.makeStore()
    let clock = SystemClock()
    try await archive.repository.createRef(header.integrationRef, at: preparation.base)
    try await store.createRun(
      header.run, planName: header.planName, startedWall: clock.wall, plan: request.planBytes)
    let journal = Journal(
      stamp: { (clock.now, clock.wall) }, write: { [run = header.run] in try await store.append($0, to: run) })
    async let observed = observe(journal.events)
    do {
      let outcome = try await drive(clock: clock, journal: journal, controls: controls)
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

  private func drive(
    clock: SystemClock, journal: Journal, controls: AsyncStream<RunControl>
  ) async throws -> RunOutcome {
    let request = preparation.request
    let stages = LocalStages(
      settings: settings, launcher: launcher, clock: clock, integration: preparation.archive.repository,
      baseScripts: preparation.baseScripts)
    var schedule = Schedule(
      plan: request.plan, analysis: PlanAnalysis(request.plan), options: request.schedule)
    try await journal.record([.runStarted(header)] + schedule.begin(prior: preparation.prior))
    let driver = RunDriver(plan: request.plan, stages: stages, journal: journal, clock: clock, controls: controls)
    let outcome = try await driver.drive(schedule, from: header.base)
    try await stages.removeWorktrees()
    try await journal.record(.runEnded(outcome))
    return outcome
  }

  private var settings: RunSettings {
    let request = preparation.request
    return RunSettings(
      header: header, plan: request.plan, planDirectory: request.planDirectory,
      worktreeRoot: request.worktreeRoot ?? preparation.archive.defaultWorktreeRoot,
      environment: request.environment, defaultTimeout: request.timeout, grace: 10)
  }

  /// A name that sorts by time and that two runs of one second don't share: `20260314-150926-k3f`.
  static func newName(wall: Double) -> String {
    var seconds = time_t(wall)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    func padded(_ number: Int32, _ width: Int) -> String {
      let text = String(number)
      return String(repeating: "0", count: max(0, width - text.count)) + text
    }
    let date = padded(parts.tm_year + 1900, 4) + padded(parts.tm_mon + 1, 2) + padded(parts.tm_mday, 2)
    let time = padded(parts.tm_hour, 2) + padded(parts.tm_min, 2) + padded(parts.tm_sec, 2)
    let letters = Array("bcdfghjkmnpqrstvwxz23456789")
    let suffix = String((0..<3).compactMap { _ in letters.randomElement() })
    return "\(date)-\(time)-\(suffix)"
  }
}

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

internal import Git
internal import Methodology
package import Planning
package import Recording
internal import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The stages on this machine: worktrees through libgit2, workers as local processes, merges in memory.
package struct LocalStages: RunStages {
  let settings: RunSettings
  let launcher: any WorkerLauncher
  let clock: any RunClock
  let merger: Merger
  private let pool: WorktreePool
  /// What the worktrees lie over, if they are overlays.
  private let pristine: PristineWorktree?
  private let baseScripts: Set<AchievementID>

  /// `baseScripts` are those whose validation scripts exist before the run, in the base commit or beside their plan.
  init(
    settings: RunSettings,
    launcher: any WorkerLauncher,
    clock: any RunClock,
    integration: Repository,
    baseScripts: Set<AchievementID>
  ) throws {
    self.settings = settings
    self.launcher = launcher
    self.clock = clock
    self.baseScripts = baseScripts
    merger = Merger(settings: settings, repository: integration, approvals: settings.approvals, clock: clock)
    let (header, root) = (settings.header, settings.worktreeRoot)
    let base = try CommitID(checked: header.base)
    let lower =
      settings.hasOverlays
      ? PristineWorktree(run: header.run, base: base, root: root, repositoryPath: header.repository) : nil
    pristine = lower
    // Where it is known what an attempt has left, cleaning is too quick for a spare worktree to be worth its making.
    let spares = Verifier.checks(settings.plan) ? max(1, header.jobs / 4) : 0
    let content = SharedContent(users: min(header.jobs + spares, settings.plan.achievements.count))
    pool = WorktreePool(slots: header.jobs, spares: spares) {
      PooledWorktree(
        number: $0,
        run: header.run,
        root: root,
        repositoryPath: header.repository,
        over: lower,
        sharing: content
      )
    }
  }

  /// Takes over the worktrees of attempts that an earlier process began; to be called before the run goes on.
  func takeOver(_ adopted: [RunDriver.Adopted]) async {
    for one in adopted {
      if let number = PooledWorktree.number(in: one.worktree) { await pool.adopt(number, for: one.assignment.slot) }
    }
  }

  /// Removes every worktree that the run made.
  func removeWorktrees() async throws {
    try FaultPoint.beforeWorktreeRemoved.pass()
    try await pool.removeAll()
    try await pristine?.remove()
    try FaultPoint.afterWorktreeRemoved.pass()
    RunFiles.removeIfEmpty("\(settings.worktreeRoot)/\(settings.header.run)")
    RunFiles.removeIfEmpty(settings.worktreeRoot)
  }

  // MARK: Attempt

  /// Does all stages up to the checks on this machine; see `RunStages`.
  package func attempt(_ work: AttemptWork, journal: Journal) async throws -> AttemptOutcome {
    do {
      if settings.isPlain { return try await attemptInPlace(work, journal: journal) }
      try await merger.assertBase(of: work)
      try await journal.settle()
      let worktree = try await worktree(for: work, journal: journal)
      var context = context(for: work, worktree: worktree.path)
      if work.achievement.role == .choice {
        context.candidates = try await describeCandidates(of: work, in: context.directory)
        return try await choose(work, context, journal: journal)
      }
      let began = clock.now
      if work.existing == nil, work.achievement.role.hasWorker,
        let failure = try await runWorker(work, context, journal: journal)
      {
        return .failed(failure, result: nil)
      }
      let seconds = work.existing == nil && !work.isAdopted ? clock.now - began : nil
      try FaultPoint.beforeCollect.pass()
      var result = try await collect(work, in: worktree)
      try FaultPoint.afterCollect.pass()
      try await journal.note(.resultCommitted(work.id, commit: result.commit, changed: result.changed))
      let outcome = try await check(&result, of: work, in: worktree, context, journal: journal)
      guard work.achievement.role.isVariant, case .verified = outcome else { return outcome }
      return try await offer(work, result, workerSeconds: seconds, journal: journal)
    } catch let error as GitError where !error.endsTheRun && error.code != .storage {
      return .failed(AttemptFailure(error.isOfTheWork ? .worker : .system, error.message), result: nil)
    } catch let error as GitError where error.code == .storage {
      return .failed(AttemptFailure(.storage, error.message), result: nil)
    } catch let error as EngineError where error.code == .storage {
      return .failed(AttemptFailure(.storage, error.message), result: nil)
    } catch let error as EngineError where error.code == .missing {
      return .failed(AttemptFailure(.system, error.message), result: nil)
    }
  }

  func check(
    _ result: inout VerifiedResult,
    of work: AttemptWork,
    in worktree: PooledWorktree?,
    _ context: AttemptContext,
    journal: Journal
  ) async throws -> AttemptOutcome {
    let verdict = try await verify(work, in: worktree, context)
    try await journal.note(.verified(work.id, verdict))
    if let red = verdict.steps.first(where: { $0.failure != nil }) {
      let failure = AttemptFailure(
        Task.isCancelled ? .stopped : .verify,
        "check failed: \(red.failure ?? red.summary)"
      )
      return .failed(failure, result: result)
    }
    result.checks = verdict.steps
    return .verified(result)
  }

  func context(for work: AttemptWork, worktree: String) -> AttemptContext {
    AttemptContext(
      run: settings.header.run,
      planName: settings.plan.file(of: work.achievement.id).name,
      planDirectory: settings.header.planDirectory(of: work.achievement.id),
      achievement: work.achievement,
      attempt: work.id,
      slot: work.assignment.slot,
      base: work.base,
      worktree: worktree,
      directory: settings.header.directory(of: work.id),
      portBase: settings.portBase(slot: work.assignment.slot),
      previousFailure: work.previous?.failure.message
    )
  }

  func environment(_ context: AttemptContext) -> [String: String] {
    WorkerEnvironment.variables(
      for: context,
      worker: settings.worker(of: context.achievement),
      inherited: settings.environment
    )
  }

  private func worktree(for work: AttemptWork, journal: Journal) async throws -> PooledWorktree {
    let (slot, branch) = (work.assignment.slot, settings.branch(of: work.id.achievement))
    let base = try CommitID(checked: work.base)
    if work.isAdopted {
      let worktree = try await pool.worktree(of: slot)
      await worktree.adopt(branch: branch, base: base)
      return worktree
    }
    try FaultPoint.beforeWorktree.pass()
    try DiskSpace.require(below: settings.worktreeRoot)
    let worktree = try await pool.lend(to: slot, for: work.id.achievement) {
      try await $0.prepare(branch: branch, base: base)
    }
    let context = context(for: work, worktree: worktree.path)
    try await writePrompt(for: work, context)
    try await worktree.outwaitTimes()
    try await setUp(work, context)
    try FaultPoint.afterWorktree.pass()
    try await journal.note(.worktreeReady(work.id, path: worktree.path))
    return worktree
  }

  func writePrompt(for work: AttemptWork, _ context: AttemptContext) async throws {
    try RunFiles.makeDirectory(context.directory)
    try await RunFiles.write(prompt(for: work), to: context.promptPath)
  }

  func setUp(_ work: AttemptWork, _ context: AttemptContext) async throws {
    let setup = settings.plan.defaults(of: work.achievement.id).setup
    for path in setup.copy {
      try RunFiles.copy(from: "\(settings.header.repository)/\(path)", to: "\(context.worktree)/\(path)")
    }
    guard let line = setup.shell else { return }
    let job = WorkerJob(
      executable: "/bin/sh",
      arguments: ["-c", line],
      environment: environment(context),
      workingDirectory: context.worktree,
      outputPath: context.directory + "/setup.log"
    )
    let end = try await launcher.run(job) { _ in }
    if let failure = end.status.failure {
      throw EngineError(.missing, "setup", "the plan's setup failed (\(line)): \(failure); see \(job.outputPath)")
    }
  }

  private func collect(_ work: AttemptWork, in worktree: PooledWorktree) async throws -> VerifiedResult {
    if let existing = work.existing {
      try await worktree.checkout(CommitID(checked: existing.commit))
      return existing
    }
    let subject = "\(work.id.achievement): \(work.achievement.title)".asCommitSubject
    let result = try await worktree.commitAll(message: settings.message(subject, work.id))
    if let left = result.leftBehind {
      // Commits that the worker made on its branch and then left behind: no part of the result, and not lost.
      try await worktree.repository().createRef(settings.keptRef(of: work.id) + "-left", at: left)
    }
    var verified = VerifiedResult(
      commit: result.commit.description,
      changed: result.changedCount,
      changedPaths: Array(result.changedPaths.prefix(60))
    )
    verified.isOneCommitOnBase = result.isOneCommitOnBase
    return verified
  }

  /// Checks what lies in the attempt's folder; `worktree` is nil when that is nobody's in particular.
  func verify(
    _ work: AttemptWork,
    in worktree: PooledWorktree?,
    _ context: AttemptContext
  ) async throws -> VerifyResult {
    let steps = Verifier.steps(of: work.achievement, defaults: settings.plan.defaults(of: work.achievement.id))
    if Verifier.checks(work.achievement, defaults: settings.plan.defaults(of: work.achievement.id)) {
      try await worktree?.openToChecks()
    }
    let script = work.achievement.details.validationScript.map {
      ValidationScript(name: $0, wasThere: baseScripts.contains(work.achievement.id))
    }
    return try await verifier(context).verify(steps, script: script)
  }

  func verifier(_ context: AttemptContext) -> Verifier {
    Verifier(launcher: launcher, context: context, environment: environment(context), clock: clock)
  }

  // MARK: Merge and set aside

  /// Merges in memory, with the plans' gates in a worktree of one of the results; see `RunStages`.
  package func merge(_ batch: [MergeCandidate], tip: String, journal: Journal) async throws -> [MergeResult] {
    if settings.isPlain { return try await passOn(batch, tip: tip, journal: journal) }
    let gates = PlanGate.all(of: settings.plan, in: settings.header.sources)
    return try await merger.merge(batch, tip: tip, journal: journal) { candidate, commit in
      guard !gates.isEmpty else { return nil }
      let work = candidate.work
      try await journal.note(.gateStarted(work.id))
      let worktree = try await pool.worktree(of: work.assignment.slot)
      try await worktree.checkout(commit)
      return try await pass(gates, work, in: worktree.path, journal: journal)
    }
  }

  /// Commits what lies in the worktree and keeps it under a ref; see `RunStages`.
  package func setAside(
    _ work: AttemptWork,
    result: VerifiedResult?,
    failure: AttemptFailure
  ) async throws -> AttemptFailure {
    if settings.isPlain { return failure }
    let commit: CommitID?
    if let result {
      commit = try CommitID(checked: result.commit)
    } else {
      // What the worker left is kept whatever state it is in; where nothing can be read, there is nothing to keep.
      let message = settings.message("Unfinished work on \(work.id)", work.id)
      commit = try? await pool.worktree(of: work.assignment.slot).commitAll(message: message).commit
    }
    return try await merger.setAside(work.id, base: work.base, commit: commit, failure: failure)
  }

  /// Gives the attempt's worktree back to the pool; see `RunStages`.
  package func release(_ work: AttemptWork, to heir: AchievementID?) async {
    await pool.release(work.assignment.slot, to: heir)
  }

  /// Where there are worktrees; see `RunStages`.
  package var preparesAhead: Bool { !settings.isPlain }

  /// Cleans worktrees; one that can't be cleaned, or has no room, is the concern of whoever needs it. See `RunStages`.
  package func renew(at tip: String, wanted: Int) async {
    guard let tip = CommitID(tip), (try? DiskSpace.require(below: settings.worktreeRoot)) != nil else { return }
    await pool.renew(at: tip, wanted: wanted)
  }

  /// Keeps more worktrees clean when asked to; see `RunStages`.
  package func adapt(_ adaptation: Adaptation) async {
    if case .spareWorktrees(let count) = adaptation { await pool.keep(spares: count) }
  }
}

internal import Methodology
internal import Planning
internal import Recording

/// The stage between a prepared worktree and what the worker left in it.
extension LocalStages {
  /// Returns why the worker's result can't be used, or nil when it ended well.
  func runWorker(
    _ work: AttemptWork,
    _ context: AttemptContext,
    journal: Journal
  ) async throws -> AttemptFailure? {
    let worker = settings.worker(of: work.achievement)
    guard let specified = worker.command else {
      return AttemptFailure(.system, "no worker command: add \"worker\" to the plan, or give one after '--'")
    }
    let environment = environment(context)
    var command = try Command(specified, path: environment["PATH"], directory: context.worktree)
    let isJudge = work.achievement.role == .choice
    if isJudge { command = keepingRuling(command, context) }
    let name = isJudge ? "judge" : "worker"
    var job = WorkerJob(
      executable: command.executable,
      arguments: command.arguments,
      environment: environment,
      workingDirectory: context.worktree,
      outputPath: context.outputPath
    )
    job.inputPath = worker.stdin == .prompt ? context.promptPath : nil
    job.timeout = worker.timeout
    job.idleTimeout = worker.idleTimeout
    job.grace = settings.grace
    job.directory = settings.isPlain ? nil : context.directory
    job.isBrief = settings.isPlain && job.timeout == nil && job.idleTimeout == nil
    try FaultPoint.beforeWorker.pass()
    let end =
      work.isAdopted
      ? try await launcher.adopt(job) ?? WorkerEnd(status: .lost)
      : try await launcher.run(job) { pid in
        try await journal.note(.workerStarted(work.id, pid: pid))
        try FaultPoint.afterWorkerStarted.pass()
      }
    try FaultPoint.afterWorkerEnded.pass()
    try await journal.note(.workerEnded(work.id, end))
    guard let failure = end.status.failure else { return nil }
    if end.status == .lost { return AttemptFailure(.lost, "its \(name) was lost: \(failure)") }
    if let parked = parking(after: end, context) { return parked }
    if Task.isCancelled { return AttemptFailure(.stopped, "its \(name) was stopped with the run") }
    return AttemptFailure(.worker, "its \(name) failed: \(failure)")
  }

  /// When the worker didn't fail but asks to be tried again later; nil for an ordinary failure.
  private func parking(after end: WorkerEnd, _ context: AttemptContext) -> AttemptFailure? {
    guard case .exited(let code) = end.status else { return nil }
    let output = (try? RunFiles.tail(of: context.outputPath, bytes: 8_192)) ?? ""
    guard let limit = UsageLimit(exitCode: code, output: output, now: clock.wall) else { return nil }
    return AttemptFailure(.parked, limit.words, retryAt: limit.until.map { clock.now + max(0, $0 - clock.wall) })
  }

  func prompt(for work: AttemptWork) async -> String {
    if work.achievement.role == .choice {
      return JudgePrompt(
        planName: settings.plan.file(of: work.achievement.id).name,
        achievement: work.achievement,
        candidates: work.candidates.map { .init(number: $0.number, commit: $0.result.commit, base: $0.base) },
        failure: work.previous?.failure.message
      ).text
    }
    var failure: WorkerPrompt.Failure?
    if let previous = work.previous {
      // What others did to the paths in conflict; a prompt without it is still of use.
      let otherSide =
        previous.failure.paths.isEmpty
        ? nil : try? await merger.diff(from: previous.base, to: work.base, previous.failure.paths)
      failure = .init(
        reason: previous.failure.message,
        conflictingPaths: previous.failure.paths,
        otherSide: otherSide
      )
    }
    return WorkerPrompt(
      planName: settings.plan.file(of: work.achievement.id).name,
      achievement: work.achievement,
      verify: Verifier.steps(of: work.achievement, defaults: settings.plan.defaults(of: work.achievement.id)),
      dependencies: work.dependencies.map {
        .init(id: $0.achievement.id, title: $0.achievement.title, changedPaths: $0.changedPaths)
      },
      attempt: work.id.number,
      failure: failure
    ).text
  }
}

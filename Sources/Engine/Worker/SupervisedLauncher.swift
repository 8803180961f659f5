package import Recording
internal import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Runs each worker under a supervisor: a small process that outlives Plait, enforces the limits and records the end.
///
/// Jobs without a folder (checks, set-up) run without one: they are worth nothing without the Plait that waits for them.
package final class SupervisedLauncher: WorkerLauncher {
  private let local = LocalLauncher()
  private let processes = ProcessTable()
  /// The program `plait-supervisor`, absolute.
  private let supervisor: String
  /// The running ones of this process, with the folders of their files.
  private let supervisors = Mutex<[Int32: String]>([:])

  /// `supervisor` is the path of the program `plait-supervisor`, absolute.
  package init(supervisor: String) { self.supervisor = supervisor }

  /// Kills everything that this process has started, at once. The supervisors go first: what they saw now they would record as
  /// their workers' own end, and a resumed run would take that for a failure of the work.
  package func killAll() {
    let workers = supervisors.withLock { $0.values }.compactMap {
      SupervisorFile(path: SupervisorFile.statePath(in: $0))?.worker
    }
    local.killAll()
    // Found by their marks already where there is a process table to look at.
    for worker in workers { kill(-worker, SIGKILL) }
  }

  /// Runs `job` under a supervisor of its own; one without a folder, without; see `WorkerLauncher`.
  package func run(
    _ job: WorkerJob,
    started: @escaping @Sendable (Int32) async throws -> Void
  ) async throws -> WorkerEnd {
    guard let directory = job.directory else { return try await local.run(job, started: started) }
    defer { supervisors.withLock { $0 = $0.filter { $0.value != directory } } }
    _ = try await local.runProcess(supervised(job, directory)) { pid in
      self.supervisors.withLock { $0[pid] = directory }
      FaultPoint.note(supervisor: pid, directory: directory)
      try await started(pid)
    }
    return try await result(of: job, in: directory)
  }

  /// Waits for the end of a worker that an earlier Plait started; nil when nobody knows how it ended.
  package func adopt(_ job: WorkerJob) async throws -> WorkerEnd? {
    guard let directory = job.directory else { return nil }
    local.remember(job)
    var wasAsked = false
    while !RunFiles.exists(SupervisorFile.resultPath(in: directory)) {
      guard let pid = SupervisorFile(path: SupervisorFile.statePath(in: directory))?.livingSupervisor else {
        // It may have written its result just before it went.
        if RunFiles.exists(SupervisorFile.resultPath(in: directory)) { break }
        return nil
      }
      if Task.isCancelled, !wasAsked {
        wasAsked = true
        kill(pid, SIGTERM)
      }
      // In a task of its own: also a cancelled one has to wait for the worker's end.
      await Task { try? await Task.sleep(for: .milliseconds(50)) }.value
      await local.holdWhenOver()
    }
    // Stopped by whoever drove the run before, or ended its orphans: no failure of the work, so it runs again.
    let file = SupervisorFile(path: SupervisorFile.resultPath(in: directory))
    if file?.wasStoppedOnRequest == true, !wasAsked { return nil }
    return try await result(of: job, in: directory)
  }

  /// Whether the attempt in `directory` has a supervisor that lives, or a recorded end.
  package func canAdopt(in directory: String) -> Bool {
    RunFiles.exists(SupervisorFile.resultPath(in: directory))
      || SupervisorFile(path: SupervisorFile.statePath(in: directory))?.livingSupervisor != nil
  }

  private func supervised(_ job: WorkerJob, _ directory: String) -> WorkerJob {
    var arguments = ["--directory", directory, "--grace", String(job.grace)]
    arguments += ["--output", job.outputPath, "--output-limit", String(job.outputLimit)]
    if let timeout = job.timeout { arguments += ["--timeout", String(timeout)] }
    if let idle = job.idleTimeout { arguments += ["--idle-timeout", String(idle)] }
    var own = job
    own.executable = supervisor
    own.arguments = arguments + ["--", job.executable] + job.arguments
    // The limits are the supervisor's now; it gets longer to stop than it gives its worker.
    (own.timeout, own.idleTimeout, own.directory) = (nil, nil, nil)
    own.grace = job.grace + 5
    // A build that measures its coverage makes a file as soon as it starts: where it is told, not in the worktree.
    if let profile = getenv("LLVM_PROFILE_FILE") { own.environment["LLVM_PROFILE_FILE"] = String(cString: profile) }
    return own
  }

  private func result(of job: WorkerJob, in directory: String) async throws -> WorkerEnd {
    let file = SupervisorFile(path: SupervisorFile.resultPath(in: directory))
    if let reason = file?.startFailure {
      throw EngineError(.missing, job.executable, "'\(job.executable)' could not be started: \(reason)")
    }
    if let end = file?.end(timeout: job.timeout, idle: job.idleTimeout) { return end }
    // Its supervisor was killed: what it watched over is ended here, by the marks in its environment.
    let strays = await processes.end(job, session: 0)
    await AbandonedGroup(of: directory)?.end()
    return WorkerEnd(status: .lost, strays: strays)
  }
}

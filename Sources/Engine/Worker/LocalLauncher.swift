package import Recording
internal import Subprocess
internal import Synchronization
internal import SystemPackage

/// Runs workers as processes of this machine, each in its own session, with files as output.
package final class LocalLauncher: WorkerLauncher {
  private let live = Mutex<Set<Int32>>([])
  /// The runs that processes were started for; `killAll` finds by them what made a session of its own.
  private let runs = Mutex<Set<String>>([])
  private let isOver = Mutex(false)
  private let processes = ProcessTable()

  /// Starts nothing yet.
  package init() {}

  /// Kills every process group that is running, and then whatever descends from it, at once. For the last resort; nothing is
  /// recorded.
  package func killAll() {
    isOver.withLock { $0 = true }
    for pid in live.withLock({ $0 }) { kill(-pid, SIGKILL) }
    for run in runs.withLock({ $0 }) { processes.endAllNow(of: run) }
  }

  /// Makes `killAll` reach what the run of `job` has started.
  func remember(_ job: WorkerJob) {
    if let run = job.environment["PLAIT_RUN"] { _ = runs.withLock { $0.insert(run) } }
  }

  /// Never returns after `killAll`: this process ends at any moment, and what it still sees of the workers that it has killed
  /// must not be recorded as their own end.
  func holdWhenOver() async {
    guard isOver.withLock({ $0 }) else { return }
    await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in }
  }

  /// The session that the process leads: its process id, known once it has started.
  private final class Session: Sendable {
    private let value = Mutex<Int32>(0)

    var pid: Int32 {
      get { value.withLock { $0 } }
      set { value.withLock { $0 = newValue } }
    }
  }

  private enum Event: Sendable {
    case ended(TerminationStatus)
    case expired(String?)
  }

  /// Runs `job` to its end and ends what it leaves behind; see `WorkerLauncher`.
  package func run(
    _ job: WorkerJob,
    started: @escaping @Sendable (Int32) async throws -> Void
  ) async throws -> WorkerEnd {
    if job.isBrief { return try await runBriefly(job, started: started) }
    let (end, session) = try await runProcess(job, started: started)
    let strays = await processes.end(job, session: session)
    return WorkerEnd(
      status: end.status,
      outputBytes: end.outputBytes,
      outputWasCut: end.outputWasCut,
      strays: strays
    )
  }

  /// Runs a job without limits; all processes of the machine are only looked through when its session isn't empty afterwards.
  private func runBriefly(
    _ job: WorkerJob,
    started: @escaping @Sendable (Int32) async throws -> Void
  ) async throws -> WorkerEnd {
    let output = try OutputFile(path: job.outputPath, limit: job.outputLimit)
    remember(job)
    let process = try await DirectProcess(job, output: output.descriptor.rawValue)
    _ = live.withLock { $0.insert(process.pid) }
    defer { _ = live.withLock { $0.remove(process.pid) } }
    // What can't be recorded must not go on unseen.
    async let end = process.end(grace: job.grace)
    try await started(process.pid)
    let status = await end
    await holdWhenOver()
    let strays = process.hasLeftOthers ? await processes.end(job, session: process.pid) : 0
    return WorkerEnd(
      status: Task.isCancelled && status != .exited(0) ? .stopped(reason: "the run was stopped") : status,
      outputBytes: output.finish(),
      outputWasCut: output.wasCut,
      strays: strays
    )
  }

  /// Runs `job` to the end of its first process, and says which session that led; what it left behind lives on.
  func runProcess(
    _ job: WorkerJob,
    started: @escaping @Sendable (Int32) async throws -> Void
  ) async throws -> (end: WorkerEnd, session: Int32) {
    let output = try OutputFile(path: job.outputPath, limit: job.outputLimit)
    let session = Session()
    remember(job)
    defer { _ = live.withLock { $0.remove(session.pid) } }
    let (status, reason) = try await withThrowingTaskGroup(of: Event.self) { group in
      group.addTask {
        .ended(
          try await self.spawn(FaultPoint.unlimited(job), output: output) { id in
            session.pid = id
            _ = self.live.withLock { $0.insert(id) }
            try await started(id)
          }
        )
      }
      group.addTask { .expired(await self.watch(job, output: output, session)) }
      return try await self.firstEnd(of: &group)
    }
    await holdWhenOver()
    let size = output.finish()
    let end = WorkerEnd(
      status: reason.map { .stopped(reason: $0) } ?? status.asEnd,
      outputBytes: size,
      outputWasCut: output.wasCut
    )
    return (end, session.pid)
  }

  /// Waits for the process's end; a limit that is reached first stops it and becomes the reason.
  private func firstEnd(
    of group: inout ThrowingTaskGroup<Event, any Error>
  ) async throws -> (TerminationStatus, reason: String?) {
    var reason: String?
    while let event = try await group.next() {
      switch event {
      case .expired(let limit):
        guard let limit else { continue }
        reason = limit
        group.cancelAll()
      case .ended(let status):
        if reason == nil, Task.isCancelled { reason = "the run was stopped" }
        group.cancelAll()
        return (status, reason)
      }
    }
    throw EngineError(.bug, "worker", "a worker's task ended without its process")
  }

  private func spawn(
    _ job: WorkerJob,
    output: OutputFile,
    started: @Sendable (Int32) async throws -> Void
  ) async throws -> TerminationStatus {
    var options = PlatformOptions()
    options.createSession = true
    options.teardownSequence = [
      .send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: .seconds(job.grace))
    ]
    let variables = job.environment.map { (Environment.Key(stringLiteral: $0.key), $0.value) }
    let configuration = Configuration(
      executable: .path(FilePath(job.executable)),
      arguments: Arguments(job.arguments),
      environment: .custom(Dictionary(variables) { $1 }),
      workingDirectory: FilePath(job.workingDirectory),
      platformOptions: options
    )
    let input = try FileDescriptor.open(FilePath(job.inputPath ?? "/dev/null"), .readOnly)
    defer { try? input.close() }
    do {
      return try await Subprocess.run(
        configuration,
        input: .fileDescriptor(input, closeAfterSpawningProcess: false),
        output: .fileDescriptor(output.descriptor, closeAfterSpawningProcess: false),
        error: .fileDescriptor(output.descriptor, closeAfterSpawningProcess: false)
      ) { execution in
        try await started(execution.processIdentifier.value)
      }.terminationStatus
    } catch let error as SubprocessError {
      throw EngineError(.missing, job.executable, "'\(job.executable)' could not be started: \(error)")
    }
  }

  /// Looks at a running process four times a second; returns why it has to end, or nil when cancelled.
  private func watch(_ job: WorkerJob, output: OutputFile, _ session: Session) async -> String? {
    let start = ContinuousClock.now
    var lastSize: Int64 = 0
    var lastCPU: UInt64 = 0
    var lastSign = start
    while true {
      do { try await Task.sleep(for: .milliseconds(250)) } catch { return nil }
      let now = ContinuousClock.now
      let size = output.trim()
      if size != lastSize { (lastSize, lastSign) = (size, now) }
      if let timeout = job.timeout, now - start >= .seconds(timeout) {
        return "it ran longer than its timeout of \(timeout.formattedSeconds)"
      }
      if let idle = job.idleTimeout, now - lastSign >= .seconds(idle) {
        let cpu = await processes.cpuTicks(session: session.pid)
        guard cpu == lastCPU else {
          (lastCPU, lastSign) = (cpu, now)
          continue
        }
        return "it gave no sign of life for \(idle.formattedSeconds) (no output, no CPU time)"
      }
    }
  }
}

extension TerminationStatus {
  fileprivate var asEnd: WorkerEnd.Status {
    switch self {
    case .exited(let code): .exited(code)
    case .signaled(let signal): .signalled(signal)
    }
  }
}

extension Double {
  /// `45 s`, `2.5 s`: seconds for messages.
  var formattedSeconds: String { self == rounded() ? "\(Int(self)) s" : "\(self) s" }
}

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

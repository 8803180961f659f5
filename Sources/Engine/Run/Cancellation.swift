internal import Recording

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension RunArchive {
  /// What `cancel` found and did.
  package enum Cancelled: String, Sendable, Encodable {
    /// Its driver was told, and has ended since.
    case stopped
    /// Nobody drove it; workers of it that still ran have been ended.
    case orphansEnded
    /// Nobody drove it and nothing of it ran.
    case nothingRan
  }

  /// The signal that tells a driver to stop its workers now.
  package static let stopSignal = SIGUSR1

  /// Stops a run from outside: its driver stops the workers, records that, and ends; returns when it has.
  package func cancel(_ run: String) async throws -> Cancelled {
    guard let pid = RunLock.holderProcess(path: lockPath(run)) else {
      let ended = await ProcessTable().endAll(of: run)
      for group in try AbandonedGroup.all(ofRun: runDirectory(run)) { await group.end() }
      return ended > 0 ? .orphansEnded : .nothingRan
    }
    guard kill(pid, RunArchive.stopSignal) == 0 else {
      throw EngineError(
        .missing,
        run,
        "process \(pid), which drives run \(run), can't be told to stop: \(String(cString: strerror(errno)))"
      )
    }
    while driver(of: run) != nil { try await Task.sleep(for: .milliseconds(50)) }
    return .stopped
  }
}

internal import Git
internal import Recording
internal import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Moments of a run at which a test may let something go wrong: the N-th one that is passed.
///
/// Set by `PLAIT_FAULT=<way>:<N>` in the environment, read once; without it a point costs one comparison. Used by the crash
/// matrix, documented in `Docs/Crash-Matrix.md`.
package enum FaultPoint: String, Sendable, CaseIterable {
  case beforeEvents, afterEvents
  case beforeWorktree, afterWorktree
  case beforeWorker, afterWorkerStarted, afterWorkerEnded
  case beforeCollect, afterCollect
  case beforeOffer, afterOffer
  case beforeRefMoved, afterRefMoved
  case beforeWorktreeRemoved, afterWorktreeRemoved
  case beforeReport, afterReport

  /// What happens at the point.
  private enum Way: String {
    /// Plait is killed.
    case kill
    /// Plait gets SIGTERM and goes on.
    case term
    /// A supervisor that runs is killed.
    case supervisor
    /// A worker that runs is killed.
    case worker
    /// A write fails once for want of space.
    case full
    /// A write fails once with an error of the device; or from then on.
    case io
    case ioForGood
    /// Up to the next point, or from then on, no file can grow: what SQLite and libgit2 write fails too.
    case limit
    case limitForGood
    /// Nothing goes wrong; the last point says how many there were.
    case count
  }

  private static let setting: (way: Way, number: Int)? = {
    guard let value = getenv("PLAIT_FAULT") else { return nil }
    let parts = String(cString: value).split(separator: ":")
    guard parts.count == 2, let way = Way(rawValue: String(parts[0])), let number = Int(parts[1]) else { return nil }
    return (way, number)
  }()

  private static let passed = Mutex(0)
  private static let victims = Mutex<[Int32: String]>([:])

  /// Remembers a running supervisor and the folder of its files, for the ways that kill one.
  static func note(supervisor pid: Int32, directory: String) {
    guard setting != nil else { return }
    victims.withLock { $0[pid] = directory }
  }

  /// Passes the point; lets the set fault happen when it is its turn. Throws only what a failing write would.
  package func pass() throws {
    guard let (way, number) = FaultPoint.setting else { return }
    let count = FaultPoint.passed.withLock { passed in
      passed += 1
      return passed
    }
    if way == .count, self == .afterReport { tell("\(count)") }
    if way == .limit, count > number { FaultPoint.limitFiles(to: .max) }
    guard count == number || (way == .ioForGood && count > number) else { return }
    if count == number { tell(rawValue) }
    switch way {
    case .count: break
    case .kill: kill(getpid(), SIGKILL)
    case .term: kill(getpid(), SIGTERM)
    case .supervisor, .worker: FaultPoint.killOne(worker: way == .worker)
    case .full: throw RecordingError(.diskFull, rawValue, "the disk is full (\(rawValue), injected)")
    case .limit, .limitForGood: FaultPoint.limitFiles(to: 0)
    case .io, .ioForGood: throw RecordingError(.database, rawValue, "input/output error (\(rawValue), injected)")
    }
  }

  private static let mark = "fault: "

  /// Leaves word on standard error that it happened: whoever set the fault can't see it otherwise.
  private func tell(_ words: String) {
    let line = Array("\(FaultPoint.mark)\(words)\n".utf8)
    _ = write(STDERR_FILENO, line, line.count)
  }

  /// What a run with a fault has said on standard error: the point of it, or how many there were; nil when it was not reached.
  static func report(in errors: String) -> String? {
    errors.split(separator: "\n").first { $0.hasPrefix(mark) }.map { String($0.dropFirst(mark.count)) }
  }

  /// The same job without a limit that this process has put on itself: only Plait's own writes are to fail.
  static func unlimited(_ job: WorkerJob) -> WorkerJob {
    guard let way = setting?.way, way == .limit || way == .limitForGood else { return job }
    var free = job
    free.executable = "/bin/sh"
    free.arguments = ["-c", "ulimit -S -f unlimited; exec \"$0\" \"$@\"", job.executable] + job.arguments
    return free
  }

  /// Lets writes beyond `bytes` of any file fail with EFBIG, as setrlimit(2) says of RLIMIT_FSIZE: a process needs no rights
  /// for that, and no disk has to be filled.
  private static func limitFiles(to bytes: rlim_t) {
    signal(SIGXFSZ, SIG_IGN)
    var limit = rlimit()
    getrlimit(fileSizeResource, &limit)
    limit.rlim_cur = min(bytes, limit.rlim_max)
    setrlimit(fileSizeResource, &limit)
  }

  #if canImport(Glibc)
    private static var fileSizeResource: __rlimit_resource_t { __rlimit_resource_t(RLIMIT_FSIZE.rawValue) }
  #else
    private static var fileSizeResource: Int32 { RLIMIT_FSIZE }
  #endif

  private static func killOne(worker: Bool) {
    let running = victims.withLock { $0 }.sorted { $0.key < $1.key }
    for (pid, directory) in running {
      guard let file = SupervisorFile(path: SupervisorFile.statePath(in: directory)), file.livingSupervisor == pid
      else {
        continue
      }
      if let target = worker ? file.worker : pid { kill(target, SIGKILL) }
      return
    }
  }
}

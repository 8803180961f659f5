internal import CProcess
internal import Dispatch
internal import Recording
internal import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A process that leads a session of its own, started and waited for with nothing in between.
///
/// For the many short processes of a run without worktrees, where a library's child costs more than the work. Both calls block,
/// so they run on a queue of their own.
struct DirectProcess: Sendable {
  let pid: Int32
  private let ending: Ending

  /// Starts `job` with its output going to the open file `output`.
  init(_ job: WorkerJob, output: Int32) async throws {
    let ending = Ending()
    self.ending = ending
    let (pid, failure) = await withCheckedContinuation { continuation in
      DispatchQueue(label: "plait.process").async {
        let (pid, failure) = DirectProcess.spawn(job, output)
        continuation.resume(returning: (pid, failure))
        // On the same thread: waking another one for it costs more than what is waited for may take.
        if failure == 0 { ending.wait(for: pid) }
      }
    }
    guard failure == 0 else {
      let reason = String(cString: strerror(failure))
      throw EngineError(.missing, job.executable, "'\(job.executable)' could not be started: \(reason)")
    }
    self.pid = pid
  }

  /// Waits for its end. Cancelling the task asks its session to end, and kills it `grace` seconds later.
  func end(grace: Double) async -> WorkerEnd.Status {
    let status = await withTaskCancellationHandler {
      await ending.status
    } onCancel: {
      ending.send(SIGTERM, to: pid)
      DispatchQueue.global().asyncAfter(deadline: .now() + grace) { ending.send(SIGKILL, to: pid) }
    }
    // The low seven bits of a wait status are the signal; the exit code is in the next byte.
    let signal = status & 0x7F
    return signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(signal)
  }

  /// Whether others of its session are still there.
  var hasLeftOthers: Bool { kill(-pid, 0) == 0 || errno == EPERM }

  private static func spawn(_ job: WorkerJob, _ output: Int32) -> (pid: Int32, failure: Int32) {
    #if canImport(Darwin)
      var attributes: posix_spawnattr_t?
      var actions: posix_spawn_file_actions_t?
    #else
      var attributes = posix_spawnattr_t()
      var actions = posix_spawn_file_actions_t()
    #endif
    posix_spawnattr_init(&attributes)
    posix_spawn_file_actions_init(&actions)
    defer {
      posix_spawnattr_destroy(&attributes)
      posix_spawn_file_actions_destroy(&actions)
    }
    var (all, none) = (sigset_t(), sigset_t())
    sigfillset(&all)
    sigemptyset(&none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setsigmask(&attributes, &none)
    let flags = Int32(CPROCESS_SPAWN_SETSID) | Int32(POSIX_SPAWN_SETSIGDEF) | Int32(POSIX_SPAWN_SETSIGMASK)
    posix_spawnattr_setflags(&attributes, Int16(flags))
    posix_spawn_file_actions_addopen(&actions, 0, job.inputPath ?? "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    posix_spawn_file_actions_adddup2(&actions, output, 2)
    cprocess_set_folder(&actions, job.workingDirectory)
    var child: pid_t = 0
    let failure = withCStrings([job.executable] + job.arguments) { words in
      withCStrings(job.environment.map { "\($0.key)=\($0.value)" }) { variables in
        posix_spawn(&child, job.executable, &actions, &attributes, words, variables)
      }
    }
    return (child, failure)
  }

  /// Lends texts as a list of C strings that ends with NULL.
  private static func withCStrings(
    _ texts: [String],
    _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Int32
  ) -> Int32 {
    var strings = texts.map { strdup($0) } + [nil]
    defer { for string in strings { free(string) } }
    return strings.withUnsafeMutableBufferPointer { $0.baseAddress.map(body) ?? ENOMEM }
  }
}

/// How a process ends, for the one who waits for that.
private final class Ending: Sendable {
  private struct State {
    /// Nothing may be sent to the number of a process that has been waited for: it may be another's by then.
    var hasEnded = false
    var status: Int32?
    var waiter: CheckedContinuation<Int32, Never>?
  }

  private let state = Mutex(State())

  /// The wait status, once there is one; only one task may ask.
  var status: Int32 {
    get async {
      await withCheckedContinuation { continuation in
        let known = state.withLock { state -> Int32? in
          if state.status == nil { state.waiter = continuation }
          return state.status
        }
        if let known { continuation.resume(returning: known) }
      }
    }
  }

  func send(_ signal: Int32, to pid: Int32) {
    state.withLock { if !$0.hasEnded { kill(-pid, signal) } }
  }

  /// Blocks until the process has ended.
  func wait(for pid: Int32) {
    var facts = siginfo_t()
    // Without taking it in, so that its number stays taken until nobody sends to it any more.
    while waitid(P_PID, id_t(pid), &facts, WEXITED | WNOWAIT) < 0, errno == EINTR {}
    state.withLock { $0.hasEnded = true }
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    let waiter = state.withLock { state in
      state.status = status
      return state.waiter
    }
    waiter?.resume(returning: status)
  }
}

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The life of one worker and of everything that it starts, from its start until nothing of it is left.
struct Watch {
  enum Phase {
    case running
    /// The worker has ended by itself. What it left behind, like the last command of a pipe, may be about to end too.
    case lingering(until: Int64)
    /// Everything has got SIGTERM.
    case terminating(until: Int64)
    /// Everything gets SIGKILL, again and again.
    case killing(until: Int64)
  }

  private static let check = Clock.second / 4
  private static let lingering = Clock.second / 2
  private static let strayGrace = Clock.second
  /// How long at a time children are ended without a pause.
  private static let burst = 5 * Clock.millisecond
  /// How long a process can refuse to die (it hangs in the kernel, or belongs to another user) before it is left alone.
  private static let patience = 30 * Clock.second

  private let arguments: Arguments
  private let signals: Signals
  private var worker: Worker
  private var output: Output
  private var activity: Activity
  private var phase = Phase.running
  private var stopReason: StaticString?
  private var strays = 0
  private var survivors = 0
  private var hasState = false

  init(_ arguments: Arguments, worker: Worker, output: Output, signals: Signals) {
    self.arguments = arguments
    self.worker = worker
    self.output = output
    self.signals = signals
    activity = Activity(idleLimit: arguments.idleTimeout, now: worker.startedMonotonic)
  }

  /// Watches until the end, and returns what is to be recorded of it.
  mutating func run() -> RecordFile {
    // Also of a worker that has ended by now: who reads states may count on there being one.
    if worker.pid > 0 { hasState = state.store(as: "worker.state", isDurable: false) }
    while reap() {
      let now = Clock.monotonic
      if !hasState { hasState = state.store(as: "worker.state", isDurable: false) }
      if output.look() { activity.sawOutput(at: now) }
      guard advance(now) else { break }
      switch signals.next(within: pause(now)) {
      case SIGTERM: stopWhenAsked()
      case SIGUSR1: answer()
      default: break
      }
    }
    output.look()
    worker.group?.remove()
    return result
  }

  /// Takes in every process that has ended; false when none is left.
  private mutating func reap() -> Bool {
    var status: Int32 = 0
    var pid = waitpid(-1, &status, WNOHANG)
    while pid > 0 {
      // An orphan may have got the number of a worker that is long gone.
      if pid == worker.pid, worker.ended == nil { worker.end(status: status) }
      pid = waitpid(-1, &status, WNOHANG)
    }
    #if os(Linux)
      return pid == 0
    #else
      // Without a subreaper, orphans are nobody's children here.
      return pid == 0 || ProcessTree(of: worker.pid).living > 0
    #endif
  }

  /// Takes the step that is due; false when there is nothing more to be done.
  private mutating func advance(_ now: Int64) -> Bool {
    switch phase {
    case .running where worker.ended != nil: phase = .lingering(until: now + Self.lingering)
    case .running: checkLimits(now)
    case .lingering(let end) where now >= end:
      let tree = ProcessTree(of: worker.pid)
      strays = tree.living
      terminate(tree, until: now + min(arguments.grace, Self.strayGrace))
    case .terminating(let end) where now >= end:
      phase = .killing(until: now + Self.patience)
      killTree()
    case .killing(let end):
      let left = killTree()
      guard now >= end else { return true }
      // Something is there that has not ended, even if this look has missed it.
      survivors = max(1, left)
      return false
    default: break
    }
    return true
  }

  private mutating func checkLimits(_ now: Int64) {
    if let limit = arguments.timeout, now - worker.startedMonotonic >= limit { return stop("timeout", now) }
    guard let limit = arguments.idleTimeout, activity.isDue(at: now) else { return }
    activity.look(at: ProcessTree(of: worker.pid), reaped: Usage.ofReaped.total, now: now)
    if now - activity.last >= limit { stop("idle", now) }
  }

  private mutating func stopWhenAsked() {
    // The worker may have ended at the same time: then its own end is the true one.
    guard case .running = phase, reap(), worker.ended == nil else { return }
    stop("asked", Clock.monotonic)
  }

  private mutating func stop(_ reason: StaticString, _ now: Int64) {
    stopReason = reason
    terminate(ProcessTree(of: worker.pid), until: now + arguments.grace)
  }

  /// Asks each process once: what a process starts in order to end tidily must not be disturbed.
  private mutating func terminate(_ tree: ProcessTree, until end: Int64) {
    tree.send(SIGTERM)
    // A stopped process would hear of it too late.
    tree.send(SIGCONT)
    phase = .terminating(until: end)
  }

  /// Returns how many there were to kill.
  @discardableResult
  private mutating func killTree() -> Int {
    worker.group?.kill()
    let tree = ProcessTree(of: worker.pid)
    tree.send(SIGKILL)
    if stopReason == nil { strays = max(strays, tree.living) }
    killOrphans()
    return tree.living
  }

  /// Ends processes that start their successors and are gone before a look at all processes is over: such a successor is at
  /// once a child of this process, and the list of those is read faster than a program starts.
  private mutating func killOrphans() {
    let end = Clock.monotonic + Self.burst
    var children = ProcFile.children
    while !children.isEmpty, reap(), Clock.monotonic < end {
      for pid in children { kill(pid, SIGKILL) }
      children = ProcFile.children
    }
  }

  /// Nanoseconds until something must be looked at.
  private func pause(_ now: Int64) -> Int64 {
    switch phase {
    case .killing: return 20 * Clock.millisecond
    case .lingering(let end), .terminating(let end): return max(0, min(Self.check, end - now))
    case .running:
      var pause = hasState ? 3600 * Clock.second : Clock.second
      if arguments.idleTimeout != nil || arguments.outputLimit != nil { pause = Self.check }
      if let limit = arguments.timeout { pause = min(pause, worker.startedMonotonic + limit - now) }
      return max(0, pause)
    }
  }

  private mutating func answer() {
    let now = Clock.monotonic
    let tree = ProcessTree(of: worker.pid)
    let reaped = Usage.ofReaped
    if output.look() { activity.sawOutput(at: now) }
    // Not sooner: in a very short time between two looks, a single tick of the clock would count as work.
    if activity.isDue(at: now) { activity.look(at: tree, reaped: reaped.total, now: now) }
    var record = state
    record.add("cpu-user", seconds: reaped.user + tree.user)
    record.add("cpu-system", seconds: reaped.system + tree.system)
    record.add("processes", tree.living)
    record.add("idle-seconds", seconds: now - activity.last)
    hasState = record.store(as: "worker.state", isDurable: false)
  }

  private var state: RecordFile {
    var record = RecordFile()
    record.add("supervisor", getpid())
    record.add("supervisor-start", ProcFile.start(of: getpid()))
    record.add("boot", ProcFile.bootID)
    record.add("worker", worker.pid)
    record.add("worker-start", ProcFile.start(of: worker.pid))
    record.add("started", seconds: worker.started)
    if let group = worker.group { record.add("group", group.path) }
    return record
  }

  private var result: RecordFile {
    let usage = Usage.ofReaped
    var record = RecordFile()
    record.add("end", stopReason.map { "stopped \($0)" } ?? worker.ending)
    record.add("started", seconds: worker.started)
    record.add("ended", seconds: worker.ended ?? Clock.wall)
    record.add("wall", seconds: worker.ended == nil ? Clock.monotonic - worker.startedMonotonic : worker.wall)
    record.add("cpu-user", seconds: usage.user)
    record.add("cpu-system", seconds: usage.system)
    record.add("max-rss", usage.peakBytes)
    record.add("output-bytes", output.size)
    record.add("output-cut", output.wasCut ? 1 : 0)
    record.add("strays", strays)
    record.add("survivors", survivors)
    return record
  }
}

/// When the worker's tree was last seen to do something.
///
/// Something is: output, bytes written anywhere, or CPU time above 1 % of a core. The last bound is because a hung program is
/// seldom at rest: its timers and event loops go on ticking.
struct Activity {
  /// Nanoseconds between two looks at the tree.
  let interval: Int64
  private(set) var last: Int64
  private var looked: Int64
  private var used: Int64 = 0
  private var written: Int64 = 0
  private var hasOutput = false

  /// A look reads facts of every process of the machine, so with long limits there are fewer.
  init(idleLimit: Int64?, now: Int64) {
    interval = max(Clock.second / 4, min(2 * Clock.second, (idleLimit ?? 0) / 8))
    (last, looked) = (now, now)
  }

  mutating func sawOutput(at now: Int64) {
    hasOutput = true
    last = now
  }

  /// Whether it is time for a look.
  func isDue(at now: Int64) -> Bool { now - looked >= interval }

  /// Compares with the look before; `reaped` is the CPU time of processes that are no longer in the tree.
  mutating func look(at tree: ProcessTree, reaped: Int64, now: Int64) {
    let nowUsed = tree.user + tree.system + reaped
    let nowWritten = tree.written()
    // What a process that is gone has written is gone with it: a lower sum says nothing.
    if hasOutput || nowWritten > written || (nowUsed - used) * 100 > now - looked { last = now }
    (looked, used, written, hasOutput) = (now, nowUsed, nowWritten, false)
  }
}

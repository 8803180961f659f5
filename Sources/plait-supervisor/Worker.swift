internal import CProcess

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The process that is watched.
struct Worker {
  /// 0 when it could not be started.
  let pid: pid_t
  /// Why it could not be started: an error number, or 0.
  let failure: Int32
  /// Nanoseconds; the wall clock's are for people, the others for durations.
  let started: Int64
  let startedMonotonic: Int64
  private(set) var ended: Int64?
  private(set) var wall: Int64 = 0
  private var status: Int32 = 0

  /// What it was born into, and can't leave without the rights of its own maker.
  let group: ControlGroup?

  /// Starts `program` in a session of its own, with default signals, and with this process's folder, environment and three
  /// standard descriptors.
  init(starting program: UnsafePointer<CChar>, words: CStrings) {
    started = Clock.wall
    startedMonotonic = Clock.monotonic
    let group = ControlGroup()
    if let born = group?.start(program, words: words) {
      (pid, failure, self.group) = (born.pid, born.failure, group)
    } else {
      group?.remove()
      self.group = nil
      (pid, failure) = Self.spawn(program, words: words)
    }
    if failure != 0 { ended = started }
  }

  private static func spawn(_ program: UnsafePointer<CChar>, words: CStrings) -> (pid: pid_t, failure: Int32) {
    #if canImport(Darwin)
      var attributes: posix_spawnattr_t?
    #else
      var attributes = posix_spawnattr_t()
    #endif
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigdefault(&attributes, &all)
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    let flags = Int32(CPROCESS_SPAWN_SETSID) | Int32(POSIX_SPAWN_SETSIGDEF) | Int32(POSIX_SPAWN_SETSIGMASK)
    posix_spawnattr_setflags(&attributes, Int16(flags))
    var child: pid_t = 0
    let failure = posix_spawnp(&child, program, nil, &attributes, words, cprocess_environment())
    return (failure == 0 ? child : 0, failure)
  }

  mutating func end(status: Int32) {
    self.status = status
    ended = Clock.wall
    wall = Clock.monotonic - startedMonotonic
  }

  /// How it ended, in the words of the result file.
  var ending: String {
    if failure != 0 { return "failed \(failure) \(String(cString: strerror(failure)))" }
    // The low seven bits of a wait status are the signal; the exit code is in the next byte.
    let signal = status & 0x7f
    return signal == 0 ? "exited \((status >> 8) & 0xff)" : "signalled \(signal)"
  }
}

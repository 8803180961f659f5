#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The signals that the supervisor lives by. They stay blocked and are fetched one at a time, so nothing ever runs in a handler.
struct Signals {
  private static let awaited = [SIGCHLD, SIGTERM, SIGUSR1]
  /// What a closed terminal, its keyboard or an exceeded file size must not do to the record of a worker.
  private static let ignored = [SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGTSTP, SIGTTIN, SIGTTOU, SIGXFSZ]

  #if os(Linux)
    private var set = sigset_t()
  #else
    private let queue: Int32
  #endif

  init() {
    var blocked = sigset_t()
    sigemptyset(&blocked)
    for number in Self.awaited { sigaddset(&blocked, number) }
    sigprocmask(SIG_SETMASK, &blocked, nil)
    // An ignored SIGCHLD, inherited from whoever started this, would make children vanish without a status.
    for number in Self.awaited { signal(number, SIG_DFL) }
    for number in Self.ignored { signal(number, SIG_IGN) }
    #if os(Linux)
      set = blocked
    #else
      queue = kqueue()
      _ = fcntl(queue, F_SETFD, FD_CLOEXEC)
      for number in Self.awaited {
        var change = kevent(
          ident: UInt(number),
          filter: Int16(EVFILT_SIGNAL),
          flags: UInt16(EV_ADD),
          fflags: 0,
          data: 0,
          udata: nil
        )
        _ = kevent(queue, &change, 1, nil, 0, nil)
      }
    #endif
  }

  /// The next signal; nil when none has come within `limit` nanoseconds.
  func next(within limit: Int64) -> Int32? {
    var time = Clock.interval(limit)
    #if os(Linux)
      var set = set
      let number = sigtimedwait(&set, nil, &time)
      return number > 0 ? number : nil
    #else
      var event = kevent()
      return kevent(queue, nil, 0, &event, 1, &time) > 0 ? Int32(event.ident) : nil
    #endif
  }
}

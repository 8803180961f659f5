import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The settings that a terminal had, to be given back to it from wherever the process ends.
struct TerminalSettings: Sendable {
  private struct Saved {
    let descriptor: Int32
    var before: termios
    let leaving: StaticString
  }

  /// The address of what a handler of a crash gives back; 0 while the terminal is as it was.
  private static let held = Atomic<UInt>(0)
  /// The address of what `crashes` did before, in their order.
  private static let actionsBefore = Atomic<UInt>(0)
  private static let crashes = [SIGILL, SIGTRAP, SIGABRT, SIGFPE, SIGBUS, SIGSEGV]

  private let descriptor: Int32
  private let entering: StaticString
  private let leaving: StaticString

  /// Nil when `descriptor` is no terminal.
  init?(of descriptor: Int32, entering: StaticString, leaving: StaticString) {
    guard isatty(descriptor) == 1 else { return nil }
    self.descriptor = descriptor
    self.entering = entering
    self.leaving = leaving
  }

  /// Keys come one by one and unseen; what the terminal does with output stays as it is, and so do Ctrl-C and Ctrl-Z.
  func makeRaw() {
    var settings = termios()
    guard tcgetattr(descriptor, &settings) == 0 else { return }
    let saved = UnsafeMutablePointer<Saved>.allocate(capacity: 1)
    saved.initialize(to: Saved(descriptor: descriptor, before: settings, leaving: leaving))
    TerminalSettings.watchForCrashes
    TerminalSettings.held.store(UInt(bitPattern: saved), ordering: .sequentiallyConsistent)
    settings.c_lflag &= ~tcflag_t(ICANON | ECHO | IEXTEN)
    TerminalSettings.set(1, for: VMIN, in: &settings)
    TerminalSettings.set(0, for: VTIME, in: &settings)
    tcsetattr(descriptor, TCSANOW, &settings)
    TerminalSettings.write(entering)
  }

  /// Puts everything back as it was; nothing when it was done already.
  func giveBack() {
    guard let saved = TerminalSettings.giveBackNow() else { return }
    saved.deinitialize(count: 1)
    saved.deallocate()
  }

  /// Nothing here allocates or locks: it is what a signal handler may do.
  private static func giveBackNow() -> UnsafeMutablePointer<Saved>? {
    let address = held.exchange(0, ordering: .sequentiallyConsistent)
    guard let saved = UnsafeMutablePointer<Saved>(bitPattern: address) else { return nil }
    write(saved.pointee.leaving)
    // From the background it would stop the process, and the terminal is someone else's then.
    if tcgetpgrp(saved.pointee.descriptor) == getpgrp() {
      tcsetattr(saved.pointee.descriptor, TCSANOW, &saved.pointee.before)
    }
    return saved
  }

  /// A bug in Plait must not cost the user the terminal as well; nor must `exit` from anywhere.
  private static let watchForCrashes: Void = {
    atexit { _ = TerminalSettings.giveBackNow() }
    let before = UnsafeMutablePointer<sigaction>.allocate(capacity: crashes.count)
    before.initialize(repeating: sigaction(), count: crashes.count)
    for (index, number) in crashes.enumerated() { sigaction(number, nil, before + index) }
    actionsBefore.store(UInt(bitPattern: before), ordering: .sequentiallyConsistent)
    for number in crashes { signal(number) { TerminalSettings.crash($0) } }
  }()

  /// Lets what there was before do its part next, such as Swift's own backtraces.
  private static func crash(_ number: Int32) {
    _ = giveBackNow()
    let address = actionsBefore.load(ordering: .sequentiallyConsistent)
    if let index = crashes.firstIndex(of: number), let before = UnsafeMutablePointer<sigaction>(bitPattern: address) {
      sigaction(number, before + index, nil)
    } else {
      signal(number, SIG_DFL)
    }
    // What the processor ran into comes again by itself; this is for what was sent.
    kill(getpid(), number)
  }

  private static func write(_ text: StaticString) {
    guard text.utf8CodeUnitCount > 0 else { return }
    #if canImport(Glibc)
      _ = Glibc.write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
    #else
      _ = Darwin.write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
    #endif
  }

  private static func set(_ value: cc_t, for index: Int32, in settings: inout termios) {
    withUnsafeMutableBytes(of: &settings.c_cc) { $0[Int(index)] = value }
  }
}

import Dispatch
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The keys of a terminal, each as it is pressed and not echoed.
///
/// Ctrl-C and Ctrl-Z stay what they are: signals. Whatever ends or stops the process, the terminal gets its settings back first.
/// A process has one of these at a time.
final class RawTerminal: Sendable {
  enum Event: Sendable, Equatable {
    /// Keys, as the terminal spells them; a sequence that belongs to one key is never in two pieces.
    case bytes([UInt8])
    /// The size may be another one, or others may have written: draw it all again.
    case redraw
  }

  /// What ends a program by default.
  enum EndingSignals {
    /// Someone else takes care of them, and calls `restore()` before the process ends.
    case left
    /// They end the process, once the terminal has its settings back.
    case taken
  }

  private enum Mode {
    case raw, waitsForForeground, paused, over
  }

  /// What comes from the terminal; ends with it, or with `restore()`.
  let events: AsyncStream<Event>
  private let continuation: AsyncStream<Event>.Continuation
  private let descriptor: Int32
  private let settings: TerminalSettings
  private let mode = Mutex(Mode.waitsForForeground)
  private let signals: SignalPipe
  private let ending: EndingSignals

  /// Takes the terminal over, as soon as this process is in its foreground; nil when `descriptor` is none.
  ///
  /// `entering` and `leaving` are written to standard error when that happens and whenever the terminal is given back, such as for
  /// a screen of its own.
  init?(
    on descriptor: Int32 = STDIN_FILENO,
    endingSignals: EndingSignals,
    entering: StaticString = "",
    leaving: StaticString = ""
  ) {
    guard
      let settings = TerminalSettings(of: descriptor, entering: entering, leaving: leaving),
      let signals = SignalPipe()
    else { return nil }
    self.descriptor = descriptor
    self.settings = settings
    self.signals = signals
    ending = endingSignals
    (events, continuation) = AsyncStream<Event>.makeStream()
    signals.watch([SIGTSTP, SIGCONT, SIGWINCH])
    if ending == .taken { signals.watch([SIGINT, SIGTERM, SIGHUP, SIGQUIT]) }
    // Not left for the thread to do: what is typed from now on is a key.
    mode.withLock { enter(&$0) }
    DispatchQueue(label: "plait.terminal").async { self.listen() }
  }

  /// Gives the terminal back until `resume()`, for a child to use.
  func pause() { leave(for: .paused) }

  /// Takes the terminal again.
  func resume() {
    mode.withLock { mode in
      guard mode == .paused else { return }
      mode = .waitsForForeground
      enter(&mode)
    }
    continuation.yield(.redraw)
    signals.wake()
  }

  /// Gives the terminal back for good and ends the stream; may be called from any thread, and more than once.
  func restore() {
    leave(for: .over)
    continuation.finish()
  }

  private func leave(for next: Mode) {
    mode.withLock { mode in
      guard mode != .over else { return }
      if mode == .raw { settings.giveBack() }
      mode = next
    }
    signals.wake()
  }

  private func enter(_ mode: inout Mode) {
    // From the background this would stop the process.
    guard mode == .waitsForForeground, tcgetpgrp(descriptor) == getpgrp() else { return }
    settings.makeRaw()
    mode = .raw
  }

  // MARK: The thread that listens

  private func listen() {
    while true {
      let mode = mode.withLock { mode in
        enter(&mode)
        return mode
      }
      if mode == .over { break }
      var sources = [
        pollfd(fd: signals.readEnd, events: Int16(POLLIN), revents: 0),
        pollfd(fd: mode == .raw ? descriptor : -1, events: Int16(POLLIN), revents: 0),
      ]
      // Nothing tells a process that it came to the foreground.
      let count = poll(&sources, 2, mode == .waitsForForeground ? 200 : -1)
      if count < 0, errno != EINTR { break }
      guard count > 0 else { continue }
      if sources[0].revents != 0 { for number in signals.arrived() { handle(number) } }
      if sources[1].revents != 0, !readKeys() { break }
    }
    restore()
    signals.forget()
  }

  /// False when there is nothing more to come.
  private func readKeys() -> Bool {
    var keys: [UInt8] = []
    // What a terminal sends at once may come in two parts over a slow line.
    repeat {
      let part: [UInt8]? = mode.withLock { mode in mode == .raw ? read() : [] }
      guard let part else { return false }
      if part.isEmpty { break }
      keys += part
    } while RawTerminal.endsWithinAKey(keys) && isReadable(within: 50)
    if !keys.isEmpty { continuation.yield(.bytes(keys)) }
    return true
  }

  private func read() -> [UInt8]? {
    // Whoever asked may have been slow: nothing there is nothing to wait for.
    guard isReadable(within: 0) else { return [] }
    var buffer = [UInt8](repeating: 0, count: 1_024)
    #if canImport(Glibc)
      let count = Glibc.read(descriptor, &buffer, buffer.count)
    #else
      let count = Darwin.read(descriptor, &buffer, buffer.count)
    #endif
    if count < 0, errno == EINTR || errno == EAGAIN { return [] }
    return count > 0 ? Array(buffer.prefix(count)) : nil
  }

  private func isReadable(within milliseconds: Int32) -> Bool {
    var source = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&source, 1, milliseconds) > 0
  }

  private func handle(_ number: Int32) {
    let isPaused = mode.withLock { $0 == .paused }
    switch number {
    case SIGWINCH: continuation.yield(.redraw)
    case SIGCONT: comeBack()
    case SIGTSTP: stop()
    // As a shell does: the child that has the terminal got it too, and it is the child's to say what it means.
    case SIGINT where isPaused, SIGQUIT where isPaused: break
    default:
      // The stream ends after that: whoever reads it would otherwise end the program in another way.
      leave(for: .over)
      SignalPipe.deliver(number)
    }
  }

  /// Stops, as if there had been no raw terminal; goes on with the signal that continues the process.
  private func stop() {
    giveBackForNow()
    SignalPipe.deliver(SIGTSTP)
    signals.watch([SIGTSTP])
    comeBack()
  }

  private func comeBack() {
    // The shell has its own settings on the terminal, and changed the settings since: they are made anew.
    giveBackForNow()
    mode.withLock { enter(&$0) }
    continuation.yield(.redraw)
  }

  private func giveBackForNow() {
    mode.withLock { mode in
      guard mode == .raw else { return }
      settings.giveBack()
      mode = .waitsForForeground
    }
  }

  /// Whether the last byte is in the middle of an escape sequence or of a character.
  static func endsWithinAKey(_ bytes: [UInt8]) -> Bool {
    if let start = bytes.lastIndex(of: 0x1B) {
      let rest = bytes[(start + 1)...]
      guard let kind = rest.first else { return true }
      if kind == UInt8(ascii: "[") || kind == UInt8(ascii: "O") {
        return rest.dropFirst().allSatisfy { (0x20...0x3F).contains($0) }
      }
    }
    guard let lead = bytes.lastIndex(where: { $0 & 0xC0 != 0x80 }), bytes[lead] >= 0xC0 else { return false }
    let length = bytes[lead] >= 0xF0 ? 4 : bytes[lead] >= 0xE0 ? 3 : 2
    return bytes.count - lead < length
  }
}

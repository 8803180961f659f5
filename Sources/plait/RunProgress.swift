import Engine
import Methodology
import Planning
import Recording
import Reporting
import Synchronization
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Shows a run as it goes on: a live view on a terminal, else a line per change, both on standard error.
final class RunProgress: Sendable {
  private struct Screen {
    var snapshot = RunSnapshot()
    var state = LiveView.State()
    var terminal: RawTerminal?
    var painter = FramePainter()
    var phase = 0
    var isOver = false
  }

  private let plan: Plan
  private let header: RunHeader
  private let draws: Bool
  private let view: LiveView
  private let controls: RunControls?
  private let screen = Mutex(Screen())
  private let clock = ContinuousClock()
  /// Seconds since the run's start at which this process came to it.
  private let offset: Double

  /// `earlier` is what other processes have recorded of the run before; `learned` what was measured in earlier runs.
  /// `controls` is how the reader's keys reach the run; nil for a view of a run that another process drives.
  init(
    plan: Plan,
    header: RunHeader,
    draws: Bool,
    earlier: RunSnapshot,
    learned: LearnedDurations = .none,
    controls: RunControls? = nil
  ) {
    self.controls = controls
    self.plan = plan
    self.header = header
    self.draws = draws
    view = LiveView(plan: plan, learned: learned.seconds)
    offset = earlier.eventCount == 0 ? 0 : max(earlier.lastTime, SystemClock.wallTime() - earlier.startedWall)
    screen.withLock { $0.snapshot = earlier }
  }

  /// Shows events until their stream ends; returns the run as it stands then.
  ///
  /// `now` is where the run's time stands, seconds since its start, when others drive it.
  func follow(_ events: AsyncStream<RunEvent>, from now: Double? = nil) async -> RunSnapshot {
    draws ? await draw(events, from: now ?? offset) : await list(events)
  }

  private func list(_ events: AsyncStream<RunEvent>) async -> RunSnapshot {
    var snapshot = screen.withLock { $0.snapshot }
    var plain = PlainProgress(plan: plan, utcOffset: LocalTime.utcOffset, snapshot: snapshot)
    for await event in events {
      snapshot.apply(event)
      if let line = plain.line(for: event) { Console.note(line) }
    }
    return snapshot
  }

  private func draw(_ events: AsyncStream<RunEvent>, from offset: Double) async -> RunSnapshot {
    let start = clock.now - .seconds(offset)
    takeKeys()
    await withTaskGroup(of: Bool.self) { group in
      group.addTask {
        // Ten frames a second at the most, whatever happens meanwhile; the painter writes only what changed.
        while !Task.isCancelled {
          self.paint(now: (self.clock.now - start) / .seconds(1))
          try? await Task.sleep(for: .milliseconds(100))
        }
        return false
      }
      group.addTask {
        await self.readKeys()
        // Who closes the view of a run of another process has seen enough.
        return self.controls == nil && self.screen.withLock { $0.isOver }
      }
      group.addTask {
        await self.take(events)
        return true
      }
      for await isEnough in group where isEnough { break }
      group.cancelAll()
    }
    paint(now: (clock.now - start) / .seconds(1))
    restoreTerminal()
    return screen.withLock { $0.snapshot }
  }

  /// Takes events in until they end. Once the reader has closed the view they are lines.
  private func take(_ events: AsyncStream<RunEvent>) async {
    var plain = PlainProgress(
      plan: plan,
      utcOffset: LocalTime.utcOffset,
      snapshot: screen.withLock { $0.snapshot }
    )
    for await event in events {
      let line = plain.line(for: event)
      let isOver = screen.withLock { screen in
        screen.snapshot.apply(event)
        return screen.isOver
      }
      if isOver, let line { Console.note(line) }
    }
  }

  private func paint(now: Double) {
    let size = Console.size
    let (snapshot, state) = screen.withLock { ($0.snapshot, $0.state) }
    var tails: [AchievementID: String] = [:]
    for (id, record) in snapshot.records where record.state == .running {
      tails[id] = log(of: id, record).flatMap { LogTail.lastLine(of: $0) }
    }
    let chosen = state.log.flatMap { log(of: $0, snapshot[$0]) }
    let lines = chosen.map { LogTail.lines(of: $0, bytes: 65_536) } ?? []
    screen.withLock { screen in
      guard !screen.isOver else { return }
      screen.phase += 1
      let size = LiveView.Size(columns: size.columns, rows: max(1, size.rows - 1))
      var moment = LiveView.Moment(now: now, size: size, tails: tails, colour: true, phase: screen.phase)
      moment.state = screen.state
      moment.state.isPaused = snapshot.isPaused
      moment.log = lines
      write(screen.painter.paint(view.frame(snapshot, at: moment), size: size))
    }
  }

  /// Where the last attempt's output is; nil before the first.
  private func log(of id: AchievementID, _ record: AchievementRecord) -> String? {
    record.attempts.last.map { header.directory(of: AttemptID(id, $0.number)) + "/output.log" }
  }

  // MARK: Keys

  private func takeKeys() {
    guard let terminal = RawTerminal(endingSignals: controls == nil ? .taken : .left) else { return }
    screen.withLock { screen in
      screen.terminal = terminal
      screen.state.keys = controls == nil ? [.detach, .log, .move, .help] : LiveView.Key.allCases
    }
  }

  private func readKeys() async {
    guard let terminal = screen.withLock({ $0.terminal }) else { return }
    for await event in terminal.events {
      switch event {
      case .redraw: screen.withLock { $0.painter.forget() }
      case .bytes(let bytes): for key in MenuKey.parse(bytes) { press(key) }
      }
    }
  }

  private func press(_ key: MenuKey) {
    let (wish, isOver) = screen.withLock { screen in
      let list = view.list(screen.snapshot)
      return (screen.state.press(key.live, in: list, isPaused: screen.snapshot.isPaused), screen.isOver)
    }
    guard let wish, !isOver else { return }
    switch wish {
    case .close: close()
    case .pause: controls?.send(.pause(reason: "by hand"))
    case .proceed: controls?.send(.proceed)
    case .cancel(let id): controls?.send(.cancel(id))
    }
  }

  private func close() {
    restoreTerminal()
    let run = header.run
    if controls != nil {
      Console.note(
        "The view is closed, the run goes on here: Ctrl-C stops it, 'plait status \(run) --watch' shows it again."
      )
    }
  }

  /// Gives the cursor back; safe to call more than once and from another thread.
  func restoreTerminal() {
    let terminal = screen.withLock { screen in
      screen.isOver = true
      write(screen.painter.finish())
      return screen.terminal
    }
    terminal?.restore()
  }

  private func write(_ text: String) {
    guard !text.isEmpty else { return }
    _ = try? FileDescriptor.standardError.writeAll(text.utf8)
  }
}

extension MenuKey {
  /// The key as the live view knows it.
  var live: LiveView.Press {
    switch self {
    case .up: .up
    case .down: .down
    case .enter: .enter
    case .escape, .backspace, .end: .escape
    case .character(let character): .character(character)
    }
  }
}

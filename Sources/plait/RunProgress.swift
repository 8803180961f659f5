import Engine
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
    var painter = FramePainter()
    var phase = 0
    var isOver = false
  }

  private let plan: Plan
  private let header: RunHeader
  private let draws: Bool
  private let view: LiveView
  private let screen = Mutex(Screen())
  private let clock = ContinuousClock()
  /// Seconds since the run's start at which this process came to it.
  private let offset: Double

  /// `earlier` is what other processes have recorded of the run before; `learned` what was measured in earlier runs.
  init(plan: Plan, header: RunHeader, draws: Bool, earlier: RunSnapshot, learned: LearnedDurations = .none) {
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
    return await withTaskGroup(of: Void.self) { group in
      group.addTask {
        // Ten frames a second at the most, whatever happens meanwhile; the painter writes only what changed.
        while !Task.isCancelled {
          self.paint(now: (self.clock.now - start) / .seconds(1))
          try? await Task.sleep(for: .milliseconds(100))
        }
      }
      for await event in events { screen.withLock { $0.snapshot.apply(event) } }
      group.cancelAll()
      await group.waitForAll()
      paint(now: (clock.now - start) / .seconds(1))
      restoreTerminal()
      return screen.withLock { $0.snapshot }
    }
  }

  private func paint(now: Double) {
    let size = Console.size
    let snapshot = screen.withLock { $0.snapshot }
    let tails = Dictionary(
      uniqueKeysWithValues: snapshot.records.lazy.filter { $0.value.state == .running }.compactMap { id, record in
        record.attempts.last.flatMap { attempt in
          LogTail.lastLine(of: self.header.directory(of: AttemptID(id, attempt.number)) + "/output.log").map {
            (id, $0)
          }
        }
      }
    )
    screen.withLock { screen in
      guard !screen.isOver else { return }
      screen.phase += 1
      let size = LiveView.Size(columns: size.columns, rows: max(1, size.rows - 1))
      let moment = LiveView.Moment(now: now, size: size, tails: tails, colour: true, phase: screen.phase)
      write(screen.painter.paint(view.frame(snapshot, at: moment), size: size))
    }
  }

  /// Gives the cursor back; safe to call more than once and from another thread.
  func restoreTerminal() {
    screen.withLock { screen in
      screen.isOver = true
      write(screen.painter.finish())
    }
  }

  private func write(_ text: String) {
    guard !text.isEmpty else { return }
    _ = try? FileDescriptor.standardError.writeAll(text.utf8)
  }
}

/// The end of a log file that is still being written.
enum LogTail {
  /// The last line with something on it, out of the last 4 KiB; nil when there is none.
  static func lastLine(of path: String) -> String? {
    guard let file = try? FileDescriptor.open(FilePath(path), .readOnly) else { return nil }
    defer { try? file.close() }
    guard let size = try? file.seek(offset: 0, from: .end), size > 0 else { return nil }
    let count = Int(min(size, 4_096))
    var bytes = [UInt8](repeating: 0, count: count)
    let read =
      (try? bytes.withUnsafeMutableBytes { try file.read(fromAbsoluteOffset: size - Int64(count), into: $0) }) ?? 0
    // A carriage return redraws a line: what came last on it is what its writer shows.
    return bytes.prefix(read).split(whereSeparator: { $0 == 10 || $0 == 13 }).last { line in
      line.contains { $0 > 32 }
    }.map { String(decoding: $0, as: UTF8.self) }
  }
}

/// The time zone of the machine.
enum LocalTime {
  /// Seconds east of Greenwich, now.
  static var utcOffset: Int {
    var now = time(nil)
    var parts = tm()
    localtime_r(&now, &parts)
    return parts.tm_gmtoff
  }
}

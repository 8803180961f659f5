import Engine
import Recording
import Reporting
import Synchronization
import SystemPackage

/// Writes the events of a run, each as a line of JSON, as they pass by.
final class EventLines: Sendable {
  private let output: FileDescriptor
  private let name: String
  private let run: String
  private let failure = Mutex<EngineError?>(nil)

  /// `place` is a file, which is made or appended to, or `-` for standard output.
  init(to place: String, run: String) throws {
    self.run = run
    name = place
    guard place != "-" else {
      output = .standardOutput
      return
    }
    do {
      output = try FileDescriptor.open(
        FilePath(place),
        .writeOnly,
        options: [.create, .append],
        permissions: [.ownerReadWrite, .groupRead, .otherRead]
      )
    } catch let error as Errno {
      throw EngineError(.file, place, "the file \(place) for --events can't be opened: \(error)")
    }
  }

  deinit {
    if name != "-" { try? output.close() }
  }

  /// Why lines are missing; a run goes on when nobody reads of it any more.
  var error: EngineError? { failure.withLock { $0 } }

  /// The same events, each written before it is handed on.
  func passing(_ events: AsyncStream<RunEvent>) -> AsyncStream<RunEvent> { events.passing(by: write) }

  private func write(_ event: RunEvent) {
    guard error == nil else { return }
    do {
      _ = try output.writeAll(EventLine.text(event, of: run).utf8)
    } catch Errno.brokenPipe {
      // Who read has seen enough: no error of the run.
    } catch {
      failure.withLock { $0 = EngineError(.storage, name, "the events can't be written to \(name): \(error)") }
    }
  }
}

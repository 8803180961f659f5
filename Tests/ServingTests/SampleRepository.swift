import Foundation
import Planning
import Recording
import Reporting
import Synchronization
import TestSupport

@testable import Serving

/// A database of runs, and what there is around it.
final class SampleRepository: Surroundings {
  let repository = "/srv/sample"
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("plait-\(UUID().uuidString)").path
  private let state = Mutex((driven: Set<String>(), time: 1_000.0, failure: RecordingError?.none))

  init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }
  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private var path: String { folder + "/a.sqlite" }

  var wallTime: Double { state.withLock { $0.time } }
  func isDriven(_ run: String) -> Bool { state.withLock { $0.driven.contains(run) } }
  func predictedHours(_ plan: Plan, _ snapshot: RunSnapshot) -> Double? { nil }
  func logEnds(_ snapshot: RunSnapshot) -> [String: String] { ["1.1": "it was <b>broken</b>"] }

  func store() throws -> RunStore? {
    if let failure = state.withLock({ $0.failure }) { throw failure }
    return FileManager.default.fileExists(atPath: path) ? try RunStore(path: path) : nil
  }

  // MARK: What happens

  func passes(_ seconds: Double) { state.withLock { $0.time += seconds } }
  func fails(_ error: RecordingError?) { state.withLock { $0.failure = error } }
  func drives(_ run: String, _ isDriven: Bool = true) {
    state.withLock { if isDriven { $0.driven.insert(run) } else { $0.driven.remove(run) } }
  }

  /// Begins a run of two achievements, driven, at the present time.
  func begin(_ run: String, plan name: String = "SAMPLE") async throws {
    drives(run)
    let source = JSONValue.object([
      "plan_name": .string(name), "parallelization_level": "level_3",
      "achievements": [
        ["achievement_id": "1.1", "title": "First <i>", "dependencies": []],
        ["achievement_id": "1.2", "title": "Second", "dependencies": ["1.1"]],
      ],
    ])
    let header = RunHeader(
      run: run,
      plaitVersion: "1.0",
      planName: name,
      planPath: "/p/parallel.json",
      repository: repository,
      base: "base0",
      integrationRef: "refs/heads/plait/\(run)/integration",
      jobs: 1,
      overheadBudget: 0.1,
      workerArguments: nil,
      directory: "/p/\(run)",
      pid: 1
    )
    let store = try RunStore(path: path)
    try await store.createRun(
      run,
      planName: name,
      startedWall: wallTime,
      plan: Array(source.text.utf8),
      events: [event(0, .runStarted(header)), event(0, .ready(id("1.1")))]
    )
  }

  /// Enters a run without events, as one is left whose start was cut short.
  func beginWithoutEvents(_ run: String) async throws {
    try await RunStore(path: path).createRun(run, planName: "SAMPLE", startedWall: wallTime, plan: [1])
  }

  func record(_ run: String, _ facts: (Double, RunEvent.Fact)...) async throws {
    try await RunStore(path: path).append(facts.map { event($0.0, $0.1) }, to: run)
  }

  /// Removes the whole record.
  func removeDatabase() throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
      try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
    }
  }

  func forget(_ run: String) async throws { try await RunStore(path: path).deleteRun(run) }
  func replan(_ run: String, _ text: String) async throws {
    try await RunStore(path: path).replacePlan(of: run, with: Array(text.utf8))
  }

  /// Merges the first achievement.
  func merge(_ run: String) async throws {
    let attempt = AttemptID(id("1.1"), 1)
    try await record(
      run,
      (1, .attemptStarted(attempt, slot: 0, base: "base0")),
      (1, .workerStarted(attempt, pid: 7)),
      (2, .workerEnded(attempt, WorkerEnd(status: .exited(0)))),
      (2, .resultCommitted(attempt, commit: "c", changed: 1)),
      (2, .merged(attempt, commit: "m")),
      (2, .slotFreed(attempt, slot: 0)),
      (2, .ready(id("1.2")))
    )
  }

  func end(_ run: String, _ outcome: RunOutcome = .stopped) async throws {
    try await record(run, (3, .runEnded(outcome)))
    drives(run, false)
  }

  private func event(_ time: Double, _ fact: RunEvent.Fact) -> RunEvent {
    RunEvent(time: time, wall: wallTime + time, fact: fact)
  }
}

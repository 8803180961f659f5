import Planning
import TestSupport
import Testing

@testable import Recording

@Suite struct DurationsTests {
  private func measured(_ name: String, _ seconds: Double, at wall: Double, by fingerprint: String = "f")
    -> MeasuredDuration
  {
    MeasuredDuration(achievement: id(name), fingerprint: fingerprint, seconds: seconds, wall: wall)
  }

  @Test func outliveTheirRunAndCountOnce() async throws {
    let scratch = try Scratch()
    let store = try RunStore(path: scratch.path + "/a.sqlite")
    try await store.createRun("r1", planName: "P", startedWall: 1, plan: [])
    let first = [measured("1.1", 2, at: 1), measured("1.2", 3, at: 2)]
    try await store.learn(first, from: "r1", of: "P")
    try await store.learn(first, from: "r1", of: "P")
    try await store.learn([measured("1.1", 9, at: 3)], from: "r2", of: "Q")
    try await store.learn([], from: "r3", of: "P")
    try await store.deleteRun("r1")
    #expect(try await store.durations(of: "P") == first)
    #expect(try await store.durations(of: "Q").map(\.seconds) == [9])
    try await store.learn([measured("1.2", 5, at: 4, by: "g")], from: "r1", of: "P")
    #expect(try await store.durations(of: "P").map(\.seconds) == [2, 5])
  }

  @Test func onlyTheNewestOfTheSameWorkStay() async throws {
    let scratch = try Scratch()
    let store = try RunStore(path: scratch.path + "/a.sqlite")
    for run in 1...25 {
      let wall = Double(run)
      try await store.learn(
        [measured("1.1", wall, at: wall), measured("1.2", wall, at: wall, by: run % 2 == 0 ? "even" : "odd")],
        from: "r\(run)",
        of: "P"
      )
    }
    let kept = try await store.durations(of: "P")
    #expect(kept.filter { $0.achievement == id("1.1") }.map(\.seconds) == (6...25).map { Double($0) })
    #expect(kept.count { $0.achievement == id("1.2") } == 25)
  }

  @Test func countWorkerAndChecksOfUsedAttempts() {
    let attempt = AttemptID(id("1.1"), 1)
    let gate = VerifyResult.Step(summary: "g", failure: nil, seconds: 1)
    let facts: [(Double, RunEvent.Fact)] = [
      (1, .attemptStarted(attempt, slot: 0, base: "b")), (2, .worktreeReady(attempt, path: "/w")),
      (4, .workerStarted(attempt, pid: 4)), (14, .workerEnded(attempt, WorkerEnd(status: .exited(0)))),
      (15, .resultCommitted(attempt, commit: "c", changed: 1)), (18, .verified(attempt, VerifyResult(steps: []))),
      (20, .gateStarted(attempt)), (25, .gated(attempt, gate)), (26, .merged(attempt, commit: "m")),
    ]
    let events = facts.map { RunEvent(time: $0, wall: $0, fact: $1) }
    #expect(RunSnapshot(events)[id("1.1")].attempts[0].usedSeconds == 18)
    #expect(RunSnapshot(events.dropLast())[id("1.1")].attempts[0].usedSeconds == nil)
  }
}

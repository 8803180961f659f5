import Foundation
import TestSupport
import Testing

/// The crash matrix itself: a small sample, always the same; `plait selftest crash-matrix` runs all of it.
@Suite(.limited) struct CrashMatrixTests {
  @Test(.timeLimit(.minutes(10))) func aSampleKeepsAllPromises() async throws {
    let scenario = try Scenario()
    let ended = try await scenario.plait(
      "selftest",
      "crash-matrix",
      "--sample",
      "12",
      "--seed",
      "42",
      "--jobs",
      "2",
      environment: ["TMPDIR": scenario.root]
    )
    #expect(ended.code == 0, "\(ended.out)\(ended.err)")
    #expect(ended.out.hasPrefix("seed 42\n"))
    // The one in SQLite's log may lie behind its end: how long it is depends on which events came to the disk together.
    #expect(ended.out.contains(try Regex("\n1[12] points in 10 ways, 0 failures\n")), "\(ended.out)")
    #expect(
      !ended.out.contains(try Regex("(kill|term|supervisor|worker|full|io|limit)[A-Za-z]*: 0 points")),
      "\(ended.out)"
    )
    let left = try FileManager.default.contentsOfDirectory(atPath: scenario.root)
    #expect(!left.contains { $0.hasPrefix("plait-crash-matrix") })
  }

  /// Where the record's end is lost, an attempt may seem to be under way whose worktree has been cleaned since for the next one.
  @Test(.timeLimit(.minutes(5))) func aRecordWithoutItsEndFindsNobodysWorkInASpareWorktree() async throws {
    let scenario = try Scenario()
    let ended = try await scenario.plait(
      "selftest",
      "crash-matrix",
      "--ways",
      "wal",
      "--sample",
      "16",
      "--seed",
      "11",
      "--jobs",
      "2",
      environment: ["TMPDIR": scenario.root]
    )
    #expect(ended.code == 0, "\(ended.out)\(ended.err)")
    // A log that turns out shorter has fewer pages to cut it off at.
    #expect(ended.out.hasSuffix(" points in 1 ways, 0 failures\n") && !ended.out.contains("\n0 points"), "\(ended.out)")
  }

  @Test func refusesWhatItDoesNotKnow() async throws {
    let scenario = try Scenario()
    let ended = try await scenario.plait("selftest", "crash-matrix", "--ways", "kill,fire")
    #expect(ended.code == 64 && ended.err.contains("'fire' is none"), "\(ended.err)")
    let help = try await scenario.plait("--help")
    #expect(help.code == 0 && !help.out.contains("selftest"))
  }

  /// Killed at the very first point, a run leaves nothing; at the next one it can be resumed.
  @Test func aRunIsRecordedWholeOrNotAtAll() async throws {
    let scenario = try Scenario()
    try scenario.plan(["1.1": []], worker: "echo x > made")
    let first = try await scenario.run(environment: ["PLAIT_FAULT": "kill:1"])
    #expect(first.signal == SIGKILL && first.err.contains("fault: beforeEvents"))
    #expect(try scenario.lines("for-each-ref", "refs/heads/plait").isEmpty)
    #expect(try await scenario.plait("resume").code == 66)
    let second = try await scenario.run(environment: ["PLAIT_FAULT": "kill:2"])
    #expect(second.signal == SIGKILL)
    let resumed = try await scenario.plait("resume")
    #expect(resumed.code == 0, "\(resumed.err)")
    #expect(try await scenario.states() == ["1.1": "complete"])
    try scenario.expectTidy()
  }

  /// A process that finds nothing left to do still says that something has failed.
  @Test func resumingDoesNotTurnAFailureIntoSuccess() async throws {
    let scenario = try Scenario()
    try scenario.plan(["1.1": []], worker: "exit 3")
    #expect(try await scenario.run().code == 1)
    #expect(try await scenario.plait("resume").code == 1)
    #expect(try await scenario.states() == ["1.1": "failed"])
  }

  /// Killed while it wrote a ref: the lock that is left must not be in the way for ever.
  @Test func resumeAndCleanRemoveStaleLocks() async throws {
    let scenario = try Scenario()
    try scenario.plan(["1.1": [], "1.2": ["1.1"]], worker: "echo x > made-$PLAIT_ACHIEVEMENT")
    let first = try await scenario.run(environment: ["PLAIT_FAULT": "kill:12"])
    #expect(first.signal == SIGKILL, "\(first.err)")
    let branches = "\(scenario.repo)/.git/\(try scenario.integration().replacing("/integration", with: ""))"
    for name in ["integration", "1.2"] { try scenario.write("\(branches)/\(name).lock", "") }
    let resumed = try await scenario.plait("resume")
    #expect(resumed.code == 0, "\(resumed.err)")
    try scenario.write("\(branches)/1.1.lock", "")
    #expect(try await scenario.plait("clean").out.contains("1.1.lock"))
    try scenario.expectTidy()
  }

  /// Without its database a run is unknown, and what it has left is still found.
  @Test func cleanFindsWhatARunWithoutARecordLeft() async throws {
    let scenario = try Scenario()
    try scenario.plan(["1.1": []], worker: "touch \(scenario.place("started")); sleep 60")
    let run = try scenario.startRun()
    #expect(await eventually { scenario.exists(scenario.place("started")) }, "\(run.err)")
    run.send(SIGKILL)
    _ = await run.end()
    for suffix in ["", "-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: "\(scenario.repo)/.git/plait/plait.sqlite\(suffix)")
    }
    // Another run makes a database again.
    try scenario.plan(["1.1": []], worker: "echo x > made")
    #expect(try await scenario.run().code == 0)
    let cleaned = try await scenario.plait("clean")
    #expect(cleaned.code == 0 && cleaned.out.contains("worktree"), "\(cleaned.out)\(cleaned.err)")
    try scenario.expectTidy()
  }
}

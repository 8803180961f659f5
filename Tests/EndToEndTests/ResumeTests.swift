import Foundation
import TestSupport
import Testing

/// Runs that go on where they ended: after Ctrl-C, after a kill, from another terminal.
@Suite(.limited) struct ResumeTests {
  /// 1.1 waits until it is told to end; 1.2 follows it, 1.3 is done at once.
  private func scenario() throws -> Scenario {
    let scenario = try Scenario()
    let waits = """
      echo $PLAIT_ATTEMPT >> \(scenario.place("attempts")); touch \(scenario.place("started"))
      until test -e \(scenario.place("go")); do sleep 0.02; done; echo 1.1 > file-1.1
      """
    try scenario.plan(
      ["1.1": [], "1.2": ["1.1"], "1.3": []],
      worker: "echo $PLAIT_ACHIEVEMENT > file-$PLAIT_ACHIEVEMENT",
      own: ["1.1": ["worker": ["shell": .string(waits)]]]
    )
    return scenario
  }

  /// Starts the run and returns when 1.3 is merged and 1.1 runs.
  private func started(_ scenario: Scenario) async throws -> RunningProgram {
    let run = try scenario.startRun("--jobs", "2")
    #expect(await eventually { scenario.exists(scenario.place("started")) && run.err.contains("1.3 complete") })
    return run
  }

  private func expectComplete(
    _ scenario: Scenario,
    _ before: [String: String],
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let states = Set(try await scenario.states().values)
    #expect(states == ["complete"], sourceLocation: sourceLocation)
    for id in ["1.1", "1.2", "1.3"] {
      #expect(try scenario.result("file-\(id)") == id, sourceLocation: sourceLocation)
    }
    let merges = try scenario.lines("log", "--merges", "--format=%s", "main..\(scenario.integration())")
    #expect(merges.count == 3, "nothing is merged twice", sourceLocation: sourceLocation)
    #expect(try scenario.checkout() == before, sourceLocation: sourceLocation)
    try scenario.expectTidy(sourceLocation: sourceLocation)
    try await scenario.expectClosedLedger(sourceLocation: sourceLocation)
  }

  /// What had failed is not run again, but what the error has kept from being done is.
  @Test func aRunThatBrokeDownAfterItsLastAchievementGoesOnToItsEnd() async throws {
    let scenario = try Scenario()
    try scenario.plan(["1.1": []], worker: "exit 1")
    let counted = try await scenario.run("--jobs", "1", environment: ["PLAIT_FAULT": "count:0"])
    #expect(counted.code == 1)
    let lines = counted.err.split(separator: "\n")
    let word = try #require(lines.first { $0.hasPrefix("fault: ") }?.dropFirst("fault: ".count))
    let points = try #require(Int(word))
    var broken: Ended?
    for point in stride(from: points + 4, to: max(0, points - 24), by: -1) where broken == nil {
      let ended = try await scenario.run("--jobs", "1", environment: ["PLAIT_FAULT": "full:\(point)"])
      if ended.err.contains("fault: beforeWorktreeRemoved") { broken = ended }
    }
    #expect(try #require(broken).code == 74)
    #expect(try await scenario.plait("resume").code == 1)
    #expect(try await scenario.json("status", "--json")["state"].string == "failed")
  }

  @Test(arguments: [2, 3]) func afterCtrlC(_ times: Int) async throws {
    let scenario = try scenario()
    let before = try scenario.checkout()
    let run = try await started(scenario)
    run.send(SIGINT)
    #expect(await eventually { run.err.contains("stop") })
    // Different ones: the kernel makes one of several pending signals of the same number.
    for signal in [SIGTERM, SIGHUP].prefix(times - 1) { run.send(signal) }
    // The worker obeys the second one; the third may find nothing left to kill.
    let code = await run.end().code
    #expect(code == 8 || (times == 3 && code == 130))
    #expect(await eventually { processes(mentioning: scenario.repo).isEmpty })
    try scenario.write(scenario.place("go"), "")
    let resumed = try await scenario.plait("resume")
    #expect(resumed.code == 0, "\(resumed.err)")
    try await expectComplete(scenario, before)
    let again = try await scenario.plait("resume")
    #expect([0, 66].contains(again.code), "\(again.err)")
  }

  @Test func aWorkerThatOutlivedPlaitIsTakenOver() async throws {
    let scenario = try scenario()
    let before = try scenario.checkout()
    let run = try await started(scenario)
    run.send(SIGKILL)
    #expect(await run.end().signal == SIGKILL)
    let resumed = try scenario.start(["resume"])
    #expect(await eventually { resumed.err.contains("resumed") || !resumed.err.isEmpty })
    let second = try await scenario.plait("resume")
    #expect(second.code == 9 && second.errors.count == 1, "\(second.err)")
    try scenario.write(scenario.place("go"), "")
    let ended = await resumed.end()
    #expect(ended.code == 0, "\(ended.err)")
    #expect(scenario.text(scenario.place("attempts")) == "1\n")
    try await expectComplete(scenario, before)
  }

  @Test func aResultThatCameWhileNobodyWatchedIsTakenIn() async throws {
    let scenario = try scenario()
    let before = try scenario.checkout()
    let run = try await started(scenario)
    run.send(SIGKILL)
    _ = await run.end()
    try scenario.write(scenario.place("go"), "")
    #expect(await eventually { processes(mentioning: scenario.repo).isEmpty })
    let resumed = try await scenario.plait("resume")
    #expect(resumed.code == 0, "\(resumed.err)")
    #expect(scenario.text(scenario.place("attempts")) == "1\n")
    try await expectComplete(scenario, before)
  }

  @Test func stoppedFromAnotherTerminalAndWatched() async throws {
    let scenario = try scenario()
    let before = try scenario.checkout()
    let run = try await started(scenario)
    let watcher = try scenario.start(["status", "--watch"])
    let cancelled = try await scenario.plait("cancel")
    #expect(cancelled.code == 0 && cancelled.out.contains("is stopped"), "\(cancelled.err)")
    #expect(await run.end().code == 8)
    let watched = await watcher.end()
    #expect([0, 8].contains(watched.code), "\(watched.err)")
    #expect(try await scenario.plait("cancel").out.contains("Nobody drives"))
    #expect(processes(mentioning: scenario.repo).isEmpty)
    try scenario.write(scenario.place("go"), "")
    #expect(try await scenario.plait("resume").code == 0)
    try await expectComplete(scenario, before)
  }

  @Test func whatFailedRunsAgainWhenAskedTo() async throws {
    let scenario = try Scenario()
    try scenario.plan(
      ["1.1": [], "1.2": ["1.1"]],
      worker: "test -e \(scenario.place("go")) && echo $PLAIT_ACHIEVEMENT > file-$PLAIT_ACHIEVEMENT"
    )
    #expect(try await scenario.run().code == 1)
    try scenario.write(scenario.place("go"), "")
    let resumed = try await scenario.plait("resume", "--retry-failed")
    #expect(resumed.code == 0, "\(resumed.err)")
    #expect(try scenario.result("file-1.2") == "1.2")
    try await scenario.expectClosedLedger()
    try scenario.expectTidy()
  }
}

import Foundation
import TestSupport
import Testing

/// Ctrl-C in its three steps, and the end that nobody announces.
@Suite(.limited) struct InterruptionTests {
  /// 1.1 says that it has started and ends when it is told to; 1.2 waits for it, 1.3 runs beside it.
  private func scenario(_ worker: String? = nil) throws -> Scenario {
    let scenario = try Scenario()
    let waits =
      worker
      ?? "echo x > half; touch \(scenario.place("started")); until test -e \(scenario.place("go")); do sleep 0.02; done"
    try scenario.plan(
      ["1.1": [], "1.2": ["1.1"]],
      worker: "echo $PLAIT_ACHIEVEMENT > file-$PLAIT_ACHIEVEMENT",
      own: ["1.1": ["worker": ["shell": .string(waits)]]]
    )
    return scenario
  }

  private func started(_ scenario: Scenario) async throws -> RunningProgram {
    let run = try scenario.startRun("--jobs", "2")
    #expect(await eventually { scenario.exists(scenario.place("started")) }, "\(run.err)")
    return run
  }

  @Test(arguments: [SIGINT, SIGTERM]) func onceLetsWorkersFinish(_ signal: Int32) async throws {
    let scenario = try scenario()
    let before = try scenario.checkout()
    let run = try await started(scenario)
    run.send(signal)
    #expect(await eventually { run.err.contains("stop") }, "\(run.err)")
    try scenario.write(scenario.place("go"), "")
    let ended = await run.end()
    #expect(ended.code == 8, "\(ended.err)")
    #expect(ended.err.contains("plait resume"))
    let status = try await scenario.json("status", "--json")
    #expect(status["state"] == "stopped")
    let states = try await scenario.states()
    #expect(states["1.1"] == "complete" && states["1.2"] != "complete")
    #expect(try scenario.checkout() == before)
    try scenario.expectTidy()
    try await scenario.expectClosedLedger()
  }

  @Test func twiceStopsWorkers() async throws {
    let scenario = try scenario()
    let before = try scenario.checkout()
    let run = try await started(scenario)
    run.send(SIGINT)
    #expect(await eventually { run.err.contains("stop") })
    run.send(SIGINT)
    let ended = await run.end()
    #expect(ended.code == 8, "\(ended.err)")
    #expect(processes(mentioning: scenario.repo).isEmpty)
    #expect(try await scenario.states()["1.1"] != "complete")
    // What the worker had done until then is not lost.
    let kept = try scenario.lines("for-each-ref", "--format=%(refname)", "refs/plait")
    #expect(kept.count == 1)
    if let ref = kept.first { #expect(try scenario.git("show", "\(ref):half") == "x") }
    #expect(try scenario.checkout() == before)
    try scenario.expectTidy()
    try await scenario.expectClosedLedger()
  }

  @Test func threeTimesKillsAtOnce() async throws {
    let place = "trap '' TERM INT HUP; touch ../../../started; while :; do sleep 0.05; done"
    let scenario = try scenario(place)
    let run = try await started(scenario)
    run.send(SIGINT)
    #expect(await eventually { run.err.contains("stop") })
    run.send(SIGINT)
    // The second one is obeyed asynchronously; the third may come at any time after it.
    run.send(SIGTERM)
    let ended = await run.end()
    #expect(ended.code == 130, "\(ended.err)")
    #expect(await eventually { processes(mentioning: scenario.repo).isEmpty })
    let cleaned = try await scenario.plait("clean")
    #expect(cleaned.code == 0, "\(cleaned.err)")
    try scenario.expectTidy()
  }

  @Test func afterAKillCleanLeavesNothing() async throws {
    let scenario = try scenario()
    let before = try scenario.checkout()
    let run = try await started(scenario)
    run.send(SIGKILL)
    #expect(await run.end().signal == SIGKILL)
    #expect(try await scenario.json("status", "--json")["state"] == "interrupted")
    #expect(!processes(mentioning: scenario.repo).isEmpty)
    let forecast = try await scenario.plait("clean", "--dry-run")
    #expect(forecast.code == 0 && forecast.out.contains("process") && forecast.out.contains("worktree"))
    #expect(!processes(mentioning: scenario.repo).isEmpty)
    let cleaned = try await scenario.plait("clean")
    #expect(cleaned.code == 0, "\(cleaned.err)")
    #expect(await eventually { processes(mentioning: scenario.repo).isEmpty })
    #expect(try scenario.checkout() == before)
    try scenario.expectTidy()
    #expect(try await scenario.plait("clean", "--delete-results").code == 0)
    #expect(try scenario.lines("for-each-ref", "refs/heads/plait", "refs/plait").isEmpty)
    try scenario.expectTidy()
  }
}

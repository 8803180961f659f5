import Foundation
import TestSupport
import Testing

/// `--no-worktree`: workers side by side in the repository's own folder.
@Suite(.limited) struct PlainRunTests {
  private func scenario(_ worker: String, settings: JSONValue = [:]) throws -> Scenario {
    let scenario = try Scenario()
    try scenario.plan(
      ["1.1": [], "1.2": ["1.1"], "1.3": ["1.1"], "2.1": ["1.2", "1.3"]],
      worker: worker,
      settings: settings
    )
    return scenario
  }

  private func starts(_ scenario: Scenario) -> [String] {
    scenario.text(scenario.place("starts")).split(separator: "\n").map(String.init)
  }

  @Test func workersLeaveTheirResultsInTheRepositoryAndGitIsNotTouched() async throws {
    let sample = try scenario(
      "pwd >> \"$PLAIT_OUTPUT_DIR/../../where\"; echo $PLAIT_ACHIEVEMENT >> order; test -s \"$PLAIT_PROMPT\""
    )
    let head = try sample.sandbox.git("rev-parse", "HEAD")
    let ended = try await sample.run("--no-worktree", "--jobs", "2")
    #expect(ended.code == 0, "\(ended.err)")
    #expect(ended.err.contains("Its workers' results are in \(sample.repo)"))
    let order = sample.text("\(sample.repo)/order").split(separator: "\n")
    #expect(order.first == "1.1" && order.last == "2.1" && Set(order).count == 4 && order.count == 4)
    #expect(try sample.sandbox.git("rev-parse", "HEAD") == head)
    #expect(try sample.sandbox.git("status", "--porcelain") == "?? order\n")
    #expect(try sample.sandbox.git("worktree", "list", "--porcelain").components(separatedBy: "worktree ").count == 2)
    #expect(!sample.exists("\(sample.repo).plait"))
    let landed = try await sample.plait("land")
    #expect(landed.code == 64 && landed.err.contains("nothing to land"))
    try await sample.expectClosedLedger()
  }

  @Test func failuresChecksAndGatesCountAsEver() async throws {
    let sample = try scenario(
      "echo x > file-$PLAIT_ACHIEVEMENT; test $PLAIT_ACHIEVEMENT != 1.3",
      settings: ["verify": [["shell": "test -e file-$PLAIT_ACHIEVEMENT"]], "gate": ["shell": "test -e file-1.1"]]
    )
    #expect(try await sample.run("--no-worktree").code == 1)
    #expect(try await sample.states() == ["1.1": "complete", "1.2": "complete", "1.3": "failed", "2.1": "blocked"])
  }

  /// Without a supervisor nobody saw how the worker ended: it is ended with its children, and runs again.
  @Test func afterAKillWhatWasInFlightRunsAgain() async throws {
    let sample = try scenario("")
    try sample.plan(
      ["1.1": [], "1.2": ["1.1"]],
      worker: """
        echo $PLAIT_ACHIEVEMENT >> \(sample.place("starts")); echo $$ > \(sample.place("pid"))
        test $PLAIT_ACHIEVEMENT = 1.1 || test -e \(sample.place("go")) || sleep 600
        """
    )
    let run = try sample.startRun("--no-worktree", "--jobs", "1")
    #expect(await eventually { starts(sample) == ["1.1", "1.2"] && !sample.text(sample.place("pid")).isEmpty })
    run.send(SIGKILL)
    _ = await run.end()
    let pid = try #require(Int32(sample.text(sample.place("pid")).trimmingCharacters(in: .newlines)))
    try sample.write(sample.place("go"), "")
    let resumed = try await sample.plait("resume")
    #expect(resumed.code == 0, "\(resumed.err)")
    #expect(starts(sample) == ["1.1", "1.2", "1.2"])
    #expect(await eventually { kill(pid, 0) != 0 })
  }

  @Test func ctrlCStopsItsWorkers() async throws {
    let sample = try scenario("true")
    try sample.plan(["1.1": []], worker: "echo $$ > \(sample.place("pid")); exec sleep 600")
    let run = try sample.startRun("--no-worktree")
    #expect(await eventually { !sample.text(sample.place("pid")).isEmpty })
    run.send(SIGINT)
    #expect(await eventually { run.err.contains("stop") })
    run.send(SIGTERM)
    #expect(await run.end().code == 8)
    let pid = try #require(Int32(sample.text(sample.place("pid")).trimmingCharacters(in: .newlines)))
    #expect(kill(pid, 0) != 0)
  }

  @Test(arguments: [
    (["--into", "main"], "--into"), (["--worktrees", "w"], "--worktrees"), (["--base", "main"], "--base"),
  ])
  func whatNeedsWorktreesIsRefused(options: [String], name: String) async throws {
    let sample = try scenario("true")
    let refused = try await sample.start(["run", sample.planPath, "--no-worktree"] + options).end()
    #expect(refused.code == 64 && refused.err.contains(name))
  }

  @Test func variantsNeedWorktrees() async throws {
    let sample = try scenario("true")
    try sample.plan(["1.1": []], worker: "true", own: ["1.1": ["variants": 2, "judge": ["shell": "echo 1"]]])
    let refused = try await sample.run("--no-worktree")
    #expect(refused.code == 64 && refused.err.contains("variants") && refused.errors.count == 1)
  }

  @Test func aProgramThatIsNoneIsNamed() async throws {
    let sample = try scenario("true")
    let program = try sample.executable("broken", "not a program\0")
    let ended = try await sample.run("--no-worktree", "--", program)
    #expect(ended.code == 1)
    #expect(try await sample.entry("1.1").text.contains("could not be started"))
  }
}

import Foundation
import TestSupport
import Testing

/// What Plait says to someone who went wrong, and that following its advice works.
@Suite(.limited) struct AdviceTests {
  /// 1.1 is complete, 1.2 fails as long as there is no file `mend` beside the repository, 2.1 needs it.
  private func failing() throws -> Scenario {
    let scenario = try Scenario()
    let mend = scenario.place("mend")
    try scenario.plan(
      ["1.1": [], "1.2": [], "2.1": ["1.2"]],
      worker: "echo x > $PLAIT_ACHIEVEMENT; test $PLAIT_ACHIEVEMENT != 1.2 || test -e \(mend)"
    )
    return scenario
  }

  @Test func triesAgainWhatFailedOnlyWhenAsked() async throws {
    let scenario = try failing()
    let failed = try await scenario.run()
    #expect(failed.code == 1 && failed.err.contains("--retry-failed' tries again"))
    let report = try await scenario.json("report", "--json")
    let plain = try await scenario.plait("resume")
    #expect(plain.code == 1 && plain.err.contains("--retry-failed") && plain.out.isEmpty)
    #expect(try await scenario.json("report", "--json") == report)
    #expect(try await scenario.plait("status").out.contains("--retry-failed"))
    #expect(try await scenario.plait("explain", "2.1").out.contains("--retry-failed"))
    try scenario.write(scenario.place("mend"), "")
    #expect(try await scenario.plait("resume", "--retry-failed").code == 0)
    #expect(try await scenario.states().values.allSatisfy { $0 == "complete" })
    try await scenario.expectClosedLedger()
  }

  @Test func goesOnAfterItsBranchHasLandedAndWasCleaned() async throws {
    let scenario = try failing()
    #expect(try await scenario.run().code == 1)
    #expect(try await scenario.plait("land").err.contains("not complete"))
    #expect(try await scenario.plait("clean").out.contains("landed"))
    #expect(try scenario.lines("for-each-ref", "refs/heads/plait").isEmpty)
    let gone = try await scenario.plait("land")
    #expect(gone.code == 66 && gone.err.contains("plait clean"))
    try scenario.write(scenario.place("mend"), "")
    let resumed = try await scenario.plait("resume", "--retry-failed")
    #expect(resumed.code == 0, "\(resumed.err)")
    #expect(try await scenario.plait("land").code == 0)
    #expect(scenario.exists("\(scenario.repo)/1.1") && scenario.exists("\(scenario.repo)/2.1"))
    try scenario.expectTidy()
  }

  @Test func refusesATargetBeforeTheWork() async throws {
    let scenario = try failing()
    let missing = try await scenario.run("--into", "nowhere")
    #expect(missing.code == 66 && missing.errors.count == 1 && missing.err.contains("git branch nowhere"))
    let aside = try scenario.git("commit-tree", "-p", "main", "-m", "aside", "main^{tree}")
    try scenario.git("update-ref", "refs/heads/aside", aside)
    let diverged = try await scenario.run("--into", "aside")
    #expect(diverged.code == 64 && diverged.errors.count == 1 && diverged.err.contains("--base aside"))
    #expect(try await scenario.json("runs", "--json")["runs"].items.isEmpty)
  }

  @Test func saysWhereTheWorkersCommandBelongs() async throws {
    let scenario = try failing()
    let bare = try await scenario.run("claude", "-p")
    #expect(bare.code == 64 && bare.err.contains("goes after '--': plait run \(scenario.planPath) -- claude -p"))
    let option = try await scenario.run("--job", "3")
    #expect(option.code == 64 && !option.err.contains("goes after"))
    let relative = try await scenario.run("--dry-run", "-j3", "--", "./agent.sh")
    #expect(relative.code == 0 && relative.err.contains("./agent.sh is not in"))
    #expect(relative.out.contains("with 3 slots"))
    try scenario.git(
      "update-index",
      "--add",
      "--cacheinfo",
      "100755",
      scenario.git("hash-object", "-w", "README.md"),
      "agent.sh"
    )
    try scenario.git("commit", "--quiet", "-m", "An agent")
    #expect(try await !scenario.run("--dry-run", "--", "./agent.sh").err.contains("is not in"))
  }

  @Test func namesAttemptsThatThereAreNot() async throws {
    let scenario = try failing()
    _ = try await scenario.run()
    let none = try await scenario.plait("logs", "1.1", "--attempt", "7")
    #expect(none.code == 66 && none.err.contains("1.1 has no attempt 7") && none.err.contains("there is 1"))
  }

  @Test func namesPathsInConflictOnce() async throws {
    let scenario = try Scenario()
    try scenario.plan(["1.1": [], "1.2": []], worker: "echo $PLAIT_ACHIEVEMENT > shared")
    let ended = try await scenario.run("--jobs", "2")
    #expect(ended.code == 4 && ended.err.contains(" ended with a merge conflict after "))
    #expect(ended.out.components(separatedBy: "shared").count == 2, "\(ended.out)")
    let kept = try await scenario.plait("clean").out.split(separator: "\n").filter { $0.hasPrefix("kept") }
    #expect(kept.count == 3 && kept.filter { $0.contains("'plait land ") }.count == 1)
  }

  @Test func showsNoMoreThanTheErrorsOfAPlan() async throws {
    let scenario = try Scenario()
    try scenario.plan(["1.1": ["1.2"], "1.2": ["1.1"]], worker: "true")
    let ended = try await scenario.run()
    #expect(ended.code == 65 && ended.out.isEmpty && !ended.err.hasSuffix("\n\n"))
  }
}

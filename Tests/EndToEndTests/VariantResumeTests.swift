import Foundation
import TestSupport
import Testing

/// Runs with variants that go on where they ended.
@Suite(.limited) struct VariantResumeTests {
  /// Both variants end only when 1.2 has written the same file on the branch.
  @Test func aPickThatConflictsIsMadeAnewFromTheNewTip() async throws {
    let scenario = try Scenario()
    let waits = """
      i=0; until git cat-file -e "refs/heads/plait/$PLAIT_RUN/integration:shared" 2>/dev/null; do
        i=$((i+1)); test $i -lt 500 || exit 1; sleep 0.02
      done; echo $PLAIT_VARIANT > shared
      """
    try scenario.plan(
      ["1.1": [], "1.2": [], "2.1": ["1.1"]],
      worker: "echo other > shared",
      own: [
        "1.1": ["variants": 2, "judge": ["shell": "echo 2"], "worker": ["shell": .string(waits)]],
        "2.1": ["worker": ["shell": "cp shared after"]],
      ],
      settings: ["on_conflict": "retry"]
    )
    #expect(try await scenario.run("--jobs", "3").code == 4)
    #expect(
      try await scenario.states() == [
        "1.1.1": "complete", "1.1.2": "complete", "1.1": "failed", "1.2": "complete", "2.1": "blocked",
      ]
    )
    let resumed = try await scenario.plait("resume", "--retry-failed")
    #expect(resumed.code == 0, "\(resumed.err)")
    #expect(try scenario.result("after") == "2")
    #expect(try scenario.greenRefs().count == 4, "those of before are kept too")
    try scenario.expectTidy()
    try await scenario.expectClosedLedger()
  }

  /// The ref of a green variant is there, and the record of it is not: the ref counts, and nothing is done again.
  @Test func killedBetweenTheRefAndItsRecord() async throws {
    let scenario = try Scenario()
    try scenario.plan(
      ["2.1": []],
      worker: "echo $PLAIT_VARIANT >> \(scenario.place("starts")); echo $PLAIT_VARIANT > tried",
      own: ["2.1": ["variants": 2, "judge": ["shell": "echo 2"]]]
    )
    var killed: Ended?
    for point in 10..<40 where killed == nil {
      _ = try await scenario.plait("clean", "--delete-results")
      try? FileManager.default.removeItem(atPath: scenario.place("starts"))
      let ended = try await scenario.run("--jobs", "1", environment: ["PLAIT_FAULT": "kill:\(point)"])
      if ended.err.contains("fault: afterOffer") { killed = ended }
    }
    #expect(try #require(killed).signal == SIGKILL)
    #expect(try scenario.greenRefs().count == 1)
    #expect(try await scenario.plait("resume").code == 0)
    #expect(try scenario.result("tried") == "2")
    #expect(scenario.text(scenario.place("starts")) == "1\n2\n")
    #expect(try await scenario.entry("2.1.1")["attempts"].items.count == 1)
    try await scenario.expectClosedLedger()
    try scenario.expectTidy()
  }

  /// Killed at points all along the way, and taken up: one pick, merged once, every green variant kept once.
  @Test func killedAnywhereItGoesOnToTheSameEnd() async throws {
    let scenario = try Scenario.variants(judge: "echo 3", variant: "test $PLAIT_VARIANT != 1")
    let counted = try await scenario.run("--jobs", "3", environment: ["PLAIT_FAULT": "count:0"])
    let word = try #require(counted.err.split(separator: "\n").first { $0.hasPrefix("fault: ") })
    let points = try #require(Int(word.dropFirst("fault: ".count)))
    for point in stride(from: 4, through: points - 4, by: 9) {
      let killed = try await scenario.run("--jobs", "3", environment: ["PLAIT_FAULT": "kill:\(point)"])
      guard killed.signal == SIGKILL else { continue }
      let resumed = try await scenario.plait("resume")
      #expect(resumed.code == 0, "\(point): \(killed.err) \(resumed.err)")
      #expect(try scenario.result("made-3.1") == "2.1 3/3", "\(point)")
      #expect(try scenario.merges().count == 3, "\(point)")
      let states = try await scenario.states()
      #expect(states.filter { $0.value != "complete" } == ["2.1.1": "failed"], "\(point)")
      try await scenario.expectClosedLedger()
      try scenario.expectTidy()
    }
  }

  /// The judge outlives Plait, and what it says then counts.
  @Test func aJudgeThatStillRunsIsTakenOver() async throws {
    let scenario = try Scenario()
    let judge = """
      echo $$ >> \(scenario.place("judges")); until test -e \(scenario.place("go")); do sleep 0.02; done; echo 2
      """
    try scenario.plan(
      ["2.1": [], "3.1": ["2.1"]],
      worker: "echo $PLAIT_VARIANT >> tried",
      own: [
        "2.1": ["variants": 2, "judge": ["shell": .string(judge)]], "3.1": ["worker": ["shell": "cp tried result"]],
      ]
    )
    let run = try scenario.startRun("--jobs", "2")
    #expect(await eventually { scenario.exists(scenario.place("judges")) })
    run.send(SIGKILL)
    #expect(await run.end().signal == SIGKILL)
    try scenario.write(scenario.place("go"), "")
    let resumed = try await scenario.plait("resume")
    #expect(resumed.code == 0, "\(resumed.err)")
    #expect(try scenario.result("result") == "2")
    #expect(scenario.text(scenario.place("judges")).split(separator: "\n").count == 1)
    #expect(try await scenario.entry("2.1")["attempts"].items.count == 1)
    try scenario.expectTidy()
  }

  /// A worker of one variant that still runs is no worker of another.
  @Test func aVariantThatStillRunsIsTakenOverAndTheOthersStay() async throws {
    let scenario = try Scenario()
    let worker = """
      echo $PLAIT_VARIANT >> \(scenario.place("starts")); echo $PLAIT_VARIANT > tried
      test $PLAIT_VARIANT != 2 || until test -e \(scenario.place("go")); do sleep 0.02; done
      """
    try scenario.plan(
      ["2.1": []],
      worker: worker,
      own: ["2.1": ["variants": 3, "judge": ["shell": "echo 2"]]]
    )
    let run = try scenario.startRun("--jobs", "3")
    #expect(await eventually { run.err.contains("2.1.1 complete") && run.err.contains("2.1.3 complete") })
    run.send(SIGKILL)
    #expect(await run.end().signal == SIGKILL)
    try scenario.write(scenario.place("go"), "")
    #expect(try await scenario.plait("resume").code == 0)
    #expect(try scenario.result("tried") == "2")
    #expect(scenario.text(scenario.place("starts")).split(separator: "\n").count == 3)
    try scenario.expectTidy()
    try await scenario.expectClosedLedger()
  }

  /// The refs say which variants are green, also when the whole record is gone.
  @Test func aRebuiltRunKnowsItsGreenVariants() async throws {
    let scenario = try Scenario()
    try scenario.plan(
      ["2.1": []],
      worker: "echo $PLAIT_VARIANT >> \(scenario.place("starts")); echo $PLAIT_VARIANT > tried",
      own: ["2.1": ["variants": 2, "judge": ["shell": .string("test -e \(scenario.place("go")) && echo 2")]]]
    )
    #expect(try await scenario.run("--jobs", "2").code == 1)
    let folder = try scenario.git("rev-parse", "--path-format=absolute", "--git-common-dir") + "/plait"
    for name in ["plait.sqlite", "plait.sqlite-wal", "plait.sqlite-shm"] {
      try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
    }
    try scenario.write(scenario.place("go"), "")
    let resumed = try await scenario.plait("resume", "--rebuild")
    #expect(resumed.code == 0, "\(resumed.err)")
    #expect(try scenario.result("tried") == "2")
    #expect(scenario.text(scenario.place("starts")).split(separator: "\n").count == 2, "no variant ran again")
  }
}

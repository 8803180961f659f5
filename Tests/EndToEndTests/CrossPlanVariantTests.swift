import Foundation
import TestSupport
import Testing

/// Two plans in one run whose achievements of the same id both have variants, each with the judge of its own plan.
@Suite(.limited) struct CrossPlanVariantTests {
  private let worker = """
    echo "$PLAIT_ID $PLAIT_PLAN $PLAIT_ACHIEVEMENT $PLAIT_VARIANT/$PLAIT_VARIANTS" > $PLAIT_PLAN-$PLAIT_ACHIEVEMENT
    """

  /// Both have 1.1 with two variants, that of BETA after ALPHA's; 1.2 of ALPHA copies what was picked in BETA.
  private func pair(betaWorker: String? = nil) throws -> PlanPair {
    let pair = try PlanPair()
    let judged: (String) -> [String: JSONValue] = { ["judge": ["shell": .string($0)]] }
    let prompt =
      "cp \"$PLAIT_PROMPT\" \(pair.scenario.place("prompt")); cp \"$PLAIT_CANDIDATES_FILE\" \(pair.scenario.place("list"))"
    let variants: JSONValue = ["variants": 2]
    try pair.write(
      0,
      ["1.1": [], "1.2": ["BETA:1.1"]],
      worker: worker,
      own: ["1.1": variants, "1.2": ["worker": ["shell": "cp BETA-1.1 copied"]]],
      extra: judged("test $PLAIT_ID = ALPHA:1.1 && echo 1")
    )
    try pair.write(
      1,
      ["1.1": ["ALPHA:1.1"]],
      worker: betaWorker ?? worker,
      own: ["1.1": variants],
      extra: judged("\(prompt); test $PLAIT_PLAN = BETA && test $PLAIT_ACHIEVEMENT = 1.1 && echo 2")
    )
    return pair
  }

  @Test func eachIsPickedByTheJudgeOfItsOwnPlan() async throws {
    let pair = try pair()
    let before = try pair.scenario.checkout()
    let ended = try await pair.run("--jobs", "2")
    #expect(ended.code == 0, "\(ended.err)")
    #expect(try pair.merges() == ["Merge ALPHA:1.1: Do 1.1", "Merge BETA:1.1: Do 1.1", "Merge ALPHA:1.2: Do 1.2"])
    #expect(try pair.scenario.result("ALPHA-1.1") == "ALPHA:1.1.1 ALPHA 1.1 1/2")
    #expect(try pair.scenario.result("copied") == "BETA:1.1.2 BETA 1.1 2/2")
    let run = try #require(try pair.scenario.integration().split(separator: "/").dropFirst(3).first)
    let refs = try pair.scenario.greenRefs()
    #expect(
      refs == ["ALPHA+1.1.1", "ALPHA+1.1.2", "BETA+1.1.1", "BETA+1.1.2"].map { "refs/plait/\(run)/\($0)/1-green" }
    )
    let prompt = pair.scenario.text(pair.scenario.place("prompt"))
    #expect(prompt.contains("# Pick one: BETA:1.1 Do 1.1") && prompt.contains("of the plan BETA, each by itself"))
    let list = JSONValue(parsing: pair.scenario.text(pair.scenario.place("list")))
    #expect(list["candidates"].items.map { $0["ref"].string } == refs.suffix(2))
    #expect(Schemas().findings(in: list, by: "candidates") == [])
    try await expectItIsTold(pair)
    #expect(try pair.scenario.checkout() == before)
    try pair.scenario.expectTidy()
    try await pair.scenario.expectClosedLedger()
  }

  /// In what looks at a run, by the run's ids; and in what looks at one plan, by its own.
  private func expectItIsTold(_ pair: PlanPair) async throws {
    let scenario = pair.scenario
    #expect(try await scenario.entry("BETA:1.1")["picked"].string == "BETA:1.1.2")
    let other = try await scenario.entry("BETA:1.1.1")
    #expect(other["variant"]["of"].string == "BETA:1.1" && other["variant"]["is_picked"] == .bool(false))
    let explained = try await scenario.plait("explain", "BETA:1.1.1").out
    #expect(explained.contains("green and not picked") && explained.contains("BETA+1.1.1/1-green"), "\(explained)")
    let schemas = Schemas()
    #expect(schemas.findings(in: try await scenario.json("report", "--json"), by: "report") == [])
    #expect(schemas.findings(in: try await scenario.json("status", "--json"), by: "status") == [])
    #expect(schemas.findings(in: try await scenario.json("explain", "BETA:1.1.1", "--json"), by: "explain") == [])
    let restored = try await scenario.plait("restore", "BETA:1.1.1")
    #expect(restored.code == 0 && restored.out.contains("BETA+1.1.1"), "\(restored.err)")
    for branch in try scenario.lines("branch", "--list", "restored/*", "--format=%(refname:short)") {
      try scenario.git("branch", "-D", branch)
    }
    let status = try await scenario.plait("status", pair.folders[1])
    #expect(status.code == 0 && !status.out.contains("ALPHA"), "\(status.out)\(status.err)")
    // What the variants took is known when the plans are run again.
    #expect(try await pair.run("--dry-run").out.contains("learned"))
  }

  /// One variant of BETA still runs when Plait is killed: it is taken over, and its namesakes are not taken for it.
  @Test func aVariantThatStillRunsIsTakenOver() async throws {
    let pair = try pair()
    let scenario = pair.scenario
    let waits = """
      echo $PLAIT_ID >> \(scenario.place("starts"))
      test $PLAIT_VARIANT = 2 || until test -e \(scenario.place("go")); do sleep 0.02; done; \(worker)
      """
    let waiting = try self.pair(betaWorker: waits)
    let source = waiting.folders[1] + "/parallel.json"
    try scenario.write(pair.folders[1] + "/parallel.json", waiting.scenario.text(source))
    let run = try scenario.start(["run"] + pair.folders + ["--jobs", "2"])
    #expect(await eventually { scenario.text(scenario.place("starts")).split(separator: "\n").count == 2 })
    run.send(SIGKILL)
    #expect(await run.end().signal == SIGKILL)
    try scenario.write(scenario.place("go"), "")
    let resumed = try await scenario.plait("resume")
    #expect(resumed.code == 0, "\(resumed.err)")
    #expect(Set(scenario.text(scenario.place("starts")).split(separator: "\n")) == ["BETA:1.1.1", "BETA:1.1.2"])
    #expect(scenario.text(scenario.place("starts")).split(separator: "\n").count == 2)
    #expect(try scenario.result("copied") == "BETA:1.1.2 BETA 1.1 2/2")
    #expect(try pair.merges().count == 3)
    try scenario.expectTidy()
    try await scenario.expectClosedLedger()
  }

  @Test func withoutWorktreesTheGatesOfAllPlansCountAndEachHasItsOwnFolder() async throws {
    let pair = try PlanPair()
    let note = "echo $PLAIT_ID ${PLAIT_PLAN_DIR##*/} >> \(pair.scenario.place("order"))"
    let gate: (String) -> [String: JSONValue] = { name in
      [
        "gate": [
          "shell": .string(
            "echo gate of \(name) for $PLAIT_ID in ${PLAIT_PLAN_DIR##*/} >> \(pair.scenario.place("gates"))"
          )
        ]
      ]
    }
    try pair.write(0, ["1.1": []], worker: note, extra: gate("ALPHA"))
    try pair.write(1, ["1.1": ["ALPHA:1.1"]], worker: note, extra: gate("BETA"))
    let ended = try await pair.run("--no-worktree", "--jobs", "2")
    #expect(ended.code == 0, "\(ended.err)")
    let lines = { (name: String) in
      pair.scenario.text(pair.scenario.place(name)).split(separator: "\n").map(String.init)
    }
    #expect(lines("order") == ["ALPHA:1.1 ALPHA", "BETA:1.1 BETA"])
    #expect(
      lines("gates")
        == ["ALPHA:1.1", "BETA:1.1"].flatMap { id in
          ["ALPHA", "BETA"].map { "gate of \($0) for \(id) in \($0)" }
        }
    )
    try await pair.scenario.expectClosedLedger()
    // One red gate of the other plan is enough.
    try pair.write(0, ["1.1": []], worker: note, extra: ["gate": ["shell": "test $PLAIT_ID != BETA:1.1"]])
    #expect(try await pair.run("--no-worktree").code != 0)
    #expect(try await pair.scenario.states() == ["ALPHA:1.1": "complete", "BETA:1.1": "failed"])
  }

  @Test func variantsOfAnyOfThePlansNeedWorktrees() async throws {
    let refused = try await pair().run("--no-worktree")
    #expect(refused.code == 64 && refused.err.contains("(ALPHA:1.1.1)"), "\(refused.err)")
  }

  @Test func onlyTheAchievementsOfOnePlanAndWhatAFolderSaysOfAnother() async throws {
    let pair = try pair()
    let variant = try await pair.run("--only", "BETA:1.1.1")
    #expect(variant.code == 64 && variant.err.contains("name BETA:1.1, and all of its variants are run"))
    let only = try await pair.run("--only", "ALPHA:1.1", "--jobs", "2")
    #expect(only.code == 0, "\(only.err)")
    var states = try await pair.scenario.states()
    #expect(states["ALPHA:1.1.2"] == "complete" && states["BETA:1.1.1"] == "skipped")
    // BETA's folder says that its achievement is not wanted: then none of its variants is started.
    let skipped = try await pair.scenario.plait("skip", pair.folders[1], "1.1", "--reason", "later", "--waive")
    #expect(skipped.code == 0, "\(skipped.err)")
    let rest = try await pair.run("--only", "ALPHA:1.1", "--jobs", "2")
    #expect(rest.code == 0, "\(rest.err)")
    states = try await pair.scenario.states()
    #expect(states["BETA:1.1"] == "skipped" && states["BETA:1.1.2"] == "skipped" && states["ALPHA:1.1"] == "complete")
  }
}

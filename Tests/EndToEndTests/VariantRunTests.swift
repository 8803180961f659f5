import Foundation
import TestSupport
import Testing

/// Variants and their judge, with the real program on a real repository.
@Suite(.limited) struct VariantRunTests {
  @Test func theOneThatTheJudgePicksIsMergedAndTheOthersAreKept() async throws {
    let judge = """
      cp "$PLAIT_CANDIDATES_FILE" "$PLAIT_OUTPUT_DIR/seen.json"; echo "on standard error" >&2
      test "$PLAIT_CANDIDATES" = "1 2 3" || exit 1
      test "$(git show "$PLAIT_CANDIDATE_2_REF:tried")" = "$(git show "$PLAIT_CANDIDATE_2_COMMIT:tried")" || exit 1
      touch left-by-the-judge; echo 2; echo; echo "99 is said on standard error" >&2
      """
    let scenario = try Scenario.variants(judge: judge)
    let before = try scenario.checkout()
    let ended = try await scenario.run("--jobs", "3")
    #expect(ended.code == 0, "\(ended.err)")
    #expect(try scenario.result("tried") == "2.1 2/3" && scenario.result("made-3.1") == "2.1 2/3")
    #expect(try scenario.result("left-by-the-judge") == nil)
    #expect(try scenario.merges() == ["Merge 1.1: Do 1.1", "Merge 2.1: Do 2.1", "Merge 3.1: Do 3.1"])
    let refs = try scenario.greenRefs()
    #expect(refs.count == 3)
    let tried = try refs.map { try scenario.git("show", "\($0):tried") }
    #expect(tried == ["2.1 1/3", "2.1 2/3", "2.1 3/3"])
    #expect(Set(try refs.map { try scenario.git("show", "\($0):where") }).count == 3, "each has a worktree of its own")

    try await expectTheChoiceIsTold(scenario, refs)
    #expect(try await scenario.plait("logs", "2.1").out.contains("on standard error"))
    #expect(try await scenario.plait("restore", "2.1.3", "--attempt", "1").code == 0)
    try scenario.git(
      "branch",
      "-D",
      try scenario.lines("branch", "--list", "restored/*", "--format=%(refname:short)")[0]
    )
    #expect(try scenario.checkout() == before)
    try scenario.expectTidy()
    try await scenario.expectClosedLedger()
  }

  /// In every way in which a run is looked at.
  private func expectTheChoiceIsTold(_ scenario: Scenario, _ refs: [String]) async throws {
    let (third, choice) = (try await scenario.entry("2.1.3"), try await scenario.entry("2.1"))
    #expect(choice["picked"].string == "2.1.2")
    #expect(third["variant"]["kept_ref"].string == refs[2] && third["variant"]["is_picked"] == .bool(false))
    #expect(third["variant"]["of"].string == "2.1" && third["variant"]["number"].number == 3)
    let explained = try await scenario.plait("explain", "2.1.3").out
    #expect(explained.contains("green and not picked") && explained.contains("git show \(refs[2])"))
    let status = try await scenario.plait("status").out
    #expect(status.contains("its judge picked 2.1.2 of 3 green, of 3 variants"))
    #expect(status.contains("green and not picked, kept as"))
    let report = try await scenario.plait("report").out
    #expect(report.contains("2.1 is its variant 2.1.2"))
    #expect(report.contains("One after another counts every green variant"))
    let seen = try JSONValue(parsing: scenario.text(seenPath(scenario)))
    let schemas = Schemas()
    #expect(schemas.findings(in: seen, by: "candidates") == [])
    #expect(schemas.findings(in: try await scenario.json("report", "--json"), by: "report") == [])
    #expect(schemas.findings(in: try await scenario.json("status", "--json"), by: "status") == [])
    #expect(schemas.findings(in: try await scenario.json("explain", "2.1.3", "--json"), by: "explain") == [])
    #expect(seen["schema"].string == "plait.candidates/1" && seen["candidates"].items.count == 3)
    #expect(seen["candidates"].items[1]["changed_paths"].items.compactMap(\.string) == ["tried", "where"])
  }

  private func seenPath(_ scenario: Scenario) throws -> String {
    let run = try scenario.integration().split(separator: "/")[3]
    return try scenario.git("rev-parse", "--path-format=absolute", "--git-common-dir")
      + "/plait/runs/\(run)/2.1/1/seen.json"
  }

  /// One is red, and then there are two to judge; two are red, and there is nothing to judge.
  @Test func onlyGreenVariantsAreJudged() async throws {
    let two = try Scenario.variants(judge: "echo ${PLAIT_CANDIDATES% *}", variant: "test $PLAIT_VARIANT != 1")
    #expect(try await two.run("--jobs", "3").code == 0)
    #expect(try two.result("made-3.1") == "2.1 2/3")
    #expect(try await two.states()["2.1.1"] == "failed")
    #expect(try await two.plait("status").out.contains("its judge picked 2.1.2 of 2 green, of 3 variants"))
    try two.expectTidy()

    let one = try Scenario.variants(
      judge: "touch \(NSTemporaryDirectory())/never; exit 1",
      own: ["verify": [["shell": "test $PLAIT_VARIANT = 3"]]]
    )
    let ended = try await one.run("--jobs", "3")
    #expect(ended.code == 0 && ended.err.contains("2.1.3 is picked, the only green variant"))
    #expect(try one.result("made-3.1") == "2.1 3/3")
    #expect(try await one.plait("status").out.contains("2.1.3 is the only green one, of 3 variants"))
  }

  @Test func withoutAGreenVariantTheAchievementIsNotDone() async throws {
    let go = "go"
    let scenario = try Scenario.variants(judge: "echo 1", own: ["verify": [["file": .string(go)]]])
    let ended = try await scenario.run("--jobs", "3")
    #expect(ended.code == 1)
    let states = try await scenario.states()
    #expect(["2.1.1", "2.1.2", "2.1.3"].allSatisfy { states[$0] == "failed" })
    #expect(states["2.1"] == "blocked" && states["3.1"] == "blocked")
    let status = try await scenario.plait("status").out
    #expect(status.contains("none of its 3 variants is green; the last, 2.1."))
    #expect(try scenario.greenRefs().isEmpty)
    #expect(try scenario.lines("for-each-ref", "refs/plait").count == 3, "what they made is kept all the same")
    try scenario.expectTidy()
  }

  @Test(arguments: [
    ("echo nonsense", "its judge ended with \"nonsense\""), ("echo 4", "its judge ended with \"4\""),
    ("true", "its judge printed nothing"), ("echo 1; exit 3", "its judge failed: exit 3"),
    ("echo 1; kill -9 $$", "its judge failed"),
  ])
  func aJudgeThatPicksNothingFailsTheAchievement(_ judge: String, _ words: String) async throws {
    let scenario = try Scenario.variants(judge: judge)
    let ended = try await scenario.run("--jobs", "3")
    #expect(ended.code == 1)
    let failure = try await scenario.entry("2.1")["failure"]
    #expect(failure["message"].string?.hasPrefix(words) == true, "\(failure)")
    #expect(try await scenario.states()["3.1"] == "blocked")
    #expect(try scenario.greenRefs().count == 3)
    // Its variants are as they were: only the judgement is made again.
    try scenario.write(
      scenario.planPath,
      scenario.text(scenario.planPath).replacing(JSONValue.string(judge).text, with: "\"echo 3\"")
    )
    let resumed = try await scenario.plait("resume", "--replan", "--retry-failed")
    #expect(resumed.code == 0, "\(resumed.err)")
    #expect(try scenario.result("made-3.1") == "2.1 3/3")
    #expect(try await scenario.entry("2.1.1")["attempts"].items.count == 1)
    try scenario.expectTidy()
  }

  @Test func aJudgeIsTriedAgainAndReadsItsPrompt() async throws {
    let judge = "cat > \"$PLAIT_OUTPUT_DIR/prompt-seen\"; test $PLAIT_ATTEMPT -gt 1 && echo 1"
    let scenario = try Scenario.variants(judge: judge)
    try scenario.plan(
      ["2.1": []],
      worker: "echo $PLAIT_VARIANT > tried",
      own: ["2.1": ["variants": 2, "judge": ["shell": .string(judge), "stdin": "prompt", "retries": 1]]]
    )
    #expect(try await scenario.run("--jobs", "2").code == 0)
    let run = try scenario.integration().split(separator: "/")[3]
    let folder = try scenario.git("rev-parse", "--path-format=absolute", "--git-common-dir") + "/plait/runs/\(run)"
    let prompt = scenario.text("\(folder)/2.1/2/prompt-seen")
    #expect(prompt.hasPrefix("# Pick one: 2.1 Do 2.1") && prompt.contains("one of 1, 2. Exit with 0."))
    #expect(prompt.contains("Why the last judgement was of no use"))
    #expect(scenario.text("\(folder)/2.1.2/1/prompt.md").contains("This is variant 2 of 2 of achievement 2.1"))
  }

  /// What was picked has passed its checks as a variant: they are what the approval is based on, by a run and by hand.
  @Test func anApprovalNamesTheChecksThatThePickHasPassed() async throws {
    let scenario = try Scenario()
    try scenario.plan(
      ["2.1": []],
      worker: "echo $PLAIT_VARIANT > tried",
      own: ["2.1": ["variants": 2, "judge": ["shell": "echo 2"], "verify": [["shell": "test -s tried"]]]]
    )
    let folder = "work-space/plans/SAMPLE"
    try scenario.sandbox.write("\(folder)/parallel.json", scenario.text(scenario.planPath))
    try scenario.sandbox.commit("plan")
    #expect(try await scenario.plait("run", folder, "--approve", "auto").code == 0)
    let approvals = try scenario.lines(
      "ls-tree",
      "--name-only",
      scenario.integration(),
      "\(folder)/execution/feedbacks/"
    )
    #expect(approvals == ["\(folder)/execution/feedbacks/APPROVED_21.md"])
    #expect(try scenario.result(approvals[0])?.contains("test -s tried") == true)

    #expect(try await scenario.plait("approve", folder, "2.1").code == 0)
    #expect(scenario.text("\(scenario.repo)/\(approvals[0])").contains("test -s tried"))
    let refused = try await scenario.plait("approve", folder, "2.1.1")
    #expect(refused.code != 0 && refused.err.contains("is a variant of 2.1: the verdict is about 2.1."))
  }

  @Test func onlyNamesTheAchievementAndAnApprovalIsAboutAllOfIt() async throws {
    let scenario = try Scenario.variants(judge: "echo 1")
    let refused = try await scenario.run("--only", "2.1.1")
    #expect(refused.code == 64 && refused.err.contains("--only names 2.1.1, a variant: name 2.1"))
    try scenario.write("\(scenario.planFolder)/execution/feedbacks/APPROVED_21.md", "")
    #expect(try await scenario.run("--jobs", "3").code == 0)
    let states = try await scenario.states()
    #expect(Set(states.values) == ["complete"])
    #expect(try scenario.merges().count == 2, "neither 2.1 nor a variant of it was run")
    #expect(try scenario.greenRefs().isEmpty)
  }
}

extension Scenario {
  /// 1.1, then 2.1 in three variants, then 3.1. Each variant writes its number; `judge` is a shell line.
  static func variants(judge: String, variant: String = "true", own: JSONValue = [:]) throws -> Scenario {
    let scenario = try Scenario()
    let tried: [String: JSONValue] = [
      "variants": 3, "judge": ["shell": .string(judge)],
      "worker": [
        "shell": .string("echo \"$PLAIT_ACHIEVEMENT $PLAIT_VARIANT/$PLAIT_VARIANTS\" > tried; pwd > where; \(variant)")
      ],
    ]
    try scenario.plan(
      ["1.1": [], "2.1": ["1.1"], "3.1": ["2.1"]],
      worker: "cat tried > made-$PLAIT_ACHIEVEMENT 2>/dev/null || echo x > made-$PLAIT_ACHIEVEMENT",
      own: ["2.1": .object(tried.merging(own.members) { $1 })]
    )
    return scenario
  }

  /// The refs that keep green variants.
  func greenRefs() throws -> [String] {
    try lines("for-each-ref", "--format=%(refname)", "refs/plait").filter { $0.hasSuffix("-green") }
  }

  /// The subjects of what was merged, oldest first.
  func merges() throws -> [String] {
    try lines("log", "--reverse", "--merges", "--format=%s", "main..\(integration())")
  }
}

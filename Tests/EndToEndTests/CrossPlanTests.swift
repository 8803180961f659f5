import Foundation
import TestSupport
import Testing

/// Two plans in one run.
@Suite(.limited) struct CrossPlanTests {
  @Test func dependenciesAcrossPlansAndEverythingByItsOwnPlan() async throws {
    let pair = try PlanPair()
    try pair.write(0, ["1.1": [], "1.2": ["BETA:1.1"]])
    try pair.write(
      1,
      ["1.1": ["ALPHA:1.1"], "2.1": ["ALPHA:1.2"]],
      extra: ["worker": ["shell": "cp $PLAIT_PROMPT prompt-$PLAIT_ID"]]
    )
    let before = try pair.scenario.checkout()
    let ended = try await pair.run("--jobs", "2", "--events", "-")
    #expect(ended.code == 0, "\(ended.err)")
    #expect(ended.out.contains("\"achievement\":\"ALPHA:1.2\""))
    #expect(
      try pair.merges() == ["ALPHA:1.1", "BETA:1.1", "ALPHA:1.2", "BETA:2.1"].map { "Merge \($0): Do \($0.suffix(3))" }
    )
    #expect(try pair.scenario.result("ALPHA-1.2") == "ALPHA:1.2 ALPHA 1.2 ALPHA")
    let prompt = try #require(try pair.scenario.result("prompt-BETA:2.1"))
    #expect(prompt.contains("achievement BETA:2.1 of the plan BETA") && prompt.contains("ALPHA:1.2 Do 1.2"))
    #expect(try await Set(pair.scenario.states().keys) == ["ALPHA:1.1", "ALPHA:1.2", "BETA:1.1", "BETA:2.1"])
    #expect(try await pair.scenario.plait("explain", "BETA:2.1").out.contains("Depends on ALPHA:1.2 complete"))
    #expect(try await pair.scenario.plait("logs", "ALPHA:1.2").code == 0)
    #expect(try await pair.scenario.plait("explain", "2.1").code == 66)
    #expect(try pair.scenario.checkout() == before)
    try pair.scenario.expectTidy()
    try await pair.scenario.expectClosedLedger()
    // Each plan knows of it, by its own ids.
    let status = try await pair.scenario.plait("status", pair.folders[1])
    #expect(status.code == 0 && !status.out.contains("ALPHA"), "\(status.out)\(status.err)")
    // And what it took is known when the plans are run alone, or together again.
    let again = try await pair.run("--dry-run")
    #expect(again.out.contains("4 learned"), "\(again.out)")
  }

  @Test func whatPlansRunAloneHaveTaughtIsKnownTogether() async throws {
    let pair = try PlanPair()
    try pair.write(0, ["1.1": [], "1.2": ["1.1"]])
    try pair.write(1, ["1.1": []])
    #expect(try await pair.scenario.plait("run", pair.folders[0]).code == 0)
    #expect(try await pair.run("--dry-run").out.contains("2 learned"))
  }

  @Test func aPlanThatWaitsForAnotherIsNotRunAlone() async throws {
    let pair = try PlanPair()
    try pair.write(0, ["1.1": ["BETA:1.1"]])
    try pair.write(1, ["1.1": []])
    let alone = try await pair.scenario.plait("run", pair.folders[0])
    #expect(alone.code == 65 && alone.err.contains("1.1 depends on BETA:1.1, which is of another plan"), "\(alone.err)")
    #expect(alone.err.contains("Add the file of BETA to the command line"))
    let checked = try await pair.scenario.plait("validate", pair.folders[0])
    #expect(checked.code == 0 && checked.out.contains("warning[cross-plan]"))
    let together = try await pair.scenario.plait("validate", pair.folders[0], pair.folders[1])
    #expect(together.code == 0 && together.out.contains("2 files: no findings"))
    let shown = try await pair.scenario.plait("show", pair.folders[0], pair.folders[1])
    #expect(shown.code == 0 && shown.out.contains("BETA:1.1 → ALPHA:1.1"), "\(shown.out)")
    let simulated = try await pair.scenario.plait("simulate", pair.folders[0], pair.folders[1])
    #expect(simulated.code == 0 && simulated.out.contains("2 achievements"))
    #expect(!pair.scenario.exists("\(pair.scenario.repo)/.git/plait"))
  }

  @Test func plansThatDoNotGoTogetherAreRefusedBeforeAnything() async throws {
    let pair = try PlanPair()
    try pair.write(0, ["1.1": ["BETA:1.1"]])
    try pair.write(1, ["1.1": ["ALPHA:1.1"]])
    let cycle = try await pair.run()
    #expect(cycle.code == 65 && cycle.err.contains("dependency cycle: ALPHA:1.1 -> BETA:1.1 -> ALPHA:1.1"))
    try pair.write(1, ["1.1": []], name: "ALPHA")
    let clash = try await pair.run()
    #expect(clash.code == 65 && clash.err.contains("are one name for two of the plans"), "\(clash.err)")
    try pair.write(1, ["1.1": []], name: "My plan")
    #expect(try await pair.run().err.contains("can't stand in ids"))
    try pair.write(1, ["1.1": []], name: "GAMMA")
    #expect(try await pair.run().err.contains("Add the file of BETA"))
    let word = try await pair.run("claude")
    #expect(word.code == 64 && word.err.contains("There is no plan 'claude'."))
    #expect(!pair.scenario.exists("\(pair.scenario.repo)/.git/plait"))
  }

  @Test func afterAKillItGoesOnWithTheSamePlans() async throws {
    let pair = try PlanPair()
    try pair.writeWaiting()
    let before = try pair.scenario.checkout()
    let run = try await pair.started()
    run.send(SIGKILL)
    #expect(await run.end().signal == SIGKILL)
    // What the file says by now is not what the run goes on with.
    try pair.write(1, ["1.1": []])
    try pair.scenario.write(pair.scenario.place("go"), "")
    let resumed = try await pair.scenario.plait("resume")
    #expect(resumed.code == 0, "\(resumed.err)")
    #expect(resumed.err.contains("BETA/parallel.json has changed") && !resumed.err.contains("ALPHA/parallel.json has"))
    #expect(pair.scenario.text(pair.scenario.place("attempts")) == "1\n")
    #expect(try pair.merges().map { $0.prefix(16) } == ["Merge BETA:1.1: ", "Merge ALPHA:1.1:", "Merge BETA:1.2: "])
    #expect(try pair.scenario.checkout() == before)
    try pair.scenario.expectTidy()
    try await pair.scenario.expectClosedLedger()
  }

  @Test func anotherPlanFileIsTakenOverWhenAskedFor() async throws {
    let pair = try PlanPair()
    try pair.writeWaiting()
    let run = try await pair.started()
    run.send(SIGKILL)
    _ = await run.end()
    try pair.scenario.write(pair.scenario.place("go"), "")
    try pair.write(1, ["1.1": [], "1.2": ["1.1", "ALPHA:1.1"], "1.3": ["ALPHA:1.1"]])
    let resumed = try await pair.scenario.plait("resume", "--replan")
    #expect(resumed.code == 0 && resumed.err.contains("BETA:1.3 is new in the plan"), "\(resumed.err)")
    #expect(try pair.scenario.result("BETA-1.3") == "BETA:1.3 BETA 1.3 BETA")
    try pair.write(1, ["1.1": []], name: "OTHER")
    let renamed = try await pair.scenario.plait("resume", "--replan")
    #expect(renamed.code == 64 && renamed.err.contains("is called OTHER now, and BETA in the run"), "\(renamed.err)")
    try pair.scenario.expectTidy()
  }

  @Test func theDatabaseIsMadeAnewFromTheFolders() async throws {
    let pair = try PlanPair()
    try pair.write(0, ["1.1": []])
    try pair.write(1, ["1.1": ["ALPHA:1.1"]])
    #expect(try await pair.run().code == 0)
    try FileManager.default.removeItem(atPath: "\(pair.scenario.repo)/.git/plait/plait.sqlite")
    let resumed = try await pair.scenario.plait("resume", "--rebuild")
    #expect(resumed.code == 0, "\(resumed.err)")
    #expect(try await pair.scenario.states() == ["ALPHA:1.1": "complete", "BETA:1.1": "complete"])
    #expect(try pair.merges().count == 2)
    try pair.scenario.expectTidy()
  }

  @Test func approvalsLieInThePlansOwnFolders() async throws {
    let pair = try PlanPair(inside: true)
    let checked: [String: JSONValue] = ["verify": [["shell": "true"]]]
    try pair.write(0, ["1.1": []], extra: checked)
    try pair.write(1, ["1.1": ["ALPHA:1.1"], "2.1": []], extra: checked)
    try pair.scenario.write("\(pair.folders[1])/PLAN_BETA.md", "# PLAN: BETA\n")
    try pair.scenario.sandbox.commit("plans")
    // Only BETA's folder is one of the methodology's.
    #expect(try await pair.run().code == 0)
    let folder = "execution/feedbacks"
    #expect(try pair.scenario.result("plans/BETA/\(folder)/APPROVED_11.md")?.contains("plait run") == true)
    #expect(try pair.scenario.result("plans/BETA/\(folder)/APPROVED_21.md") != nil)
    #expect(try pair.scenario.result("plans/ALPHA/\(folder)/APPROVED_11.md") == nil)
    #expect(try await pair.run("--approve", "auto").code == 0)
    #expect(try pair.scenario.result("plans/ALPHA/\(folder)/APPROVED_11.md") != nil)
    #expect(try await pair.scenario.plait("land").code == 0)
    let again = try await pair.run("--dry-run")
    #expect(again.out.contains("Would run 0 of 3") && again.out.contains("BETA:2.1  not run: complete"), "\(again.out)")
    // A verdict takes the id as a run of several plans says it.
    let verdict = try await pair.scenario.plait("reject", pair.folders[1], "BETA:2.1", "--finding", "wrong")
    #expect(verdict.code == 0 && pair.scenario.exists("\(pair.folders[1])/\(folder)/FIX_21.md"), "\(verdict.err)")
    #expect(try await pair.scenario.plait("skip", pair.folders[1], "ALPHA:2.1").code != 0)
    try pair.scenario.expectTidy()
  }

  @Test func checksSetupsAndGatesAreThoseOfTheOwnPlan() async throws {
    let pair = try PlanPair()
    let log = pair.scenario.place("log")
    func fields(_ name: String) -> [String: JSONValue] {
      [
        "setup": ["shell": .string("echo setup \(name) $PLAIT_ID >> \(log)")],
        "gate": [
          "shell": .string("echo gate \(name) ${PLAIT_PLAN_DIR##*/} $PLAIT_ID >> \(log); test ! -e \(name)-red")
        ],
      ]
    }
    try pair.write(0, ["1.1": []], own: ["1.1": ["validation_script": "check.sh"]], extra: fields("ALPHA"))
    try pair.write(
      1,
      ["1.1": ["ALPHA:1.1"], "1.2": ["1.1"]],
      own: ["1.2": ["worker": ["shell": "touch ALPHA-red"]]],
      extra: fields("BETA")
    )
    try pair.scenario.write("\(pair.folders[0])/check.sh", "echo script $PLAIT_ID >> \(log)\n")
    let ended = try await pair.run("--jobs", "1")
    // What BETA's work breaks for ALPHA does not get onto their branch.
    #expect(ended.code == 1, "\(ended.err)")
    #expect(try pair.merges() == ["Merge ALPHA:1.1: Do 1.1", "Merge BETA:1.1: Do 1.1"])
    let lines = pair.scenario.text(log).split(separator: "\n").map(String.init)
    #expect(
      lines == [
        "setup ALPHA ALPHA:1.1", "script ALPHA:1.1", "gate ALPHA ALPHA ALPHA:1.1", "gate BETA BETA ALPHA:1.1",
        "setup BETA BETA:1.1", "gate ALPHA ALPHA BETA:1.1", "gate BETA BETA BETA:1.1",
        "setup BETA BETA:1.2", "gate ALPHA ALPHA BETA:1.2",
      ]
    )
    let restored = try await pair.scenario.plait("restore", "BETA:1.2")
    #expect(restored.code == 0 && restored.out.contains("/BETA+1.2 is at"), "\(restored.out)\(restored.err)")
    try pair.scenario.expectTidy()
  }

  @Test func aGateThatAllPlansHaveIsRunOnceForEachMerge() async throws {
    let pair = try PlanPair()
    let log = pair.scenario.place("log")
    let gate: [String: JSONValue] = ["gate": ["shell": .string("echo gate >> \(log)")]]
    try pair.write(0, ["1.1": []], extra: gate)
    try pair.write(1, ["1.1": ["ALPHA:1.1"]], extra: gate)
    #expect(try await pair.run().code == 0)
    #expect(pair.scenario.text(log) == "gate\ngate\n")
    let entry = try await pair.scenario.entry("BETA:1.1")
    #expect(entry["id"] == "BETA:1.1" && entry["state"] == "complete")
    // Prompts of the methodology take the id as the run says it, too.
    let prompt = try await pair.scenario.plait("prompt", "execution", pair.folders[1], "BETA:1.1")
    #expect(prompt.code == 0 && prompt.out.contains("1.1"), "\(prompt.err)")
  }

  @Test func aConflictAcrossPlansKeepsTheBranchOfItsOwn() async throws {
    let pair = try PlanPair()
    // Who is merged last has started from a base without the other.
    let write = "touch \(pair.scenario.place("$PLAIT_PLAN")); echo $PLAIT_PLAN > shared"
    try pair.write(
      0,
      ["1.1": []],
      worker: "until test -e \(pair.scenario.place("BETA")); do sleep 0.02; done; \(write)"
    )
    try pair.write(
      1,
      ["1.1": []],
      worker: "\(write); until test -e \(pair.scenario.place("ALPHA")); do sleep 0.02; done"
    )
    let ended = try await pair.run("--jobs", "2")
    #expect(ended.code == 4, "\(ended.err)")
    let branches = try pair.scenario.lines("for-each-ref", "--format=%(refname)", "refs/heads/plait")
    #expect(branches.count == 2 && branches.contains { $0.hasSuffix("+1.1") }, "\(branches)")
    try pair.scenario.expectTidy()
  }

  @Test func onlySomeOfBothInTheBackground() async throws {
    let pair = try PlanPair()
    try pair.write(0, ["1.1": [], "1.2": []])
    try pair.write(1, ["1.1": ["ALPHA:1.1"], "1.2": []])
    let lacking = try await pair.run("--only", "BETA:1.1")
    #expect(
      lacking.code == 64 && lacking.err.contains("BETA:1.1 depends on ALPHA:1.1, which is neither"),
      "\(lacking.err)"
    )
    #expect(try await pair.run("--only", "1.1").code == 64)
    let ended = try await pair.run("--only", "ALPHA:1.1,BETA:1.1", "--detach")
    #expect(ended.code == 0, "\(ended.err)")
    let watched = try await pair.scenario.plait("status", "--watch")
    #expect(watched.code == 0, "\(watched.err)")
    let states = try await pair.scenario.states()
    #expect(states["ALPHA:1.1"] == "complete" && states["BETA:1.1"] == "complete" && states["BETA:1.2"] == "skipped")
    #expect(await eventually { processes(mentioning: pair.scenario.repo).isEmpty })
    try pair.scenario.expectTidy()
  }

  @Test func pairsOfRunsAreComparedAsOfOnePlan() async throws {
    let pair = try PlanPair()
    try pair.write(0, ["1.1": []])
    try pair.write(1, ["1.1": ["ALPHA:1.1"]])
    let ended = try await pair.run("--jobs", "2", "--measure-saving", "1", "--json")
    #expect(ended.code == 0, "\(ended.err)")
    #expect(ended.json["plan"].string == "ALPHA + BETA", "\(ended.out)")
    try pair.scenario.expectTidy()
  }
}

import Foundation
import TestSupport
import Testing

/// Approvals that a run writes, in the commit that merges what they are about.
@Suite(.limited) struct ApprovalTests {
  /// A repository that holds its plan's folder.
  private func scenario(document: Bool = true, settings: JSONValue = [:]) throws -> (Scenario, plan: String) {
    let scenario = try Scenario()
    try scenario.plan(
      ["1.1": [], "1.2": ["1.1"], "1.3": []],
      worker: "test $PLAIT_ACHIEVEMENT = 1.3 || echo x > file-$PLAIT_ACHIEVEMENT",
      own: ["1.2": ["verify": []]],
      settings: settings
    )
    let folder = "work-space/plans/SAMPLE"
    try scenario.sandbox.write("\(folder)/parallel.json", scenario.text(scenario.planPath))
    if document {
      try scenario.sandbox.write("\(folder)/PLAN_SAMPLE.md", "# PLAN: SAMPLE\n\n**Achievement 1.1**: Do 1.1\n")
    }
    try scenario.sandbox.commit("plan")
    return (scenario, folder)
  }

  private let checked: JSONValue = ["verify": [["shell": "true"]]]

  @Test func greenChecksApproveInTheMergeCommit() async throws {
    let (scenario, folder) = try scenario(settings: checked)
    let ended = try await scenario.plait("run", folder)
    #expect(ended.code == 0, "\(ended.err)")
    let path = "\(folder)/execution/feedbacks/APPROVED_11.md"
    let approval = try #require(try scenario.result(path))
    #expect(approval.contains("true") && approval.contains("passed") && approval.contains("plait run"))
    // With the work itself, in its merge and nowhere else.
    let commits = try scenario.lines("log", "--format=%s", scenario.integration(), "--", path)
    #expect(commits == ["Merge 1.1: Do 1.1"])
    #expect(
      try scenario.git("log", "-1", "--format=%P", "\(scenario.integration())~1^{/Merge 1.1}").split(separator: " ")
        .count == 2
    )
    // 1.2 has no check, so nobody approves it; 1.3 changed nothing, and its check was green.
    #expect(try scenario.result("\(folder)/execution/feedbacks/APPROVED_12.md") == nil)
    #expect(try scenario.result("\(folder)/execution/feedbacks/APPROVED_13.md") != nil)
    try scenario.expectTidy()
    // Landed, they are what the next run starts from.
    #expect(try await scenario.plait("land").code == 0)
    let again = try await scenario.plait("run", folder, "--dry-run")
    #expect(again.out.contains("1.1  not run: complete, APPROVED_11.md") && again.out.contains("Would run 1 of 3"))
  }

  @Test func nobodyIsApprovedWhereThatIsLeftToPeople() async throws {
    let (scenario, folder) = try scenario(settings: checked)
    #expect(try await scenario.plait("run", folder, "--approve", "manual").code == 0)
    #expect(try scenario.result("\(folder)/execution/feedbacks/APPROVED_11.md") == nil)
  }

  @Test func onlyAPlanOfTheMethodologyIsApprovedUnasked() async throws {
    let (scenario, folder) = try scenario(document: false, settings: checked)
    #expect(try await scenario.plait("run", folder).code == 0)
    #expect(try scenario.result("\(folder)/execution/feedbacks/APPROVED_11.md") == nil)
    #expect(try await scenario.plait("run", folder, "--approve", "auto").code == 0)
    #expect(try scenario.result("\(folder)/execution/feedbacks/APPROVED_11.md") != nil)
    let outside = try await scenario.run("--approve", "auto")
    #expect(outside.code == 0 && outside.err.contains("nothing is approved"))
  }

  @Test func whatIsApprovedAndNotLandedIsNotBuiltOn() async throws {
    let (scenario, folder) = try scenario(settings: checked)
    #expect(try await scenario.plait("run", folder, "--approve", "manual", "--only", "1.1").code == 0)
    #expect(try await scenario.plait("approve", folder, "1.1").code == 0)
    let refused = try await scenario.plait("run", folder, "--only", "1.3")
    #expect(refused.code == 64 && refused.errors.count == 1, "\(refused.err)")
    #expect(refused.err.contains("1.1 is approved in \(folder)/execution/feedbacks/APPROVED_11.md, which "))
    // With the result in it, the base is one to build on; so is one that has the approval.
    let integration = try scenario.integration()
    let based = try await scenario.plait("run", folder, "--only", "1.3", "--base", integration, "--dry-run")
    #expect(based.code == 0, "\(based.err)")
    #expect(try await scenario.plait("land").code == 0)
    let landed = try await scenario.plait("run", folder, "--only", "1.3")
    #expect(landed.code == 0, "\(landed.err)")
    try scenario.git("reset", "-q", "--hard", "HEAD~1")
    #expect(try await scenario.plait("run", folder, "--only", "1.3").code == 64)
    try scenario.sandbox.commit("approved")
    #expect(try await scenario.plait("run", folder, "--only", "1.3").code == 0)
  }

  @Test func theMenuOffersToLandWhatTheRunApproved() async throws {
    let (scenario, folder) = try scenario(settings: checked)
    #expect(try await scenario.plait("run", folder).code == 0)
    let terminal = try PseudoTerminal([PlaitProgram.path, "menu", folder], in: scenario.repo)
    #expect(await terminal.shows("0 of 3 complete, 1 to review, 2 to land"), "\(terminal.text)")
    terminal.send("l")
    terminal.send("y")
    #expect(await terminal.shows("Press a key to go back."), "\(terminal.text)")
    #expect(await eventually { terminal.isRaw })
    let mark = terminal.mark
    terminal.send(" ")
    #expect(await terminal.shows("2 of 3 complete, 1 to review", after: mark), "\(terminal.text)")
    terminal.send("q")
    #expect(await terminal.end() == (0, nil))
  }

  @Test func aRedCheckApprovesNothing() async throws {
    let (scenario, folder) = try scenario(settings: ["verify": [["shell": "test $PLAIT_ACHIEVEMENT != 1.1"]]])
    #expect(try await scenario.plait("run", folder).code == 1)
    #expect(try scenario.result("\(folder)/execution/feedbacks/APPROVED_11.md") == nil)
    #expect(try scenario.result("\(folder)/execution/feedbacks/APPROVED_13.md") != nil)
  }

  @Test func aResumedRunGoesOnApproving() async throws {
    let (scenario, folder) = try scenario(settings: checked)
    let go = scenario.place("go")
    let line = "test $PLAIT_ACHIEVEMENT != 1.1 -o -e \(go) && echo x > file-$PLAIT_ACHIEVEMENT"
    #expect(try await scenario.plait("run", folder, "--", "sh", "-c", line).code == 1)
    try scenario.write(go, "")
    #expect(try await scenario.plait("resume", "--retry-failed").code == 0)
    #expect(try scenario.result("\(folder)/execution/feedbacks/APPROVED_11.md") != nil)
  }
}

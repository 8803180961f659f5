import Foundation
import TestSupport
import Testing

/// `plait status PLAN`: what the files say, what contradicts them, and parallel.json brought up to it.
@Suite(.limited) struct PlanStatusTests {
  private static let plan = """
    {
      "plan_name": "SAMPLE", "parallelization_level": "level_3",
      "worker": {"shell": "echo x > out-$PLAIT_ACHIEVEMENT; test $PLAIT_ACHIEVEMENT != 1.2"},
      "achievements": [
        {"achievement_id": "1.1",   "title": "First",  "status": "not_started", "dependencies": []},
        {"achievement_id": "1.2",\t"title": "Second", "dependencies": [],
          "status"   :   "complete"},
        {"achievement_id": "1.3",   "title": "Third",  "status": "skipped", "dependencies": []}
      ]   }

    """

  private func demo() throws -> Scenario {
    let scenario = try Scenario()
    try scenario.write(scenario.planPath, Self.plan)
    return scenario
  }

  @Test func contradictionsAreNamedAndNotResolved() async throws {
    let scenario = try demo()
    #expect(try await scenario.plait("run", scenario.planPath).code == 1)
    try scenario.write("\(scenario.planFolder)/execution/feedbacks/APPROVED_12.md", "")
    try scenario.write("\(scenario.planFolder)/execution/feedbacks/FIX_12.md", "")
    try scenario.write("\(scenario.planFolder)/execution/feedbacks/APPROVED_77.md", "")
    let status = try await scenario.plait("status", scenario.planFolder)
    #expect(status.code == 0, "\(status.err)")
    #expect(status.out.hasPrefix("SAMPLE: 1 complete, 2 not_started\n"), "\(status.out)")
    for line in [
      "the run merged 1.1, and nothing approves it yet: it waits for a review",
      "1.2 has both APPROVED_12.md and FIX_12.md; the approval counts",
      "1.2 failed in the run, and APPROVED_12.md approves it",
      "parallel.json says that 1.3 is skipped, the files say", "APPROVED_77.md is about no achievement of SAMPLE",
    ] { #expect(status.out.contains("  \(line)"), "\(status.out)") }
    let json = try await scenario.json("status", scenario.planPath, "--json")
    #expect(Schemas().findings(in: json, by: "plan-status") == [])
    #expect(json["contradictions"].items.count == 6 && json["run"].string != nil && json["written"] == .null)
    #expect(scenario.text(scenario.planPath) == Self.plan)
  }

  @Test func whatOnlyLeftOutIsNoSkip() async throws {
    let scenario = try demo()
    #expect(try await scenario.plait("run", scenario.planPath, "--only", "1.1").code == 0)
    let status = try await scenario.plait("status", scenario.planFolder)
    #expect(status.code == 0 && !status.out.contains("the run skipped"), "\(status.out)")
    #expect(status.out.contains("the run merged 1.1, and nothing approves it yet"), "\(status.out)")
  }

  @Test func writingBackKeepsEverythingElse() async throws {
    let scenario = try demo()
    try scenario.write("\(scenario.planFolder)/execution/feedbacks/APPROVED_11.md", "")
    let written = try await scenario.plait("status", scenario.planFolder, "--write-back", "--json")
    #expect(written.code == 0, "\(written.err)")
    #expect(Schemas().findings(in: written.json, by: "plan-status") == [])
    #expect(written.json["written"].strings == ["1.1", "1.2", "1.3"])
    let expected = Self.plan.replacingOccurrences(of: "\"not_started\"", with: "\"COMPLETE\"")
      .replacingOccurrences(of: "\"complete\"", with: "\"not_started\"")
      .replacingOccurrences(of: "\"skipped\"", with: "\"not_started\"")
      .replacingOccurrences(of: "COMPLETE", with: "complete")
    #expect(scenario.text(scenario.planPath) == expected)
    let again = try await scenario.plait("status", scenario.planFolder, "--write-back")
    #expect(again.out.hasSuffix("Nothing contradicts that.\n0 statuses written into \(scenario.planPath).\n"))
    #expect(scenario.text(scenario.planPath) == expected)
  }

  @Test func whatCantBeDoneIsSaid() async throws {
    let scenario = try demo()
    for arguments in [["--write-back"], [scenario.planPath, "--watch"], ["20260102-030405-abc", "--write-back"]] {
      let ended = try await scenario.start(["status"] + arguments).end()
      #expect(ended.code == 64 && scenario.text(scenario.planPath) == Self.plan, "\(ended.err)")
    }
    let unknown = try await scenario.plait("status", "nope")
    #expect(unknown.code == 66 && unknown.err.contains("no run and no plan is called 'nope'"), "\(unknown.err)")
    let missing = try await scenario.plait("status", "@NOPE")
    #expect(missing.code == 66 && missing.errors.count == 1)
    guard getuid() != 0 else { return }
    chmod(scenario.planFolder, 0o555)
    let refused = try await scenario.plait("status", scenario.planFolder, "--write-back")
    chmod(scenario.planFolder, 0o755)
    #expect(refused.code != 0 && refused.errors.count == 1 && scenario.text(scenario.planPath) == Self.plan)
  }
}

import Foundation
import TestSupport
import Testing

/// `plait archive`: one commit that moves what is done, and that a revert takes back.
@Suite(.limited) struct ArchiveCommandTests {
  private let schemas = Schemas()

  /// A committed plan folder with two achievements, of which the first is complete.
  private func demo() throws -> Scenario {
    let scenario = try Scenario()
    try scenario.plan(["1.1": [], "2.1": ["1.1"]], worker: "true")
    let folder = folder(scenario)
    try scenario.write("\(folder)/parallel.json", scenario.text(scenario.planPath))
    for file in [
      "PLAN_SAMPLE.md", "subplans/SUBPLAN_SAMPLE_11.md", "subplans/SUBPLAN_SAMPLE_21.md",
      "execution/EXECUTION_TASK_SAMPLE_11_01.md", "execution/feedbacks/APPROVED_11.md",
    ] { try scenario.write("\(folder)/\(file)", "\(file)\n") }
    try scenario.sandbox.commit("plan")
    return scenario
  }

  private func folder(_ scenario: Scenario) -> String { "\(scenario.repo)/work-space/plans/SAMPLE" }

  private func tree(_ scenario: Scenario) throws -> String { try scenario.git("rev-parse", "HEAD^{tree}") }

  private func json(_ ended: Ended) -> JSONValue {
    #expect(schemas.findings(in: ended.json, by: "archive") == [], "\(ended.err)")
    return ended.json
  }

  @Test func whatIsDoneMovesInOneCommitAndARevertTakesItBack() async throws {
    let scenario = try demo()
    let (before, files) = (try tree(scenario), try scenario.checkout())
    let dry = try await scenario.plait("archive", "@SAMPLE", "--dry-run", "--json")
    let listed = json(dry)
    #expect(dry.code == 0 && listed["is_dry_run"] == true && listed["commit"] == .null)
    #expect(listed["moved"].items.count == 2 && listed["left"].items.count == 4)
    #expect(try scenario.checkout() == files)
    let done = try await scenario.plait("archive", "@SAMPLE", "--json", in: folder(scenario))
    #expect(done.code == 0, "\(done.err)")
    let report = json(done)
    let head = try scenario.git("rev-parse", "HEAD")
    #expect(report["branch"] == "main" && report["commit"].string == head)
    let place = "\(scenario.repo)/\(report["destination"].string ?? "")"
    #expect(scenario.text("\(place)/subplans/SUBPLAN_SAMPLE_11.md") == "subplans/SUBPLAN_SAMPLE_11.md\n")
    #expect(scenario.text("\(place)/INDEX.md").hasPrefix("# Archive of SAMPLE\n"))
    #expect(scenario.exists("\(folder(scenario))/subplans/SUBPLAN_SAMPLE_21.md"))
    #expect(try scenario.git("log", "-1", "--format=%s") == "Archive SAMPLE")
    #expect(try scenario.git("status", "--porcelain").isEmpty)
    let again = try await scenario.plait("archive", "@SAMPLE")
    #expect(again.code == 0 && again.out.hasSuffix("nothing to move: 4 left\n"))
    try scenario.git("revert", "--no-edit", "HEAD")
    #expect(try tree(scenario) == before)
    #expect(try scenario.git("status", "--porcelain").isEmpty)
  }

  @Test func aWholePlanGoesAndKeepsItsStatusThere() async throws {
    let scenario = try demo()
    try scenario.write("\(folder(scenario))/execution/feedbacks/APPROVED_21.md", "")
    try scenario.sandbox.commit("approved")
    let done = try await scenario.plait("archive", "work-space/plans/SAMPLE")
    #expect(done.code == 0 && done.out.contains("7 moved to documentation/archive/sample-"), "\(done.out)\(done.err)")
    #expect(!scenario.exists(folder(scenario)))
    let place = "\(scenario.repo)/\(try scenario.git("ls-files", "*/parallel.json"))"
    #expect(try await scenario.plait("validate", place).code == 0)
  }

  @Test func onlyWhatMatches() async throws {
    let scenario = try demo()
    let done = try await scenario.plait("archive", "@SAMPLE", "--match", "SUBPLAN_*")
    #expect(done.code == 0 && done.out.contains("1 moved to "), "\(done.out)\(done.err)")
    #expect(scenario.exists("\(folder(scenario))/execution/EXECUTION_TASK_SAMPLE_11_01.md"))
  }

  @Test func whatCouldNotBeUndoneIsRefused() async throws {
    let scenario = try demo()
    func refuses(_ words: String, code: Int32 = 4, sourceLocation: SourceLocation = #_sourceLocation) async throws {
      let before = try scenario.git("status", "--porcelain", "-uall", "--ignored")
      for arguments in [["archive", "@SAMPLE"], ["archive", "@SAMPLE", "--dry-run"]] {
        let ended = try await scenario.start(arguments).end()
        #expect(ended.code == code && ended.errors.count == 1, "\(ended.err)", sourceLocation: sourceLocation)
        #expect(ended.err.contains(words), "\(ended.err)", sourceLocation: sourceLocation)
      }
      #expect(
        try scenario.git("status", "--porcelain", "-uall", "--ignored") == before,
        sourceLocation: sourceLocation
      )
    }
    try scenario.write("\(scenario.repo)/README.md", "staged\n")
    try scenario.git("add", "README.md")
    try await refuses("changes are staged")
    try scenario.git("reset", "-q", "--hard")
    try scenario.write("\(folder(scenario))/subplans/SUBPLAN_SAMPLE_11.md", "changed\n")
    try await refuses("SUBPLAN_SAMPLE_11.md has changes that are not committed")
    try scenario.git("reset", "-q", "--hard")
    try scenario.write("\(folder(scenario))/execution/EXECUTION_TASK_SAMPLE_11_02.md", "new\n")
    try await refuses("EXECUTION_TASK_SAMPLE_11_02.md is not in git")
    try scenario.git("clean", "-qfd")
    let dry = try await scenario.plait("archive", "@SAMPLE", "--dry-run", "--json")
    let target = dry.json["moved"][0]["to"].string ?? "x"
    try scenario.write("\(scenario.repo)/\(target)", "someone's\n")
    try await refuses("is in the archive already", code: 64)
    #expect(scenario.text("\(scenario.repo)/\(target)") == "someone's\n")
    try scenario.git("clean", "-qfd")
    try scenario.write("\(scenario.root)/outside/parallel.json", scenario.text(scenario.planPath))
    let outside = try await scenario.plait("archive", "\(scenario.root)/outside")
    #expect(outside.code == 64 && outside.errors.first?.contains("is in no git repository") == true, "\(outside.err)")
  }

  @Test func notWhileARunWorksOnThePlan() async throws {
    let scenario = try demo()
    let go = scenario.place("go")
    let plan = scenario.text(scenario.planPath).replacingOccurrences(
      of: "\"true\"",
      with: "\"test $PLAIT_ACHIEVEMENT = 2.1 && mkfifo \(go) && read x < \(go); true\""
    )
    try scenario.write("\(folder(scenario))/parallel.json", plan)
    let run = try scenario.start(["run", "@SAMPLE"])
    #expect(await eventually { scenario.exists(go) })
    let refused = try await scenario.plait("archive", "@SAMPLE")
    #expect(refused.code == 9 && refused.err.contains("works on this plan"), "\(refused.err)")
    try Program.run(["sh", "-c", "echo > \(go)"], in: scenario.root)
    #expect(await run.end().code == 0)
  }
}

import Foundation
import TestSupport
import Testing

/// `plait subplans --fill`: the files are the work of a run, and land like any other.
@Suite(.limited) struct FillTests {
  /// Writes into every file that it may change.
  private static let worker = """
    for file in $(sed -n 's/^- `\\(work-space.*md\\)`$/\\1/p' $PLAIT_PROMPT | sort -u); do \
    mkdir -p $(dirname $file); echo "by a worker for $PLAIT_ACHIEVEMENT" > $file; done
    """

  private func demo() throws -> Scenario {
    let scenario = try Scenario()
    try scenario.plan(
      ["1.1": [], "1.2": [], "2.1": ["1.1"]],
      own: ["1.1": ["worker": ["shell": .string(Self.worker), "retries": 0, "env": ["K": "V"]]]],
      settings: ["worker": ["shell": .string(Self.worker), "timeout": 60]]
    )
    try scenario.write("\(folder(scenario))/parallel.json", scenario.text(scenario.planPath))
    try scenario.sandbox.commit("plan")
    return scenario
  }

  private func folder(_ scenario: Scenario) -> String { "\(scenario.repo)/work-space/plans/SAMPLE" }

  @Test func workersWriteWhatIsMissing() async throws {
    let scenario = try demo()
    let before = try scenario.checkout()
    let dry = try await scenario.plait("subplans", "@SAMPLE", "--fill", "--dry-run")
    #expect(
      dry.code == 0 && dry.err.contains("to fill: work-space/plans/SAMPLE/subplans/SUBPLAN_SAMPLE_11.md"),
      "\(dry.err)"
    )
    let filled = try await scenario.plait("subplans", "@SAMPLE", "--fill", "-j", "2", "--json")
    #expect(filled.code == 0, "\(filled.err)")
    #expect(filled.json["schema"] == "plait.report/1" && filled.json["plan"] == "SAMPLE-SUBPLANS")
    #expect(try scenario.checkout() == before)
    #expect(try await scenario.plait("land").code == 0)
    let path = "\(folder(scenario))/subplans/SUBPLAN_SAMPLE_12.md"
    #expect(scenario.text(path) == "by a worker for 1.2\n")
    #expect(try scenario.git("status", "--porcelain").isEmpty)
    let again = try await scenario.plait("subplans", "@SAMPLE", "--fill")
    #expect(again.code == 0 && again.out == "nothing to fill: 2 there already\n", "\(again.out)")
    let tasks = try await scenario.plait("executions", "@SAMPLE", "--fill")
    #expect(tasks.code == 0, "\(tasks.err)")
    #expect(try scenario.result("work-space/plans/SAMPLE/execution/EXECUTION_TASK_SAMPLE_11_01.md") != nil)
    try scenario.expectTidy()
  }

  @Test func whatNobodyHasFilledIsFilledOnceItIsCommitted() async throws {
    let scenario = try demo()
    #expect(try await scenario.plait("subplans", "@SAMPLE", "--ids", "1.1").code == 0)
    let refused = try await scenario.plait("subplans", "@SAMPLE", "--fill")
    #expect(refused.code == 4 && refused.errors.count == 1, "\(refused.err)")
    #expect(refused.err.contains("SUBPLAN_SAMPLE_11.md is not in git: commit first"), "\(refused.err)")
    try scenario.sandbox.commit("blank")
    // A worker that leaves the text of the template has filled nothing.
    let idle = try await scenario.plait("subplans", "@SAMPLE", "--fill", "--ids", "1.1", "--", "true")
    #expect(idle.code == 1 && idle.err.contains("cksum"), "\(idle.err)")
    let filled = try await scenario.plait("subplans", "@SAMPLE", "--fill")
    #expect(filled.code == 0, "\(filled.err)")
    #expect(try scenario.result("work-space/plans/SAMPLE/subplans/SUBPLAN_SAMPLE_11.md") == "by a worker for 1.1")
  }

  @Test func whatCantBeFilledIsSaid() async throws {
    let scenario = try demo()
    let outside = try await scenario.plait("subplans", scenario.planPath, "--fill")
    #expect(outside.code == 64 && outside.err.contains("is in no git repository"), "\(outside.err)")
    let idle = try await scenario.plait("subplans", "@SAMPLE", "--jobs", "2")
    #expect(idle.code == 64)
    let tasks = try await scenario.plait("executions", "@SAMPLE", "--fill", "--ids", "1.1")
    #expect(tasks.code == 1 && tasks.err.contains("1.1: refused, SUBPLAN_SAMPLE_11.md is missing"), "\(tasks.err)")
  }
}

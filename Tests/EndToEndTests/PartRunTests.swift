import Foundation
import TestSupport
import Testing

/// Sub-executions, with the real program on a real repository.
@Suite(.limited) struct PartRunTests {
  private func scenario(check: String, second: String = "true") throws -> Scenario {
    let scenario = try Scenario()
    let parts: JSONValue = [
      ["execution_id": "1.1.1", "estimated_hours": 1],
      ["execution_id": "1.1.2", "worker": ["shell": .string("pwd > part-1.1.2; \(second)")]],
    ]
    try scenario.plan(
      ["1.1": [], "2.1": ["1.1"]],
      worker: "pwd > part-$PLAIT_ACHIEVEMENT",
      own: ["1.1": ["sub_executions": parts, "verify": [["shell": .string(check)]]]]
    )
    return scenario
  }

  /// Both parts wait for each other to have begun, so that they run at the same time or not at all.
  @Test func partsRunSideBySideInWorktreesOfTheirOwnAndTheWholeIsCheckedOnBoth() async throws {
    let scenario = try Scenario()
    let both = """
      pwd > part-$PLAIT_ACHIEVEMENT; touch \(scenario.place("begun"))-$PLAIT_ACHIEVEMENT; i=0
      until test -e \(scenario.place("begun"))-1.1.1 -a -e \(scenario.place("begun"))-1.1.2; do
        i=$((i+1)); test $i -lt 500 || exit 1; sleep 0.02
      done
      """
    try scenario.plan(
      ["1.1": [], "2.1": ["1.1"]],
      worker: both,
      own: [
        "1.1": [
          "sub_executions": [["execution_id": "1.1.1"], ["execution_id": "1.1.2"]],
          "verify": [["shell": .string("cat part-1.1.1 part-1.1.2 > \(scenario.place("checked"))")]],
        ],
        "2.1": ["worker": ["shell": "cat part-1.1.1 part-1.1.2 > after"]],
      ]
    )
    let before = try scenario.checkout()
    let ended = try await scenario.run("--jobs", "2")
    #expect(ended.code == 0, "\(ended.err)")
    let places = [try scenario.result("part-1.1.1"), try scenario.result("part-1.1.2")]
    #expect(Set(places.compactMap { $0 }).count == 2)
    let checked = scenario.text(scenario.place("checked")).split(separator: "\n").map(String.init)
    #expect(checked == places, "its check saw what both had made")
    #expect(try scenario.result("after")?.split(separator: "\n").count == 2)
    #expect(try scenario.checkout() == before)
    try scenario.expectTidy()
    try await scenario.expectClosedLedger()
  }

  @Test func aRedCheckOfTheWholeOrAFailedPartBlocksWhatDependsOnIt() async throws {
    let red = try scenario(check: "test ! -e part-1.1.2")
    #expect(try await red.run("--jobs", "2").code == 1)
    #expect(
      try await red.states() == ["1.1.1": "complete", "1.1.2": "complete", "1.1": "failed", "2.1": "blocked"]
    )
    let part = try scenario(check: "true", second: "exit 1")
    #expect(try await part.run("--jobs", "2").code == 1)
    #expect(
      try await part.states() == ["1.1.1": "complete", "1.1.2": "failed", "1.1": "blocked", "2.1": "blocked"]
    )
    try part.expectTidy()
  }

  /// What the plan folder says of an achievement it says of its parts.
  @Test func partsOfWhatIsApprovedAreNotRunAgain() async throws {
    let scenario = try scenario(check: "true")
    try scenario.write("\(scenario.planFolder)/execution/feedbacks/APPROVED_11.md", "")
    #expect(try await scenario.run("--jobs", "2").code == 0)
    let entry = try await scenario.entry("1.1.1")
    #expect(entry["state"].string == "complete" && entry["attempts"].items.isEmpty)
    #expect(try scenario.result("part-1.1.1") == nil && scenario.result("part-2.1") != nil)
  }
}

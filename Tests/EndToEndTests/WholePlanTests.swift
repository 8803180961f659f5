import Foundation
import TestSupport
import Testing

/// A plan as large as real ones, from its file to the merged result.
@Suite(.limited) struct WholePlanTests {
  /// 24 achievements in seven priorities, with chains, forks and joins.
  private static let dependencies: KeyValuePairs<String, [String]> = [
    "0.1": [], "0.2": ["0.1"], "1.1": [], "1.2": ["1.1"], "1.3": ["1.1", "0.1"], "2.1": ["0.2"], "2.2": ["2.1"],
    "2.3": ["2.2", "1.2"], "2.4": ["2.1"], "3.1": ["2.3"], "3.2": ["2.3"], "3.3": ["1.3"], "3.4": ["3.3"],
    "4.1": ["2.4"], "4.2": ["4.1", "3.4"], "4.3": [], "4.4": ["4.3"], "5.1": ["4.2"], "5.2": ["5.1", "3.1"],
    "5.3": ["4.4"], "5.4": ["5.3"], "6.1": ["3.2", "5.2"], "6.2": ["5.4"], "6.3": ["6.1", "6.2"],
  ]

  private let worker = """
    echo "base of $PLAIT_ACHIEVEMENT"; mkdir -p bases work
    echo "$PLAIT_BASE" > "bases/$PLAIT_ACHIEVEMENT"
    test "$(git rev-parse HEAD)" = "$PLAIT_BASE" || exit 3
    echo "line of $PLAIT_ACHIEVEMENT" >> "work/$PLAIT_ACHIEVEMENT.txt"
    """

  @Test func everyBaseContainsItsDependencies() async throws {
    let scenario = try Scenario()
    for number in 0..<200 { try scenario.sandbox.write("lib/\(number % 10)/\(number).txt", "\(number)\n") }
    try scenario.sandbox.commit("many files")
    try scenario.sandbox.write("lib/untracked.txt", "mine\n")
    try scenario.sandbox.write("README.md", "being edited\n")
    try scenario.plan(Self.dependencies, worker: worker)
    let before = try scenario.checkout()
    let ended = try await scenario.run("--jobs", "8")
    #expect(ended.code == 0, "\(ended.err)")
    #expect(try scenario.checkout() == before)
    let tip = try scenario.integration()
    let merges = try scenario.lines(
      "log",
      "--merges",
      "--format=%H %(trailers:key=Plait-Achievement,valueonly,separator=)",
      "main..\(tip)"
    )
    #expect(merges.count == 24)
    let mergeOf = Dictionary(
      uniqueKeysWithValues: merges.map { line in
        let parts = line.split(separator: " ")
        return (String(parts[1]), String(parts[0]))
      }
    )
    for (id, needed) in Self.dependencies {
      let base = try #require(try scenario.result("bases/\(id)"))
      for dependency in needed {
        let merge = try #require(mergeOf[dependency])
        #expect(throws: Never.self) { try scenario.git("merge-base", "--is-ancestor", merge, base) }
      }
      #expect(try scenario.result("work/\(id).txt") == "line of \(id)")
    }
    #expect(try scenario.result("README.md") == "a sandbox")
    #expect(try scenario.lines("diff", "--name-only", "main", tip).count == 48)
    try await scenario.expectClosedLedger()
    try scenario.expectTidy()
    try await landAndClean(scenario)
  }

  private func landAndClean(_ scenario: Scenario) async throws {
    #expect(try await scenario.plait("clean").out.contains("kept refs/heads/plait/"))
    try scenario.git("checkout", "--quiet", "README.md")
    #expect(try await scenario.plait("land").code == 0)
    let cleaned = try await scenario.plait("clean")
    #expect(cleaned.code == 0 && cleaned.out.contains("landed"))
    #expect(try scenario.lines("for-each-ref", "refs/heads/plait", "refs/plait").isEmpty)
    #expect(try scenario.git("status", "--porcelain") == "?? lib/untracked.txt")
    try scenario.expectTidy()
  }

  /// What follows every worker (looking for processes it left behind) must not be felt.
  @Test func fortyWorkersThatDoNothingTakeSeconds() async throws {
    let scenario = try Scenario()
    let ids = (1...40).map { "1.\($0)" }
    let items = ids.map { JSONValue.object(["achievement_id": .string($0), "title": "no", "dependencies": []]) }
    try scenario.write(
      scenario.planPath,
      JSONValue.object([
        "plan_name": "N", "parallelization_level": "level_2", "worker": ["command": ["true"]],
        "achievements": .array(items),
      ]).text
    )
    let ended = try await scenario.run("--jobs", "2", "--json")
    #expect(ended.code == 0)
    #expect(try #require(ended.json["totals"]["wall_seconds"].number) < 8)
    #expect(ended.json["counts"]["complete"] == 40)
  }

  @Test func aBudgetThatWasAskedForAndIsExceededGivesThree() async throws {
    let scenario = try Scenario()
    try scenario.plan(["1.1": []], worker: "echo a > a")
    #expect(try await scenario.run("--overhead-budget", "0.01%").code == 3)
    #expect(try await scenario.run().code == 0)
  }

  @Test func approvedOnesAreNotRunAgainAndSkippedOnesBlockUntilWaived() async throws {
    let scenario = try Scenario()
    let rows: KeyValuePairs<String, [String]> = [
      "1.1": [], "1.2": ["1.1"], "1.3": [], "1.4": ["1.3"], "1.5": [], "1.6": ["1.5"],
    ]
    try scenario.plan(rows, worker: "echo x > $PLAIT_ACHIEVEMENT", own: ["1.5": ["waived": true]])
    try scenario.write("\(scenario.planFolder)/execution/feedbacks/APPROVED_11.md", "fine\n")
    try scenario.write("\(scenario.planFolder)/execution/SKIPPED_13.md", "not now\n")
    try scenario.write("\(scenario.planFolder)/execution/SKIPPED_15.md", "never\n")
    let forecast = try await scenario.run("--dry-run")
    #expect(forecast.code == 0 && forecast.out.contains("1.1  not run: complete"))
    #expect(try scenario.lines("for-each-ref", "refs/heads/plait").isEmpty)
    #expect(try await scenario.run().code == 1)
    let states = try await scenario.states()
    #expect(
      states == [
        "1.1": "complete", "1.2": "complete", "1.3": "skipped", "1.4": "blocked", "1.5": "skipped", "1.6": "complete",
      ]
    )
    #expect(try scenario.result("1.1") == nil)
    #expect(try scenario.result("1.2") == "x")
    #expect(try await scenario.plait("explain", "1.4").out.contains("1.3"))
    #expect(try await scenario.json("report", "--json")["complete_before"] == 1)
  }

  @Test func subExecutionsRunAsPartsOfTheirAchievement() async throws {
    let scenario = try Scenario()
    let parts: JSONValue = [
      ["execution_id": "1.1.1", "title": "a", "status": "not_started", "dependencies": []],
      ["execution_id": "1.1.2", "title": "b", "status": "not_started", "dependencies": []],
    ]
    try scenario.plan(
      ["1.1": [], "1.2": ["1.1"]],
      worker: "ls > seen-$PLAIT_ACHIEVEMENT; echo x > $PLAIT_ACHIEVEMENT",
      own: ["1.1": ["sub_executions": parts]]
    )
    let ended = try await scenario.run()
    #expect(ended.code == 0, "\(ended.err)")
    let seen = try #require(try scenario.result("seen-1.2"))
    #expect(seen.contains("1.1.1") && seen.contains("1.1.2"))
  }
}

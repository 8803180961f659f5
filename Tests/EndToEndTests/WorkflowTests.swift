import Foundation
import TestSupport
import Testing

/// Every folder of `Workflows/`, as a user would run it.
@Suite(.limited) struct WorkflowTests {
  private static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Workflows").path

  private struct Expectation {
    let code: Int32
    let states: [String: Int]
    /// Files of the result and what they hold.
    let files: [String: String]
    /// The folders of its plans, when there are several.
    var plans: [String] = []
    /// How many results are merged; nil: all that is complete.
    var merges: Int?
    /// What its README adds to the command line.
    var arguments: [String] = []
  }

  /// The shortest of the three trips that pass their checks.
  private static let directions =
    "# The trip\n\n"
    + [1, 14, 17, 18, 23, 15, 11, 9, 13, 2, 19, 16, 4, 22, 6, 12, 8, 3, 10, 7, 21, 24, 20, 5].map {
      "1. Go to place \($0)"
    }.joined(separator: "\n")

  private static let expectations: [String: Expectation] = [
    "cross-plan": Expectation(
      code: 0,
      states: ["complete": 5],
      files: ["library/speed.txt": "km/h 0.27778\nkm/s 1000.00000\nm/h 0.00028\nm/s 1.00000"],
      plans: ["library", "manual"]
    ),
    "diamond": Expectation(code: 0, states: ["complete": 4], files: ["diamond/variance.txt": "833.25"]),
    "failing-branch": Expectation(code: 1, states: ["complete": 3, "failed": 1, "blocked": 2], files: [:]),
    "iteration": Expectation(
      code: 0,
      states: ["complete": 6, "failed": 1],
      files: ["tour/directions.md": directions],
      merges: 3
    ),
    "merge-conflict": Expectation(code: 4, states: ["complete": 3, "failed": 1, "blocked": 1], files: [:]),
    "parallel-execution-automation": Expectation(code: 0, states: ["complete": 9], files: [:]),
    "phase": Expectation(
      code: 0,
      states: ["complete": 8],
      files: ["phase/report.md": "# Four weeks\n\nThe average is 16.500000."],
      merges: 7
    ),
    "priority-tier": Expectation(
      code: 0,
      states: ["complete": 6],
      files: [
        "notes/2.2.md": "A smaller download\nfound: 3 0", "notes/3.1.md": "Nicer colours\nfound: 3 2",
      ],
      arguments: ["--tiers"]
    ),
    "wide": Expectation(code: 0, states: ["complete": 14], files: [:]),
  ]

  @Test func everyWorkflowIsExpected() throws {
    let found = try FileManager.default.contentsOfDirectory(atPath: Self.folder).filter { !$0.hasPrefix(".") }
    #expect(Set(found) == Set(Self.expectations.keys))
  }

  @Test(arguments: expectations.keys.sorted())
  func runsAsItsReadmeSays(_ name: String) async throws {
    let expected = try #require(Self.expectations[name])
    let scenario = try Scenario()
    let before = try scenario.checkout()
    let folder = "\(Self.folder)/\(name)"
    let plans = expected.plans.isEmpty ? [folder] : expected.plans.map { "\(folder)/\($0)" }
    let ended = try await scenario.start(
      ["run"] + plans + ["--jobs", "3"] + expected.arguments,
      environment: ["PLAIT_SCALE": "0.01"]
    ).end()
    #expect(ended.code == expected.code, "\(ended.err)")
    #expect(try scenario.checkout() == before)
    let states = Dictionary(grouping: try await scenario.states().values) { $0 }.mapValues(\.count)
    #expect(states == expected.states)
    for (file, content) in expected.files { #expect(try scenario.result(file) == content) }
    let merges = try scenario.lines("log", "--merges", "--format=%s", "main..\(scenario.integration())")
    #expect(merges.count == expected.merges ?? expected.states["complete"])
    try await scenario.expectClosedLedger()
    try scenario.expectTidy()
  }
}

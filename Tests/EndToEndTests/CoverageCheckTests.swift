import Foundation
import TestSupport
import Testing

/// `verify: [{"coverage": …}]`: a run that looks at the report which a step before has written.
@Suite(.limited) struct CoverageCheckTests {
  @Test func whatIsBelowIsNotMergedAndThePercentageIsShown() async throws {
    let scenario = try Scenario()
    let report = "printf 'SF:a\\nDA:1,1\\nDA:2,1\\nDA:3,0\\nend_of_record\\n' > cov/lcov.info"
    func verify(_ min: Double, _ path: String = "cov/lcov.info") -> JSONValue {
      [
        "verify": [
          ["shell": .string("mkdir -p cov; \(report)")], ["coverage": ["report": .string(path), "min": .number(min)]],
        ]
      ]
    }
    try scenario.plan(
      ["1.1": [], "1.2": [], "1.3": []],
      worker: "echo x > out-$PLAIT_ACHIEVEMENT",
      own: ["1.1": verify(66.6), "1.2": verify(66.7), "1.3": verify(1, "no/such.xml")]
    )
    #expect(try await scenario.plait("validate", scenario.planPath).code == 0)
    #expect(try await scenario.run().code == 1)
    #expect(try await scenario.states() == ["1.1": "complete", "1.2": "failed", "1.3": "failed"])
    let low = try await scenario.plait("explain", "1.2")
    #expect(low.out.contains("coverage of at least 66.7 % in cov/lcov.info"), "\(low.out)")
    #expect(low.out.replacingOccurrences(of: "\n", with: " ").contains("66.66 %"), "\(low.out)")
    let missing = try await scenario.plait("explain", "1.3")
    #expect(missing.out.contains("no/such.xml does not exist"), "\(missing.out)")
    #expect(try scenario.result("out-1.1") == "x" && scenario.result("out-1.2") == nil)
    let approved = try await scenario.plait("approve", scenario.planPath, "1.1")
    #expect(approved.code == 0)
    let text = scenario.text("\(scenario.planFolder)/execution/feedbacks/APPROVED_11.md")
    #expect(text.contains("coverage of at least 66.6 % in cov/lcov.info: 66.66 % (2 of 3 lines)"), "\(text)")
  }
}

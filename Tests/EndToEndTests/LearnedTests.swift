import Foundation
import TestSupport
import Testing

/// What a run took is known to the next one.
@Suite(.limited) struct LearnedTests {
  private let schemas = Schemas()

  private func scenario() throws -> Scenario {
    let scenario = try Scenario()
    try scenario.plan(
      ["1.1": [], "2.1": ["1.1"], "2.2": ["1.1"]],
      worker: "sleep 0.4; echo x > $PLAIT_ACHIEVEMENT",
      own: ["1.1": ["estimated_hours": 1], "2.1": ["estimated_hours": 3]]
    )
    return scenario
  }

  @Test func theSecondForecastIsNearer() async throws {
    let scenario = try scenario()
    let words = ["run", scenario.planPath, "--dry-run", "--json", "--jobs", "2"]
    func forecast() async throws -> JSONValue {
      let value = try await scenario.start(words).end().json
      #expect(schemas.findings(in: value, by: "forecast") == [])
      return value
    }
    let first = try await forecast()
    // Four hours of estimates, which may be off by half of themselves.
    #expect(first["durations"]["learned"] == 0 && first["critical_path_hours"] == 4)
    #expect((3...7).contains(first["hours"].number ?? 0), "\(first)")
    let run = try await scenario.run("--jobs", "2", "--json")
    #expect(run.code == 0 && run.json["forecast"] == .null, "\(run.err)")
    let wall = try #require(run.json["totals"]["wall_seconds"].number)
    let second = try await forecast()
    let expected = try #require(second["hours"].number) * 3600
    #expect(second["durations"]["learned"] == 3 && second["durations"]["neutral"] == 0)
    #expect(abs(expected - wall) < abs(4 * 3600 - wall) && expected >= 0.8 && expected <= wall)
    let again = try await scenario.run("--jobs", "2", "--json")
    #expect(again.code == 0, "\(again.err)")
    #expect(schemas.findings(in: again.json, by: "report") == [])
    let told = again.json["forecast"]
    #expect(abs((told["expected_seconds"].number ?? 0) - expected) < 1e-6)
    #expect(try await scenario.plait("report").out.contains("Expected from earlier runs"))
    // Cleaning up forgets the runs and not what they taught; other work has nothing in common with it.
    #expect(try await scenario.plait("clean", "--delete-results").code == 0)
    #expect(try await forecast()["durations"]["most_runs"] == 2)
    let other = try await scenario.plait("run", scenario.planPath, "--dry-run", "--", "true")
    #expect(other.code == 0 && other.out.contains("2 estimated, 1 neutral"))
  }

  @Test func showAndCalibrateTellWhatWasLearned() async throws {
    let scenario = try scenario()
    let plan = scenario.planPath
    let nothing = try await scenario.plait("calibrate", plan)
    #expect(nothing.code == 0 && nothing.out.contains("Nothing was learned"))
    let before = scenario.text(plan)
    #expect(try await scenario.plait("calibrate", plan, "--write").code == 0)
    #expect(scenario.text(plan) == before)
    #expect(
      try await scenario.run("--jobs", "2", "--", "sh", "-c", "sleep 0.2; echo y > y.$PLAIT_ACHIEVEMENT").code == 0
    )
    let shown = try await scenario.plait("show", plan)
    #expect(shown.out.contains("Durations: 3 learned from 1 run"), "\(shown.out)")
    let whole = try await scenario.json("show", plan, "--json")
    #expect(schemas.findings(in: whole, by: "show") == [])
    #expect(whole["achievements"][0]["source"] == "learned" && whole["achievements"][0]["learned_runs"] == 1)
    let outside = try await scenario.plait("show", plan, in: scenario.root)
    #expect(outside.code == 0 && outside.out.contains("Durations: 2 estimated, 1 neutral"))
    let table = try await scenario.plait("calibrate", plan)
    #expect(table.code == 0 && table.out.contains("1.1     1.0 h") && table.out.contains("× their estimates"))
    let written = try await scenario.json("calibrate", plan, "--write", "--json")
    #expect(schemas.findings(in: written, by: "calibrate") == [])
    #expect(written["written"].items.count == 3)
    let hours = try #require(written["achievements"][0]["learned_hours"].number)
    let after = JSONValue(parsing: scenario.text(plan))
    #expect(abs((after["achievements"][0]["actual_hours"].number ?? 0) - hours) < 1e-6)
    #expect(try await scenario.plait("validate", plan).code == 0)
    // A plan file with what it took is still the same work.
    #expect(try await scenario.json("calibrate", plan, "--json")["achievements"][2]["runs"] == 1)
    #expect(try await scenario.plait("calibrate", plan, in: "/").code != 0)
  }
}

import Foundation
import Planning
import Testing

@Suite("real files", .enabled(if: Fixtures.folder != nil))
struct FixtureTests {
  struct Case: Decodable {
    let name: String
    let file: String?
    let expect: String
    let rule: String
  }

  @Test func everyCaseHasItsVerdictAndItsRule() throws {
    for item in try Fixtures.json("validate/index.json", as: [Case].self) {
      guard let file = item.file else { continue }
      let reading = PlanReader.read(try Fixtures.bytes("validate/" + file))
      let found = "\(item.name): \(reading.diagnostics)"
      #expect((reading.plan != nil) == (item.expect == "valid"), "\(found)")
      #expect(reading.errors.isEmpty == (reading.plan != nil), "\(found)")
      if item.expect == "invalid" { #expect(reading.errorCodes.contains(item.rule), "\(found)") }
      if item.rule == "warn" { #expect(!reading.warnings.isEmpty, "\(found)") }
    }
  }

  struct Metrics: Decodable {
    let name: String
    let sum_mid: Double
    let critical_path: [String]
    let critical_path_hours: Double
    let dependency_level: [String: Int32]
    let level_widths: [Int]
    let saving_percent: Double
    let max_antichain: Int
  }

  @Test func realPlansHaveTheNumbersThatWereComputedElsewhere() throws {
    let files = ["automation": "parallel-execution-automation", "example-level3": "example-level3"]
    let metrics = try Fixtures.json("metrics.json", as: [Metrics].self)
    for expected in metrics {
      guard let file = files[expected.name] else { continue }
      let plan = try #require(PlanReader.read(try Fixtures.bytes("plans/\(file).json")).plan)
      let analysis = PlanAnalysis(plan)
      #expect(abs(analysis.totalHours - expected.sum_mid) < 0.001)
      #expect(abs(analysis.criticalPathHours - expected.critical_path_hours) < 0.001)
      #expect(analysis.criticalPath.map { plan.achievements[$0].id.text } == expected.critical_path)
      #expect(analysis.levelWidths == expected.level_widths)
      #expect(abs(analysis.possibleSaving * 100 - expected.saving_percent) < 0.05)
      for (node, item) in plan.achievements.enumerated() {
        #expect(analysis.levels[node] == expected.dependency_level[item.id.text])
      }
    }
    #expect(!metrics.isEmpty)
  }

  struct Levels: Decodable {
    let name: String
    let dependencies: [String: [String]]
    let expect_level: [String: Int32]
  }

  @Test func dependencyLevels() throws {
    for expected in try Fixtures.json("levels.json", as: [Levels].self) {
      let items = expected.dependencies.sorted { $0.key < $1.key }.map { Sample.item($0.key, $0.value) }
      let plan = try #require(read(Sample.plan(items)).plan)
      let levels = PlanAnalysis(plan).levels
      for (node, item) in plan.achievements.enumerated() {
        #expect(levels[node] == expected.expect_level[item.id.text], "\(expected.name)")
      }
    }
  }

  @Test func theLargestRealPlanIsValidAndItsClaimsAreSeenThrough() throws {
    let reading = PlanReader.read(try Fixtures.bytes("plans/graphrag-observability-validation.json"))
    let plan = try #require(reading.plan, "\(reading.errors)")
    let analysis = PlanAnalysis(plan)
    #expect(plan.achievements.count == 24)
    #expect(abs(analysis.totalHours - 71) < 0.001)
    #expect(abs(analysis.criticalPathHours - 23.5) < 0.001)
    #expect(
      analysis.criticalPath.map { plan.achievements[$0].id.text } == ["0.1", "0.2", "2.1", "2.2", "2.3", "3.2", "6.1"]
    )
    let claims = Dictionary(uniqueKeysWithValues: plan.claims.map { ($0.field, $0) })
    #expect(claims["critical_path_analysis.sequential_time"]?.claimed == "68.5")
    #expect(claims["critical_path_analysis.sequential_time"]?.actual == "71.0")
    #expect(claims["critical_path_analysis.parallel_time"]?.actual == "23.5")
    #expect(claims["critical_path_analysis.efficiency_gain"]?.actual == "66.9%")
    #expect(claims["critical_path_analysis.efficiency_gain"]?.claimed == "47.4%")
    #expect(claims["total_achievements"]?.isTrue == true)
    #expect(claims["priorities"]?.isTrue == true)
    #expect(claims["completed_achievements"]?.isTrue == false)
    #expect(!reading.warningCodes.contains("near-miss"))
  }

  @Test func everyRealPlanIsValid() throws {
    for name in ["example-level1", "example-level2", "example-level3", "parallel-execution-automation"] {
      let reading = PlanReader.read(try Fixtures.bytes("plans/\(name).json"))
      #expect(reading.plan != nil, "\(name): \(reading.errors)")
      #expect(!reading.warningCodes.contains("near-miss"), "\(name)")
    }
  }
}

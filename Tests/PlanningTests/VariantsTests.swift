import Planning
import Testing

/// `variants` and `judge`: several attempts at one achievement, of which one is picked.
struct VariantsTests {
  private let judge = "\"judge\": {\"command\": [\"judge\", \"-v\"], \"timeout\": \"1m\"}"

  private func codes(_ item: String, _ more: String = "") -> [String] {
    read(Sample.plan([Sample.item("1.1"), item], more)).errorCodes
  }

  @Test func variantsComeBeforeTheirAchievementWhichChoosesOne() throws {
    let item = Sample.item(
      "2.1",
      ["1.1"],
      """
      "title": "Try", "variants": 3, \(judge), "estimated_hours": 2, "priority": 5, "files": ["a/**"],
      "verify": [{"shell": "check"}], "deliverables": ["a"], "worker": {"shell": "w"}, "instructions": "Go on."
      """
    )
    let plan = try #require(read(Sample.plan([Sample.item("1.1"), item, Sample.item("3.1", ["2.1"])])).plan)
    #expect(plan.achievements.map(\.id.text) == ["1.1", "2.1.1", "2.1.2", "2.1.3", "2.1", "3.1"])
    let owner = try #require(AchievementID("2.1"))
    let roles: [Achievement.Role] = [
      .whole, .variant(of: owner, number: 1, count: 3), .variant(of: owner, number: 2, count: 3),
      .variant(of: owner, number: 3, count: 3), .choice, .whole,
    ]
    #expect(plan.achievements.map(\.role) == roles)
    let edges = plan.achievements.map { plan.dependencies(of: $0.id).map(\.text) }
    #expect(edges == [[], ["1.1"], ["1.1"], ["1.1"], ["1.1", "2.1.1", "2.1.2", "2.1.3"], ["2.1"]])
    let second = plan.achievements[2]
    #expect(second.title == "Try (variant 2 of 3)" && second.priority == 5)
    #expect(second.estimate == HourRange(low: 2, high: 2))
    #expect(second.details.verify?.count == 1 && second.details.deliverables == ["a"])
    #expect(second.details.files == ["a/**"] && second.details.instructions == "Go on.")
    #expect(second.details.judge == nil && plan.worker(of: second).command == .shell("w"))
    let choice = plan.achievements[4]
    #expect(choice.title == "Try" && choice.estimate == HourRange(low: 0, high: 0))
    #expect(choice.details.judge?.command == .arguments(["judge", "-v"]) && choice.details.judge?.timeout == 60)
    #expect(plan.variants(of: owner).map(\.id.text) == ["2.1.1", "2.1.2", "2.1.3"])
    #expect(plan.variants(of: second.id).isEmpty)
    #expect(PlanAnalysis(plan).totalHours == 3 * 2 + 2 * 2, "the two others count as the median of the known")
  }

  /// A judge has the worker's surroundings and nothing else of it.
  @Test func aJudgeMayBeThePlansAndRunsInTheWorkersEnvironment() throws {
    let more = """
      "worker": {"shell": "w", "stdin": "prompt", "retries": 4, "timeout": 9, "env": {"A": "1", "B": "1"}, "pass_env": ["KEY"]},
      "judge": {"shell": "j", "env": {"B": "2"}}
      """
    let own = Sample.item("3.1", [], "\"variants\": 2, \"judge\": {\"shell\": \"own\", \"retries\": 1}")
    let plan = try #require(read(Sample.plan([Sample.item("2.1", [], "\"variants\": 2"), own], more)).plan)
    let (first, second) = (plan.worker(of: plan.achievements[2]), plan.worker(of: plan.achievements[5]))
    #expect(first.command == .shell("j") && first.environment == ["A": "1", "B": "2"])
    #expect(first.passEnvironment == ["KEY"])
    #expect(first.stdin == nil && first.retries == nil && first.timeout == nil)
    #expect(second.command == .shell("own") && second.retries == 1 && second.environment["B"] == "1")
  }

  @Test func oneVariantIsNone() throws {
    let plan = try #require(read(Sample.plan([Sample.item("2.1", [], "\"variants\": 1")])).plan)
    #expect(plan.achievements.map(\.role) == [.whole])
    let unused = read(Sample.plan([Sample.item("2.1", [], judge)]))
    #expect(unused.plan != nil && unused.warningCodes == ["unused-judge"])
    #expect(read(Sample.plan([Sample.item("2.1")], judge)).diagnostics.isEmpty, "a plan may have one for later")
  }

  @Test func whatKeepsVariantsFromBeingRun() throws {
    let parts = "\"sub_executions\": [{\"execution_id\": \"2.1.1\"}]"
    let cases: [(String, String)] = [
      ("\"variants\": 2", "missing-field"), ("\"variants\": 0, \(judge)", "bad-value"),
      ("\"variants\": 101, \(judge)", "bad-value"), ("\"variants\": \"3\", \(judge)", "bad-type"),
      ("\"variants\": 2.5, \(judge)", "bad-value"), ("\"variants\": 2, \(judge), \(parts)", "unsupported"),
      ("\"variants\": 2, \"judge\": {}", "missing-field"), ("\"variants\": 2, \"judge\": \"j\"", "bad-type"),
      ("\"variants\": 2, \"judge\": {\"command\": \"j\"}", "bad-type"),
      ("\"sub_executions\": [{\"execution_id\": \"2.1.1\", \"variants\": 2}]", "unsupported"),
      ("\"sub_executions\": [{\"execution_id\": \"2.1.1\", \(judge)}]", "unsupported"),
    ]
    for (fields, code) in cases { #expect(codes(Sample.item("2.1", [], fields)) == [code], "\(fields)") }
    let missing = try #require(read(Sample.plan([Sample.item("2.1", [], "\"variants\": 2")])).first("missing-field"))
    #expect(missing.message == "2.1 has 2 variants, but nothing says which one is picked")
    #expect(missing.hint == "Add \"judge\": {\"shell\": \"…\"} to it or to the plan.")
    let long = "1." + String(repeating: "1", count: 29)
    #expect(codes(Sample.item(long, [], "\"variants\": 2, \(judge)")) == ["bad-id"])
  }

  /// Nobody knows which one is picked, so nothing can depend on one.
  @Test func nothingNamesAVariant() throws {
    let tried = Sample.item("2.1", [], "\"variants\": 2, \(judge)")
    let reading = read(Sample.plan([tried, Sample.item("3.1", ["2.1.2"])]))
    let error = try #require(reading.first("missing-dependency"))
    #expect(reading.errorCodes == ["missing-dependency"])
    #expect(error.message == "`dependencies` of 3.1 names 2.1.2, a variant of 2.1 that may not be picked")
    #expect(error.hint == "Name 2.1: it is whatever its judge picks.")
    for field in ["soft_dependencies", "blocks", "parallelizable_with"] {
      #expect(
        codes(Sample.item("2.1", [], "\"variants\": 2, \(judge), \"\(field)\": [\"2.1.1\"]")) == ["missing-dependency"]
      )
    }
    let unknown = read(Sample.plan([tried, Sample.item("3.1", ["2.1.3"])])).first("missing-dependency")
    #expect(unknown?.hint != "Did you mean 2.1.2?")
  }

  @Test func filesOfVariantsAndAchievementsMustBeTold() {
    let tried = Sample.item("2.1", [], "\"variants\": 2, \(judge)")
    #expect(codes(tried).isEmpty)
    #expect(read(Sample.plan([tried, Sample.item("21.1")])).errorCodes == ["suffix-collision"])
    #expect(read(Sample.plan([tried, tried])).errorCodes.allSatisfy { $0 == "duplicate-id" })
  }

  /// The file speaks of achievements; their variants are no more of them.
  @Test func claimsAndLevelsAreAboutAchievements() throws {
    let more = "\"total_achievements\": 1, \"parallel_execution_waves\": {\"wave_1\": [\"2.1\"]}"
    let tried = Sample.item("2.1", [], "\"variants\": 3, \(judge), \"status\": \"complete\", \"estimated_hours\": 1")
    let reading = read(Sample.plan([tried], level: "level_1", more))
    #expect(reading.diagnostics.isEmpty, "\(reading.diagnostics)")
    #expect(try #require(reading.plan).claims.allSatisfy(\.isTrue))
  }
}

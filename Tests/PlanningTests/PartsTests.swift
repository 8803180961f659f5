import Planning
import Testing

/// Sub-executions: parts of an achievement that run by themselves.
struct PartsTests {
  private func part(_ id: String, _ more: String = "") -> String {
    "{\"execution_id\": \"\(id)\"\(more.isEmpty ? "" : ", " + more)}"
  }

  private func whole(_ parts: [String], _ dependencies: [String] = ["1.1"], _ more: String = "") -> String {
    Sample.item(
      "2.1",
      dependencies,
      "\"sub_executions\": [\(parts.joined(separator: ", "))]" + (more.isEmpty ? "" : ", " + more)
    )
  }

  @Test func partsComeBeforeTheirAchievementWhichJoinsThem() throws {
    let item = whole(
      [
        part("2.1.1", "\"title\": \"First\", \"estimated_hours\": 2"),
        part("2.1.2", "\"dependencies\": [\"2.1.1\"], \"estimated_hours\": 3"),
      ],
      ["1.1"],
      "\"estimated_hours\": 5, \"verify\": [{\"shell\": \"check\"}], \"deliverables\": [\"a\"], \"resources\": {\"db\": 1}, \"worker\": {\"shell\": \"w\", \"timeout\": 9}"
    )
    let plan = try #require(
      read(Sample.plan([Sample.item("1.1"), item, Sample.item("3.1", ["2.1"])], "\"resources\": {\"db\": 1}")).plan
    )
    #expect(plan.achievements.map(\.id.text) == ["1.1", "2.1.1", "2.1.2", "2.1", "3.1"])
    let owner = try #require(AchievementID("2.1"))
    #expect(plan.achievements.map(\.role) == [.whole, .part(of: owner), .part(of: owner), .join, .whole])
    let edges = plan.achievements.map { plan.dependencies(of: $0.id).map(\.text) }
    #expect(edges == [[], ["1.1"], ["2.1.1", "1.1"], ["1.1", "2.1.1", "2.1.2"], ["2.1"]])
    let first = plan.achievements[1]
    #expect(first.title == "First" && plan.achievements[2].title == "Sub-execution 2.1.2")
    #expect(first.details.verify == [] && first.details.deliverables.isEmpty)
    #expect(first.details.worker?.command == .shell("w"))
    #expect(first.details.resources == ["db": 1])
    #expect(plan.achievements[3].details.verify?.count == 1)
    let analysis = PlanAnalysis(plan)
    #expect(analysis.hours[3] == 0)
    #expect(plan.dependents(of: owner).map(\.text) == ["3.1"])
  }

  @Test func aPartsOwnWorkerGoesOverItsAchievements() throws {
    let item = whole(
      [part("2.1.1", "\"worker\": {\"command\": [\"own\"]}")],
      [],
      "\"worker\": {\"shell\": \"w\", \"timeout\": 9}"
    )
    let plan = try #require(read(Sample.plan([item])).plan)
    #expect(plan.achievements[0].details.worker?.command == .arguments(["own"]))
    #expect(plan.achievements[0].details.worker?.timeout == 9)
  }

  @Test func whatIsWrongWithParts() {
    func codes(_ parts: [String], _ more: String = "") -> [String] {
      read(Sample.plan([Sample.item("1.1"), whole(parts, ["1.1"], more)])).diagnostics.map(\.code)
    }
    #expect(codes([part("3.1.1")]) == ["bad-id"])
    #expect(codes([part("2.1")]) == ["bad-id"])
    #expect(codes([part("2.1.01")]) == ["bad-id"])
    #expect(codes(["{}"]) == ["missing-field"])
    #expect(codes(["7"]) == ["bad-type"])
    #expect(codes([part("2.1.1"), part("2.1.1")]) == ["duplicate-id"])
    #expect(
      codes([part("2.1.1", "\"dependencies\": [\"2.1.2\"]"), part("2.1.2", "\"dependencies\": [\"2.1.1\"]")]) == [
        "cycle"
      ]
    )
    #expect(codes([part("2.1.1", "\"dependencies\": [\"2.1\"]")]) == ["cycle"])
    #expect(codes([part("2.1.1", "\"dependencies\": [\"2.1.9\"]")]) == ["missing-dependency"])
    #expect(codes([part("2.1.1", "\"estimated_hours\": 2")], "\"estimated_hours\": 3") == ["estimate-mismatch"])
    #expect(codes([part("2.1.1", "\"estimated_hours\": 3")], "\"estimated_hours\": 3").isEmpty)
    #expect(codes([part("2.1.1")], "\"estimated_hours\": 3").isEmpty)
    #expect(codes([]).isEmpty)
    #expect(
      read(Sample.plan([Sample.item("1.1", [], "\"sub_executions\": null")])).plan?.achievements[0].role == .whole
    )
    #expect(read(Sample.plan([Sample.item("1.1", [], "\"sub_executions\": {}")])).errorCodes == ["bad-type"])
    #expect(read(Sample.plan([Sample.item("21.1"), whole([part("2.1.1")], [])])).errorCodes == ["suffix-collision"])
    #expect(read(Sample.plan([Sample.item("2.1"), whole([part("2.1.1")], [])])).errorCodes == ["duplicate-id"])
  }

  @Test func inheritedDependenciesAreBounded() {
    let parts = (1...8000).map { part("2.1.\($0)") }
    let others = (1...8000).map { "1.\($0)" }
    let reading = read(Sample.plan(others.map { Sample.item($0) } + [whole(parts, others)]))
    #expect(reading.errorCodes == ["too-large"])
  }
}

import Planning
import Testing

/// What a file says against its own graph.
struct ChecksTests {
  private let chain = [Sample.item("1.1"), Sample.item("1.2", ["1.1"]), Sample.item("1.3", ["1.2"])]

  @Test func cyclesAreChainsWithTheirLines() throws {
    let two = read(Sample.plan([Sample.item("1.1", ["1.2"]), Sample.item("1.2", ["1.1"])])).errors
    #expect(two.map(\.message) == ["dependency cycle: 1.1 -> 1.2 -> 1.1 (lines 5, 6)"])
    #expect(two.first?.place == SourcePlace(line: 5, column: 48))
    let own = read(Sample.plan([Sample.item("1.1", ["1.1"])])).errors
    #expect(own.map(\.message) == ["dependency cycle: 1.1 -> 1.1 (line 5)"])
    let shared = read(
      Sample.plan([Sample.item("1.1", ["1.2", "1.3"]), Sample.item("1.2", ["1.1"]), Sample.item("1.3", ["1.1"])])
    )
    #expect(
      shared.errors.map { $0.message.prefix(37) } == [
        "dependency cycle: 1.1 -> 1.2 -> 1.1 (", "dependency cycle: 1.1 -> 1.3 -> 1.1 (",
      ]
    )
  }

  @Test func aChainOfAHundredThousandIsPlannedAndItsCycleToldBriefly() throws {
    let count = 100_000
    let items = (0..<count).map { Sample.item("1.\($0)", $0 + 1 < count ? ["1.\($0 + 1)"] : []) }
    let plan = try #require(read(Sample.plan(items)).plan)
    #expect(PlanAnalysis(plan).criticalPath.count == count)
    let cyclic = (0..<count).map { Sample.item("1.\($0)", ["1.\(($0 + 1) % count)"]) }
    let errors = read(Sample.plan(cyclic)).errors
    #expect(errors.map(\.code) == ["cycle"])
    #expect(errors[0].message.contains("1.0 -> 1.1 -> ") && errors[0].message.contains("… 99991 more …"))
    #expect(errors[0].message.count < 300)
  }

  @Test func blocks() {
    func findings(_ blocks: String) -> PlanReading {
      read(
        Sample.plan([
          Sample.item("1.1", [], "\"blocks\": [\(blocks)]"), chain[1], chain[2], Sample.item("1.4", ["1.1"]),
          Sample.item("1.5"),
        ])
      )
    }
    #expect(findings("\"1.2\", \"1.4\"").diagnostics.isEmpty)
    #expect(findings("\"1.2\"").warnings.map(\.message) == ["`blocks` of 1.1 leaves out 1.4"])
    #expect(
      findings("\"1.2\", \"1.4\", \"1.3\"").warnings.map(\.message) == [
        "`blocks` of 1.1 names 1.3: waiting for it only through others"
      ]
    )
    #expect(
      findings("\"1.2\", \"1.4\", \"1.5\"").warnings.map(\.message) == [
        "`blocks` of 1.1 names 1.5: not waiting for it at all"
      ]
    )
    #expect(findings("\"9.9\"").errorCodes == ["missing-dependency"])
    #expect(findings("\"1.1\"").errorCodes == ["contradiction"])
    let backwards = read(Sample.plan([chain[0], chain[1], Sample.item("1.3", ["1.2"], "\"blocks\": [\"1.1\"]")]))
    #expect(backwards.errors.map(\.message) == ["`blocks` of 1.3 names 1.1, but 1.3 itself depends on 1.1"])
  }

  @Test func parallelizableWith() {
    let transitive = read(
      Sample.plan([chain[0], chain[1], Sample.item("1.3", ["1.2"], "\"parallelizable_with\": [\"1.1\"]")])
    )
    #expect(transitive.errors.map(\.message) == ["1.3 is declared parallel with 1.1, but 1.3 depends on 1.1"])
    let forward = read(Sample.plan([Sample.item("1.1", [], "\"parallelizable_with\": [\"1.3\"]"), chain[1], chain[2]]))
    #expect(forward.errors.map(\.message) == ["1.1 is declared parallel with 1.3, but 1.3 depends on 1.1"])
    let fine = [
      Sample.item("1.1", [], "\"parallelizable_with\": [\"1.2\"]"),
      Sample.item("1.2", [], "\"parallelizable_with\": [\"1.1\"]"),
    ]
    #expect(read(Sample.plan(fine)).diagnostics.isEmpty)
    let oneSided = [fine[0], Sample.item("1.2", [], "\"parallelizable_with\": []")]
    #expect(read(Sample.plan(oneSided)).warningCodes == ["incomplete"])
    #expect(read(Sample.plan([fine[0], Sample.item("1.2")])).diagnostics.isEmpty)
    #expect(read(Sample.plan([Sample.item("1.1", [], "\"parallelizable_with\": [7]")])).errorCodes == ["bad-type"])
  }

  @Test func waves() {
    func findings(_ waves: String, _ items: [String]? = nil) -> PlanReading {
      read(Sample.plan(items ?? chain, "\"parallel_execution_waves\": \(waves)"))
    }
    func wave(_ ids: String, _ parallelism: String = "1") -> String {
      "{\"achievements\": [\(ids)], \"parallelism\": \(parallelism)}"
    }
    let (a, b, c) = ("\"1.1\"", "\"1.2\"", "\"1.3\"")
    #expect(findings("{\"w1\": \(wave(a)), \"w2\": \(wave("\(b), \(c)")), \"note\": \"x\"}").diagnostics.isEmpty)
    #expect(findings("[\(wave(a)), \(wave(b)), \(wave(c))]").diagnostics.isEmpty)
    #expect(findings("[[\(a)], [\(b)], [\(c)]]").diagnostics.isEmpty)
    #expect(
      findings("{\"wave_10\": \(wave(c)), \"wave_2\": \(wave(b)), \"wave_1\": \(wave(a))}").diagnostics.isEmpty,
      "by number"
    )
    #expect(findings("[\(wave(b)), \(wave(a)), \(wave(c))]").errorCodes == ["contradiction"])
    #expect(
      findings("[\(wave(c)), \(wave(a))]").errorCodes == ["contradiction"],
      "also through an item that no wave holds"
    )
    #expect(findings("[\(wave("\(a), \(b), \(c)", "3"))]").errorCodes == ["contradiction", "contradiction"])
    #expect(findings("[\(wave("\(a), \(b), \(c)", "2"))]").warningCodes == ["incomplete", "incomplete"])
    #expect(findings("[[\(a), \(b), \(c)]]").warningCodes == ["incomplete", "incomplete"])
    #expect(findings("[\(wave(a)), \(wave(b))]").warnings.map(\.message) == ["no wave holds 1.3"])
    #expect(findings("[\(wave(a)), \(wave("\(a), \(b)")), \(wave(c))]").warningCodes == ["incomplete"])
    #expect(findings("[\(wave("\"9.9\""))]").errorCodes == ["missing-dependency"])
    #expect(findings("7").errorCodes == ["bad-type"])
    #expect(findings("{\"w\": {\"achievements\": 7}}").errorCodes == ["bad-type"])
    #expect(findings("{}").diagnostics.isEmpty)
  }

  @Test func priorityGroups() {
    func codes(_ groups: String, _ more: String = "") -> [String] {
      read(Sample.plan([Sample.item("1.1", [], more)], "\"priority_groups\": \(groups)")).diagnostics.map {
        "\($0.severity) \($0.code)"
      }
    }
    #expect(codes("[{\"priority\": 1, \"achievements\": [\"1.1\"]}]").isEmpty)
    #expect(codes("[{\"priority\": 2, \"achievements\": [\"1.1\"]}]") == ["warning incomplete"])
    #expect(codes("[{\"priority\": 2, \"achievements\": [\"1.1\"]}]", "\"priority\": 1") == ["error contradiction"])
    #expect(codes("[{\"priority\": 1, \"achievements\": [\"1.7\"]}]") == ["error missing-dependency"])
    #expect(codes("[{\"priority\": \"1\", \"achievements\": []}]") == ["error bad-type"])
    #expect(codes("[7]") == ["error bad-type"])
    #expect(codes("{}") == ["error bad-type"])
    #expect(codes("[{}]").isEmpty)
  }

  @Test func crossPriorityDependencies() {
    func codes(_ from: String, _ to: String) -> [String] {
      let items = [Sample.item("1.1"), Sample.item("2.1", ["1.1"]), Sample.item("3.1", ["2.1"]), Sample.item("4.1")]
      let claims = [("2.1", "1.1"), ("3.1", "2.1"), (from, to)].map {
        "{\"from_achievement\": \"\($0)\", \"to_achievement\": \"\($1)\"}"
      }
      return read(Sample.plan(items, "\"cross_priority_dependencies\": [\(claims.joined(separator: ","))]")).diagnostics
        .map { "\($0.severity) \($0.code)" }
    }
    #expect(codes("2.1", "1.1").isEmpty)
    #expect(codes("3.1", "1.1").isEmpty, "true through 2.1")
    #expect(codes("1.1", "3.1") == ["error contradiction"])
    #expect(codes("4.1", "4.1") == ["error contradiction"])
    #expect(codes("4.1", "1.1") == ["warning incomplete"])
    #expect(codes("9.1", "1.1") == ["error missing-dependency"])
    func plain(_ list: String) -> [String] {
      read(
        Sample.plan(
          [Sample.item("1.1"), Sample.item("2.1", ["1.1"]), Sample.item("3.1", ["1.1"])],
          "\"cross_priority_dependencies\": \(list)"
        )
      ).diagnostics.map(\.code)
    }
    #expect(plain("[]").isEmpty)
    #expect(plain("[{\"from_achievement\": \"2.1\", \"to_achievement\": \"1.1\"}]") == ["incomplete"])
    #expect(plain("[{\"from_achievement\": \"2.1\"}]") == ["missing-field"])
    #expect(plain("[1]") == ["bad-type"])
    #expect(plain("1") == ["bad-type"])
  }

  @Test func statuses() {
    func codes(_ first: String, _ second: String) -> [String] {
      read(Sample.plan([Sample.item("1.1", [], first), Sample.item("1.2", ["1.1"], second)])).diagnostics.map(\.code)
    }
    func status(_ word: String) -> String { "\"status\": \"\(word)\"" }
    #expect(codes(status("not_started"), status("complete")) == ["stale-status"])
    #expect(codes(status("failed"), status("in_progress")) == ["stale-status"])
    #expect(codes(status("complete"), status("complete")).isEmpty)
    #expect(codes("", status("complete")).isEmpty)
    #expect(codes(status("skipped"), status("not_started")) == ["skipped-dependency"])
    #expect(codes(status("skipped"), "") == ["skipped-dependency"])
    #expect(codes(status("skipped") + ", \"waived\": true", "").isEmpty)
    #expect(codes(status("skipped"), status("complete")).isEmpty)
  }

  @Test func levels() {
    func codes(_ items: [String], _ level: String) -> [String] { read(Sample.plan(items, level: level)).warningCodes }
    let crossing = [Sample.item("1.1"), Sample.item("2.1", ["1.1"])]
    #expect(codes(crossing, "level_2") == ["narrow-level"])
    #expect(codes(crossing, "level_3").isEmpty)
    #expect(codes(chain, "level_2").isEmpty)
    #expect(codes(chain, "level_1") == ["narrow-level", "no-sub-executions"])
    #expect(codes([Sample.item("1.1")], "level_1") == ["no-sub-executions"])
  }

  @Test func claims() throws {
    let items = [
      Sample.item("1.1", [], "\"estimated_hours\": 2, \"status\": \"complete\""),
      Sample.item("1.2", ["1.1"], "\"estimated_hours\": \"3-5\""),
      Sample.item("1.3", ["1.1"], "\"estimated_hours\": 2"),
    ]
    func claims(_ text: String, _ items: [String]) throws -> [String: Claim] {
      let plan = try #require(read(Sample.plan(items, text)).plan)
      return Dictionary(
        uniqueKeysWithValues: plan.claims.map { ($0.field.split(separator: ".").last.map(String.init) ?? "", $0) }
      )
    }
    let right = try claims(
      """
      "total_achievements": 3, "priorities": 1, "completed_achievements": 1, "remaining_achievements": 2,
      "critical_path_analysis": {"sequential_time": "8 hours", "parallel_time": 6, "time_savings": "1.5-2.5", "efficiency_gain": "25%",
        "critical_path": ["1.1", "1.2"]}
      """,
      items
    )
    #expect(right.count == 9)
    #expect(right.values.allSatisfy { $0.isTrue }, "\(right)")
    let wrong = try claims(
      """
      "total_achievements": 4, "completed_achievements": 0,
      "critical_path_analysis": {"sequential_time": "9 hours", "parallel_time": 6.4, "efficiency_gain": 30.5, "critical_path": ["1.1", "1.3"], "time_savings": "lots"}
      """,
      items
    )
    #expect(wrong["total_achievements"] == Claim(field: "total_achievements", claimed: "4", actual: "3", isTrue: false))
    #expect(
      wrong["sequential_time"]
        == Claim(field: "critical_path_analysis.sequential_time", claimed: "9 hours", actual: "8.0 h", isTrue: false)
    )
    #expect(wrong["parallel_time"]?.actual == "6.0")
    #expect(wrong["efficiency_gain"]?.actual == "25.0")
    #expect(
      wrong["critical_path"]
        == Claim(
          field: "critical_path_analysis.critical_path",
          claimed: "1.1 -> 1.3",
          actual: "1.1 -> 1.2",
          isTrue: false
        )
    )
    #expect(wrong["time_savings"] == nil)
    #expect(read(Sample.plan(items, "\"total_achievements\": 4")).warningCodes == ["false-claim"])
    let unknown = try claims(
      "\"completed_achievements\": 2, \"critical_path_analysis\": {\"parallel_time\": 6}",
      [Sample.item("1.1")]
    )
    #expect(unknown.values.allSatisfy { $0.actual == nil && !$0.isTrue })
    #expect(
      read(Sample.plan([Sample.item("1.1")], "\"critical_path_analysis\": {\"parallel_time\": 6}")).warnings.isEmpty
    )
  }
}

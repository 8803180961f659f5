import Planning
import Testing

struct FixerTests {
  private func fixed(_ text: String) throws -> (text: String, changes: [String]) {
    let fixed = try #require(PlanFixer.fix(Array(text.utf8)))
    #expect(PlanFixer.fix(fixed.bytes) == nil, "a fixed file needs no fixing")
    let codes = PlanReader.read(fixed.bytes).diagnostics.map(\.code)
    #expect(!codes.contains("dialect") && !codes.contains("near-miss"), "\(codes)")
    return (String(decoding: fixed.bytes, as: UTF8.self), fixed.changes)
  }

  @Test func keysAreRenamedAndTheLevelAdded() throws {
    let text = """
      {
        "plan_name":   "X",  "extra": [1, 2],
        "achievements": [
          {"id": "1.1", "name": "First", "estimatedHours": 2, "dependencies": []},
          {"id": "1.2", "name": "Second", "dependencies": ["1.1"], "worker": {"comand": ["x"]}}
        ]
      }
      """
    let reading = read(text)
    #expect(reading.plan?.level == .withinPriority)
    #expect(reading.warningCodes == ["dialect", "dialect", "dialect", "near-miss", "near-miss"])
    let result = try fixed(text)
    #expect(
      result.text == """
        {
          "plan_name":   "X",
          "parallelization_level": "level_2",  "extra": [1, 2],
          "achievements": [
            {"achievement_id": "1.1", "title": "First", "estimated_hours": 2, "dependencies": []},
            {"achievement_id": "1.2", "title": "Second", "dependencies": ["1.1"], "worker": {"command": ["x"]}}
          ]
        }
        """
    )
    #expect(result.changes.contains("renamed `id` to `achievement_id` (2 times)"))
    #expect(result.changes.contains("added \"parallelization_level\": \"level_2\""))
  }

  @Test func nestedLevelsBecomeOneList() throws {
    let text = """
      {
        "plan_name": "X",
        "levels": [
          {"level": 0, "achievements": [
            {"id": "1.1", "dependencies": []},
            {"id": "1.2", "dependencies": []}
          ]},
          {"level": 1, "achievements": [
            {"id": "2.1", "dependencies": ["1.1"]}
          ]}
        ]
      }
      """
    #expect(read(text).plan?.achievements.count == 3)
    let result = try fixed(text)
    #expect(
      result.text == """
        {
          "plan_name": "X",
          "parallelization_level": "level_3",
          "achievements": [
              {"achievement_id": "1.1", "dependencies": []},
              {"achievement_id": "1.2", "dependencies": []},
              {"achievement_id": "2.1", "dependencies": ["1.1"]}
            ],
          "levels": [
            {"level": 0, "achievements": ["1.1", "1.2"]},
            {"level": 1, "achievements": ["2.1"]}
          ]
        }
        """
    )
    #expect(PlanReader.read(Array(result.text.utf8)).diagnostics.isEmpty)
  }

  @Test func levelsThatSayNothingElseDisappear() throws {
    let text =
      "{\"plan_name\":\"X\",\"levels\":[{\"achievements\":[]},{\"achievements\":[{\"id\":\"1.1\",\"dependencies\":[]}]}]}"
    let result = try fixed(text).text
    #expect(
      result
        == "{\"plan_name\":\"X\",\"parallelization_level\": \"level_1\",\"achievements\": [{\"achievement_id\":\"1.1\",\"dependencies\":[]}]}"
    )
  }

  @Test func levelsThatAreBrokenAreErrors() {
    for (levels, code) in [
      ("7", "bad-type"), ("[7]", "bad-type"), ("[{}]", "missing-field"), ("[{\"achievements\": 1}]", "bad-type"),
    ] {
      let text = "{\"plan_name\": \"X\", \"levels\": \(levels)}"
      #expect(read(text).errorCodes.contains(code), "\(levels)")
      #expect(PlanFixer.fix(Array(text.utf8)) == nil)
    }
  }

  @Test func correctionsGoAsDeepAsTheyUncover() throws {
    let text = Sample.plan([
      "{\"achievement_id\": \"1.1\", \"dependencies\": [], \"sub_execution\": [{\"id\": \"1.1.1\", \"wroker\": {\"time_out\": 5}}]}"
    ])
    let result = try fixed(text)
    #expect(result.text.contains("\"sub_executions\": [{\"execution_id\": \"1.1.1\", \"worker\": {\"timeout\": 5}}]"))
    #expect(PlanReader.read(Array(result.text.utf8)).plan?.achievements.first?.details.worker?.timeout == 5)
  }

  @Test func twoKeysNeverGetOneName() throws {
    let text = Sample.plan([
      "{\"id\": \"1.1\", \"achievment_id\": \"1.2\", \"dependencies\": [], \"titel\": \"a\", \"tittle\": \"b\"}"
    ])
    let fixed = try #require(PlanFixer.fix(Array(text.utf8)))
    #expect(!PlanReader.read(fixed.bytes).errorCodes.contains("json"))
  }

  @Test func theMarkdownAroundAPlanIsKept() throws {
    let result = try fixed(
      "# Plan\n```json\n{\"plan_name\": \"X\", \"achievements\": [{\"id\": \"1.1\", \"dependencies\": []}]}\n```\nEnd `id`.\n"
    )
    #expect(result.text.hasPrefix("# Plan\n```json\n{\"plan_name\": \"X\",\"parallelization_level\": \"level_1\", "))
    #expect(result.text.hasSuffix("\n```\nEnd `id`.\n"))
  }

  @Test func nothingToDo() {
    #expect(PlanFixer.fix(Array(Sample.plan([Sample.item("1.1")]).utf8)) == nil)
    #expect(PlanFixer.fix(Array("{".utf8)) == nil)
    #expect(PlanFixer.fix(Array("[]".utf8)) == nil)
    #expect(PlanFixer.fix(Array("{\"id\": 1, \"id\": 2}".utf8)) == nil)
    #expect(PlanFixer.fix(Array("{\"plan_name\": \"X\"}".utf8)) == nil)
  }

  @Test func aMissingLevelIsAnErrorOnlyInTheCanonicalForm() {
    let canonical = "{\"plan_name\": \"X\", \"achievements\": [\(Sample.item("1.1"))]}"
    #expect(read(canonical).errorCodes == ["missing-field"])
    let dialect = "{\"plan_name\": \"X\", \"achievements\": [{\"id\": \"1.1\", \"dependencies\": []}]}"
    #expect(read(dialect).plan?.level == .withinAchievement)
    #expect(read(dialect).warningCodes == ["dialect", "dialect"])
  }
}

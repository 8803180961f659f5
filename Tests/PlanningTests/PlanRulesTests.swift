import Planning
import Testing

/// One sample for each rule about single fields and ids.
struct PlanRulesTests {
  private func codes(_ items: [String], _ more: String = "") -> [String] { read(Sample.plan(items, more)).errorCodes }

  @Test func aPlanKeepsWhatTheFileSays() throws {
    let item = Sample.item(
      "1.2",
      ["1.1"],
      """
      "title": "Second", "priority": 4, "status": "in_progress", "estimated_hours": "2-3 hours", "actual_hours": 2.5,
      "validation_script": "check.sh", "deliverables": ["Docs/a.md"], "files": ["Sources/**"], "waived": true,
      "soft_dependencies": ["1.3"], "variants": 1, "verify": [], "unknown": {"kept": true}
      """
    )
    let plan = try #require(
      read(Sample.plan([Sample.item("1.1", [], "\"status\": \"complete\""), item, Sample.item("1.3")])).plan
    )
    let second = try #require(AchievementID("1.2").flatMap { plan[$0] })
    #expect(second.title == "Second")
    #expect(second.priority == 4)
    #expect(second.status == .inProgress)
    #expect(second.estimate == HourRange(low: 2, high: 3))
    #expect(second.actualHours == 2.5)
    #expect(second.isWaived)
    #expect(second.details.validationScript == "check.sh")
    #expect(second.details.deliverables == ["Docs/a.md"])
    #expect(second.details.files == ["Sources/**"])
    #expect(second.details.softDependencies.map(\.text) == ["1.3"])
    #expect(second.details.verify == [])
    #expect(second.place == SourcePlace(line: 6, column: 24))
    #expect(plan.dependencies(of: second.id).map(\.text) == ["1.1"])
    #expect(plan.achievements[0].title == "Achievement 1.1")
    #expect(plan.achievements[0].priority == 1)
    #expect(plan.achievements[0].estimate == nil)
    #expect(plan.achievements[0].details.verify == nil)
  }

  @Test func theTopLevel() {
    #expect(read("[]").errorCodes == ["bad-type"])
    #expect(read("{}").errorCodes == ["missing-field", "missing-field", "missing-field"])
    #expect(read("7").errorCodes == ["bad-type"])
    #expect(read(Sample.plan([Sample.item("1.1")], level: "level_4")).errorCodes == ["bad-enum"])
    let empty = read(Sample.plan([]))
    #expect(empty.plan?.achievements.isEmpty == true)
    #expect(empty.warningCodes == ["no-achievements"])
    #expect(read(Sample.plan(["7", "null"])).errorCodes == ["bad-type", "bad-type"])
  }

  @Test func planNames() {
    for name in [
      "", "  ", "a/b", "a\\\\b", "..", "a..b", ".", "a\\u001b[0m", "a\\nb", String(repeating: "x", count: 201),
    ] {
      let text = Sample.plan([Sample.item("1.1")]).replacingOccurrence(of: "SAMPLE", with: name)
      #expect(read(text).errorCodes == ["bad-value"], "\(name)")
    }
    for name in ["PLAN-1", "Größe", "a.b"] {
      #expect(read(Sample.plan([Sample.item("1.1")]).replacingOccurrence(of: "SAMPLE", with: name)).plan?.name == name)
    }
    let number = Sample.plan([Sample.item("1.1")]).replacingOccurrence(of: "\"SAMPLE\"", with: "7")
    #expect(read(number).errorCodes == ["bad-type"])
  }

  @Test func idsOfTheWrongForm() {
    for id in [
      "1", "1.1.1", "a.b", "1.", ".1", "1.1\\n", " 1.1", "١.١", "1..1", "-1.1", "1.1 ", "",
      String(repeating: "1", count: 40) + ".1",
    ] {
      #expect(codes([Sample.item(id)]) == ["bad-id"], "\(id)")
    }
    for id in ["1.01", "01.1", "00.1"] { #expect(codes([Sample.item(id)]) == ["bad-id"], "\(id)") }
    #expect(codes([Sample.item("0.1")]).isEmpty)
    let number = "{\"achievement_id\": 1.10, \"dependencies\": []}"
    #expect(codes([number, Sample.item("1.2", ["1.10"])]) == ["bad-type"], "the item is known all the same")
    #expect(codes(["{\"dependencies\": []}"]) == ["missing-field"])
    #expect(codes(["{\"achievement_id\": null, \"dependencies\": []}"]) == ["bad-type"])
  }

  @Test func idsThatAreThereTwiceOrShareASuffix() throws {
    #expect(codes([Sample.item("1.1"), Sample.item("1.1")]) == ["duplicate-id"])
    #expect(codes([Sample.item("1.11"), Sample.item("11.1")]) == ["suffix-collision"])
    #expect(codes([Sample.item("1.01"), Sample.item("10.1")]).sorted() == ["bad-id", "suffix-collision"])
    #expect(codes([Sample.item("1.1"), Sample.item("1.10"), Sample.item("2.1")]).isEmpty)
    let duplicate = try #require(read(Sample.plan([Sample.item("1.1"), Sample.item("1.1")])).errors.first)
    #expect(duplicate.message.contains("line 5"))
    #expect(duplicate.place.line == 6)
  }

  @Test func dependencies() throws {
    #expect(codes(["{\"achievement_id\": \"1.1\"}"]) == ["missing-field"])
    #expect(codes(["{\"achievement_id\": \"1.1\", \"dependencies\": null}"]) == ["bad-type"])
    #expect(codes([Sample.item("1.1"), "{\"achievement_id\": \"1.2\", \"dependencies\": \"1.1\"}"]) == ["bad-type"])
    #expect(
      codes(["{\"achievement_id\": \"1.2\", \"dependencies\": [1.1, {}, null]}"]) == [
        "bad-type", "bad-type", "bad-type",
      ]
    )
    #expect(codes([Sample.item("1.1", ["x"])]) == ["bad-id"])
    let twice = read(Sample.plan([Sample.item("1.1"), Sample.item("1.2", ["1.1", "1.1"])]))
    #expect(twice.warningCodes == ["duplicate-dependency"])
    #expect(twice.plan?.graph.edgeCount == 1)
    let unknown = read(
      Sample.plan([Sample.item("1.1"), Sample.item("1.3"), Sample.item("2.9"), Sample.item("2.1", ["1.9"])])
    )
    let error = try #require(unknown.errors.first)
    #expect(error.message == "2.1 depends on 1.9, which the file does not have")
    #expect(error.hint == "Did you mean 1.3?")
    #expect(read(Sample.plan([Sample.item("1.1", ["77.77"])])).errors.first?.hint == nil)
  }

  @Test func softDependencies() {
    #expect(codes([Sample.item("1.1", [], "\"soft_dependencies\": [\"9.9\"]")]) == ["missing-dependency"])
    #expect(codes([Sample.item("1.1", [], "\"soft_dependencies\": \"1.1\"")]) == ["bad-type"])
    let cyclic = [Sample.item("1.1", [], "\"soft_dependencies\": [\"1.2\"]"), Sample.item("1.2", ["1.1"])]
    #expect(codes(cyclic).isEmpty, "soft dependencies order the queue and cannot block")
  }

  @Test func externalDependencies() {
    let items = [Sample.item("1.1", ["7.1"])]
    #expect(codes(items) == ["missing-dependency"])
    let plan = read(Sample.plan(items, "\"external_dependencies\": [\"7.1\"]")).plan
    #expect(plan?.graph.edgeCount == 0)
    #expect(codes(items, "\"external_dependencies\": [{\"id\": \"7.1\", \"satisfied\": true}]").isEmpty)
    #expect(
      codes(items, "\"external_dependencies\": [{\"id\": \"7.1\", \"satisfied\": false}]") == ["unsatisfied-external"]
    )
    #expect(codes(items, "\"external_dependencies\": [{\"id\": \"7.1\"}]") == ["unsatisfied-external"])
    #expect(
      codes([Sample.item("1.1")], "\"external_dependencies\": [7, {}, \"x\", {\"id\": \"1.2\", \"satisfied\": 1}]")
        .sorted() == ["bad-id", "bad-type", "bad-type", "missing-field"]
    )
    #expect(codes([Sample.item("1.1")], "\"external_dependencies\": {}") == ["bad-type"])
  }

  @Test(arguments: [
    ("4", 4, 4), ("\"4-6\"", 4, 6), ("\"2–3 hours\"", 2, 3), ("\"2 — 3\"", 2, 3), ("\"2 to 3 h\"", 2, 3),
    ("\"3.5 h\"", 3.5, 3.5),
    ("\"~3h\"", 3, 3), ("\"about 2 hrs\"", 2, 2), ("\"30 minutes\"", 0.5, 0.5), ("\"30-90 min\"", 0.5, 1.5),
    ("\"30 min - 1 h\"", 0.5, 1), ("\"1h30m\"", 1.5, 1.5), ("\"1h 30min\"", 1.5, 1.5), ("\" 2 \"", 2, 2),
    ("2.5e0", 2.5, 2.5),
    ("\"4-6 Hours\"", 4, 6), ("0.1234567890123456789", 0.12345678901234568, 0.12345678901234568),
  ])
  func hours(_ text: String, low: Double, high: Double) throws {
    let plan = try #require(read(Sample.plan([Sample.item("1.1", [], "\"estimated_hours\": \(text)")])).plan, "\(text)")
    let estimate = try #require(plan.achievements[0].estimate)
    #expect(abs(estimate.low - low) < 1e-12 && abs(estimate.high - high) < 1e-12, "\(text): \(estimate)")
  }

  @Test func hoursThatCannotBeRead() {
    for text in [
      "-2", "\"-2\"", "\"6-4\"", "\"soon\"", "\"\"", "\"4-\"", "\"4 5\"", "\"4-5-6\"", "\"3 weeks\"", "\"1m30h\"",
      "1e300", "1e400", "\"1.\"", "\".5\"", "\"1..2\"", "\"~\"", "\"4h5\"",
    ] {
      #expect(codes([Sample.item("1.1", [], "\"estimated_hours\": \(text)")]) == ["bad-value"], "\(text)")
    }
    for text in ["[]", "{}", "true"] {
      #expect(codes([Sample.item("1.1", [], "\"estimated_hours\": \(text)")]) == ["bad-type"], "\(text)")
    }
    #expect(codes([Sample.item("1.1", [], "\"actual_hours\": -1")]) == ["bad-value"])
    let missing = read(Sample.plan([Sample.item("1.1", [], "\"estimated_hours\": null, \"actual_hours\": null")]))
    #expect(missing.plan?.achievements[0].estimate == nil)
    let zero = read(Sample.plan([Sample.item("1.1", [], "\"estimated_hours\": 0")]))
    #expect(zero.plan != nil && zero.warningCodes == ["zero-hours"])
  }

  @Test func otherFieldsOfTheWrongKind() {
    let cases = [
      ("\"title\": 7", "bad-type"), ("\"status\": \"done\"", "bad-enum"), ("\"status\": 1", "bad-type"),
      ("\"priority\": \"high\"", "bad-type"), ("\"priority\": 1.5", "bad-value"), ("\"waived\": \"yes\"", "bad-type"),
      ("\"blocks\": \"1.1\"", "bad-type"), ("\"validation_script\": []", "bad-type"),
      ("\"validation_script\": \" \"", "bad-value"),
      ("\"variants\": 2", "missing-field"), ("\"variants\": 0", "bad-value"), ("\"files\": [\"/etc\"]", "bad-value"),
      ("\"files\": [\"a/../b\"]", "bad-value"), ("\"files\": [\"\"]", "bad-value"), ("\"files\": \"a\"", "bad-type"),
      ("\"deliverables\": [\"..\"]", "bad-value"), ("\"deliverables\": [\"a\\u0000b\"]", "bad-value"),
      ("\"deliverables\": [1]", "bad-type"),
    ]
    for (field, code) in cases { #expect(codes([Sample.item("1.1", [], field)]) == [code], "\(field)") }
    for field in ["\"status\": null", "\"title\": null", "\"files\": [\"a..b\", \"..c\", \"**/*.swift\"]"] {
      #expect(codes([Sample.item("1.1", [], field)]).isEmpty, "\(field)")
    }
  }

  @Test func slipsInKeys() throws {
    let reading = read(
      Sample.plan(
        [Sample.item("1.1", [], "\"dependancies\": [], \"estimatedHours\": 3, \"description\": \"x\"")],
        "\"analysis_version\": 1, \"work_er\": 1"
      )
    )
    #expect(reading.plan != nil)
    #expect(
      reading.warnings.map(\.hint) == [
        "Did you mean `dependencies`?", "Did you mean `estimated_hours`?", "Did you mean `worker`?",
      ]
    )
    #expect(reading.warnings[0].place == SourcePlace(line: 5, column: 51))
  }

  @Test func textFromTheFileIsSafeToPrint() throws {
    let evil = "\\u001b[31m\\u202e\\u0007" + String(repeating: "x", count: 400)
    let reading = read(
      Sample.plan([
        Sample.item("1.1", [], "\"status\": \"\(evil)\", \"title\": \"\(evil)\""), Sample.item("1.2", [evil]),
      ])
    )
    #expect(reading.errorCodes == ["bad-enum", "bad-id"])
    for diagnostic in reading.diagnostics {
      #expect(
        diagnostic.message.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.properties.generalCategory != .format }
      )
      #expect(diagnostic.message.contains("\\u{1b}[31m\\u{202e}\\u{7}"))
      #expect(diagnostic.message.count < 400 && diagnostic.message.contains("…"))
    }
    let long = String(repeating: "t", count: 500)
    #expect(read(Sample.plan([Sample.item("1.1", [], "\"title\": \"\(long)\"")])).plan?.achievements[0].title == long)
  }

  @Test func severalErrorsInOnePassByPlace() {
    let reading = read(
      Sample.plan(
        [
          Sample.item("1.1", ["9.9"], "\"status\": \"x\""), Sample.item("1.1"), Sample.item("1.2", ["1.3"]),
          Sample.item("1.3", ["1.2"]),
        ],
        "\"overhead_budget\": 2"
      )
    )
    #expect(reading.errorCodes == ["missing-dependency", "bad-enum", "duplicate-id", "cycle", "bad-value"])
    #expect(reading.diagnostics.map(\.place) == reading.diagnostics.map(\.place).sorted())
  }

  @Test func aFloodOfOneKindLeavesRoomForTheRest() {
    let items = (1...1000).map { Sample.item("1.\($0)", ["7.7"]) } + [Sample.item("1.1001", [], "\"status\": \"x\"")]
    let reading = read(Sample.plan(items))
    #expect(reading.errors.count == 202)
    #expect(reading.errorCodes.contains("bad-enum"))
    #expect(reading.errors.contains { $0.message.contains("800 more") })
  }
}

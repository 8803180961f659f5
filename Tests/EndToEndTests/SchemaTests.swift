import Foundation
import TestSupport
import Testing

/// Docs/schemas describe what `--json` prints: every key is declared, every required one is there, every value is of its type.
@Suite(.limited) struct SchemaTests {
  private let schemas = Schemas()

  @Test func describesPlans() async throws {
    let scenario = try Scenario()
    try scenario.plan(
      ["1.1": [], "2.1": ["1.1"]],
      worker: "true",
      own: ["1.1": ["estimated_hours": "2-3"], "2.1": ["titel": "slip"]],
      settings: ["total_achievements": 9]
    )
    expect(try await scenario.json("show", scenario.planPath, "--json"), is: "show")
    expect(try await scenario.json("validate", scenario.planPath, "--json"), is: "validate")
    expect(try await scenario.json("run", scenario.planPath, "--dry-run", "--json", "--jobs", "2"), is: "forecast")
    try scenario.plan(["1.1": ["2.1"], "2.1": ["1.1"]])
    let broken = try await scenario.json("validate", scenario.planPath, "--json")
    #expect(broken["is_valid"] == false)
    expect(broken, is: "validate")
    expect(try await scenario.json("doctor", "--json"), is: "doctor")
    expect(try await scenario.json("doctor", "--repo", "/", "--json"), is: "doctor")
    expect(try await scenario.json("runs", "--json"), is: "runs")
  }

  @Test func describesEvents() async throws {
    let scenario = try Scenario()
    try scenario.plan(
      ["1.1": [], "1.2": [], "2.1": ["1.1"], "2.2": ["1.2"]],
      worker: "echo x > shared; test $PLAIT_ACHIEVEMENT != 1.2",
      settings: ["gate": ["shell": "true"]]
    )
    let file = scenario.place("events")
    let run = try await scenario.run("--events", "-", "--retries", "1", "--jobs", "1")
    #expect(run.code == 1)
    #expect(try await scenario.run("--events", file, "--only", "1.1").code == 0)
    #expect(scenario.text(file).contains("\"state\":\"notSelected\""))
    let lines = (run.out + scenario.text(file)).split(separator: "\n").map { JSONValue(parsing: String($0)) }
    for line in lines { expect(line, is: "event") }
    let names = Set(lines.compactMap { $0["event"].string })
    let expected = [
      "run_started", "ready", "attempt_started", "worktree_ready", "worker_started", "worker_ended", "result_committed",
      "verified", "gate_started", "gated", "merge_intended", "merged", "attempt_failed", "retry_scheduled", "blocked",
      "slot_freed", "settled", "run_ended",
    ]
    #expect(names.isSuperset(of: expected), "\(Set(expected).subtracting(names))")
    let refused = try await scenario.run("--events", scenario.place("no/such/folder"))
    #expect(refused.code == 66 && refused.err.contains("--events"))
  }

  @Test func describesARunThatGoesWell() async throws {
    let scenario = try Scenario()
    try scenario.plan(
      ["1.1": [], "2.1": ["1.1"]],
      worker: "echo x > $PLAIT_ACHIEVEMENT",
      own: ["1.1": ["estimated_hours": 1], "2.1": ["estimated_hours": 3]],
      settings: ["gate": ["shell": "true"]]
    )
    let run = try await scenario.run("--json")
    #expect(run.code == 0, "\(run.err)")
    expect(run.json, is: "report")
    #expect(run.json["prediction"]["hours"] == 4)
    try await expectRun(in: scenario)
    let resumed = try await scenario.plait("resume", "--json")
    #expect(resumed.code == 0)
    expect(resumed.json, is: "report")
    let landed = try await scenario.json("land", "--json")
    #expect(landed["updated_checkout"].string != nil)
    expect(landed, is: "land")
    expect(try await scenario.json("land", "--json"), is: "land")
    expect(try await scenario.json("clean", "--json"), is: "clean")
  }

  @Test func describesARunWithFailuresAndConflicts() async throws {
    let scenario = try Scenario()
    try scenario.plan(
      ["1.1": [], "1.2": [], "1.3": [], "2.1": ["1.2"], "3.1": ["2.1"]],
      worker: "echo $PLAIT_ACHIEVEMENT > shared; test $PLAIT_ACHIEVEMENT != 1.2",
      settings: ["worker": ["shell": "echo $PLAIT_ACHIEVEMENT > shared; test $PLAIT_ACHIEVEMENT != 1.2", "retries": 1]]
    )
    #expect(try await scenario.run("--jobs", "3", "--json").code == 4)
    let status = try await scenario.json("status", "--json")
    #expect(status["counts"]["failed"] == 2 && status["counts"]["blocked"] == 2)
    try await expectRun(in: scenario)
    expect(try await scenario.json("clean", "--dry-run", "--json"), is: "clean")
  }

  @Test func describesARunOfSeveralPlans() async throws {
    let pair = try PlanPair()
    try pair.write(0, ["1.1": []])
    try pair.write(1, ["1.1": ["ALPHA:1.1"]])
    let scenario = pair.scenario
    expect(try await scenario.json("show", pair.folders[0], pair.folders[1], "--json"), is: "show")
    expect(try await scenario.json("simulate", pair.folders[0], pair.folders[1], "--json"), is: "simulate")
    expect(try await pair.run("--dry-run", "--json").json, is: "forecast")
    let run = try await pair.run("--json")
    #expect(run.code == 0, "\(run.err)")
    expect(run.json, is: "report")
    #expect(run.json["plans"].items.map { $0["name"].string } == ["ALPHA", "BETA"])
    expect(try await scenario.json("explain", "BETA:1.1", "--json"), is: "explain")
    expect(try await scenario.json("status", "--json"), is: "status")
    expect(try await scenario.json("clean", "--json"), is: "clean")
  }

  @Test func describesARunThatGoesOnAndOneThatWasKilled() async throws {
    let scenario = try Scenario()
    let go = scenario.place("go")
    try scenario.plan(["1.1": [], "2.1": ["1.1"]], worker: "mkfifo \(go); read word < \(go)")
    let run = try scenario.startRun("--jobs", "1")
    #expect(await eventually { scenario.exists(go) })
    try await expectRun(in: scenario)
    run.send(SIGKILL)
    _ = await run.end()
    let runs = try await scenario.json("runs", "--json")
    #expect(runs["runs"][0]["state"] == "interrupted" && runs["runs"][0]["counts"]["waiting"] == 1)
    try await expectRun(in: scenario)
    // Its worker outlived it.
    let cancelled = try await scenario.json("cancel", "--json")
    #expect(cancelled["outcome"] == "orphansEnded")
    expect(cancelled, is: "cancel")
    let cleaned = try await scenario.json("clean", "--delete-results", "--json")
    #expect(!cleaned["removed"].items.isEmpty)
    expect(cleaned, is: "clean")
    try scenario.expectTidy()
  }

  @Test func describesTheAddress() async throws {
    let server = try await LiveServer(in: Scenario(), "--json")
    expect(server.announced, is: "serve")
    #expect(await server.end(by: SIGTERM).code == 0)
  }

  @Test func namesEverySchemaItself() throws {
    #expect(schemas.names.count >= 25)
    for name in schemas.names {
      let schema = schemas[name]
      #expect(schema["title"].string == "plait.\(name)/1" && schema["properties"]["schema"]["const"] == schema["title"])
    }
  }

  @Test func findsWhatIsNotDescribed() {
    let land: JSONValue = ["schema": "plait.land/1", "run": "r", "branch": 7, "commit": "x", "more": true]
    #expect(
      schemas.findings(in: land, by: "land").sorted() == [
        "branch is no string", "from is missing", "more is not declared",
      ]
    )
  }

  /// Everything that is printed about the newest run.
  private func expectRun(in scenario: Scenario) async throws {
    let report = try await scenario.json("report", "--json")
    expect(report, is: "report")
    expect(try await scenario.json("status", "--json"), is: "status")
    expect(try await scenario.json("runs", "--json"), is: "runs")
    for entry in report["achievements"].items {
      expect(try await scenario.json("explain", entry["id"].string ?? "", "--json"), is: "explain")
    }
  }

  private func expect(_ value: JSONValue, is name: String, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(schemas.findings(in: value, by: name) == [], sourceLocation: sourceLocation)
  }
}

/// The files of Docs/schemas, and as much of JSON Schema as they use.
struct Schemas {
  private let schemas: [String: JSONValue]

  init(file: String = #filePath) {
    let root = URL(fileURLWithPath: file).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let folder = root.appendingPathComponent("Docs/schemas").path
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    schemas = Dictionary(
      uniqueKeysWithValues: files.filter { $0.hasSuffix(".schema.json") }.map { file in
        let bytes = FileManager.default.contents(atPath: "\(folder)/\(file)") ?? Data()
        let name = file.dropFirst("plait.".count).dropLast(".schema.json".count)
        return (String(name), JSONValue(parsing: String(decoding: bytes, as: UTF8.self)))
      }
    )
  }

  var names: [String] { schemas.keys.sorted() }

  subscript(_ name: String) -> JSONValue { schemas[name] ?? .null }

  /// What in `value` is not as the schema of this name says, one line each.
  func findings(in value: JSONValue, by name: String) -> [String] {
    guard let root = schemas[name] else { return ["there is no schema \(name)"] }
    return findings(in: value, by: root, of: root, at: "")
  }

  private func findings(in value: JSONValue, by schema: JSONValue, of root: JSONValue, at place: String) -> [String] {
    if let reference = schema["$ref"].string {
      let definition = root["$defs"][String(reference.dropFirst("#/$defs/".count))]
      guard definition != .null else { return ["\(reference) is not defined"] }
      return findings(in: value, by: definition, of: root, at: place)
    }
    let words = schema["enum"].items
    if !words.isEmpty { return words.contains(value) ? [] : ["\(place) is none of the words allowed: \(value.text)"] }
    if schema["const"] != .null { return schema["const"] == value ? [] : ["\(place) is \(value.text)"] }
    guard let type = schema["type"].string, isOf(type, value) else {
      return ["\(place) is no \(schema["type"].string ?? "type")"]
    }
    switch value {
    case .object(let members):
      let missing = schema["required"].strings.filter { members[$0] == nil }.map { "\(joined(place, $0)) is missing" }
      return missing
        + members.sorted { $0.key < $1.key }.flatMap { key, member in
          let property = schema["properties"][key]
          if property == .null { return ["\(joined(place, key)) is not declared"] }
          return findings(in: member, by: property, of: root, at: joined(place, key))
        }
    case .array(let items):
      return items.flatMap { findings(in: $0, by: schema["items"], of: root, at: "\(place)[]") }
    default:
      return []
    }
  }

  private func joined(_ place: String, _ key: String) -> String { place.isEmpty ? key : "\(place).\(key)" }

  private func isOf(_ type: String, _ value: JSONValue) -> Bool {
    switch (type, value) {
    case ("object", .object), ("array", .array), ("string", .string), ("number", .number), ("boolean", .bool): true
    case ("integer", .number(let number)): number == number.rounded()
    default: false
    }
  }
}

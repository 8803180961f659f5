import Foundation
import TestSupport
import Testing

/// Plans that can't be run, or that try to do harm: one clear message, the right exit code, and no trace of a run.
@Suite(.limited) struct BadPlanTests {
  private func expectRefusal(
    _ scenario: Scenario,
    _ ended: Ended,
    code: Int32,
    saying words: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    #expect(ended.code == code, "\(ended.err.prefix(500))", sourceLocation: sourceLocation)
    #expect(ended.out.isEmpty, sourceLocation: sourceLocation)
    #expect(ended.err.contains(words), "\(ended.err.prefix(500))", sourceLocation: sourceLocation)
    #expect(ended.err.contains("error"), sourceLocation: sourceLocation)
    #expect(ended.err.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 }, sourceLocation: sourceLocation)
    #expect(ended.err.utf8.count < 3_000, sourceLocation: sourceLocation)
    #expect(!scenario.exists("\(scenario.repo)/.git/plait/plait.sqlite"), sourceLocation: sourceLocation)
    #expect(try scenario.lines("for-each-ref", "refs/heads/plait").isEmpty, sourceLocation: sourceLocation)
  }

  @Test func missingOrNoFile() async throws {
    let scenario = try Scenario()
    try expectRefusal(scenario, await scenario.run(), code: 66, saying: "parallel.json")
    try expectRefusal(scenario, await scenario.plait("run", scenario.root), code: 66, saying: "parallel.json")
    try expectRefusal(scenario, await scenario.plait("run", "@NOWHERE"), code: 66, saying: "NOWHERE")
    try expectRefusal(scenario, await scenario.plait("show", "no\u{1B}[31mred"), code: 66, saying: "no")
  }

  @Test(arguments: [
    ("", "empty"), (" \n", "empty"), ("[1]", "object"), (#"{"plan_name": "A", "plan_name": "B"}"#, "plan_name"),
    (#"{"plan_name": "A""#, "1:"),
    (
      #"{"plan_name":"A","parallelization_level":"level_2","achievements":[{"achievement_id":"1.1","title":"a","dependencies":["1.2"]},{"achievement_id":"1.2","title":"b","dependencies":["1.1"]}]}"#,
      "1.1 -> 1.2 -> 1.1"
    ),
    (
      #"{"plan_name":"A","parallelization_level":"level_2","achievements":[{"achievement_id":"../../x","title":"a","dependencies":[]}]}"#,
      "../../x"
    ),
    (
      #"{"plan_name":"../up","parallelization_level":"level_2","achievements":[{"achievement_id":"1.1","title":"a","dependencies":[]}]}"#,
      "plan_name"
    ),
    (
      #"{"plan_name":"A","parallelization_level":"level_2","achievements":[{"achievement_id":"1.1","title":"a","dependencies":["1.\#u{1B}[31m"]}]}"#,
      "1:"
    ),
    (
      #"{"plan_name":"A","parallelization_level":"level_2","achievements":[{"achievement_id":"1.1","title":"a","dependencies":[],"files":["../../etc"],"deliverables":["/etc/passwd"]}]}"#,
      "/etc/passwd"
    ),
  ])
  func invalid(_ text: String, _ words: String) async throws {
    let scenario = try Scenario()
    try scenario.write(scenario.planPath, text)
    try expectRefusal(scenario, await scenario.run(), code: 65, saying: words)
    let checked = try await scenario.plait("validate", "--json", scenario.planPath)
    #expect(checked.code == 65 && checked.json["is_valid"] == false)
    #expect(try await scenario.plait("validate", scenario.planPath).code == 65)
  }

  @Test func notUTF8() async throws {
    let scenario = try Scenario()
    try Data([0x7B, 0x22, 0xFF, 0xFE, 0x22, 0x3A, 0x31, 0x7D]).write(to: URL(fileURLWithPath: scenario.planPath))
    try expectRefusal(scenario, await scenario.run(), code: 65, saying: "UTF-8")
  }

  @Test func wrongSelections() async throws {
    let scenario = try Scenario()
    try scenario.plan(["1.1": [], "1.2": ["1.1"]], worker: "true")
    try expectRefusal(scenario, await scenario.run("--only", "9.9"), code: 64, saying: "9.9")
    try expectRefusal(scenario, await scenario.run("--only", "1.2"), code: 64, saying: "1.1")
    try expectRefusal(scenario, await scenario.run("--only", "x"), code: 64, saying: "x")
  }

  @Test(.timeLimit(.minutes(10))) func hugeFilesAreReadToTheirEnd() async throws {
    let scenario = try Scenario()
    // Valid and large by what it carries along, then one that is nested without end.
    let head =
      #"{"plan_name":"BIG","parallelization_level":"level_1","worker":{"command":["true"]},"achievements":[{"achievement_id":"1.1","title":"a","dependencies":[]}],"notes":""#
    var bytes = Data(head.utf8)
    bytes.append(Data(repeating: UInt8(ascii: "x"), count: 100 << 20))
    bytes.append(Data("\"}".utf8))
    try bytes.write(to: URL(fileURLWithPath: scenario.planPath))
    #expect(try await scenario.run("--dry-run").code == 0)
    try Data(repeating: UInt8(ascii: "["), count: 20 << 20).write(to: URL(fileURLWithPath: scenario.planPath))
    try expectRefusal(scenario, await scenario.run(), code: 65, saying: "error")
  }

  @Test func titlesNeverReachTheTerminalRaw() async throws {
    let scenario = try Scenario()
    let title = "\u{1B}[2J\u{1B}]0;owned\u{07}\u{9B}31m\r\nTitle\u{202E} " + String(repeating: "long ", count: 2_000)
    try scenario.plan(
      ["1.1": [], "1.2": ["1.1"]],
      worker: "printf '\\033[2Jhello\\n'; test -n \"$PLAIT_TITLE\"; exit ${PLAIT_ACHIEVEMENT#1.}",
      own: ["1.1": ["title": .string(title), "worker": ["shell": "echo x > x"]], "1.2": ["title": .string(title)]]
    )
    let commands: [[String]] = [
      ["validate", scenario.planPath], ["show", scenario.planPath], ["show", "--graph", "dot", scenario.planPath],
      ["show", "--graph", "mermaid", scenario.planPath], ["show", "--graph", "svg", scenario.planPath],
      ["run", "--dry-run", scenario.planPath], ["run", scenario.planPath], ["status"], ["runs"], ["explain", "1.1"],
      ["explain", "1.2"], ["report"], ["report", "--format", "markdown"], ["report", "--format", "csv"],
      ["status", "--json"], ["report", "--json"], ["show", "--json", scenario.planPath], ["clean"],
    ]
    for command in commands {
      let ended = try await scenario.start(command).end()
      #expect(ended.code == (command == ["run", scenario.planPath] ? 1 : 0), "\(command) \(ended.err.prefix(300))")
      for text in [ended.out, ended.err] {
        let raw = text.unicodeScalars.filter {
          ($0.value < 0x20 && $0 != "\n" && $0 != "\r" && $0 != "\t") || (0x7F...0x9F).contains($0.value)
            || $0.value == 0x202E
        }
        #expect(raw.isEmpty, "\(command): \(raw.map(\.value))")
      }
    }
    let subject = try scenario.git("log", "-1", "--format=%B", scenario.integration())
    #expect(!subject.unicodeScalars.contains { $0.value == 0x1B } && subject.count < 400)
    try scenario.expectTidy()
  }
}

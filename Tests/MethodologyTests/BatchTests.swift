import Foundation
import Planning
import SystemPackage
import Testing

@testable import Methodology

@Suite struct BatchTests {
  let sample: PlanSample

  init() throws { sample = try PlanSample() }

  private func batch(_ kind: Batch.Kind = .subplans, _ selection: Batch.Selection = .ready) throws -> Batch {
    try Batch(kind, selection, of: sample.record())
  }

  private func names(_ batch: Batch) -> [String] { batch.files.compactMap { $0.path.lastComponent?.string } }

  @Test func onlyWhatIsReadyIsChosenUnlessMoreIsAskedFor() throws {
    #expect(names(try batch()) == ["SUBPLAN_NEW-PARSER_11.md"])
    #expect(names(try batch(.subplans, .level(1))) == ["SUBPLAN_NEW-PARSER_12.md", "SUBPLAN_NEW-PARSER_21.md"])
    #expect(
      names(try batch(.subplans, .ids(ids("2.2", "1.1")))) == ["SUBPLAN_NEW-PARSER_11.md", "SUBPLAN_NEW-PARSER_22.md"]
    )
    try sample.approve("11")
    #expect(names(try batch()) == ["SUBPLAN_NEW-PARSER_12.md", "SUBPLAN_NEW-PARSER_21.md"])
    #expect(try batch().grouped.map(\.level) == [1])
    let levels = try sample.record().levels
    #expect(levels == [ids("1.1")[0]: 0, ids("1.2")[0]: 1, ids("2.1")[0]: 1, ids("2.2")[0]: 2])
    #expect(try batch(.subplans, .level(0)).files.isEmpty)
  }

  @Test func unknownIdsAndLevelsAreRefused() throws {
    let id = try #require(throws: MethodologyError.self) { try batch(.subplans, .ids(ids("9.9"))) }
    #expect(id.description == "9.9: the plan NEW-PARSER has no such achievement.")
    #expect(throws: MethodologyError.self) { try batch(.subplans, .ids(ids("1.2.1"))) }
    let level = try #require(throws: MethodologyError.self) { try batch(.subplans, .level(3)) }
    #expect(level.description == "level 3: no achievement is there; the levels are 0 to 2.")
  }

  @Test func aSubplanSaysWhatThePlanAndItsDocumentSay() throws {
    let text = try #require(try batch().files.first).content
    #expect(
      text == """
        # SUBPLAN: 1.1 Tokens Read

        - **Plan**: NEW-PARSER
        - **Achievement**: 1.1, priority 1, dependency level 0
        - **Estimate**: 2–3 h

        ## Objective

        Read tokens from `bytes`

        ## Deliverables

        - `tokens.swift` in `Sources/Parser/` (new)
        - Tests in `Tests/ParserTests/TokenTests.swift`
          - one for each kind
        - A drawing

        ## Footprint

        Only these paths are to be changed; others may be at work elsewhere.

        - `Sources/Parser/**`

        ## Approach

        1. Deliver: `tokens.swift` in `Sources/Parser/` (new)
        2. Deliver: Tests in `Tests/ParserTests/TokenTests.swift`
        3. Deliver: A drawing
        4. Write the tests that are asked for.
        5. Run the checks until all are green.

        ## Done when

        - All kinds are read

        ## Tests

        - Coverage above 90 %

        ## Checks

        Each is run on the result, which counts only when all of them pass:

        - `make test`
        - `Sources/Parser/tokens.swift` exists

        ## What waits for it

        - 1.2 Trees Built
        - 2.1 Command Line Made

        """
    )
  }

  @Test func dependenciesAreListedWithWhereTheyStand() throws {
    try sample.approve("11")
    let file = try #require(try batch(.subplans, .ids(ids("1.2"))).files.first)
    #expect(
      file.content.contains("- 1.1 Tokens Read (complete: APPROVED_11.md); it makes `Sources/Parser/tokens.swift`\n")
    )
    #expect(file.content.contains("## Parts\n\nThese can be done side by side:\n\n- 1.2.1 Nodes\n- 1.2.2 Edges\n"))
    #expect(file.content.contains("- **Estimate**: 3 h\n"))
    let last = try #require(try batch(.subplans, .ids(ids("2.1"))).files.first)
    #expect(!last.content.contains("## Checks") && !last.content.contains("**Estimate**"))
    #expect(last.content.contains("Check the result against what is named above."))
  }

  @Test func whatIsThereIsLeftAsItIs() throws {
    try sample.write("subplans/SUBPLAN_NEW-PARSER_11.md", "mine")
    let planned = try batch(.subplans, .ids(ids("1.1", "1.2")))
    #expect(planned.existing == [.init(id: ids("1.1")[0], reason: "SUBPLAN_NEW-PARSER_11.md is there")])
    let outcome = planned.write()
    #expect(outcome.written.map(\.id.text) == ["1.2"] && outcome.failed.isEmpty)
    #expect(try sample.read("subplans/SUBPLAN_NEW-PARSER_11.md") == "mine")
    // A second run of the same batch, planned before the first wrote.
    #expect(planned.write().existing.map(\.id.text) == ["1.2"])
    #expect(try batch(.subplans, .ids(ids("1.1", "1.2"))).files.isEmpty)
  }

  @Test func aFolderOfThatNameIsInTheWay() throws {
    try sample.write("subplans/SUBPLAN_NEW-PARSER_11.md/x")
    let outcome = try batch(.subplans, .ids(ids("1.1"))).write()
    #expect(outcome.existing.isEmpty && outcome.failed.map(\.id.text) == ["1.1"])
    #expect(
      outcome.failed[0].reason.hasSuffix("SUBPLAN_NEW-PARSER_11.md is no file and in the way: move it elsewhere.")
    )
  }

  @Test func halfABatchIsKeptAndTheRestNamed() throws {
    let planned = try batch(.executions, .ids(ids("1.1", "2.1")))
    #expect(
      planned.refused.map(\.reason) == ["SUBPLAN_NEW-PARSER_11.md is missing", "SUBPLAN_NEW-PARSER_21.md is missing"]
    )
    let subplans = try batch(.subplans, .ids(ids("1.1", "2.1")))
    // Something else has the name of the second file's folder: a file where a folder must be.
    try sample.write("blocked")
    let moved = subplans.files.enumerated().map { offset, file in
      let path = offset == 0 ? file.path : sample.folder.path.pushing("blocked/x.md")
      return Batch.File(id: file.id, path: path, content: file.content)
    }
    let outcome = Batch(subplans, files: moved).write()
    #expect(outcome.written.map(\.id.text) == ["1.1"])
    #expect(outcome.failed.map(\.id.text) == ["2.1"])
    #expect(outcome.failed[0].reason.contains("Check the folder and who may write there."))
    #expect(sample.exists("subplans/SUBPLAN_NEW-PARSER_11.md"))
  }

  @Test func tasksFollowTheirSubplansAndRejections() throws {
    _ = try batch(.subplans, .ids(ids("1.1", "1.2"))).write()
    let first = try batch(.executions, .ids(ids("1.1", "1.2")))
    #expect(
      names(first) == [
        "EXECUTION_TASK_NEW-PARSER_11_01.md", "EXECUTION_TASK_NEW-PARSER_12_01.md",
        "EXECUTION_TASK_NEW-PARSER_12_02.md",
      ]
    )
    #expect(first.files[0].content.hasPrefix("# EXECUTION_TASK: 1.1 Tokens Read, attempt 1\n"))
    #expect(first.files[0].content.contains("- **Approach**: `SUBPLAN_NEW-PARSER_11.md`\n"))
    #expect(first.files[2].content.contains("- **Part**: 1.2.2 Edges\n"))
    #expect(first.files[0].content.hasSuffix("| Time | Step | Result |\n|---|---|---|\n"))
    _ = first.write()
    #expect(
      try batch(.executions, .ids(ids("1.1"))).existing.map(\.reason) == ["EXECUTION_TASK_NEW-PARSER_11_01.md is there"]
    )

    try sample.write("execution/feedbacks/FIX_11.md", "# FIX\n\n## Findings\n\n- No tests\n\n## Next\n\nAgain.\n")
    let second = try batch(.executions, .ids(ids("1.1")))
    #expect(names(second) == ["EXECUTION_TASK_NEW-PARSER_11_02.md"])
    #expect(
      second.files[0].content.contains(
        "## What the last attempt lacked\n\nFrom `FIX_11.md`:\n\n- No tests\n\n## Objective"
      )
    )
    _ = second.write()
    #expect(try batch(.executions, .ids(ids("1.1"))).files.isEmpty)

    try sample.write("execution/feedbacks/FIX_11.md", "EXECUTION_TASK_NEW-PARSER_11_02.md is wrong")
    #expect(names(try batch(.executions, .ids(ids("1.1")))) == ["EXECUTION_TASK_NEW-PARSER_11_03.md"])
    try sample.write("execution/feedbacks/FIX_11.md", "EXECUTION_TASK_NEW-PARSER_11_01.md is wrong")
    #expect(try batch(.executions, .ids(ids("1.1"))).files.isEmpty)
  }

  @Test func aHundredAreWrittenOnce() throws {
    let items = (1...100).map { #"{"achievement_id": "\#($0).1", "title": "Item \#($0)", "dependencies": []}"# }
    let json =
      #"{"plan_name": "WIDE", "parallelization_level": "level_3", "achievements": [\#(items.joined(separator: ","))]}"#
    let text = (1...100).map { "**Achievement \($0).1**: Item \($0)\n\n- **Deliverables**:\n  - `src/\($0).py`\n" }
    let wide = try PlanSample(json: json, document: "## Desirable Achievements\n\n" + text.joined(separator: "\n"))
    #expect(try Batch(.subplans, .ready, of: wide.record()).write().written.count == 100)
    let second = try Batch(.subplans, .ready, of: wide.record())
    #expect(second.files.isEmpty && second.existing.count == 100)
    #expect(try Batch(.executions, .ready, of: wide.record()).write().written.count == 100)
  }

  @Test func withoutADocumentThePlanIsEnough() throws {
    let bare = try PlanSample(document: nil)
    let text = try #require(try Batch(.subplans, .ready, of: bare.record()).files.first).content
    #expect(text.contains("## Objective\n\nTokens Read\n"))
    #expect(text.contains("## Deliverables\n\n- `Sources/Parser/tokens.swift`\n"))
    #expect(text.contains("1. Make `Sources/Parser/tokens.swift`.\n2. Run the checks until all are green."))
  }
}

@Suite struct TemplateTests {
  private func filled(_ text: String, _ values: [String: String] = ["a": "A", "none": ""]) throws -> String {
    try Template(origin: "T.md", text: text).filled(values)
  }

  @Test func placesAreFilledAndEmptyPartsLeftOut() throws {
    #expect(try filled("x {{a}}{{ a }} {{none}}y") == "x AA y\n")
    #expect(try filled("1\n\n{{#none}}\n2\n{{/none}}\n\n{{#a}}\n3 {{a}}\n{{/a}}\n4") == "1\n\n3 A\n4\n")
    #expect(try filled("{{#a}}\n{{#none}}\n1\n{{/none}}\n2\n{{/a}}") == "2\n")
    #expect(try filled("{{ }} }}{{", ["": "e"]) == "e }}{{\n")
  }

  @Test(arguments: [
    ("a\n{{b}}", "has no value for {{b}}. It may use: a, none (line 2)."),
    ("{{#b}}\n{{/b}}", "has no value for {{b}}. It may use: a, none (line 1)."),
    ("{{#a}}\nx", "has no {{/a}} (line 2)."),
    ("{{/a}}", "ends the part a, which isn't open (line 1)."),
  ])
  func whatIsWrongIsNamed(text: String, message: String) throws {
    let error = try #require(throws: MethodologyError.self) { try filled(text) }
    #expect(error.code == .invalid && error.description == "T.md: \(message)")
  }

  @Test func theUsersOwnComesFirst() throws {
    let sample = try PlanSample()
    try sample.scratch.write(".plait/templates/SUBPLAN.md", "repository {{id}}")
    #expect(try Batch(.subplans, .ready, of: sample.record()).files[0].content == "repository 1.1\n")
    try sample.write("templates/SUBPLAN.md", "plan {{id}} {{nothing}}")
    let error = try #require(throws: MethodologyError.self) { try Batch(.subplans, .ready, of: sample.record()) }
    #expect(error.subject.hasSuffix("plan/templates/SUBPLAN.md"))
    try sample.scratch.makeFolder("plan/templates/EXECUTION_TASK.md")
    #expect(throws: MethodologyError.self) { try Batch(.executions, .ready, of: sample.record()) }
  }

  @Test func everyBuiltInTemplateCanBeFilled() throws {
    for name in Template.Name.allCases {
      let text = Template.builtIn(name)
      let places = text.split(separator: "{{").dropFirst().compactMap { $0.split(separator: "}}").first }
      let values = Dictionary(places.map { (String($0.drop { "#/".contains($0) }), "value") }) { first, _ in first }
      let filled = try Template(origin: name.rawValue, text: text).filled(values)
      #expect(filled.hasPrefix("# \(name.rawValue): value") && !filled.contains("{{"))
    }
  }
}

@Suite struct PlanDocumentSearchTests {
  @Test func theDocumentOfThePlanIsFoundAndNoOther() throws {
    let sample = try PlanSample(document: nil)
    #expect(try sample.folder.document(ofPlan: "NEW-PARSER") == nil)
    try sample.write("PLAN_OLD-NAME.md", "")
    try sample.write("PLAN_SUMMARY.md", "")
    try sample.write("PLAN_lower.md", "")
    #expect(try sample.folder.document(ofPlan: "NEW-PARSER")?.lastComponent?.string == "PLAN_OLD-NAME.md")
    try sample.write("PLAN_THIRD.md", "")
    let error = try #require(throws: MethodologyError.self) { try sample.folder.document(ofPlan: "NEW-PARSER") }
    #expect(error.code == .ambiguous)
    #expect(
      error.message
        == "has 2 PLAN documents: PLAN_OLD-NAME.md, PLAN_THIRD.md. Rename the one of this plan to PLAN_NEW-PARSER.md."
    )
    try sample.write("PLAN_NEW-PARSER.md", "")
    #expect(try sample.folder.document(ofPlan: "NEW-PARSER")?.lastComponent?.string == "PLAN_NEW-PARSER.md")
    let missing = PlanFolder(sample.scratch.path.appending("none"))
    #expect(throws: MethodologyError.self) { try missing.document(ofPlan: "X") }
  }

  @Test func aFolderOfThatNameIsNoDocument() throws {
    let sample = try PlanSample(document: nil)
    try sample.scratch.makeFolder("plan/PLAN_NEW-PARSER.md")
    let error = try #require(throws: MethodologyError.self) { try sample.record() }
    #expect(error.code == .notAPlan && error.message == "is a folder; a PLAN document is a file.")
  }
}

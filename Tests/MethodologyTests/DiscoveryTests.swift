import Foundation
import Planning
import SystemPackage
import Testing

@testable import Methodology

@Suite struct DiscoveryTests {
  private func fields(_ draft: DraftPlan, _ id: String, _ name: DraftField.Name) -> [String] {
    draft.fields.filter { $0.owner?.text == id && $0.name == name }.map { "\($0.value) <- \($0.provenance)" }
  }

  private func item(_ draft: DraftPlan, _ id: String) throws -> DraftPlan.Item {
    try #require(draft.items.first { $0.id.text == id })
  }

  @Test func theDraftIsASoundPlanInCanonicalForm() throws {
    let draft = DraftPlan(SampleDocument.document)
    let reading = PlanReader.read(Array(draft.json.utf8))
    #expect(reading.diagnostics.isEmpty)
    let plan = try #require(reading.plan)
    #expect(plan.name == "NEW-PARSER")
    #expect(plan.achievements.map(\.title) == SampleDocument.document.achievements.map(\.title))
    #expect(plan.level == .acrossPriorities)
    #expect(plan.achievements[0].estimate == HourRange(low: 2, high: 3))
    #expect(
      plan.achievements[0].details.deliverables == [
        "Sources/Parser/tokens.swift", "Tests/ParserTests/TokenTests.swift",
      ]
    )
    #expect(plan.achievements[2].details.files == ["Sources/cli/main.swift", "Sources/cli/flags/**"])
    #expect(plan.achievements[3].details.softDependencies.map(\.text) == ["1.1", "1.2"])
    #expect(draft.json.contains("\"created_date\": \"2025-11-01\""))
    #expect(PlanFixer.fix(Array(draft.json.utf8)) == nil)
  }

  @Test func everyFieldSaysWhereItComesFrom() {
    let draft = DraftPlan(SampleDocument.document)
    #expect(draft.fields.first { $0.owner == nil }?.provenance == .stated(line: 1))
    #expect(fields(draft, "1.1", .title) == ["Tokens Read <- stated (line 52)"])
    #expect(fields(draft, "1.1", .dependencies) == [" <- stated (line 64)"])
    #expect(fields(draft, "1.2", .dependencies) == ["1.1 <- stated (line 87)"])
    #expect(
      fields(draft, "1.1", .files) == [
        "Sources/Parser/tokens.swift, Tests/ParserTests/TokenTests.swift <- guessed: from its deliverables"
      ]
    )
    #expect(fields(draft, "2.1", .files) == ["Sources/cli/main.swift, Sources/cli/flags/** <- stated (line 96)"])
    #expect(fields(draft, "2.1", .deliverables) == [" <- unknown"])
    #expect(fields(draft, "2.2", .dependencies) == [" <- unknown"])
    #expect(fields(draft, "2.2", .softDependencies) == ["1.1, 1.2 <- guessed: after priority 1"])
    #expect(fields(draft, "2.2", .estimatedHours) == [" <- unknown"])
  }

  @Test func theTableCountsThem() {
    let rows = DraftPlan(SampleDocument.document).table.rows
    #expect(
      rows.map { [$0.stated, $0.guessed, $0.unknown] } == [
        [1, 0, 0], [4, 0, 0], [4, 0, 0], [3, 0, 1], [3, 0, 1], [0, 1, 0], [1, 3, 0], [3, 0, 1],
      ]
    )
    let text = DraftPlan(SampleDocument.document).table.text
    #expect(
      text.hasPrefix("field                stated  guessed  unknown\nplan_name                 1        0        0\n")
    )
  }

  @Test func acceptedGuessesBecomeDependenciesWhereNothingIsStated() throws {
    let draft = DraftPlan(SampleDocument.document, acceptsGuesses: true)
    let last = try item(draft, "2.2")
    #expect(last.dependencies.map(\.text) == ["1.1", "1.2"] && last.softDependencies.isEmpty)
    #expect(fields(draft, "2.2", .dependencies) == ["1.1, 1.2 <- guessed: after priority 1"])
    #expect(try item(draft, "1.1").dependencies.isEmpty)
    #expect(PlanReader.read(Array(draft.json.utf8)).diagnostics.isEmpty)
  }

  @Test func whatSharesAFileIsGuessedToFollow() throws {
    let draft = DraftPlan(
      SampleDocument.achievements(
        """
        **Achievement 1.1**: A
        - Files: `src/a.py`
        **Achievement 1.2**: B
        - Files: `src/a.py`
        - Dependencies: None
        **Achievement 1.3**: C
        - Deliverables: `src/a.py`, removed `src/b.py`
        """
      ),
      acceptsGuesses: true
    )
    #expect(try item(draft, "1.2").dependencies.isEmpty)
    #expect(try item(draft, "1.2").softDependencies.map(\.text) == ["1.1"])
    #expect(try item(draft, "1.3").dependencies.map(\.text) == ["1.2"])
    #expect(fields(draft, "1.3", .dependencies) == ["1.2 <- guessed: shares file src/a.py"])
    // What a sentence about a removal names need not exist afterwards.
    #expect(try item(draft, "1.3").deliverables.isEmpty)
    #expect(try item(draft, "1.3").files == ["src/a.py", "src/b.py"])
  }

  @Test func blocksLinesCountWhereNothingElseIsSaid() throws {
    let draft = DraftPlan(
      SampleDocument.achievements(
        """
        **Achievement 1.1**: A
        - Blocks: 1.2, 1.3
        **Achievement 1.2**: B
        **Achievement 1.3**: C
        - Dependencies: None
        **Achievement 1.4**: D
        - Dependencies: 1.9, what 1.1 leaves
        **Achievement 1.5**: E
        - Dependencies: 1.9
        """
      )
    )
    #expect(try item(draft, "1.2").dependencies.map(\.text) == ["1.1"])
    #expect(fields(draft, "1.2", .dependencies) == ["1.1 <- stated (line 6)"])
    #expect(try item(draft, "1.3").dependencies.isEmpty)
    #expect(try item(draft, "1.4").softDependencies.map(\.text) == ["1.1"])
    #expect(draft.findings.map(\.code) == ["blocks-mismatch", "missing-dependency"])
    #expect(draft.findings[1].message == "1.5 depends on 1.9, which the document doesn't describe")
  }

  @Test func contradictingLinesAreReportedAsACycle() throws {
    let draft = DraftPlan(
      SampleDocument.achievements(
        "**Achievement 1.1**: A\n- Dependencies: 1.2\n\n**Achievement 1.2**: B\n- Dependencies: 1.1\n\n**Achievement 2.1**: C\n"
      )
    )
    let cycle = try #require(draft.findings.first { $0.code == "cycle" })
    #expect(cycle.message == "the document's dependencies make a cycle: 1.1 -> 1.2 -> 1.1")
    #expect(draft.findings.count { $0.code == "cycle" } == 1)
  }

  @Test func idsOfThreeNumbersAreLeftOut() {
    let draft = DraftPlan(
      SampleDocument.achievements("**Achievement 3.5.1**: A\n\n**Achievement 1.1**: B \"quoted\"\n")
    )
    #expect(draft.items.map(\.id.text) == ["1.1"])
    #expect(draft.findings.map(\.code) == ["id-form"])
    #expect(draft.json.contains("B \\\"quoted\\\""))
    #expect(draft.json.contains("\"parallelization_level\": \"level_2\""))
  }

  @Test func jsonAddsToWhatIsDescribedAndInventsNothing() throws {
    let text = """
      ## Achievements

      **Achievement 1.1**: A

      ```json
      {"achievement_id": "1.1", "title": "A", "estimated_hours": "2-3", "explicit_dependencies": [],
       "files_modified": ["src/a.py [NEW]", "docs/..."]}
      ```

      **Achievement 1.2**: B

      ```json
      {"achievement_id": "1.2", "estimated_hours": 1.5, "dependencies": ["1.1"], "blocked_by": ["1.3 (soon)"]}
      ```

      **Achievement 1.3**: C

      ## Example

      ```json
      {"achievements": [{"achievement_id": "1.1", "title": "Other", "dependencies": []},
       {"achievement_id": "9.9", "title": "Z", "dependencies": []}]}
      ```

      ```json
      { not json
      ```
      """
    let draft = DraftPlan(SampleDocument.read(text))
    #expect(draft.items.map(\.id.text) == ["1.1", "1.2", "1.3"])
    #expect(try item(draft, "1.1").files == ["src/a.py", "docs/**"])
    #expect(try item(draft, "1.1").estimate == HourRange(low: 2, high: 3))
    #expect(try item(draft, "1.2").dependencies.map(\.text) == ["1.1"])
    #expect(fields(draft, "1.2", .softDependencies) == ["1.3 <- guessed: `blocked_by` in the JSON of line 12"])
    #expect(draft.findings.map(\.code) == ["json-ignored"])
  }

  @Test func aDocumentOfJSONAloneIsTakenAtIt() throws {
    let plan = """
      # Analysis: Old Parser

      ```json
      {"plan_name": "PLAN_OLD-PARSER", "achievements": [
        {"achievement_id": "1.1", "title": "A", "dependencies": [], "files": ["src/"], "deliverables": ["src/a.py"]},
        {"achievement_id": "1.2", "title": "B", "dependencies": ["1.1"]}]}
      ```
      """
    let draft = DraftPlan(SampleDocument.read(plan, as: "analysis.md"))
    #expect(draft.name == "OLD-PARSER")
    #expect(draft.items.map(\.title) == ["A", "B"])
    #expect(draft.items[0].deliverables == ["src/a.py"])
    #expect(draft.items[1].dependencies.map(\.text) == ["1.1"])
    #expect(draft.findings.filter { $0.severity == .error }.isEmpty)
  }

  @Test(arguments: [
    ("**Plan ID**: OTHER-NAME\n", "OTHER-NAME"), ("**Plan**: PLAN_THAT-ONE.md (draft)\n", "THAT-ONE"),
    ("# PLAN: My Plan\n", "MY-PLAN"),
    ("", "NOTES-MD"),
  ])
  func namesAreFound(text: String, name: String) {
    #expect(DraftPlan(SampleDocument.read(text, as: "notes.md")).name == name)
  }

  @Test(
    .enabled(if: Fixtures.folder != nil),
    arguments: [
      "PLAN_PARALLEL-EXECUTION-AUTOMATION.md", "PLAN_STAGE-DOMAIN-REFACTOR.md", "PLAN_LLM-DASHBOARD-CLI.md",
      "CROSS-PRIORITY-PARALLEL-ANALYSIS.md",
    ]
  )
  func collectedDocumentsGiveSoundPlans(name: String) throws {
    let folder = try #require(Fixtures.folder)
    let document = try PlanDocument(FilePath(folder.appendingPathComponent("documents/\(name)").path))
    for acceptsGuesses in [false, true] {
      let draft = DraftPlan(document, acceptsGuesses: acceptsGuesses)
      let reading = PlanReader.read(Array(draft.json.utf8))
      let plan = try #require(reading.plan, "\(reading.diagnostics)")
      #expect(reading.diagnostics.isEmpty)
      #expect(plan.achievements.map(\.id) == document.achievements.map(\.id))
      #expect(plan.achievements.allSatisfy { !$0.title.isEmpty && $0.estimate != nil })
      #expect(draft.table.rows.first { $0.field == .title }?.stated == document.achievements.count)
    }
  }

  @Test(.enabled(if: Fixtures.folder != nil)) func aCollectedDocumentAgreesWithItsPlan() throws {
    let folder = FilePath(try #require(Fixtures.folder).path)
    let document = try PlanDocument(folder.pushing("documents/PLAN_PARALLEL-EXECUTION-AUTOMATION.md"))
    let plan = try #require(
      PlanReader.read(TextFile.read(folder.pushing("plans/parallel-execution-automation.json"))).plan
    )
    let draft = DraftPlan(document)
    #expect(draft.items.map(\.id) == plan.achievements.map(\.id))
    #expect(draft.items.map(\.title) == plan.achievements.map(\.title))
    #expect(draft.items.map(\.estimate) == plan.achievements.map(\.estimate))
    let planned = plan.achievements.prefix(7).map { plan.dependencies(of: $0.id) }
    #expect(draft.items.prefix(7).map(\.dependencies) == planned)
  }

  @Test(.enabled(if: Fixtures.folder != nil)) func footprintsComeFromCollectedJSON() throws {
    let folder = FilePath(try #require(Fixtures.folder).path)
    let draft = DraftPlan(try PlanDocument(folder.pushing("documents/CROSS-PRIORITY-PARALLEL-ANALYSIS.md")))
    #expect(draft.name == "STAGE-DOMAIN-REFACTOR")
    #expect(draft.table.rows.first { $0.field == .files }?.stated == 23)
    #expect(try item(draft, "0.1").files.first == "core/base/graphrag_stage.py")
    #expect(try item(draft, "3.3").dependencies.map(\.text) == ["3.1", "3.2"])
    #expect(try item(draft, "4.1").dependencies.isEmpty)
    #expect(try item(draft, "4.1").softDependencies.map(\.text).contains("3.3"))
  }
}

@Suite struct DiscoveryCheckTests {
  private func check(_ answer: String) -> [String] {
    DiscoveryCheck.find(Array(answer.utf8), document: SampleDocument.document).map { "\($0.code): \($0.message)" }
  }

  private func answer(_ change: (String) -> String = { $0 }) -> String {
    change(DraftPlan(SampleDocument.document).json)
  }

  @Test func theDraftItselfPasses() {
    #expect(check(answer()).isEmpty)
    #expect(check("Here it is:\n\n```json\n\(answer())```\n").isEmpty)
  }

  @Test func whatIsInventedMissingOrChangedIsNamed() {
    let changed = answer {
      $0.replacingOccurrences(of: "\"achievement_id\": \"2.2\"", with: "\"achievement_id\": \"2.3\"")
        .replacingOccurrences(of: "Trees Built", with: "Bushes Built").replacingOccurrences(of: "\"2-3\"", with: "4")
        .replacingOccurrences(of: "\"dependencies\": [\"1.1\"]", with: "\"dependencies\": []")
    }
    #expect(
      check(changed) == [
        "missing-achievement: 2.2 \"Manual Written\" is missing (PLAN_NEW-PARSER.md, line 101)",
        "estimate-mismatch: 1.1 is estimated at 2–3 h in PLAN_NEW-PARSER.md",
        "title-mismatch: 1.2 is called \"Trees Built\" in PLAN_NEW-PARSER.md",
        "dependency-mismatch: 1.2 depends on 1.1 by line 87 of PLAN_NEW-PARSER.md",
        "invented: 2.3 is invented: PLAN_NEW-PARSER.md doesn't describe it",
      ]
    )
  }

  @Test func anUnsoundAnswerIsNoPlan() {
    let cyclic = answer { $0.replacingOccurrences(of: "\"dependencies\": []", with: "\"dependencies\": [\"1.2\"]") }
    #expect(check(cyclic).contains { $0.hasPrefix("cycle: ") })
    #expect(check("I could not do it.").allSatisfy { $0.hasPrefix("json: ") })
    #expect(!check("").isEmpty)
  }
}

import Foundation
import Methodology
import Planning
import SystemPackage
import Testing

@Suite struct ComplianceTests {
  private func score(_ text: String, _ name: String = "PLAN_NEW-PARSER.md") -> ComplianceScore {
    ComplianceScore(Array(text.utf8), fileName: name)
  }

  @Test func theScoreCountsWhatTheScriptCounts() {
    let score = score(SampleDocument.text)
    #expect(score.required.allSatisfy { $0.isFound })
    // The heading in the code block counts, as it does for the script.
    #expect(score.added.filter(\.isFound).map(\.name) == ["Pre-Completion Review"])
    #expect(score.hasValidName && score.hasRelatedPlans && score.hasSubplanTracking)
    #expect(score.points == 85)
    #expect(score.grade == .good)
  }

  @Test func nothingScoresNothingAndAllIsCapped() {
    #expect(score("", "plan.md").points == 0)
    #expect(score("", "plan.md").grade == .needsImprovement)
    let added = "\n## GrammaPlan Consideration\n## Summary Statistics\r\n## 🎓 key learnings (so far)\n"
    #expect(score(SampleDocument.text + added).points == 100)
    #expect(score(SampleDocument.text + added).grade == .excellent)
  }

  @Test(arguments: [
    ("## Goals and more\n", 5), ("## 📝Problem 📋Statement\n", 5), ("### Goal\n", 0), (" ## Goal\n", 0), ("##Goal\n", 0),
    ("## Subplan Tracking (Updated)\n", 15), ("## RELATED PLANS\n", 10), ("## Scope 🚀 Definition\n", 0),
  ])
  func headings(text: String, points: Int) {
    #expect(score(text, "notes.md").points == points)
  }

  @Test(arguments: [
    ("PLAN_A.md", true), ("PLAN_A-2.md", true), ("GRAMMAPLAN_A.md", true), ("PLAN_a.md", false), ("PLAN_A_B.md", false),
    ("PLAN_.md", false), ("A.md", false), ("PLAN_A.txt", false),
  ])
  func fileNames(name: String, isValid: Bool) {
    #expect(score("", name).hasValidName == isValid)
  }

  @Test func findingsNameWhatTheScoreIsBlindTo() {
    let findings = ComplianceFindings.find(SampleDocument.document)
    #expect(
      findings.map { "\($0.place.line) \($0.code): \($0.message)" } == [
        "67 no-testing: 1.2 has no testing requirement",
        "93 no-deliverable: 2.1 has no deliverable",
        "101 unreadable-estimate: 2.2 has an estimate that can't be read: about a day",
      ]
    )
    #expect(findings.allSatisfy { $0.severity == .warning })
  }

  @Test func totalsAreAddedUp() {
    let text = SampleDocument.text.replacingOccurrences(of: "about a day", with: "4.5-7.5 hours")
      .replacingOccurrences(of: "0/4 achievements", with: "0/5 achievements")
      .replacingOccurrences(of: "(5-8 hours)", with: "(5-9 hours)")
    let wrong = ComplianceFindings.find(SampleDocument.read(text)).filter { $0.code == "total-mismatch" }
    #expect(
      wrong.map(\.message) == [
        "the document says 12–18 h for all achievements, whose estimates add up to 11–17 h",
        "the document says 5–9 h for priority 1, whose estimates add up to 5–8 h",
        "the document counts 5 achievements, and describes 4",
      ]
    )
  }

  @Test func aStaleIndexIsNamed() {
    let text = SampleDocument.text.replacingOccurrences(
      of: "1.2**: Trees Built (3-5h)",
      with: "1.2**: Bushes Built\n**Achievement 3.1**: Gone"
    )
    let stale = ComplianceFindings.find(SampleDocument.read(text)).filter { $0.code == "index-stale" }
    #expect(
      stale.map(\.message) == [
        "the index calls 1.2 \"Bushes Built\", its description \"Trees Built\"",
        "the index lists 3.1, which nothing describes",
      ]
    )
  }

  @Test func codeWithoutCoverageAndTitlesThatAreMissing() {
    let document = SampleDocument.achievements(
      """
      **Achievement 1.1**

      - Effort: 1 hour
      - Deliverables: `Sources/a.swift`
      - Tests: some

      **Achievement 1.2**: Words

      - Deliverables: `Docs/a.md`
      """
    )
    let findings = ComplianceFindings.find(document).map { "\($0.code) \($0.message)" }
    #expect(
      findings == [
        "no-title 1.1 has no title", "no-coverage 1.1 changes code and asks for no test coverage",
        "no-estimate 1.2 has no estimate",
      ]
    )
  }

  @Test func contradictionsToThePlanAreNamed() throws {
    let json = """
      {"plan_name": "NEW-PARSER", "parallelization_level": "level_3", "achievements": [
        {"achievement_id": "1.1", "title": "Tokens Read", "dependencies": []},
        {"achievement_id": "1.2", "title": "Shrubs Built", "dependencies": []},
        {"achievement_id": "2.1", "title": "Command Line Made", "dependencies": ["1.1", "1.2"],
         "sub_executions": [{"execution_id": "2.1.1", "title": "a", "dependencies": []}]},
        {"achievement_id": "3.1", "title": "More", "dependencies": []}
      ]}
      """
    let plan = try #require(PlanReader.read(Array(json.utf8)).plan)
    let document = SampleDocument.document
    let found = ComplianceFindings.find(document, plan: plan).filter {
      $0.code.contains("mismatch") || $0.code.contains("not-in")
    }
    #expect(
      found.map(\.message) == [
        "parallel.json has 3.1, which the document doesn't describe", "1.2 is called \"Shrubs Built\" in parallel.json",
        "1.2 depends on 1.1 by the document, on nothing by parallel.json", "2.2 is not in parallel.json",
      ]
    )
  }

  @Test(
    .enabled(if: Fixtures.folder != nil),
    arguments: [
      ("PLAN_PARALLEL-EXECUTION-AUTOMATION.md", 85, 9), ("PLAN_STAGE-DOMAIN-REFACTOR.md", 70, 23),
      ("PLAN_LLM-DASHBOARD-CLI.md", 40, 13), ("CROSS-PRIORITY-PARALLEL-ANALYSIS.md", 0, 23),
    ]
  )
  func collectedDocumentsScoreAsBefore(name: String, points: Int, count: Int) throws {
    let path = FilePath(try #require(Fixtures.folder).appendingPathComponent("documents/\(name)").path)
    let bytes = try TextFile.read(path)
    #expect(ComplianceScore(bytes, fileName: name).points == points)
    #expect(PlanDocument(bytes, fileName: name).achievements.count == count)
  }

  @Test(.enabled(if: Fixtures.folder != nil)) func theContradictionsOfACollectedPlan() throws {
    let folder = FilePath(try #require(Fixtures.folder).path)
    let document = try PlanDocument(folder.pushing("documents/PLAN_PARALLEL-EXECUTION-AUTOMATION.md"))
    let plan = try #require(
      PlanReader.read(TextFile.read(folder.pushing("plans/parallel-execution-automation.json"))).plan
    )
    let found = ComplianceFindings.find(document, plan: plan).filter { $0.code == "dependency-mismatch" }
    #expect(
      found.map(\.message) == [
        "3.2 depends on 3.1 by the document, on 2.3 by parallel.json",
        "3.3 depends on 3.2 by the document, on 2.3 by parallel.json",
      ]
    )
  }
}

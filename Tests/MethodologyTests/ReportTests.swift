import Foundation
import Planning
import SystemPackage
import TestSupport
import Testing

@testable import Methodology

/// What commands print, as values: the words, and the fields for programs.
@Suite struct ReportTests {
  let sample: PlanSample

  init() throws { sample = try PlanSample() }

  private func fields(_ report: some Encodable) throws -> JSONValue {
    JSONValue(parsing: String(decoding: try JSONEncoder().encode(report), as: UTF8.self))
  }

  @Test func batchesAreToldByLevel() throws {
    let planned = try Batch(.subplans, .ids(ids("1.1", "1.2")), of: sample.record())
    let dry = BatchReport(planned, plan: "NEW-PARSER", outcome: nil)
    let folder = sample.folder.subplans.string
    #expect(
      dry.text == """
        level 0
          would write \(folder)/SUBPLAN_NEW-PARSER_11.md
        level 1
          would write \(folder)/SUBPLAN_NEW-PARSER_12.md
        2 to write

        """
    )
    try sample.write("subplans/SUBPLAN_NEW-PARSER_12.md")
    let done = BatchReport(planned, plan: "NEW-PARSER", outcome: planned.write())
    #expect(done.text.hasSuffix("1.2: SUBPLAN_NEW-PARSER_12.md is there\n1 written, 1 there already\n"))
    let tasks = try Batch(.executions, .ids(ids("1.1", "2.1")), of: sample.record())
    var outcome = Batch.Outcome()
    outcome.failed = tasks.files.map { .init(id: $0.id, path: $0.path, reason: "no room") }
    let failed = BatchReport(tasks, plan: "NEW-PARSER", outcome: outcome)
    #expect(
      failed.text == """
        2.1: refused, SUBPLAN_NEW-PARSER_21.md is missing
        1.1: not written, no room
        0 written, 1 refused, 1 not written

        """
    )
    #expect(try fields(failed)["schema"] == "plait.executions/1")
    #expect(try fields(dry)["files"][1]["level"] == 1)
  }

  @Test func verdictsAreToldWithTheirFiles() throws {
    try sample.approve("11")
    let signature = Signature(name: "Ada", date: "today")
    let rejection = try Feedback(.reject(findings: ["No"]), ids("1.1")[0], of: sample.record(), by: signature)
    let report = FeedbackReport(rejection, verb: "reject", plan: "NEW-PARSER")
    let folder = sample.folder.feedbacks.string
    #expect(
      report.text == """
        1.1 is failed: FIX_11.md
          moved \(folder)/APPROVED_11.md to \(folder)/APPROVED_11_WITHDRAWN_01.md
          created \(folder)/FIX_11.md

        """
    )
    #expect(try fields(report)["files"][0]["from"].string == "\(folder)/APPROVED_11.md")
    let skip = try Feedback(.skip(reason: "x", isWaived: true), ids("2.1")[0], of: sample.record(), by: signature)
    let changes = FeedbackReport(skip, verb: "skip", plan: "NEW-PARSER").files.map(\.change)
    #expect(changes == ["created", "changed"])
  }

  @Test func documentsAreToldWithTheirScore() throws {
    let document = SampleDocument.document
    let score = ComplianceScore(Array(SampleDocument.text.utf8), fileName: "PLAN_NEW-PARSER.md")
    let findings = ComplianceFindings.find(document)
    let good = ComplianceReport.Document(path: "a/P.md", score: score, document: document, findings: findings)
    let bad = ComplianceReport.Document(
      path: "b.md",
      score: ComplianceScore(Array("## Goal\n".utf8), fileName: "b.md"),
      document: document,
      findings: []
    )
    #expect(
      good.text.hasPrefix(
        "a/P.md: 85 of 100, good\n  required sections 8 of 8; later sections 1 of 4; file name valid;"
      )
    )
    #expect(bad.text.contains("required sections 1 of 8 (missing: Context for LLM Execution, Problem Statement, "))
    #expect(ComplianceReport([good, bad], minimum: nil).isMet)
    let report = try fields(ComplianceReport([good, bad], minimum: 6))
    #expect(report["average"] == 45 && report["isMet"] == false && report["minimum"] == 6)
    #expect(report["documents"][0]["findings"][0]["code"] == "no-testing")
    #expect(ComplianceReport([], minimum: 50).average == 0)
  }

  @Test func draftsAndChecksAreToldField() throws {
    let report = try fields(DiscoveryReport(DraftPlan(SampleDocument.document), path: "P.md"))
    #expect(report["achievements"] == 4 && report["planName"] == "NEW-PARSER")
    let guess = try #require(report["fields"].items.first { $0["origin"] == "guessed" })
    #expect(guess["reason"] == "from its deliverables" && guess["line"] == .null)
    let unknown = try #require(report["fields"].items.first { $0["origin"] == "unknown" })
    #expect(unknown["value"] == .null)
    #expect(report["table"].items.count == DraftField.Name.allCases.count)
    let findings = DiscoveryCheck.find(Array("{}".utf8), document: SampleDocument.document)
    let check = DiscoveryCheckReport(document: "P.md", answer: "a.json", findings: findings)
    #expect(!check.isSound && check.findings.contains { $0.code == "missing-achievement" })
    #expect(DiscoveryCheckReport(document: "P.md", answer: "a.json", findings: []).isSound)
  }

  @Test func promptsAreToldWithTheirSize() throws {
    let fitted = try PromptMaker(sample.record()).prompt(.resume).fitted(maxTokens: 60)
    let report = try fields(PromptReport(fitted, kind: .resume, achievement: nil, maxTokens: 60))
    #expect(report["kind"] == "resume" && report["achievement"] == .null && report["maxTokens"] == 60)
    #expect(!report["cut"].items.isEmpty)
  }
}

@Suite struct DocumentLocatorTests {
  let scratch: Scratch

  init() throws {
    scratch = try Scratch()
    for path in [
      "work-space/plans/A/PLAN_NEW-PARSER.md", "work-space/plans/B/PLAN_NEW-PARSER-2.md", "Workflows/c/PLAN_OLD.md",
    ] {
      try scratch.write(path, "")
    }
    try scratch.write("Workflows/c/PLAN_SUMMARY.md", "")
  }

  private func locate(_ argument: String) throws -> String {
    let path = try DocumentLocator(root: scratch.path).locate(argument)
    return path.string.replacingOccurrences(of: scratch.path.string + "/", with: "")
  }

  private func failure(_ argument: String) throws -> MethodologyError {
    try #require(throws: MethodologyError.self) { try locate(argument) }
  }

  @Test func namesPathsAndFoldersMeanDocuments() throws {
    #expect(try locate("@NEW-PARSER") == "work-space/plans/A/PLAN_NEW-PARSER.md")
    #expect(try locate("@new-parser") == "work-space/plans/A/PLAN_NEW-PARSER.md")
    #expect(try locate("@old") == "Workflows/c/PLAN_OLD.md")
    let folder = scratch.path.pushing("Workflows/c")
    #expect(try locate(folder.string) == "Workflows/c/PLAN_OLD.md")
    try scratch.write("Workflows/c/parallel.json", "{}")
    #expect(try locate(folder.appending("parallel.json").string) == "Workflows/c/PLAN_OLD.md")
    #expect(try locate(folder.appending("PLAN_SUMMARY.md").string) == "Workflows/c/PLAN_SUMMARY.md")
  }

  @Test func whatMeansNoneOrSeveralIsNamed() throws {
    #expect(try failure("@PARSER").message.hasPrefix("means 2 documents: "))
    #expect(
      try failure("@NOTHING").message == "no PLAN document has this name. There is: @NEW-PARSER, @NEW-PARSER-2, @OLD."
    )
    #expect(try failure("@").code == .notFound)
    #expect(try failure(scratch.path.appending("none").string).code == .notFound)
    #expect(try failure(scratch.path.appending("Workflows").string).message == "has no PLAN document (PLAN_<NAME>.md).")
    let empty = try Scratch()
    let error = try #require(throws: MethodologyError.self) { try DocumentLocator(root: empty.path).locate("@X") }
    #expect(error.message.contains("There is none in work-space/plans or Workflows"))
  }

  @Test func searchingFindsEveryDocumentOnce() throws {
    try scratch.write(".git/PLAN_X.md", "")
    let names = try DocumentSearch(below: scratch.path).documents.compactMap { $0.lastComponent?.string }
    #expect(names == ["PLAN_OLD.md", "PLAN_NEW-PARSER.md", "PLAN_NEW-PARSER-2.md"])
  }
}

@Suite struct FixtureLevelTests {
  private struct Case: Decodable {
    let name: String
    let dependencies: [String: [String]]
    let expect_level: [String: Int]
    let level_0: [String]?
    let level_2: [String]?
    let approved: [String]?
    let ready: [String]?
  }

  @Test(.enabled(if: Fixtures.folder != nil)) func levelsAgreeWithCollectedGraphs() throws {
    let cases: [Case] = try Fixtures.load("levels.json")
    #expect(!cases.isEmpty)
    for item in cases {
      let names = item.dependencies.keys.sorted()
      let items = names.map { name in
        let list = (item.dependencies[name] ?? []).map { "\"\($0)\"" }.joined(separator: ", ")
        return "{\"achievement_id\": \"\(name)\", \"title\": \"T\", \"dependencies\": [\(list)]}"
      }
      let list = items.joined(separator: ", ")
      let json = "{\"plan_name\": \"P\", \"parallelization_level\": \"level_3\", \"achievements\": [\(list)]}"
      let sample = try PlanSample(json: json, document: nil)
      for id in item.approved ?? [] { try sample.approve(id.filter { $0 != "." }) }
      let record = try sample.record()
      let levels = Dictionary(record.levels.map { ($0.key.text, $0.value) }) { first, _ in first }
      #expect(levels == item.expect_level, "\(item.name)")
      func batch(_ level: Int) -> [String]? { try? Batch(.subplans, .level(level), of: record).files.map(\.id.text) }
      if let expected = item.level_0 { #expect(batch(0) == expected, "\(item.name)") }
      if let expected = item.level_2 { #expect(batch(2) ?? [] == expected, "\(item.name)") }
      if let expected = item.ready { #expect(MenuOverview(record).ready.map(\.text) == expected, "\(item.name)") }
    }
  }
}

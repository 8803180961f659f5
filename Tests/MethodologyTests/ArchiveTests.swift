import Foundation
import Planning
import SystemPackage
import Testing

@testable import Methodology

@Suite struct ArchiveTests {
  let sample: PlanSample

  init() throws {
    sample = try PlanSample()
    for file in [
      "subplans/SUBPLAN_NEW-PARSER_11.md", "subplans/SUBPLAN_NEW-PARSER_12.md",
      "execution/EXECUTION_TASK_NEW-PARSER_11_01.md",
      "execution/EXECUTION_TASK_NEW-PARSER_11_02_V2.md", "execution/EXECUTION_TASK_NEW-PARSER_12_01.md",
      "execution/feedbacks/APPROVED_11.md", "execution/feedbacks/FIX_11_WITHDRAWN_01.md", "PLAN_SUMMARY.md",
      "notes/deep/idea.txt", ".hidden", "templates/FIX.md",
    ] { try sample.write(file, file) }
  }

  private func archive(_ pattern: String? = nil) throws -> ArchivePlan {
    try ArchivePlan(sample.record(), matching: pattern, date: "2025-11-22")
  }

  /// Does what the plan says, as a commit does it.
  private func perform(_ plan: ArchivePlan) throws {
    let top = sample.scratch.path
    for move in plan.moves {
      let target = top.pushing(move.target)
      let folder = target.removingLastComponent().string
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try FileManager.default.moveItem(atPath: top.pushing(move.source).string, toPath: target.string)
    }
    try sample.scratch.write(plan.indexPath.string, plan.index)
  }

  @Test func whatIsNotCompleteStaysAndSoDoesWhatSaysWhatIs() throws {
    let plan = try archive()
    #expect(plan.destination == "documentation/archive/new-parser")
    #expect(!plan.isWhole)
    #expect(
      plan.moves.map { "\($0.source) -> \($0.target)" } == [
        "plan/execution/EXECUTION_TASK_NEW-PARSER_11_01.md -> documentation/archive/new-parser/execution/EXECUTION_TASK_NEW-PARSER_11_01.md",
        "plan/execution/EXECUTION_TASK_NEW-PARSER_11_02_V2.md -> documentation/archive/new-parser/execution/EXECUTION_TASK_NEW-PARSER_11_02_V2.md",
        "plan/subplans/SUBPLAN_NEW-PARSER_11.md -> documentation/archive/new-parser/subplans/SUBPLAN_NEW-PARSER_11.md",
      ]
    )
    let reasons = Dictionary(plan.left.map { ($0.path.string, $0.reason) }) { first, _ in first }
    #expect(reasons["execution/feedbacks/APPROVED_11.md"] == "says that 1.1 is settled while others are not")
    #expect(reasons["subplans/SUBPLAN_NEW-PARSER_12.md"] == "1.2 is execution_created")
    #expect(reasons["parallel.json"] == "the plan is not complete")
    #expect(reasons[".hidden"] == nil)
    // Nothing has happened until it is performed.
    #expect(!TextFile.exists(sample.scratch.path.appending("documentation")))
    try perform(plan)
    #expect(try sample.record().statuses[ids("1.1")[0]]?.status == .complete)
    let index = try TextFile.read(sample.scratch.path.pushing("documentation/archive/new-parser/INDEX.md"))
    #expect(String(decoding: index, as: UTF8.self) == plan.index)
    #expect(
      plan.index.hasPrefix(
        "# Archive of NEW-PARSER\n\n- **Archived**: 2025-11-22\n- **Settled**: 1 of 4 achievements\n"
      )
    )
    #expect(plan.index.contains("| 1.1 | Tokens Read | complete |\n"))
    #expect(try archive().moves.isEmpty)
  }

  @Test func aCompletePlanGoesAsAWholeAndKeepsItsStatus() throws {
    try perform(archive())
    try sample.approve("12", "22")
    try sample.write("execution/SKIPPED_21.md")
    let plan = try archive()
    #expect(plan.isWhole && plan.left.isEmpty)
    try perform(plan)
    let root = sample.scratch.path.pushing("documentation/archive/new-parser")
    for path in [
      "parallel.json", "planning/PLAN_NEW-PARSER.md", "planning/templates/FIX.md", "summary/PLAN_SUMMARY.md",
      "summary/notes/deep/idea.txt",
      "execution/SKIPPED_21.md", "execution/feedbacks/APPROVED_11.md", "execution/feedbacks/FIX_11_WITHDRAWN_01.md",
      "subplans/SUBPLAN_NEW-PARSER_11.md", "INDEX.md",
    ] { #expect(TextFile.exists(root.pushing(FilePath(path))), "\(path)") }
    #expect(plan.index.contains("- `subplans/SUBPLAN_NEW-PARSER_11.md`\n"))
    #expect(!plan.index.contains("Left where it was"))
    let archived = try PlanFolder(root).statuses(of: sample.plan)
    #expect(archived.values.filter { $0.status == .complete }.count == 3)
  }

  @Test func onlyWhatMatchesIsMoved() throws {
    #expect(try archive("SUBPLAN_*").moves.map(\.source.lastComponent?.string) == ["SUBPLAN_NEW-PARSER_11.md"])
    #expect(try archive("execution/*").moves.count == 2)
    #expect(try archive("*_01.md").left.contains { $0.reason == "doesn't match *_01.md" })
    #expect(try archive("nothing").moves.isEmpty)
  }

  @Test func nothingIsOverwritten() throws {
    try sample.scratch.write("documentation/archive/new-parser/subplans/SUBPLAN_NEW-PARSER_11.md", "older")
    let error = try #require(throws: MethodologyError.self) { try archive() }
    #expect(error.code == .exists && error.message == "is in the archive already; nothing was moved.")
    try sample.scratch.write("documentation/archive/new-parser/INDEX.md", "someone's own")
    let index = try #require(throws: MethodologyError.self) { try archive("execution/*") }
    #expect(index.message.contains("was not written by Plait"))
    #expect(sample.exists("execution/EXECUTION_TASK_NEW-PARSER_11_01.md"))
  }

  @Test(arguments: [
    ("documentation/archive/x-YYYY-MM/", "documentation/archive/x-2025-11"), ("./old/parser", "old/parser"),
    ("a/../b/c", "b/c"),
  ])
  func theDocumentSaysWhere(location: String, expected: String) throws {
    try sample.write("PLAN_NEW-PARSER.md", "## Archive Location\n\n**Archive Location**: `\(location)`\n")
    #expect(try archive().destination.string == expected)
  }

  @Test(arguments: ["/tmp/x", "../x/y", "a/../../x"]) func butNotOutsideOfTheRepository(location: String) throws {
    try sample.write("PLAN_NEW-PARSER.md", "**Archive Location**: `\(location)`\n")
    let error = try #require(throws: MethodologyError.self) { try archive() }
    #expect(error.code == .refused && error.subject == location)
  }

  @Test func withoutADocumentOrARepository() throws {
    let bare = try PlanSample(document: nil)
    let plan = try ArchivePlan(bare.record(), date: "2025-11-22")
    #expect(plan.destination == "documentation/archive/new-parser-2025-11-22")
    let homeless = try PlanRecord(bare.plan, folder: bare.folder)
    #expect(throws: MethodologyError.self) { try ArchivePlan(homeless, date: "2025-11-22") }
  }
}

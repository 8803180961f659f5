import Foundation
import Planning
import SystemPackage
import Testing

@testable import Methodology

@Suite struct FeedbackTests {
  let sample: PlanSample
  private let signature = Signature(name: "Ada", date: "2025-11-22")

  init() throws { sample = try PlanSample() }

  private func feedback(_ verdict: Feedback.Verdict, _ id: String, _ evidence: Evidence = Evidence()) throws -> Feedback
  {
    try Feedback(verdict, ids(id)[0], of: sample.record(), evidence: evidence, by: signature)
  }

  private func status(_ id: String) throws -> FolderStatus? { try sample.record().statuses[ids(id)[0]] }

  private func failure(_ verdict: Feedback.Verdict, _ id: String) throws -> MethodologyError {
    try #require(throws: MethodologyError.self) { try feedback(verdict, id) }
  }

  @Test func anApprovalNamesItsEvidence() throws {
    let evidence = Evidence(
      commit: "abc123",
      checks: [
        .init("make test", exitCode: 0, seconds: 12.34, isGreen: true),
        .init("a | b", exitCode: 1, seconds: 0.04, isGreen: false),
        .init("file Docs/x.md", isGreen: true),
      ]
    )
    let approval = try feedback(.approve(note: "well done"), "1.1", evidence)
    #expect(!sample.exists("execution"))
    try approval.perform()
    #expect(
      try sample.read("execution/feedbacks/APPROVED_11.md") == """
        # APPROVED: 1.1 Tokens Read

        - **Plan**: NEW-PARSER
        - **Approved**: 2025-11-22 by Ada
        - **Commit**: `abc123`

        ## Evidence

        | Check | Result | Exit code | Time |
        |---|---|---|---|
        | `make test` | passed | 0 | 12.3 s |
        | `a \\| b` | failed | 1 | 0.0 s |
        | `file Docs/x.md` | passed | – | – |

        ## Note

        well done

        """
    )
    #expect(try status("1.1")?.sentence == "complete: APPROVED_11.md")
    #expect(approval.status.sentence == "complete: APPROVED_11.md")
    #expect(approval.warnings == ["A check failed: a | b."])
    #expect(try failure(.approve(note: ""), "1.1").message == "is approved already: APPROVED_11.md.")
    #expect(
      try feedback(.approve(note: ""), "2.2").warnings == [
        "2.2 depends on 1.2, 2.1, which is not complete.", "No check was run: the approval rests on Ada's word.",
      ]
    )
  }

  @Test func aRejectionReopensAndKeepsWhatItOverrules() throws {
    try sample.write("execution/EXECUTION_TASK_NEW-PARSER_11_01.md")
    try feedback(.approve(note: ""), "1.1").perform()
    try sample.approve("21")
    let first = try feedback(.reject(findings: ["No tests\nfor numbers", " ", "Slow"]), "1.1")
    #expect(first.warnings == ["Built on it and approved: 2.1."])
    try first.perform()
    #expect(try status("1.1")?.sentence == "failed: FIX_11.md")
    let text = try sample.read("execution/feedbacks/FIX_11.md")
    #expect(text.contains("- **Attempt**: `EXECUTION_TASK_NEW-PARSER_11_01.md`\n"))
    #expect(text.contains("## Findings\n\n- No tests\n  for numbers\n- Slow\n\n## Next\n"))
    #expect(
      FeedbackText.findings(in: sample.folder.feedbacks.appending("FIX_11.md")) == "- No tests\n  for numbers\n- Slow"
    )
    #expect(sample.exists("execution/feedbacks/APPROVED_11_WITHDRAWN_01.md"))

    try sample.write("execution/feedbacks/FIX_11_RESOLUTION.md", "done")
    try feedback(.reject(findings: ["Still slow"]), "1.1").perform()
    #expect(try sample.read("execution/feedbacks/FIX_11_WITHDRAWN_01.md").contains("No tests"))
    #expect(try sample.read("execution/feedbacks/FIX_11_RESOLUTION_WITHDRAWN_01.md") == "done")
    try feedback(.reject(findings: ["Once more"]), "1.1").perform()
    #expect(sample.exists("execution/feedbacks/FIX_11_WITHDRAWN_02.md"))
    #expect(try status("1.1") == FolderStatus(.failed, reason: "FIX_11.md"))
    #expect(
      try failure(.reject(findings: ["", "\n"]), "1.1").message == "is rejected for no reason: give a finding at least."
    )
    // The rejected attempt is answered by the next one, and that only once.
    try sample.write("subplans/SUBPLAN_NEW-PARSER_11.md")
    _ = try Batch(.executions, .ids(ids("1.1")), of: sample.record()).write()
    #expect(sample.exists("execution/EXECUTION_TASK_NEW-PARSER_11_02.md"))
    #expect(try Batch(.executions, .ids(ids("1.1")), of: sample.record()).files.isEmpty)
  }

  @Test func aSkipHoldsUpUnlessItIsWaived() throws {
    let skip = try feedback(.skip(reason: "not needed", isWaived: false), "1.1")
    #expect(skip.warnings == ["Nothing that depends on it can start: 1.2, 2.1; --waive lets it."])
    try skip.perform()
    #expect(try status("1.1")?.sentence == "skipped: SKIPPED_11.md")
    #expect(try sample.read("execution/SKIPPED_11.md").contains("- **Waived**: no\n\n## Reason\n\nnot needed\n"))
    #expect(try failure(.skip(reason: "again", isWaived: false), "1.1").message == "is skipped already: SKIPPED_11.md.")
    let waiver = try feedback(.skip(reason: "", isWaived: true), "1.1")
    #expect(waiver.warnings.isEmpty)
    try waiver.perform()
    let plan = try #require(PlanReader.read(Array(sample.read("parallel.json").utf8)).plan)
    #expect(plan[ids("1.1")[0]]?.isWaived == true)
    #expect(
      try sample.read("parallel.json").contains(
        "{\"achievement_id\": \"1.1\", \"waived\": true, \"title\": \"Tokens Read\""
      )
    )
    let record = try PlanRecord(plan, folder: sample.folder)
    #expect(record.openDependencies(of: ids("1.2")[0]).isEmpty)
    // An approval takes the skip back.
    try Feedback(.approve(note: ""), ids("1.1")[0], of: record, by: signature).perform()
    #expect(!sample.exists("execution/SKIPPED_11.md") && sample.exists("execution/SKIPPED_11_WITHDRAWN_01.md"))
    #expect(try failure(.skip(reason: "x", isWaived: false), "1.1").message.hasPrefix("is approved (APPROVED_11.md)"))
    #expect(try failure(.skip(reason: " ", isWaived: false), "2.1").message == "is skipped for no reason: give one.")
  }

  @Test func verdictsAreAboutAchievementsOfThePlan() throws {
    #expect(try failure(.approve(note: ""), "9.9").code == .notFound)
    #expect(try failure(.approve(note: ""), "1.2.1").message == "is a part of 1.2: the verdict is about 1.2.")
  }

  @Test func allOfItHappensOrNothing() throws {
    try feedback(.approve(note: ""), "1.1").perform()
    let planned = try feedback(.reject(findings: ["No"]), "1.1")
    try sample.write("execution/feedbacks/FIX_11.md", "someone was faster")
    let error = try #require(throws: MethodologyError.self) { try planned.perform() }
    #expect(error.code == .exists)
    #expect(sample.exists("execution/feedbacks/APPROVED_11.md"))
    #expect(!sample.exists("execution/feedbacks/APPROVED_11_WITHDRAWN_01.md"))

    let waiver = try feedback(.skip(reason: "x", isWaived: true), "2.1")
    try sample.write("parallel.json", "{}")
    let changed = try #require(throws: MethodologyError.self) { try waiver.perform() }
    #expect(changed.message.contains("changed by someone else"))
    #expect(!sample.exists("execution/SKIPPED_21.md"))
    let path = sample.folder.path.appending("x")
    let pair: [FileOperation] = [
      .replace(sample.folder.path.appending("parallel.json"), "[]", was: "{}"),
      .move(path, to: sample.folder.path.appending("y")),
    ]
    #expect(throws: MethodologyError.self) { try FileOperation.perform(pair) }
    #expect(try sample.read("parallel.json") == "{}")
    #expect(pair.map(\.target.string).allSatisfy { $0.hasSuffix("parallel.json") || $0.hasSuffix("y") })
  }

  @Test func whoMergesAResultWritesTheSameApproval() throws {
    let record = try sample.record()
    let achievement = try #require(record.plan[ids("1.1")[0]])
    let evidence = Evidence(commit: "c", checks: [.init("true", exitCode: 0, isGreen: true)])
    let text = try Feedback.approval(of: achievement, in: record, evidence: evidence, by: signature)
    guard case .create(_, let own)? = try feedback(.approve(note: ""), "1.1", evidence).operations.last else {
      Issue.record("an approval makes a file")
      return
    }
    #expect(text == own)
  }
}

@Suite struct ContradictionTests {
  let sample: PlanSample

  init() throws { sample = try PlanSample() }

  private func messages(_ run: [String: RunStanding] = [:]) throws -> [String] {
    let run = Dictionary(run.map { (ids($0.key)[0], $0.value) }) { first, _ in first }
    return try sample.record().contradictions(run: run).map(\.message)
  }

  @Test func whatAgreesIsNotNamed() throws {
    #expect(try messages().isEmpty)
    try sample.approve("11")
    #expect(try messages(["1.1": .complete, "1.2": .running, "2.1": .failed, "2.2": .waiting]).isEmpty)
  }

  @Test func filesThatContradictEachOtherAreNamed() throws {
    try sample.approve("11", "22", "99")
    for file in ["FIX_11.md", "FIX_21_RESOLUTION.md", "SKIPPED_21.md"] {
      try sample.write("execution/feedbacks/\(file)")
    }
    try sample.write("execution/SKIPPED_11.md")
    try sample.write("execution/SKIPPED_12.md")
    try sample.write("execution/feedbacks/FIX_12.md")
    #expect(
      try messages() == [
        "1.1 has both APPROVED_11.md and FIX_11.md; the approval counts",
        "1.1 has both APPROVED_11.md and SKIPPED_11.md; the approval counts",
        "1.2 has both SKIPPED_12.md and FIX_12.md; the skip counts",
        "parallel.json says that 1.2 is not_started, the files say skipped: SKIPPED_12.md",
        "2.1 has FIX_21_RESOLUTION.md and no FIX_21.md that it resolves",
        "2.1: SKIPPED_21.md doesn't count in execution/feedbacks: move it to execution/",
        "2.2 is approved, and depends on 1.2, 2.1, which is not complete",
        "APPROVED_99.md is about no achievement of NEW-PARSER",
      ]
    )
  }

  @Test func aRunThatSaysOtherwiseIsNamed() throws {
    try sample.approve("11")
    try sample.write("execution/feedbacks/FIX_12.md")
    try sample.write("execution/SKIPPED_21.md")
    #expect(
      try messages(["1.1": .failed, "1.2": .complete, "2.1": .complete, "2.2": .complete]) == [
        "1.1 failed in the run, and APPROVED_11.md approves it",
        "parallel.json says that 1.2 is not_started, the files say failed: FIX_12.md",
        "the run merged 1.2, and FIX_12.md rejects it", "the run merged 2.1, and SKIPPED_21.md skips it",
        "the run merged 2.2, and nothing approves it yet: it waits for a review",
      ]
    )
    #expect(try messages(["1.1": .blocked]).contains("1.1 was blocked in the run, and APPROVED_11.md approves it"))
    #expect(try messages(["2.2": .skipped]).contains("the run skipped 2.2, and no SKIPPED_22.md says so"))
  }

  @Test func aRunThatWorksShowsUnlessTheFilesSayMore() throws {
    try sample.approve("11")
    try sample.write("subplans/SUBPLAN_NEW-PARSER_12.md")
    let standing = try sample.record().standing(run: [
      ids("1.1")[0]: .running, ids("1.2")[0]: .running, ids("2.1")[0]: .waiting,
    ])
    #expect(standing[ids("1.1")[0]]?.status == .complete)
    #expect(standing[ids("1.2")[0]]?.status == .inProgress)
    #expect(standing[ids("2.1")[0]]?.status == .notStarted)
  }
}

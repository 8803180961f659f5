import Foundation
import Methodology
import Planning
import SystemPackage
import Testing

private func id(_ text: String) throws -> AchievementID { try #require(AchievementID(text)) }

private func plan(_ ids: [String], named name: String = "SAMPLE") throws -> Plan {
  Plan(
    name: name,
    level: .acrossPriorities,
    achievements: try ids.map { Achievement(id: try id($0), title: "Item \($0)", priority: 1) },
    graph: DependencyGraph(dependencies: ids.map { _ in [] })
  )
}

@Suite struct PlanFolderTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func status(of text: String = "1.1", given files: [String]) throws -> FolderStatus? {
    for file in files { try scratch.write(file) }
    return try PlanFolder(scratch.path).statuses(of: plan([text]))[id(text)]
  }

  @Test func emptyFolderIsNotStarted() throws {
    #expect(try status(given: []) == FolderStatus(.notStarted))
  }

  @Test(arguments: [
    (["subplans/SUBPLAN_SAMPLE_11.md"], FileStatus.subplanCreated, "SUBPLAN_SAMPLE_11.md"),
    (
      ["subplans/SUBPLAN_SAMPLE_11.md", "execution/EXECUTION_TASK_SAMPLE_11_01.md"], .executionCreated,
      "EXECUTION_TASK_SAMPLE_11_01.md"
    ),
    (["execution/EXECUTION_TASK_SAMPLE_11_01_V2.md"], .executionCreated, "EXECUTION_TASK_SAMPLE_11_01_V2.md"),
    (
      ["execution/EXECUTION_TASK_SAMPLE_11_04_RECOVERY.md"], .executionCreated,
      "EXECUTION_TASK_SAMPLE_11_04_RECOVERY.md"
    ),
    (
      ["execution/EXECUTION_TASK_SAMPLE_11_01_ARCHIVED.md"], .executionCreated,
      "EXECUTION_TASK_SAMPLE_11_01_ARCHIVED.md"
    ),
    (["execution/EXECUTION_TASK_SAMPLE_11_01.md", "execution/feedbacks/FIX_11.md"], .failed, "FIX_11.md"),
    (["execution/SKIPPED_11.md", "execution/feedbacks/FIX_11.md"], .skipped, "SKIPPED_11.md"),
    (
      ["execution/SKIPPED_11.md", "execution/feedbacks/FIX_11.md", "execution/feedbacks/APPROVED_11.md"], .complete,
      "APPROVED_11.md"
    ),
  ])
  func firstMatchWins(files: [String], expected: FileStatus, reason: String) throws {
    #expect(try status(given: files) == FolderStatus(expected, reason: reason))
  }

  @Test(arguments: [
    "subplans/SUBPLAN_OTHER_11.md", "subplans/SUBPLAN_SAMPLE_111.md", "subplans/SUBPLAN_SAMPLE_11.txt",
    "SUBPLAN_SAMPLE_11.md", "execution/SUBPLAN_SAMPLE_11.md", "execution/EXECUTION_TASK_SAMPLE_111_01.md",
    "execution/EXECUTION_TASK_SAMPLE-2_11_01.md", "execution/EXECUTION_TASK_SAMPLE_11.md",
    "execution/EXECUTION_TASK_SAMPLE_11_01_02.md", "execution/EXECUTION_TASK_SAMPLE_11_01_.md",
    "execution/EXECUTION_TASK_SAMPLE_11_x.md", "execution/feedbacks/FIX_111.md", "execution/feedbacks/approved_11.md",
    "execution/feedbacks/APPROVED_11.md.bak", "execution/feedbacks/FIX_11_RESOLUTION.md", "execution/FIX_11.md",
    "execution/feedbacks/APPROVED_11.md/inner",
  ])
  func foreignFilesDoNotCount(file: String) throws {
    #expect(try status(given: [file]) == FolderStatus(.notStarted))
  }

  @Test func resolutionIsShownAsWaitingForReview() throws {
    let status = try status(given: ["execution/feedbacks/FIX_11.md", "execution/feedbacks/FIX_11_RESOLUTION.md"])
    let expected = FolderStatus(.failed, reason: "FIX_11.md", note: "failed, its resolution waits for review")
    #expect(status == expected)
  }

  @Test func misplacedFilesDecideNothingAndAreNamed() throws {
    let skipped = try status(given: ["execution/feedbacks/SKIPPED_11.md", "subplans/SUBPLAN_SAMPLE_11.md"])
    #expect(skipped?.status == .subplanCreated)
    #expect(skipped?.note == "SKIPPED_11.md doesn't count in execution/feedbacks: move it to execution/")
    let approved = try status(of: "2.1", given: ["execution/APPROVED_21.md"])
    #expect(approved?.status == .notStarted)
    #expect(approved?.note == "APPROVED_21.md doesn't count in execution/: move it to execution/feedbacks")
  }

  @Test func theLatestTaskIsTheReason() throws {
    let status = try status(given: (1...3).map { "execution/EXECUTION_TASK_SAMPLE_11_0\($0).md" })
    #expect(status?.reason == "EXECUTION_TASK_SAMPLE_11_03.md")
  }

  @Test func aPlanWithAnUnusualNameHasItsFiles() throws {
    try scratch.write("execution/EXECUTION_TASK_my_plan_11_01.md")
    try scratch.write("subplans/SUBPLAN_my_plan_12.md")
    let statuses = try PlanFolder(scratch.path).statuses(of: plan(["1.1", "1.2"], named: "my_plan"))
    #expect(statuses[try id("1.1")]?.status == .executionCreated)
    #expect(statuses[try id("1.2")]?.status == .subplanCreated)
  }

  @Test func everyAchievementHasAStatusAlsoInLargePlans() throws {
    let ids = (1...100_000).map { "\($0).1" }
    for number in 1...500 { try scratch.write("execution/feedbacks/APPROVED_\(number)1.md") }
    let statuses = try PlanFolder(scratch.path).statuses(of: plan(ids))
    #expect(statuses.count == 100_000)
    #expect(statuses.values.count { $0.status == .complete } == 500)
  }

  @Test func aFolderThatCannotBeReadIsAnError() throws {
    try scratch.write("execution", "a file where a folder belongs")
    let error = try #require(throws: MethodologyError.self) { try PlanFolder(scratch.path).statuses(of: plan(["1.1"])) }
    #expect(error.code == .unreadable)
    // `execution/feedbacks` fails first: it lies below the file.
    #expect(error.subject.hasPrefix(scratch.path.appending("execution").string))
    #expect(error.description.contains("status of its achievements is unknown"))
  }

  @Test func theFolderIsTheOneOfThePlanFile() throws {
    #expect(PlanFolder(ofPlanFile: "a/b/parallel.json").path == "a/b")
    #expect(PlanFolder(ofPlanFile: "parallel.json").path == ".")
    #expect(PlanFolder(ofPlanFile: "/parallel.json").path == "/")
    #expect(PlanFolder("p").approval(of: try id("2.13")) == "p/execution/feedbacks/APPROVED_213.md")
  }

  private struct StatusCase: Decodable {
    let name, plan_name, achievement_id, expect: String
    let files: [String]
  }

  @Test(.enabled(if: Fixtures.folder != nil)) func agreesWithCollectedFolders() throws {
    let cases: [StatusCase] = try Fixtures.load("status.json")
    #expect(!cases.isEmpty)
    for item in cases {
      let scratch = try Scratch()
      for file in item.files { try scratch.write(file) }
      let plan = try plan([item.achievement_id], named: item.plan_name)
      let status = try PlanFolder(scratch.path).statuses(of: plan)[id(item.achievement_id)]
      #expect(status?.status.rawValue == item.expect, "\(item.name)")
    }
  }
}

@Suite struct FileNameTests {
  @Test(arguments: [
    ("PLAN_NEW-PARSER2.md", FileName.plan("NEW-PARSER2")),
    ("SUBPLAN_NEW-PARSER_111.md", .subplan(plan: "NEW-PARSER", suffix: "111")),
    ("SUBPLAN_NEW-PARSER_08_05.md", .subplan(plan: "NEW-PARSER", suffix: "08_05")),
    ("EXECUTION_TASK_P_11_02.md", .task(plan: "P", suffix: "11", number: "02", tail: nil)),
    ("EXECUTION_TASK_P_11_02_V2.md", .task(plan: "P", suffix: "11", number: "02", tail: "V2")),
    ("EXECUTION_TASK_P_11_02_A_B.md", .task(plan: "P", suffix: "11", number: "02", tail: "A_B")),
    ("EXECUTION_TASK_P_08_05_01.md", .task(plan: "P", suffix: "08_05", number: "01", tail: nil)),
    ("SKIPPED_11.md", .skipped(suffix: "11")),
    ("APPROVED_1011.md", .approved(suffix: "1011")),
    ("FIX_21.md", .fix(suffix: "21")),
    ("FIX_21_RESOLUTION.md", .fixResolution(suffix: "21")),
  ])
  func recognises(name: String, kind: FileName) {
    #expect(FileName(name) == kind)
  }

  @Test(arguments: [
    "", ".md", "PLAN_.md", "PLAN_SUMMARY.md", "PLAN_two_words.md", "PLAN_lower.md", "PLAN_X.txt", "SUBPLAN_X.md",
    "SUBPLAN__11.md", "SUBPLAN_X_11_V2.md", "SUBPLAN_X_1_2_3.md", "EXECUTION_TASK_X.md", "EXECUTION_TASK_X_11.md",
    "EXECUTION_TASK_X_1_2_3_4.md", "EXECUTION_TASK_X_11_01_.md", "EXECUTION_TASK__11_01.md", "APPROVED_.md",
    "APPROVED_1a.md", "APPROVED_11_RESOLUTION.md", "FIX_11_RESOLUTION_2.md", "SKIPPED_١١.md", "README.md",
    "APPROVED.md",
  ])
  func leavesAlone(name: String) {
    #expect(FileName(name) == nil)
  }

  private struct NameCase: Decodable {
    let file_name, kind: String
    let plan, suffix, task: String?
  }

  @Test(.enabled(if: Fixtures.folder != nil)) func agreesWithCollectedNames() throws {
    let cases: [NameCase] = try Fixtures.load("names.json")
    #expect(!cases.isEmpty)
    for item in cases {
      let (kind, plan, suffix, task) = fields(of: FileName(item.file_name))
      #expect(kind == item.kind, "\(item.file_name)")
      #expect(plan == item.plan && suffix == item.suffix && task == item.task, "\(item.file_name)")
    }
  }

  private func fields(of name: FileName?) -> (String, String?, String?, String?) {
    switch name {
    case .plan(let plan): ("plan", plan, nil, nil)
    case .subplan(let plan, let suffix): ("subplan", plan, suffix, nil)
    case .task(let plan, let suffix, let number, _): ("task", plan, suffix, number)
    case .skipped(let suffix): ("skipped", nil, suffix, nil)
    case .approved(let suffix): ("approved", nil, suffix, nil)
    case .fix(let suffix): ("fix", nil, suffix, nil)
    case .fixResolution(let suffix): ("fix_resolution", nil, suffix, nil)
    case nil: ("none", nil, nil, nil)
    }
  }
}

import Foundation
import Planning
import SystemPackage
import Testing

@testable import Methodology

@Suite struct PromptBudgetTests {
  private func section(_ name: String, _ need: Prompt.Section.Need, lines: Int) -> Prompt.Section? {
    .init(name, need, heading: name, (1...lines).map { "line \($0) of \(name)" }.joined(separator: "\n"))
  }

  @Test func withoutABudgetNothingIsCut() {
    let prompt = Prompt([section("a", .low, lines: 3), nil, .init("b", .high, ""), section("c", .essential, lines: 1)])
    let fitted = prompt.fitted()
    #expect(fitted.text == prompt.text && fitted.cut.isEmpty && fitted.fits)
    #expect(fitted.tokens == (prompt.text.utf8.count + 3) / 4)
    #expect(prompt.fitted(maxTokens: fitted.tokens) == fitted)
  }

  @Test func theLeastNeededGoesFirstAndTheTextSaysSo() {
    let prompt = Prompt([
      section("essence", .essential, lines: 4), section("much", .high, lines: 30), section("little", .low, lines: 5),
      section("long", .low, lines: 40), section("some", .medium, lines: 30),
    ])
    let all = prompt.fitted().tokens
    for budget in stride(from: all, to: 60, by: -13) {
      let fitted = prompt.fitted(maxTokens: budget)
      #expect(fitted.fits && fitted.tokens <= budget)
      #expect(fitted.text.contains("line 4 of essence"))
      #expect(fitted.text.hasSuffix("\n") && !fitted.text.hasSuffix("\n\n"))
      for name in fitted.cut { #expect(fitted.text.contains(name)) }
      // Nothing is cut while something less needed is whole.
      if fitted.cut.contains("much") { #expect(fitted.cut.contains("some") && fitted.cut.contains("long")) }
      if fitted.cut.contains("some") { #expect(fitted.cut.contains("long")) }
    }
    #expect(prompt.fitted(maxTokens: all - 20).cut == ["long"])
    #expect(prompt.fitted(maxTokens: all - 20).text.contains("more lines are left out.)"))
  }

  @Test func whatIsEssentialStaysWhateverTheBudget() {
    let fitted = Prompt([section("a", .essential, lines: 20), section("b", .low, lines: 2)]).fitted(maxTokens: 5)
    #expect(!fitted.fits && fitted.cut == ["b"] && fitted.text.contains("line 20 of a"))
    #expect(fitted.text.hasSuffix("(To stay within 5 tokens, estimated at 4 bytes each: left out: b.)\n"))
  }

  @Test func aCodeBlockThatIsCutIsClosed() throws {
    let code = "````swift\n" + (1...60).map { "let a\($0) = 1" }.joined(separator: "\n") + "\n````"
    let prompt = Prompt([.init("code", .low, heading: "Code", code), section("end", .essential, lines: 2)])
    let fitted = prompt.fitted(maxTokens: 150)
    #expect(fitted.cut == ["code"])
    #expect(fitted.text.components(separatedBy: "````").count == 3)
    #expect(fitted.text.contains("\n````\n\n("))
  }
}

@Suite struct PromptMakerTests {
  let sample: PlanSample

  init() throws { sample = try PlanSample() }

  private func text(_ kind: PromptKind, _ id: String? = nil, changed: [AchievementID: [String]] = [:]) throws -> String
  {
    let maker = PromptMaker(try sample.record(), changedPaths: changed)
    let prompt = try maker.prompt(kind, id.flatMap { AchievementID($0) })
    #expect(try maker.prompt(kind, id.flatMap { AchievementID($0) }) == prompt)
    return prompt.text
  }

  @Test func executionIsTheWorkersPromptWithWhatTheDocumentsSay() throws {
    try sample.approve("11")
    try sample.write("subplans/SUBPLAN_NEW-PARSER_12.md", "# Mine\n\n```\ncode\n```\n")
    let text = try text(.execution, "1.2", changed: [ids("1.1")[0]: ["Sources/Parser/tokens.swift"]])
    #expect(text.hasPrefix("# 1.2 Trees Built\n\nYou work on achievement 1.2 of the plan NEW-PARSER, attempt 1."))
    #expect(text.contains("## Objective\n\n- Build trees of tokens\n- Nodes: as values Dependencies: not"))
    #expect(text.contains("## What the plan asks for\n\n- `Sources/Parser/tree.swift`\n"))
    #expect(text.contains("`SUBPLAN_NEW-PARSER_12.md`:\n\n````markdown\n# Mine\n"))
    #expect(text.contains("### 1.1 Tokens Read\n\n- `Sources/Parser/tokens.swift`\n"))
    #expect(text.contains("- `make test` exits with 0\n"))
    #expect(text.hasSuffix("a half-done result is of no use.\n"))
    let maker = PromptMaker(try sample.record())
    #expect(!text.contains("What isn't there yet"))
    let early = try self.text(.execution, "2.2")
    #expect(
      early.contains("## What isn't there yet\n\nIt waits for these, which are not done:\n\n- 1.2 Trees Built\n- 2.1")
    )
    #expect(!early.contains("These are done"))
    let bare = try #require(sample.plan[ids("2.1")[0]])
    #expect(maker.worker(bare).text == maker.worker(bare).prompt.text)
  }

  @Test func aRejectedOneIsToldTheFindings() throws {
    try sample.write("execution/feedbacks/FIX_11.md", "# FIX\n\n## Findings\n\n- No tests\n")
    #expect(try text(.execution, "1.1").contains("## Why the last attempt failed\n\n```\n- No tests\n```\n"))
    let fix = try text(.fix, "1.1")
    #expect(fix.contains("## Findings\n\n- No tests\n"))
    #expect(fix.contains("`FIX_11_RESOLUTION.md` in the folder of the FIX file"))
    #expect(fix.contains("## Paths that it may change\n\n- `Sources/Parser/**`\n"))
    let error = try #require(throws: MethodologyError.self) { try text(.fix, "2.1") }
    #expect(error.code == .refused && error.message == "is not rejected: it has no FIX_21.md that counts.")
  }

  @Test func aSubplanIsAskedForWithItsNeighbours() throws {
    let text = try text(.subplan, "1.2")
    #expect(text.contains("Write `SUBPLAN_NEW-PARSER_12.md`: how it is approached."))
    #expect(text.contains("## What it builds on\n\n- 1.1 Tokens Read (not_started); it makes"))
    #expect(text.contains("## What may be done at the same time\n\n- 2.1 Command Line Made\n"))
    #expect(text.contains("## The PLAN's own words\n\n````markdown\n**Purpose**: Build trees"))
  }

  @Test func aReviewNamesEverythingThatIsToBeChecked() throws {
    try sample.write("execution/EXECUTION_TASK_NEW-PARSER_11_01.md", "journal of 1.1")
    try sample.write("execution/feedbacks/FIX_11.md", "all of it")
    try sample.write("execution/feedbacks/FIX_11_RESOLUTION.md", "how it went")
    let text = try text(.review, "1.1", changed: [ids("1.1")[0]: []])
    for words in [
      "## Done when\n\n- All kinds are read", "journal of 1.1", "## What the last review found\n\nall of it",
      "how it went",
      "`plait approve PLAN 1.1`", "## What it changed\n\nIt changed no file.",
      "- `make test`\n- `Sources/Parser/tokens.swift` exists",
    ] { #expect(text.contains(words)) }
    let verify = try self.text(.verify, "2.1")
    #expect(verify.contains("## Claims\n\n- It runs\n- coverage of 95 %\n"))
    #expect(verify.contains("The plan names none: find out how this repository is tested."))
  }

  @Test func resumingBeginsWithWhereThePlanStands() throws {
    try sample.approve("11")
    try sample.write("execution/EXECUTION_TASK_NEW-PARSER_12_01.md", "half done")
    let text = try text(.resume)
    #expect(text.hasPrefix("# Resume the plan NEW-PARSER\n\nGo on with 1.2 Trees Built."))
    #expect(text.contains("- 1.1 Tokens Read: complete: APPROVED_11.md\n"))
    #expect(text.contains("## What can run now\n\n- 1.2 Trees Built\n- 2.1 Command Line Made\n"))
    #expect(text.contains("- 2.2 Manual Written waits for 1.2, 2.1\n"))
    #expect(text.contains("half done"))
    #expect(try self.text(.resume, "2.1").contains("Go on with 2.1 Command Line Made."))
    try sample.approve("12", "21", "22")
    #expect(try self.text(.resume).contains("Nothing is left to do."))
  }

  @Test func discoveryAsksForWhatTheDocumentDoesNotSay() throws {
    let text = try text(.discovery)
    #expect(text.hasPrefix("# Find what depends on what in `PLAN_NEW-PARSER.md`\n"))
    #expect(
      text.contains(
        "- 1.2 Trees Built; estimated_hours: 3–5 h; deliverables: Sources/Parser/tree.swift; dependencies: 1.1\n"
      )
    )
    #expect(text.contains("- 2.2 Manual Written; deliverables: Docs/manual.md\n"))
    for word in ["**Technically**", "**In testing**", "**In merging**", "\"soft_dependencies\""] {
      #expect(text.contains(word))
    }
    let bare = try PlanSample(document: nil)
    #expect(throws: MethodologyError.self) { try PromptMaker(bare.record()).prompt(.discovery) }
  }

  @Test func whatCannotBeAskedIsRefused() throws {
    for kind in PromptKind.allCases where kind.needsAchievement {
      let missing = try #require(throws: MethodologyError.self) { try text(kind) }
      #expect(missing.code == .refused)
      let unknown = try #require(throws: MethodologyError.self) { try text(kind, "7.7") }
      #expect(unknown.code == .notFound)
    }
  }

  @Test(.enabled(if: Fixtures.folder != nil)) func aLongDocumentFitsABudget() throws {
    let folder = FilePath(try #require(Fixtures.folder).path)
    let document = try PlanDocument(folder.pushing("documents/PLAN_LLM-DASHBOARD-CLI.md"))
    let prompt = DiscoveryPrompt.prompt(document)
    let fitted = prompt.fitted(maxTokens: 6_000)
    #expect(prompt.fitted().tokens > 10_000 && fitted.tokens <= 6_000 && fitted.fits)
    for achievement in document.achievements {
      #expect(fitted.text.contains("- \(achievement.id) \(achievement.title)"))
    }
  }
}

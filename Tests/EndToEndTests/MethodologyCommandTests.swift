import Foundation
import TestSupport
import Testing

/// The commands of the methodology: what they print and write, and their exit codes.
@Suite(.limited) struct MethodologyCommandTests {
  private static let document = """
    # PLAN: Demo

    **Estimated Effort**: 9 hours

    ## Goal

    Three things.

    ## Desirable Achievements

    ### Priority 1: First

    **Achievement 1.1: Begin** ⏱️ 1-2 hours

    - **Deliverables**: `src/begin.py`
    - **Testing Requirements**: coverage above 90 %
    - **Dependencies**: None

    **Achievement 1.2**: Go on

    - **Effort**: 2 hours
    - **Deliverables**: `src/begin.py`, `src/more.py`

    ```
    **Achievement 9.9**: Not an achievement
    ```

    ### Priority 2: Second

    **Achievement 2.1**: End

    - **Effort**: 3 hours
    - **Depends on**: 1.1, 1.2

    ## Related Plans

    None.

    """

  /// A repository with a plan folder `work-space/plans/DEMO` that holds a document.
  private func demo(_ text: String = MethodologyCommandTests.document) throws -> Scenario {
    let scenario = try Scenario()
    try scenario.write(folder(scenario) + "/PLAN_DEMO.md", text)
    return scenario
  }

  private func folder(_ scenario: Scenario) -> String { "\(scenario.repo)/work-space/plans/DEMO" }

  private let schemas = Schemas()

  private func expect(_ ended: Ended, _ code: Int32, is name: String, sourceLocation: SourceLocation = #_sourceLocation)
  {
    #expect(ended.code == code, "\(ended.err)", sourceLocation: sourceLocation)
    #expect(schemas.findings(in: ended.json, by: name) == [], sourceLocation: sourceLocation)
  }

  @Test func aDocumentBecomesAPlanThatRuns() async throws {
    let scenario = try demo()
    let drafted = try await scenario.plait("discover", "@demo", "--accept-guesses")
    #expect(drafted.code == 0, "\(drafted.err)")
    #expect(drafted.err.contains("estimated_hours           3        0        0"))
    #expect(drafted.err.contains("1.2 dependencies: 1.1 (guessed: shares file src/begin.py)"))
    #expect(!drafted.out.contains("9.9"))
    let path = folder(scenario) + "/parallel.json"
    let written = try await scenario.plait("discover", folder(scenario), "--accept-guesses", "-o", path)
    #expect(written.code == 0 && written.out.isEmpty && scenario.text(path) == drafted.out)
    #expect(try await scenario.plait("validate", path).code == 0)
    let again = try await scenario.plait("discover", "@DEMO", "-o", path)
    #expect(again.code == 64 && again.errors == ["error: \(path): is there already and is left as it is."])
    let worker = "mkdir -p src; echo x > src/begin.py; echo y > src/more.py"
    let run = try await scenario.start(["run", "@DEMO", "--jobs", "2", "--", "sh", "-c", worker]).end()
    #expect(run.code == 0, "\(run.err)")
    let approved = try await scenario.plait("approve", "@DEMO", "1.1", "--by", "Ada", "--json")
    expect(approved, 0, is: "approve")
    let text = scenario.text(folder(scenario) + "/execution/feedbacks/APPROVED_11.md")
    #expect(text.contains("by Ada\n- **Commit**: `") && text.contains("| `file src/begin.py` | passed |"), "\(text)")
    let json = try await scenario.plait("discover", path, "--json")
    expect(json, 0, is: "discover")
    #expect(json.json["draft"].string?.contains("\"soft_dependencies\": [\"1.1\"]") == true)
  }

  @Test func badDocumentsGiveOneSentenceAndNoFile() async throws {
    let scenario = try demo("# PLAN: Empty\n")
    let output = scenario.place("out.json")
    let empty = try await scenario.plait("discover", "@DEMO", "-o", output)
    #expect(empty.code == 65 && empty.err.contains("error[no-achievements]: the document describes no achievement"))
    let twice = "## Achievements\n\n**Achievement 1.1**: A\n\nx\n\n**Achievement 1.1**: B\n\ny\n"
    try scenario.write(folder(scenario) + "/PLAN_DEMO.md", twice)
    let duplicate = try await scenario.plait("discover", "@DEMO", "-o", output)
    #expect(duplicate.code == 65 && duplicate.err.contains("1.1 is described twice, first in line 3"))
    try scenario.write(folder(scenario) + "/PLAN_OTHER.md", "x")
    let two = try await scenario.plait("compliance", "work-space/plans")
    #expect(two.code == 66 && two.errors.count == 1)
    try scenario.write("\(scenario.repo)/work-space/plans/X/PLAN_A.md", "x")
    try scenario.write("\(scenario.repo)/work-space/plans/X/PLAN_B.md", "x")
    let several = try await scenario.plait("discover", "work-space/plans/X")
    #expect(several.code == 66 && several.errors.first?.contains("has 2 PLAN documents: PLAN_A.md, PLAN_B.md.") == true)
    try FileManager.default.createDirectory(atPath: scenario.place("PLAN_DIR.md"), withIntermediateDirectories: true)
    let directory = try await scenario.plait("discover", scenario.place("PLAN_DIR.md"))
    #expect(directory.code == 66 && directory.errors.count == 1)
    try Data([0x23, 0xFF]).write(to: URL(fileURLWithPath: scenario.place("PLAN_BAD.md")))
    let broken = try await scenario.plait("discover", scenario.place("PLAN_BAD.md"))
    #expect(broken.code == 65 && broken.errors.first?.hasSuffix("is not UTF-8 (line 1). Save it as UTF-8.") == true)
    let missing = try await scenario.plait("discover", "@NOTHING")
    #expect(missing.code == 66 && missing.errors.first?.contains("There is: @DEMO") == true, "\(missing.err)")
    #expect(!scenario.exists(output))
  }

  @Test func whatAModelAnswersIsChecked() async throws {
    let scenario = try demo()
    let prompt = try await scenario.plait("discover", "@DEMO", "--prompt")
    #expect(prompt.code == 0 && prompt.out.contains("- 2.1 End; estimated_hours: 3 h; dependencies: 1.1, 1.2"))
    expect(try await scenario.plait("discover", "@DEMO", "--prompt", "--max-tokens", "700", "--json"), 0, is: "prompt")
    let draft = try await scenario.plait("discover", "@DEMO").out
    let answer = scenario.place("answer.md")
    try scenario.write(answer, "Here:\n\n```json\n\(draft)```\n")
    expect(try await scenario.plait("discover", "@DEMO", "--check", answer, "--json"), 0, is: "discover-check")
    try scenario.write(answer, draft.replacingOccurrences(of: "\"1.2\"", with: "\"1.3\""))
    let wrong = try await scenario.plait("discover", "@DEMO", "--check", answer)
    #expect(
      wrong.code == 65 && wrong.out.contains("error[invented]: 1.3 is invented: PLAN_DEMO.md doesn't describe it")
    )
    #expect(wrong.out.contains("error[missing-achievement]: 1.2 \"Go on\" is missing"))
    expect(try await scenario.plait("discover", "@DEMO", "--check", answer, "--json"), 65, is: "discover-check")
    #expect(try await scenario.plait("discover", "@DEMO", "--check", answer, "--prompt").code == 64)
  }

  @Test func documentsAreScored() async throws {
    let scenario = try demo()
    try scenario.write(folder(scenario) + "/parallel.json", try await scenario.plait("discover", "@DEMO").out)
    let one = try await scenario.plait("compliance", "@DEMO")
    #expect(one.code == 0 && one.out.contains("PLAN_DEMO.md: 40 of 100, needs improvement\n"), "\(one.out)")
    #expect(one.out.contains(":3:1: warning[total-mismatch]: the document says 9 h for all achievements"))
    #expect(one.out.contains("dependency-mismatch") == false)
    try scenario.write("\(scenario.repo)/other/PLAN_low.md", "")
    try scenario.write("\(scenario.repo)/other/PLAN_LOW.md", "")
    let all = try await scenario.plait("compliance", "--all", "--min", "30", "--json")
    expect(all, 65, is: "compliance")
    #expect(all.json["documents"].items.map { $0["score"].number } == [20, 40] && all.json["average"] == 30)
    #expect(all.json["is_met"] == false)
    #expect(try await scenario.plait("compliance", "--all", "--min", "20").code == 0)
    #expect(try await scenario.plait("compliance", "--all", in: scenario.planFolder).code == 66)
  }

  @Test func batchesAreWrittenOnce() async throws {
    let scenario = try demo()
    try scenario.write(folder(scenario) + "/parallel.json", try await scenario.plait("discover", "@DEMO").out)
    expect(try await scenario.plait("subplans", "@DEMO", "--dry-run", "--json"), 0, is: "subplans")
    #expect(!scenario.exists(folder(scenario) + "/subplans"))
    let first = try await scenario.plait("subplans", "@DEMO")
    #expect(first.code == 0 && first.out.hasSuffix("2 written\n"), "\(first.out)")
    let second = try await scenario.plait("subplans", "@DEMO")
    #expect(second.code == 0 && second.out.hasSuffix("0 written, 2 there already\n"))
    let refused = try await scenario.plait("executions", "@DEMO", "--ids", "1.1,2.1", "--json")
    expect(refused, 1, is: "executions")
    #expect(refused.json["refused"][0]["reason"] == "SUBPLAN_DEMO_21.md is missing")
    #expect(scenario.exists(folder(scenario) + "/execution/EXECUTION_TASK_DEMO_11_01.md"))
    #expect(try await scenario.plait("subplans", "@DEMO", "--level", "7").code == 66)
    #expect(try await scenario.plait("subplans", "@DEMO", "--ids", "x").code == 64)
    #expect(try await scenario.plait("subplans", "@DEMO", "--ids", "1.1", "--level", "0").code == 64)
    // A file where a folder must be: nothing can be told about what is in it.
    try scenario.write("\(scenario.repo)/blocked/parallel.json", scenario.text(folder(scenario) + "/parallel.json"))
    try scenario.write("\(scenario.repo)/blocked/subplans", "a file")
    let blocked = try await scenario.plait("subplans", "blocked")
    #expect(blocked.code == 65 && blocked.errors.count == 1, "\(blocked.err)")
  }

  @Test func verdictsChangeTheStatus() async throws {
    let scenario = try demo()
    try scenario.write(folder(scenario) + "/parallel.json", try await scenario.plait("discover", "@DEMO").out)
    let dry = try await scenario.plait("approve", "@DEMO", "1.1", "--dry-run")
    #expect(
      dry.code == 0 && dry.err.contains("nothing was changed") && !scenario.exists(folder(scenario) + "/execution")
    )
    let approved = try await scenario.plait("approve", "@DEMO", "1.1", "--note", "fine", "--by", "Ada")
    #expect(approved.code == 0 && approved.out.hasPrefix("1.1 is complete: APPROVED_11.md\n  created "))
    #expect(approved.err.contains("note: No check was run: the approval rests on Ada's word."))
    let again = try await scenario.plait("approve", "@DEMO", "1.1")
    #expect(again.code == 64 && again.errors == ["error: 1.1: is approved already: APPROVED_11.md."])
    expect(
      try await scenario.plait("reject", "@DEMO", "1.1", "-f", "No tests", "-f", "Slow", "--json"),
      0,
      is: "reject"
    )
    #expect(scenario.text(folder(scenario) + "/execution/feedbacks/FIX_11.md").contains("- No tests\n- Slow\n"))
    #expect(scenario.exists(folder(scenario) + "/execution/feedbacks/APPROVED_11_WITHDRAWN_01.md"))
    let fix = try await scenario.plait("prompt", "fix", "@DEMO", "1.1")
    #expect(fix.code == 0 && fix.out.contains("## Findings\n\n- No tests\n- Slow\n"))
    let skipped = try await scenario.plait("skip", "@DEMO", "1.2", "--reason", "later", "--waive", "--json")
    expect(skipped, 0, is: "skip")
    #expect(
      scenario.text(folder(scenario) + "/parallel.json").contains(
        "\"achievement_id\": \"1.2\",\n      \"waived\": true,"
      )
    )
    #expect(try await scenario.plait("reject", "@DEMO", "1.1").code == 64)
    #expect(try await scenario.plait("skip", "@DEMO", "2.1").code == 64)
    #expect(try await scenario.plait("approve", "@DEMO", "7.7").code == 66)
    #expect(try await scenario.plait("approve", "@DEMO", "seven").code == 64)
  }

  @Test func promptsAreTheSameEachTimeAndFitABudget() async throws {
    let scenario = try demo()
    try scenario.write(folder(scenario) + "/parallel.json", try await scenario.plait("discover", "@DEMO").out)
    for kind in ["subplan", "execution", "review", "verify", "resume"] {
      let first = try await scenario.plait("prompt", kind, "@DEMO", "1.2")
      #expect(first.code == 0 && first.out.hasPrefix("# ") && first.out.contains("1.2"), "\(kind) \(first.err)")
      #expect(try await scenario.plait("prompt", kind, "@DEMO", "1.2").out == first.out)
      expect(try await scenario.plait("prompt", kind, "@DEMO", "1.2", "--max-tokens", "250", "--json"), 0, is: "prompt")
    }
    #expect(try await scenario.plait("prompt", "discovery", "@DEMO").code == 0)
    #expect(try await scenario.plait("prompt", "resume", "@DEMO").out.contains("## What can run now"))
    let tight = try await scenario.plait("prompt", "execution", "@DEMO", "1.2", "--max-tokens", "10")
    #expect(tight.code == 0 && tight.err.contains("what is essential doesn't fit 10"))
    #expect(try await scenario.plait("prompt", "review", "@DEMO").code == 64)
    #expect(try await scenario.plait("prompt", "poem", "@DEMO", "1.1").code == 64)
    #expect(try await scenario.plait("prompt", "fix", "@DEMO", "1.1").code == 64)
    #expect(try await scenario.plait("prompt", "review", "@DEMO", "1.1", "--max-tokens", "0").code == 64)
    let tool = try scenario.executable("bin/xclip", "#!/bin/sh\ncat > \(scenario.place("copied"))\n")
    let path = "\((tool as NSString).deletingLastPathComponent):/usr/bin:/bin"
    let copied = try await scenario.plait(
      "prompt",
      "verify",
      "@DEMO",
      "1.1",
      "--clipboard",
      environment: ["PATH": path, "DISPLAY": ":0", "WAYLAND_DISPLAY": ""]
    )
    #expect(copied.code == 0 && copied.out.isEmpty && copied.err.contains("with xclip"), "\(copied.err)")
    #expect(scenario.text(scenario.place("copied")).hasPrefix("# Verify 1.1 Begin"))
  }
}

import Methodology
import Planning
import Testing

@Suite struct WorkerPromptTests {
  private func achievement(
    _ text: String = "2.1",
    title: String = "Write the parser",
    details: AchievementDetails = .none
  ) throws -> Achievement {
    Achievement(id: try #require(AchievementID(text)), title: title, priority: 2, details: details)
  }

  @Test func aBareAchievementSaysWhatToDoAndWhatToLeave() throws {
    let text = WorkerPrompt(planName: "NEW-PARSER", achievement: try achievement()).text
    let expected = """
      # 2.1 Write the parser

      You work on achievement 2.1 of the plan NEW-PARSER, attempt 1. The working directory is a git worktree of your own; \
      nobody else writes to it.

      ## What to leave behind

      - Leave your changes in the working directory, or commit them to the branch that is checked out; either is taken.
      - Touch no other branch, no tag and no stash, and don't push.
      - Exit with 0 when the work is done, and with anything else when it isn't: a half-done result is of no use.

      """
    #expect(text == expected)
  }

  @Test func everythingThatIsKnownIsTold() throws {
    let details = AchievementDetails(deliverables: ["Docs/api.md"], files: ["Sources/API/**", "Docs/*.md"])
    let prompt = WorkerPrompt(
      planName: "P",
      achievement: try achievement(details: details),
      verify: [
        VerifyStep(.shell("make test")), VerifyStep(.command(["./check", "all"])), VerifyStep(.file("Docs/api.md")),
      ],
      dependencies: [
        .init(id: try #require(AchievementID("1.2")), title: "Lexer", changedPaths: ["b.swift", "a.swift"]),
        .init(id: try #require(AchievementID("1.3")), title: "Survey", changedPaths: []),
      ]
    )
    let text = prompt.text
    #expect(text.contains("### 1.2 Lexer\n\n- `a.swift`\n- `b.swift`\n"))
    #expect(text.contains("### 1.3 Survey\n\nIt changed no file.\n"))
    #expect(text.contains("must exist when you are done:\n\n- `Docs/api.md`\n"))
    #expect(text.contains("- `Docs/*.md`\n- `Sources/API/**`\n"))
    #expect(text.contains("- `make test` exits with 0\n- `./check all` exits with 0\n- `Docs/api.md` exists\n"))
    #expect(!text.contains("last attempt"))
    #expect(prompt.text == text)
  }

  @Test func aRetryIsToldWhatWentWrong() throws {
    let text = WorkerPrompt(
      planName: "P",
      achievement: try achievement(),
      attempt: 2,
      failure: .init(reason: "make test: 2 of 40 failed\n")
    ).text
    #expect(text.contains("attempt 2."))
    #expect(text.contains("## Why the last attempt failed\n\n```\nmake test: 2 of 40 failed\n```\n"))
    #expect(!text.contains("in conflict"))
  }

  @Test func aConflictIsToldWithItsPathsAndTheOtherSide() throws {
    let diff = "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-old\n+```\n"
    let text = WorkerPrompt(
      planName: "P",
      achievement: try achievement(),
      attempt: 2,
      failure: .init(reason: "2 paths conflict", conflictingPaths: ["y", "x"], otherSide: diff)
    ).text
    #expect(text.contains("The paths in conflict:\n\n- `x`\n- `y`\n"))
    // The fence is longer than the longest one inside, so that nothing in the diff can close it.
    #expect(text.contains("````diff\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-old\n+```\n````\n"))
  }

  @Test func whatIsLongIsShortenedAndCounted() throws {
    let paths = (1000..<1100).map { "f\($0)" }
    let diff = (1...1000).map { "+line \($0)" }.joined(separator: "\n")
    let text = WorkerPrompt(
      planName: "P",
      achievement: try achievement(),
      dependencies: [.init(id: try #require(AchievementID("1.1")), title: "Many", changedPaths: paths)],
      attempt: 2,
      failure: .init(reason: "conflict", conflictingPaths: paths, otherSide: diff)
    ).text
    #expect(text.split(separator: "\n").count { $0 == "- … and 40 more" } == 2)
    #expect(text.contains("- `f1059`\n") && !text.contains("f1060"))
    #expect(text.contains("+line 300\n```\n\n(700 more lines are left out.)"))
    #expect(!text.contains("+line 301\n"))
  }

  @Test func textFromThePlanCannotBreakTheDocument() throws {
    let details = AchievementDetails(deliverables: ["odd`name", "`"])
    let text = WorkerPrompt(
      planName: "P\u{1B}[31m",
      achievement: try achievement(title: "Two\nlines\r\n## Fake", details: details)
    ).text
    #expect(text.hasPrefix("# 2.1 Two lines ## Fake\n"))
    #expect(text.contains("the plan P [31m, attempt"))
    #expect(text.contains("- `` ` ``\n- ``odd`name``\n"))
  }
}

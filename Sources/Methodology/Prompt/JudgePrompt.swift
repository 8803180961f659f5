package import Planning

/// What a judge is told when it reads its standard input: what to pick from, and how to say it.
package struct JudgePrompt: Sendable {
  /// One green variant.
  package struct Candidate: Sendable, Equatable {
    /// From 1.
    package let number: Int
    /// The commit of its result.
    package let commit: String
    /// The commit that it started from.
    package let base: String

    /// Takes a variant's number and its commits.
    package init(number: Int, commit: String, base: String) {
      self.number = number
      self.commit = commit
      self.base = base
    }
  }

  /// The plan's name.
  package let planName: String
  /// What the variants are attempts at.
  package let achievement: Achievement
  /// In the order of their numbers.
  package let candidates: [Candidate]
  /// Why the last judgement was of no use; nil on the first.
  package let failure: String?

  /// `candidates` are the variants whose checks were green.
  package init(planName: String, achievement: Achievement, candidates: [Candidate], failure: String? = nil) {
    self.planName = planName
    self.achievement = achievement
    self.candidates = candidates
    self.failure = failure
  }

  /// The prompt as Markdown, ending in one newline.
  package var text: String {
    let list = candidates.map { candidate in
      "- variant \(candidate.number): commit \(Markdown.code(candidate.commit)), "
        + Markdown.code("git diff \(candidate.base.prefix(12)) \(candidate.commit.prefix(12))")
    }
    let numbers = candidates.map { "\($0.number)" }.joined(separator: ", ")
    var parts = [
      "# Pick one: \(achievement.id) \(Markdown.line(achievement.title))",
      """
      Several workers did achievement \(achievement.id) of the plan \(Markdown.line(planName)), each by itself. These results \
      passed their checks, and you pick the one that is used. The others are kept and not merged.
      """, list.joined(separator: "\n"),
      """
      The working directory is a git worktree of your own, without any of them; what you change in it is thrown away. The file \
      that `PLAIT_CANDIDATES_FILE` names holds the same as JSON, with changed paths, checks and times.
      """,
    ]
    if let instructions = achievement.details.instructions {
      parts += ["## What the workers were told", instructions]
    }
    if let failure { parts += ["## Why the last judgement was of no use", Markdown.block(failure)] }
    parts.append(
      """
      ## How to answer

      The last line of your standard output is the number of the variant and nothing else: one of \(numbers). Exit with 0.
      """
    )
    return parts.joined(separator: "\n\n") + "\n"
  }
}

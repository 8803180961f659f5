import Planning
import SystemPackage

// The prompts that are about the work of people and models around a run.
extension PromptMaker {
  /// Asks for the SUBPLAN of an achievement.
  func subplan(_ achievement: Achievement) -> Prompt {
    let facts = AchievementFacts(record: record, achievement: achievement)
    let file = Markdown.code(subplanPath(achievement.id).lastComponent?.string ?? "")
    return Prompt(
      [
        heading(
          "Write the SUBPLAN of \(name(achievement))",
          "The plan \(Markdown.line(record.plan.name)) says what this achievement is to reach. Write \(file): how it is "
            + "approached. Name the steps in their order, the files each of them changes, the tests that show it works, and what "
            + "could go wrong. Change nothing else."
        )
      ] + background(achievement).filter { $0.name != "the SUBPLAN" } + [
        .init("what it builds on", .high, heading: "What it builds on", facts.dependencies),
        .init("its footprint", .essential, heading: "Paths that it may change", facts.footprint),
        .init("what runs beside it", .medium, heading: "What may be done at the same time", neighbours(achievement)),
        .init("its checks", .high, heading: "Checks on the result", facts.verify),
        .init("its description", .low, heading: "The PLAN's own words", description(achievement)),
        .init("the existing SUBPLAN", .medium, heading: "What is there already", quoted(subplanPath(achievement.id))),
      ]
    )
  }

  /// Asks for a judgement of a result.
  func review(_ achievement: Achievement) -> Prompt {
    let id = achievement.id
    return Prompt(
      [
        heading(
          "Review \(name(achievement))",
          "Judge whether the result in this repository is what the plan \(Markdown.line(record.plan.name)) asks for. Believe what "
            + "you have run and read yourself, not what the journal says. Change nothing."
        )
      ] + background(achievement) + [
        .init("what was changed", .high, heading: "What it changed", changes(id)),
        .init("its checks", .essential, heading: "Checks to run", checks(achievement)),
        .init("earlier findings", .high, heading: "What the last review found", findings(of: id)),
        .init("the resolution", .high, heading: "How that was put right", quoted(resolutionPath(id))),
        .init("the journal of the last attempt", .medium, heading: "Its journal", quoted(taskPath(id))),
        .init(
          "how to answer",
          .essential,
          heading: "How to answer",
          "For each criterion, deliverable and check: met or not met, with what shows it (a path, a command and its exit code). "
            + "Then one of these two, and nothing else:\n\n"
            + "- `plait approve PLAN \(id)` when all are met.\n"
            + "- `plait reject PLAN \(id) --finding TEXT` with one finding for each that is not met: what is wrong, where, "
            + "and how to see it."
        ),
      ]
    )
  }

  /// Asks to put right what a review found; throws when nothing is rejected.
  func fix(_ achievement: Achievement) throws -> Prompt {
    let id = achievement.id
    guard let findings = FeedbackText.findings(in: fixPath(id)), record.statuses[id]?.status == .failed else {
      throw MethodologyError(.refused, id.text, "is not rejected: it has no FIX_\(id.fileSuffix).md that counts.")
    }
    let resolution = Markdown.code(resolutionPath(id).lastComponent?.string ?? "")
    return Prompt(
      [
        heading(
          "Put right what a review found in \(name(achievement))",
          "The result of this achievement of the plan \(Markdown.line(record.plan.name)) was rejected. Put every finding right, "
            + "and nothing else. Fix the work and not the tests that show it is wrong."
        ),
        .init("the findings", .essential, heading: "Findings", findings),
      ] + background(achievement) + [
        .init("its footprint", .essential, heading: "Paths that it may change", facts(achievement).footprint),
        .init("its checks", .essential, heading: "Checks to run", checks(achievement)),
        .init("the journal of the last attempt", .low, heading: "The last attempt's journal", quoted(taskPath(id))),
        .init(
          "what to leave behind",
          .essential,
          heading: "What to leave behind",
          "Beside the corrected work: \(resolution) in the folder of the FIX file, with one line for each finding that says "
            + "what was changed and how it was checked."
        ),
      ]
    )
  }

  /// Asks to check each claim about a result.
  func verify(_ achievement: Achievement) -> Prompt {
    Prompt([
      heading(
        "Verify \(name(achievement))",
        "Check every claim below against this repository and say what you find. Correct nothing; a claim that you can't "
          + "check is not met."
      ),
      .init("when it is done", .essential, heading: "Claims", claims(achievement)),
      .init("its checks", .essential, heading: "Checks to run", checks(achievement)),
      .init("what was changed", .medium, heading: "What it changed", changes(achievement.id)),
      .init("the journal of the last attempt", .low, heading: "Its journal", quoted(taskPath(achievement.id))),
      .init(
        "how to answer",
        .essential,
        heading: "How to answer",
        "A table with one row for each claim and check: `met` or `not met`, and the evidence: the command with its exit code, or "
          + "the path with its line. A last line: `VERIFIED` when all are met, else `NOT VERIFIED`."
      ),
    ])
  }

  /// Asks to go on: with one achievement, or with whatever is next.
  func resume(_ achievement: Achievement?) -> Prompt {
    let open = record.achievements.filter { !record.isSettled($0.id) }
    let ready = open.filter { record.openDependencies(of: $0.id).isEmpty }
    let next = achievement ?? ready.first
    let task =
      next.map { "Go on with \(name($0))." } ?? (open.isEmpty ? "Nothing is left to do." : "Nothing can start.")
    return Prompt(
      [
        heading(
          "Resume the plan \(Markdown.line(record.plan.name))",
          "\(task) The files in the plan's folder are the state: trust them, and not what a document says about progress."
        ),
        .init("where it stands", .high, heading: "Where it stands", standing),
        .init("what can run now", .high, heading: "What can run now", list(ready)),
        .init("what waits", .medium, heading: "What waits", waiting(open)),
      ] + (next.map { background($0) } ?? []) + [
        .init("findings", .high, heading: "What its last review found", next.flatMap { findings(of: $0.id) }),
        .init("the journal", .medium, heading: "Where it was left", next.flatMap { quoted(taskPath($0.id)) }),
        .init("its checks", .high, heading: "Checks to run", next.map { checks($0) }),
      ]
    )
  }
}

extension PromptMaker {
  private func facts(_ achievement: Achievement) -> AchievementFacts {
    AchievementFacts(record: record, achievement: achievement)
  }

  private func resolutionPath(_ id: AchievementID) -> FilePath {
    record.folder.feedbacks.appending("FIX_\(id.fileSuffix)_RESOLUTION.md")
  }

  private func description(_ achievement: Achievement) -> String? {
    record.descriptions[achievement.id].map { Markdown.block($0.source, language: "markdown", atMost: 400) }
  }

  private func checks(_ achievement: Achievement) -> String {
    let list = facts(achievement).verify
    return list.isEmpty ? "The plan names none: find out how this repository is tested." : list
  }

  private func changes(_ id: AchievementID) -> String? {
    changedPaths[id].map { $0.isEmpty ? "It changed no file." : Markdown.paths($0, atMost: 100) }
  }

  private func claims(_ achievement: Achievement) -> String {
    let facts = facts(achievement)
    let lists = [facts.success, facts.deliverables, facts.testing].filter { !$0.isEmpty }
    return lists.isEmpty ? "- \(facts.objective) is done" : lists.joined(separator: "\n")
  }

  private func list(_ achievements: [Achievement]) -> String {
    achievements.map { "- \(name($0))" }.joined(separator: "\n")
  }

  private func waiting(_ open: [Achievement]) -> String {
    open.compactMap { achievement in
      let others = record.openDependencies(of: achievement.id)
      return others.isEmpty ? nil : "- \(name(achievement)) waits for \(others.map(\.text).joined(separator: ", "))"
    }.joined(separator: "\n")
  }

  private var standing: String {
    record.achievements.map { achievement in
      let status = record.statuses[achievement.id]
      let note = status?.note.map { " (\($0))" } ?? ""
      return "- \(name(achievement)): \(status?.sentence ?? "unknown")\(note)"
    }.joined(separator: "\n")
  }

  /// What is neither before nor after it, so that it may run at the same time.
  private func neighbours(_ achievement: Achievement) -> String {
    let level = record.levels[achievement.id]
    let others = record.achievements.filter {
      $0.id != achievement.id && record.levels[$0.id] == level && !record.isSettled($0.id)
    }
    return others.map { other in
      let files = other.details.files.map(Markdown.code).joined(separator: ", ")
      return "- \(name(other))" + (files.isEmpty ? "" : ", which changes \(files)")
    }.joined(separator: "\n")
  }
}

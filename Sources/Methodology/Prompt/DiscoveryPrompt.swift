/// Asks a model which achievements of a PLAN depend on which: what the document itself mostly doesn't say.
package enum DiscoveryPrompt {
  /// The prompt about `document`; `DiscoveryCheck` judges the answer.
  package static func prompt(_ document: PlanDocument) -> Prompt {
    let draft = DraftPlan(document)
    let described = document.achievements.map { achievement in
      Prompt.Section(
        "the description of \(achievement.id)",
        .medium,
        "### \(achievement.id) \(Markdown.line(achievement.title))\n\n"
          + Markdown.block(achievement.source, language: "markdown", atMost: 200)
      )
    }
    return Prompt(
      [
        .init("the task", .essential, task(document)), .init("the rules", .essential, rules),
        .init("the form of the answer", .essential, form),
        .init("the draft", .essential, heading: "What the document states", facts(draft)),
        .init("the plan's goal", .low, heading: "What the plan is for", document.goal),
      ]
        + (described.contains { $0 != nil }
          ? [.init("", .essential, "## The achievements in the document's words")] : [])
        + described
    )
  }

  private static func task(_ document: PlanDocument) -> String {
    """
    # Find what depends on what in \(Markdown.code(document.fileName))

    Below are the achievements of a plan. Find out which of them must wait for which, so that all others can be done at the \
    same time, and write the result as a `parallel.json`.
    """
  }

  private static let rules = """
    ## When one depends on another

    Two achievements are independent only when all four of these hold; name a dependency when one fails:

    1. **Technically**: neither needs code, an interface, data or a decision that the other makes.
    2. **In testing**: the tests of each pass without the other's work.
    3. **In merging**: they change different files, or different parts of them that don't touch.
    4. **In order**: nothing in the document says that one comes first.

    Where the third alone fails, name no dependency: list the `files` of both, and they won't run at the same time. Where you \
    aren't sure, use `soft_dependencies`, which order the work and block nothing. A dependency that follows from others is left out.
    """

  private static let form = """
    ## The answer

    One JSON object in a code block, and nothing else:

    ```json
    {
      "plan_name": "NAME",
      "parallelization_level": "level_3",
      "achievements": [
        {
          "achievement_id": "1.1",
          "title": "as in the document",
          "priority": 1,
          "estimated_hours": "2-3",
          "dependencies": [],
          "soft_dependencies": [],
          "files": ["Sources/Part/**"],
          "deliverables": ["Docs/part.md"]
        }
      ]
    }
    ```

    - Every achievement below, with exactly its id and title; none besides.
    - What the document states (marked so below) stays as it is.
    - No cycles. `files` are patterns of paths that may be changed, `deliverables` are paths that must exist afterwards.
    - `level_2` when no dependency leaves its priority, else `level_3`.
    """

  private static func facts(_ draft: DraftPlan) -> String {
    let lines = draft.items.map { item in
      var parts = ["- \(item.id) \(Markdown.line(item.title))"]
      for field in draft.fields where field.owner == item.id && field.name != .title && field.name != .priority {
        guard case .stated = field.provenance else { continue }
        parts.append("\(field.name.rawValue): \(field.value.isEmpty ? "none" : field.value)")
      }
      return parts.joined(separator: "; ")
    }
    return "The plan's name is \(Markdown.code(draft.name)).\n\n" + lines.joined(separator: "\n")
  }
}

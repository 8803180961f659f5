package import Planning

/// What the menu can be asked to do.
package enum MenuAction: Sendable, Equatable {
  /// Run what is ready and nothing after it.
  case runReady
  /// Run all that is left, in its order.
  case runAll
  case createSubplans
  case createExecutions
  /// Choose what to judge.
  case review
  case approve(AchievementID)
  case reject(AchievementID, finding: String)
  case skip(AchievementID, reason: String)
  /// Show the review prompt.
  case reviewPrompt(AchievementID)
  case graph
  case report
  case resume
  /// Bring the result of a run into the checked out branch.
  case land
  case archive
  case quit
}

/// A line of the menu.
package struct MenuEntry: Sendable, Equatable {
  /// The letter that chooses it.
  package let key: Character
  /// What it does.
  package let title: String
  /// On what: `2 achievements: 1.1, 1.2`; for one that is disabled, why.
  package let detail: String
  /// What is done when it is chosen.
  package let action: MenuAction
  /// Whether there is anything to do.
  package let isEnabled: Bool
  /// What is asked before it is done; nil when it changes nothing.
  package let question: String?

  /// Takes what the line says; without a detail for a disabled one it says nothing about why.
  package init(
    _ key: Character,
    _ title: String,
    _ action: MenuAction,
    detail: String,
    isEnabled: Bool = true,
    question: String? = nil
  ) {
    self.key = key
    self.title = title
    self.action = action
    self.detail = detail
    self.isEnabled = isEnabled
    self.question = question
  }
}

/// All that the menu shows: the answers and the entries.
package struct Menu: Sendable {
  /// The five answers.
  package let overview: MenuOverview
  /// In the order in which they are shown; always the same ones, so that a letter always means the same.
  package let entries: [MenuEntry]
  /// The titles of the achievements, in one line each.
  package let titles: [AchievementID: String]

  /// Works out what can be done; throws `MethodologyError` when the plan's templates can't be read.
  package init(_ record: PlanRecord, run: MenuRun? = nil) throws {
    let overview = MenuOverview(record, run: run)
    let subplans = try Batch(.subplans, .ready, of: record).files.map(\.id)
    let executions = try Batch(.executions, .ready, of: record).files.map(\.id)
    self.overview = overview
    titles = Dictionary(record.achievements.map { ($0.id, Markdown.line($0.title)) }) { first, _ in first }
    let settled = overview.total - overview.open.count
    entries = [
      Menu.run(overview, run), Menu.runAll(overview, run),
      Menu.creation("s", "Create SUBPLANs", .createSubplans, subplans),
      Menu.creation("e", "Create EXECUTION_TASKs", .createExecutions, executions), Menu.review(overview),
      MenuEntry("g", "Show the graph", .graph, detail: Menu.count(overview.total)),
      MenuEntry("p", "Show the report", .report, detail: run?.name ?? "no run yet", isEnabled: run != nil),
      Menu.resume(run), Menu.land(run),
      MenuEntry(
        "x",
        "Archive what is done",
        .archive,
        detail: settled > 0 ? Menu.count(settled) : "nothing is done",
        isEnabled: settled > 0,
        question: "Move the files of \(Menu.count(settled)) to the archive?"
      ),
      MenuEntry("q", "Quit", .quit, detail: ""),
    ]
  }

  private static func run(_ overview: MenuOverview, _ run: MenuRun?) -> MenuEntry {
    let isLive = run?.isLive == true
    let detail =
      isLive ? "\(run?.name ?? "") is running" : overview.ready.isEmpty ? "nothing is ready" : list(overview.ready)
    return MenuEntry(
      "r",
      "Run what is ready",
      .runReady,
      detail: detail,
      isEnabled: !isLive && !overview.ready.isEmpty,
      question: "Run \(list(overview.ready))?"
    )
  }

  private static func runAll(_ overview: MenuOverview, _ run: MenuRun?) -> MenuEntry {
    let isLive = run?.isLive == true
    // What is rejected isn't ready, for its findings come first; but a run of everything tries it again.
    let canStart = !overview.ready.isEmpty || !overview.rejected.isEmpty
    let detail: String =
      if isLive {
        "\(run?.name ?? "") is running"
      } else if overview.open.isEmpty {
        "all is done"
      } else {
        canStart ? count(overview.open.count) : "nothing can start"
      }
    return MenuEntry(
      "a",
      "Run all that is left",
      .runAll,
      detail: detail,
      isEnabled: !isLive && canStart,
      question: "Run \(count(overview.open.count)), each as soon as it can start?"
    )
  }

  private static func creation(
    _ key: Character,
    _ title: String,
    _ action: MenuAction,
    _ ids: [AchievementID]
  ) -> MenuEntry {
    var seen: Set<AchievementID> = []
    let ids = ids.filter { seen.insert($0).inserted }
    return MenuEntry(
      key,
      title,
      action,
      detail: ids.isEmpty ? "none is missing" : list(ids),
      isEnabled: !ids.isEmpty,
      question: "\(title) for \(list(ids))?"
    )
  }

  private static func review(_ overview: MenuOverview) -> MenuEntry {
    let ids = overview.waitingForReview
    let detail = ids.isEmpty ? "nothing waits" : list(ids)
    return MenuEntry("v", "Review what waits for approval", .review, detail: detail, isEnabled: !ids.isEmpty)
  }

  private static func resume(_ run: MenuRun?) -> MenuEntry {
    let canResume = run.map { $0.canResume && !$0.isLive } ?? false
    let detail = run.map { canResume ? $0.name : $0.isLive ? "\($0.name) is running" : "the last run has ended" }
    return MenuEntry(
      "c",
      "Continue the last run",
      .resume,
      detail: detail ?? "no run yet",
      isEnabled: canResume,
      question: "Go on with \(run?.name ?? "")?"
    )
  }

  private static func land(_ run: MenuRun?) -> MenuEntry {
    let isLive = run?.isLive == true
    let name = run?.unlanded?.run
    return MenuEntry(
      "l",
      "Land the result of a run",
      .land,
      detail: isLive ? "\(run?.name ?? "") is running" : name ?? "nothing is to be landed",
      isEnabled: !isLive && name != nil,
      question: "Bring the result of \(name ?? "") into the branch that is checked out?"
    )
  }

  private static func count(_ number: Int) -> String { "\(number) achievement\(number == 1 ? "" : "s")" }

  private static func list(_ ids: [AchievementID]) -> String {
    let names = ids.prefix(8).map(\.text).joined(separator: ", ")
    return ids.count > 8 ? "\(names) and \(ids.count - 8) more" : names
  }
}

package import Planning

/// What a worker is told about its attempt: a value, rendered as Markdown.
///
/// The same value gives the same text. What could be long without end (changed paths, the other side of a conflict) is
/// shortened, and the text says by how much.
package struct WorkerPrompt: Sendable {
  /// A dependency of the achievement: its result is in the base that the worker starts from.
  package struct Dependency: Sendable, Equatable {
    /// Which achievement it is.
    package let id: AchievementID
    /// Its title; may be empty.
    package let title: String
    /// Relative to the repository's top; nil when it is unknown what it changed.
    package let changedPaths: [String]?

    /// `changedPaths` may be a part of them.
    package init(id: AchievementID, title: String, changedPaths: [String]?) {
      self.id = id
      self.title = title
      self.changedPaths = changedPaths
    }
  }

  /// Why the attempt before this one was of no use.
  package struct Failure: Sendable, Equatable {
    /// One line.
    package let reason: String
    /// Paths that didn't merge, relative to the repository's top; empty when it failed otherwise.
    package let conflictingPaths: [String]
    /// What the others did to those paths meanwhile, as a unified diff.
    package let otherSide: String?

    /// `otherSide` is a patch of what others did to the conflicting paths.
    package init(reason: String, conflictingPaths: [String] = [], otherSide: String? = nil) {
      self.reason = reason
      self.conflictingPaths = conflictingPaths
      self.otherSide = otherSide
    }
  }

  /// The plan's name.
  package let planName: String
  /// What is to be done.
  package let achievement: Achievement
  /// The steps that will be run on the result, the plan's own included.
  package let verify: [VerifyStep]
  /// What it builds on.
  package let dependencies: [Dependency]
  /// From 1.
  package let attempt: Int
  /// nil on the first attempt.
  package let failure: Failure?
  /// What the plan's documents say of the achievement, in sections that follow the heading.
  package var background: [Prompt.Section] = []

  /// `verify` are the steps that will decide; `failure` is that of the attempt before.
  package init(
    planName: String,
    achievement: Achievement,
    verify: [VerifyStep] = [],
    dependencies: [Dependency] = [],
    attempt: Int = 1,
    failure: Failure? = nil
  ) {
    self.planName = planName
    self.achievement = achievement
    self.verify = verify
    self.dependencies = dependencies
    self.attempt = attempt
    self.failure = failure
  }

  /// The prompt as Markdown, ending in one newline.
  package var text: String { prompt.text }

  /// The prompt in its sections, to be made to fit a budget.
  package var prompt: Prompt {
    Prompt(
      [
        .init("the task", .essential, heading),
        .init("the instructions", .essential, heading: "Instructions", achievement.details.instructions),
        .init("why the last attempt failed", .high, failed),
      ] + background + [
        .init("what it builds on", .medium, built), .init("what to deliver", .essential, deliverables),
        .init("where to work", .essential, footprint), .init("how it is checked", .essential, checks),
        .init("what to leave behind", .essential, leaving),
      ]
    )
  }
}

extension WorkerPrompt {
  private static let longestPathList = 60
  private static let longestDiff = 300

  private var heading: String {
    """
    # \(achievement.id) \(Markdown.line(achievement.title))

    You work on achievement \(achievement.id) of the plan \(Markdown.line(planName)), attempt \(attempt). \
    The working directory is a git worktree of your own; nobody else writes to it.\(amongOthers)
    """
  }

  /// What a variant is told about the others.
  private var amongOthers: String {
    guard case .variant(let whole, let number, let count) = achievement.role else { return "" }
    return """


      This is variant \(number) of \(count) of achievement \(whole): the others do the same work at the same time, each by \
      itself, and a judge picks one of those that pass their checks. Do it your own way, and do all of it.
      """
  }

  private var failed: String? {
    guard let failure else { return nil }
    var parts = ["## Why the last attempt failed", Markdown.block(failure.reason)]
    if !failure.conflictingPaths.isEmpty {
      parts.append(
        "Its result didn't merge with what others had finished meanwhile. You start from their work now; "
          + "make your change so that theirs stays. The paths in conflict:"
      )
      parts.append(Markdown.paths(failure.conflictingPaths, atMost: WorkerPrompt.longestPathList))
    }
    if let diff = failure.otherSide, !diff.isEmpty {
      parts.append("What the others changed there:")
      parts.append(Markdown.block(diff, language: "diff", atMost: WorkerPrompt.longestDiff))
    }
    return parts.joined(separator: "\n\n")
  }

  private var built: String? {
    guard !dependencies.isEmpty else { return nil }
    let items = dependencies.map { dependency in
      let title = "### \(dependency.id) \(Markdown.line(dependency.title))\n\n"
      guard let paths = dependency.changedPaths else { return String(title.dropLast(2)) }
      guard !paths.isEmpty else { return title + "It changed no file." }
      return title + Markdown.paths(paths, atMost: WorkerPrompt.longestPathList)
    }
    return "## What it builds on\n\nThese are done, and their results are in your working directory.\n\n"
      + items.joined(separator: "\n\n")
  }

  private var deliverables: String? {
    let paths = achievement.details.deliverables
    guard !paths.isEmpty else { return nil }
    return "## What to deliver\n\nThese paths must exist when you are done:\n\n"
      + Markdown.paths(paths, atMost: paths.count)
  }

  private var footprint: String? {
    let patterns = achievement.details.files
    guard !patterns.isEmpty else { return nil }
    return "## Where to work\n\nChange only paths that match these patterns; others may be at work elsewhere:\n\n"
      + Markdown.paths(patterns, atMost: patterns.count)
  }

  private var checks: String? {
    guard !verify.isEmpty else { return nil }
    let steps = verify.map { step in
      switch step.check {
      case .file(let path): "- \(Markdown.code(path)) exists"
      case .command, .shell: "- \(Markdown.code(step.summary)) exits with 0"
      case .coverage: "- \(Markdown.line(step.summary)), counted in lines"
      }
    }
    return "## How it is checked\n\nWhen you are done, each of these is run in your working directory. "
      + "The result counts only when all pass, so run them yourself first:\n\n" + steps.joined(separator: "\n")
  }

  private var leaving: String {
    """
    ## What to leave behind

    - Leave your changes in the working directory, or commit them to the branch that is checked out; either is taken.
    - Touch no other branch, no tag and no stash, and don't push.
    - Exit with 0 when the work is done, and with anything else when it isn't: a half-done result is of no use.
    """
  }
}

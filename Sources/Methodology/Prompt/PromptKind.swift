package import Planning
import SystemPackage

/// What a prompt asks for.
package enum PromptKind: String, Sendable, CaseIterable {
  /// To write the SUBPLAN of an achievement.
  case subplan
  /// To do it: what a run's worker gets.
  case execution
  /// To judge its result.
  case review
  /// To put right what a review found.
  case fix
  /// To go on with the plan where it stands.
  case resume
  /// To check each claim about its result.
  case verify
  /// To find the dependencies of a PLAN.
  case discovery

  /// Whether it is about one achievement; the others are about the plan.
  package var needsAchievement: Bool { self != .discovery && self != .resume }
}

/// Makes prompts from what a plan and its folder say: the same files give the same text.
package struct PromptMaker: Sendable {
  let record: PlanRecord
  /// What results changed, relative to the repository's top; of an achievement that isn't here it is unknown.
  let changedPaths: [AchievementID: [String]]

  /// `changedPaths` is what the results of achievements changed, as far as it is known.
  package init(_ record: PlanRecord, changedPaths: [AchievementID: [String]] = [:]) {
    self.record = record
    self.changedPaths = changedPaths
  }

  /// The prompt of this kind about `id`.
  ///
  /// Throws `MethodologyError` when the plan has no such achievement, when the kind needs one and there is none, and when there is
  /// nothing to be asked: a fix without a FIX file, a discovery without a PLAN document.
  package func prompt(_ kind: PromptKind, _ id: AchievementID? = nil) throws -> Prompt {
    if kind == .discovery {
      guard let document = record.document else {
        throw MethodologyError(.notFound, record.folder.path.string, "has no PLAN document to find dependencies in.")
      }
      return DiscoveryPrompt.prompt(document)
    }
    guard let id else {
      guard kind == .resume else {
        throw MethodologyError(.refused, kind.rawValue, "is about one achievement: give its id, like 2.1.")
      }
      return resume(nil)
    }
    guard let achievement = record.plan[id] else {
      throw MethodologyError(.notFound, id.text, "the plan \(record.plan.name) has no such achievement.")
    }
    switch kind {
    case .subplan: return subplan(achievement)
    case .execution: return worker(achievement).prompt
    case .review: return review(achievement)
    case .fix: return try fix(achievement)
    case .verify: return verify(achievement)
    case .resume, .discovery: return resume(achievement)
    }
  }

  /// The execution prompt as a value: what the files say, for the attempt that comes next.
  package func worker(_ achievement: Achievement) -> WorkerPrompt {
    let tasks = record.files.tasks(suffix: achievement.id.fileSuffix)
    let findings = findings(of: achievement.id)
    var prompt = WorkerPrompt(
      planName: record.plan.name,
      achievement: achievement,
      verify: record.plan.checks(of: achievement),
      dependencies: record.plan.wholeDependencies(of: achievement.id).filter(record.satisfies).compactMap { id in
        record.plan[id].map { dependency in
          let made = dependency.details.deliverables
          let paths = changedPaths[id] ?? (made.isEmpty ? nil : made)
          return .init(id: id, title: dependency.title, changedPaths: paths)
        }
      },
      attempt: max(1, tasks.count),
      failure: findings.map { .init(reason: $0) }
    )
    prompt.background = background(achievement) + [missing(achievement)].compactMap { $0 }
    return prompt
  }

  /// What it builds on and doesn't find.
  private func missing(_ achievement: Achievement) -> Prompt.Section? {
    let open = record.openDependencies(of: achievement.id).compactMap { record.plan[$0] }
    guard !open.isEmpty else { return nil }
    let list = open.map { "- \(name($0))" }.joined(separator: "\n")
    let words = "It waits for these, which are not done:\n\n\(list)"
    return .init("what isn't there yet", .essential, heading: "What isn't there yet", words)
  }

  /// What the documents say of an achievement, the most needed first.
  func background(_ achievement: Achievement) -> [Prompt.Section] {
    let facts = AchievementFacts(record: record, achievement: achievement)
    let hasDescription = record.descriptions[achievement.id] != nil
    return [
      .init("the objective", .high, heading: "Objective", hasDescription ? facts.objective : nil),
      .init("what is asked for", .high, heading: "What the plan asks for", hasDescription ? facts.deliverables : nil),
      .init("when it is done", .high, heading: "Done when", facts.success),
      .init("the tests that are asked for", .high, heading: "Tests", facts.testing),
      .init("the SUBPLAN", .medium, heading: "How it is approached", quoted(subplanPath(achievement.id))),
      .init("the plan's goal", .low, heading: "What the plan is for", record.document?.goal),
    ].compactMap { $0 }
  }
}

extension PromptMaker {
  func subplanPath(_ id: AchievementID) -> FilePath {
    record.folder.subplans.appending("SUBPLAN_\(record.plan.name)_\(id.fileSuffix).md")
  }

  func fixPath(_ id: AchievementID) -> FilePath { record.folder.feedbacks.appending("FIX_\(id.fileSuffix).md") }

  /// The latest execution task; nil when there is none.
  func taskPath(_ id: AchievementID) -> FilePath? {
    record.files.tasks(suffix: id.fileSuffix).last.map { record.folder.execution.appending($0) }
  }

  /// What the FIX file says; nil when nothing is rejected.
  func findings(of id: AchievementID) -> String? {
    guard record.statuses[id]?.status == .failed else { return nil }
    return FeedbackText.findings(in: fixPath(id))
  }

  /// A file as a code block with its name; nil when there is no such file.
  func quoted(_ path: FilePath?) -> String? {
    guard let path, let bytes = try? TextFile.read(path), let name = path.lastComponent?.string else { return nil }
    let text = String(decoding: bytes, as: UTF8.self)
    return "\(Markdown.code(name)):\n\n" + Markdown.block(text, language: "markdown", atMost: 400)
  }

  func heading(_ title: String, _ text: String) -> Prompt.Section? {
    .init("the task", .essential, "# \(title)\n\n\(text)")
  }

  func name(_ achievement: Achievement) -> String { "\(achievement.id) \(Markdown.line(achievement.title))" }
}

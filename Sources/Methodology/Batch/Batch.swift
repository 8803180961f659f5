package import Planning
package import SystemPackage

/// The SUBPLAN or EXECUTION_TASK files that a plan's folder lacks: what would be written, before anything is.
package struct Batch: Sendable {
  /// What is made.
  package enum Kind: String, Sendable {
    case subplans
    case executions
  }

  /// For which achievements.
  package enum Selection: Sendable, Equatable {
    /// All that aren't done and whose dependencies are.
    case ready
    /// All of one dependency level that aren't done.
    case level(Int)
    /// These.
    case ids([AchievementID])
  }

  /// A file to write.
  package struct File: Sendable, Equatable {
    /// Whose file it is.
    package let id: AchievementID
    /// Its full path.
    package let path: FilePath
    /// The whole text.
    package let content: String
  }

  /// An achievement for which nothing is written, and why.
  package struct Omission: Sendable, Equatable {
    /// Which achievement.
    package let id: AchievementID
    /// `SUBPLAN_X_11.md is there`, `waits for 1.1`: a phrase.
    package let reason: String
  }

  /// What is made.
  package let kind: Kind
  /// What is to be written, by dependency level and then in plan order.
  package let files: [File]
  /// Achievements that have their file already.
  package let existing: [Omission]
  /// Files that are there and say nothing but what the template made of them.
  package let blanks: [File]
  /// Achievements that were asked for and can't have one yet.
  package let refused: [Omission]
  /// The dependency levels of all that is named here.
  package let levels: [AchievementID: Int]

  /// Finds what is missing; writes nothing.
  ///
  /// Ids and levels that were asked for get their files although their dependencies aren't done. Throws `MethodologyError` for an
  /// unknown id or level, and for a template that can't be filled.
  package init(_ kind: Kind, _ selection: Selection, of record: PlanRecord) throws {
    self.kind = kind
    levels = record.levels
    var files: [File] = []
    var existing: [Omission] = []
    var blanks: [File] = []
    var refused: [Omission] = []
    let name: Template.Name = kind == .subplans ? .subplan : .executionTask
    let template = try Template(name, planFolder: record.folder.path, repository: record.repository)
    for achievement in try Batch.chosen(selection, record) {
      let maker = BatchFiles(record: record, achievement: achievement, template: template)
      switch try kind == .subplans ? maker.subplan() : maker.tasks() {
      case .write(let made): files += made
      case .exists(let name, let made):
        existing.append(Omission(id: achievement.id, reason: "\(name) is there"))
        blanks += made.filter { (try? TextFile.read($0.path)) == Array($0.content.utf8) }
      case .refuse(let reason): refused.append(Omission(id: achievement.id, reason: reason))
      }
    }
    self.files = files
    self.existing = existing
    self.blanks = blanks
    self.refused = refused
  }

  /// The same batch with other files.
  init(_ batch: Batch, files: [File]) {
    kind = batch.kind
    existing = batch.existing
    blanks = batch.blanks
    refused = batch.refused
    levels = batch.levels
    self.files = files
  }

  /// The files by dependency level, lowest first.
  package var grouped: [(level: Int, files: [File])] {
    Dictionary(grouping: files) { levels[$0.id] ?? 0 }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private static func chosen(_ selection: Selection, _ record: PlanRecord) throws -> [Achievement] {
    let all = record.achievements.enumerated()
      .sorted { (record.levels[$0.element.id] ?? 0, $0.offset) < (record.levels[$1.element.id] ?? 0, $1.offset) }
      .map(\.element)
    switch selection {
    case .ready: return all.filter { !record.isSettled($0.id) && record.openDependencies(of: $0.id).isEmpty }
    case .level(let level):
      guard all.contains(where: { record.levels[$0.id] == level }) else {
        let highest = record.levels.values.max() ?? 0
        throw MethodologyError(.notFound, "level \(level)", "no achievement is there; the levels are 0 to \(highest).")
      }
      return all.filter { record.levels[$0.id] == level && !record.isSettled($0.id) }
    case .ids(let ids):
      for id in ids where record.plan[id] == nil || record.plan.part(of: id) != nil {
        throw MethodologyError(.notFound, id.text, "the plan \(record.plan.name) has no such achievement.")
      }
      return all.filter { ids.contains($0.id) }
    }
  }
}

extension Batch {
  /// What became of a batch.
  package struct Outcome: Sendable {
    /// A file that couldn't be written.
    package struct Failure: Sendable, Equatable {
      /// Whose file it is.
      package let id: AchievementID
      /// Its full path.
      package let path: FilePath
      /// Why, a sentence.
      package let reason: String
    }

    /// Written, in order.
    package internal(set) var written: [File] = []
    /// Made by someone else since the batch was planned, and left as they are.
    package internal(set) var existing: [File] = []
    /// Not written; the batch can be run again for them.
    package internal(set) var failed: [Failure] = []
  }

  /// Writes the files, each whole or not at all, never over another; what fails doesn't stop the rest.
  package func write() -> Outcome {
    var outcome = Outcome()
    for file in files {
      do {
        try TextFile.create(file.path, file.content)
        outcome.written.append(file)
      } catch let error as MethodologyError where error.code == .exists && TextFile.isFile(file.path) {
        outcome.existing.append(file)
      } catch {
        let isInTheWay = (error as? MethodologyError)?.code == .exists
        let reason = isInTheWay ? "\(file.path) is no file and in the way: move it elsewhere." : "\(error)"
        outcome.failed.append(.init(id: file.id, path: file.path, reason: reason))
      }
    }
    return outcome
  }
}

/// Makes the files of one achievement.
private struct BatchFiles {
  enum Result {
    case write([Batch.File])
    /// The second is what a template that nobody has filled would look like.
    case exists(String, [Batch.File])
    case refuse(String)
  }

  let record: PlanRecord
  let achievement: Achievement
  let template: Template

  private var facts: AchievementFacts { AchievementFacts(record: record, achievement: achievement) }
  private var suffix: String { achievement.id.fileSuffix }
  private var subplanName: String { "SUBPLAN_\(record.plan.name)_\(suffix).md" }

  func subplan() throws -> Result {
    let content = try template.filled(facts.values)
    let path = record.folder.subplans.appending(subplanName)
    let file = Batch.File(id: achievement.id, path: path, content: content)
    return record.files.subplans.contains(subplanName) ? .exists(subplanName, [file]) : .write([file])
  }

  /// The task of the first attempt, of the next one after a rejection, or of each part.
  func tasks() throws -> Result {
    guard record.files.subplans.contains(subplanName) else { return .refuse("\(subplanName) is missing") }
    let tasks = record.files.tasks(suffix: suffix)
    guard let last = tasks.last else { return .write(try firstTasks()) }
    let number = tasks.compactMap(BatchFiles.number).max() ?? 0
    if isRejected(last, tasks) { return .write([try task(number: number + 1, part: nil)]) }
    return .exists(last, number > 1 ? try firstTasks() + [try task(number: number, part: nil)] : try firstTasks())
  }

  private func firstTasks() throws -> [Batch.File] {
    let parts = record.parts(of: achievement.id)
    guard !parts.isEmpty else { return [try task(number: 1, part: nil)] }
    return try parts.enumerated().map { try task(number: $0.offset + 1, part: $0.element) }
  }

  /// Whether the last task is the one that was rejected, and not already the answer to that.
  private func isRejected(_ last: String, _ tasks: [String]) -> Bool {
    guard record.statuses[achievement.id]?.status == .failed, let fix = text(of: fixPath) else { return false }
    if fix.contains(last) { return true }
    if tasks.contains(where: fix.contains) { return false }
    // A rejection that names no task: then the task says which rejection it answers.
    let answer = text(of: record.folder.execution.appending(last)) ?? ""
    return !answer.contains("FIX_\(suffix).md")
  }

  private var fixPath: FilePath { record.folder.feedbacks.appending("FIX_\(suffix).md") }

  private func text(of path: FilePath) -> String? {
    (try? TextFile.read(path)).map { String(decoding: $0, as: UTF8.self) }
  }

  private func task(number: Int, part: Achievement?) throws -> Batch.File {
    var values = facts.values
    let padded = number < 10 ? "0\(number)" : "\(number)"
    values["attempt"] = "\(part == nil ? number : 1)"
    values["subplan"] = Markdown.code(subplanName)
    values["part"] = part.map { "\($0.id) \(Markdown.line($0.title))" } ?? ""
    values["findings"] = record.statuses[achievement.id]?.status == .failed ? findings : ""
    let name = "EXECUTION_TASK_\(record.plan.name)_\(suffix)_\(padded).md"
    let path = record.folder.execution.appending(name)
    return Batch.File(id: achievement.id, path: path, content: try template.filled(values))
  }

  /// What the rejection says, and where.
  private var findings: String {
    guard let text = FeedbackText.findings(in: fixPath) else { return "" }
    return "From \(Markdown.code("FIX_\(suffix).md")):\n\n\(text)"
  }

  /// The number in `EXECUTION_TASK_<PLAN>_<NN>_<MM>….md`.
  private static func number(_ name: String) -> Int? {
    name.dropLast(3).split(separator: "_").reversed().first { $0.isNumber }.flatMap { Int($0) }
  }
}

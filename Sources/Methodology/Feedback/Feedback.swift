package import Planning
import SystemPackage

/// A verdict about an achievement as changes of files: what would be done, before it is.
package struct Feedback: Sendable, Equatable {
  /// What is said.
  package enum Verdict: Sendable, Equatable {
    /// It is done.
    case approve(note: String)
    /// It isn't, for these reasons.
    case reject(findings: [String])
    /// It won't be done; with `isWaived`, what depends on it may begin all the same.
    case skip(reason: String, isWaived: Bool)
  }

  /// Which achievement it is about.
  package let id: AchievementID
  /// What the files will say afterwards.
  package let status: FolderStatus
  /// In the order in which they are to be made.
  package let operations: [FileOperation]
  /// What the one who decides should know, a sentence each.
  package let warnings: [String]

  /// Makes the changes, all or none; throws `MethodologyError`.
  package func perform() throws { try FileOperation.perform(operations) }

  /// Decides what a verdict changes in the plan's folder; changes nothing.
  ///
  /// A rejection keeps what it overrules under another name. Throws `MethodologyError` for an id that is no achievement, for a
  /// verdict that is there already, and for a rejection or a skip without a reason.
  package init(
    _ verdict: Verdict,
    _ id: AchievementID,
    of record: PlanRecord,
    evidence: Evidence = Evidence(),
    by signature: Signature
  ) throws {
    guard let achievement = record.plan[id] else {
      throw MethodologyError(.notFound, id.text, "the plan \(record.plan.name) has no such achievement.")
    }
    if let whole = record.plan.part(of: id) {
      throw MethodologyError(
        .refused,
        id.text,
        "is a \(achievement.role.isVariant ? "variant" : "part") of \(whole): the verdict is about \(whole)."
      )
    }
    let maker = FeedbackMaker(record: record, achievement: achievement, evidence: evidence, signature: signature)
    self.id = id
    switch verdict {
    case .approve(let note):
      operations = try maker.approve(note: note)
      status = FolderStatus(.complete, reason: maker.approved)
      warnings = maker.warningsOfApproval
    case .reject(let findings):
      operations = try maker.reject(findings: findings)
      status = FolderStatus(.failed, reason: maker.fix)
      warnings = maker.warningsOfRejection
    case .skip(let reason, let isWaived):
      operations = try maker.skip(reason: reason, isWaived: isWaived)
      status = FolderStatus(.skipped, reason: maker.skipped)
      warnings = maker.warningsOfSkip(isWaived: isWaived || achievement.isWaived)
    }
  }
}

/// Decides what the verdicts about one achievement change.
private struct FeedbackMaker {
  let record: PlanRecord
  let achievement: Achievement
  let evidence: Evidence
  let signature: Signature

  private var id: AchievementID { achievement.id }
  private var suffix: String { id.fileSuffix }
  private var folder: PlanFolder { record.folder }
  var approved: String { "APPROVED_\(suffix).md" }
  var skipped: String { "SKIPPED_\(suffix).md" }
  var fix: String { "FIX_\(suffix).md" }

  func approve(note: String) throws -> [FileOperation] {
    guard !record.files.feedbacks.contains(approved) else {
      throw MethodologyError(.refused, id.text, "is approved already: \(approved).")
    }
    let text = try filled(.approved, ["note": note])
    return withdrawal(of: skipped, in: folder.execution, record.files.execution)
      + [.create(folder.feedbacks.appending(approved), text)]
  }

  func reject(findings: [String]) throws -> [FileOperation] {
    let findings = findings.map { $0[...].trimmed }.filter { !$0.isEmpty }
    guard !findings.isEmpty else {
      throw MethodologyError(.refused, id.text, "is rejected for no reason: give a finding at least.")
    }
    // Every line of a finding stays inside its list item.
    let list = findings.map { finding in
      "- " + finding.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).joined(separator: "\n  ")
    }
    let attempt = record.files.tasks(suffix: suffix).last.map(Markdown.code) ?? ""
    let text = try filled(.fix, ["findings": list.joined(separator: "\n"), "attempt": attempt])
    let names = record.files.feedbacks
    return withdrawal(of: approved, in: folder.feedbacks, names)
      + withdrawal(of: skipped, in: folder.execution, record.files.execution)
      + withdrawal(of: fix, in: folder.feedbacks, names)
      + withdrawal(of: "FIX_\(suffix)_RESOLUTION.md", in: folder.feedbacks, names)
      + [.create(folder.feedbacks.appending(fix), text)]
  }

  func skip(reason: String, isWaived: Bool) throws -> [FileOperation] {
    guard !record.files.feedbacks.contains(approved) else {
      throw MethodologyError(.refused, id.text, "is approved (\(approved)), so there is nothing to skip.")
    }
    var operations: [FileOperation] = []
    if record.files.execution.contains(skipped) {
      guard isWaived, !achievement.isWaived else {
        throw MethodologyError(.refused, id.text, "is skipped already: \(skipped).")
      }
    } else {
      guard !reason[...].trimmed.isEmpty else {
        throw MethodologyError(.refused, id.text, "is skipped for no reason: give one.")
      }
      let text = try filled(.skipped, ["reason": reason, "waived": isWaived ? "yes" : "no"])
      operations.append(.create(folder.execution.appending(skipped), text))
    }
    if isWaived, !achievement.isWaived { operations.append(try waiver()) }
    return operations
  }

  /// The plan file with the achievement marked as waived.
  private func waiver() throws -> FileOperation {
    let path = folder.path.appending(PlanLocator.fileName)
    let before = try TextFile.read(path)
    guard let after = PlanEditor.setting("waived", to: "true", of: id, in: before) else {
      throw MethodologyError(.invalid, path.string, "has no \(id) that could be marked as waived.")
    }
    return .replace(path, String(decoding: after, as: UTF8.self), was: String(decoding: before, as: UTF8.self))
  }

  /// Takes a file out of effect: under its new name no status is derived from it, and nothing is lost.
  private func withdrawal(of name: String, in folder: FilePath, _ names: Set<String>) -> [FileOperation] {
    guard names.contains(name) else { return [] }
    var number = 1
    func other() -> String { "\(name.dropLast(3))_WITHDRAWN_\(number < 10 ? "0" : "")\(number).md" }
    while names.contains(other()) { number += 1 }
    return [.move(folder.appending(name), to: folder.appending(other()))]
  }

  private func filled(_ name: Template.Name, _ values: [String: String]) throws -> String {
    var all = AchievementFacts(record: record, achievement: achievement).values
    all["date"] = signature.date
    all["by"] = Markdown.line(signature.name)
    all["commit"] = evidence.commit.map(Markdown.code) ?? ""
    all["evidence"] = evidence.table
    let template = try Template(name, planFolder: folder.path, repository: record.repository)
    return try template.filled(all.merging(values) { $1 })
  }
}

extension FeedbackMaker {
  var warningsOfApproval: [String] {
    var warnings: [String] = []
    let open = record.openDependencies(of: id)
    if !open.isEmpty { warnings.append("\(id) depends on \(list(open)), which is not complete.") }
    if evidence.checks.isEmpty { warnings.append("No check was run: the approval rests on \(signature.name)'s word.") }
    let red = evidence.checks.filter { !$0.isGreen }.map(\.command)
    if !red.isEmpty { warnings.append("A check failed: \(red.joined(separator: ", ")).") }
    return warnings
  }

  var warningsOfRejection: [String] {
    let built = dependents.filter { record.statuses[$0]?.status == .complete }
    return built.isEmpty ? [] : ["Built on it and approved: \(list(built))."]
  }

  func warningsOfSkip(isWaived: Bool) -> [String] {
    isWaived || dependents.isEmpty
      ? [] : ["Nothing that depends on it can start: \(list(dependents)); --waive lets it."]
  }

  private var dependents: [AchievementID] {
    record.achievements.map(\.id).filter { record.plan.wholeDependencies(of: $0).contains(id) }
  }

  private func list(_ ids: [AchievementID]) -> String { ids.map(\.text).joined(separator: ", ") }
}

extension Feedback {
  /// The text of an `APPROVED_<NN>.md` for whoever writes it elsewhere than into the folder, such as into a merge commit.
  ///
  /// Throws `MethodologyError` when a template of the user's can't be filled.
  package static func approval(
    of achievement: Achievement,
    in record: PlanRecord,
    evidence: Evidence,
    by signature: Signature
  ) throws -> String {
    let maker = FeedbackMaker(record: record, achievement: achievement, evidence: evidence, signature: signature)
    return try maker.approvalText()
  }
}

extension FeedbackMaker {
  fileprivate func approvalText() throws -> String { try filled(.approved, ["note": ""]) }
}

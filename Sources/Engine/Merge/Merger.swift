internal import Git
internal import Planning
internal import Recording

/// Merges results onto the integration branch, one at a time, and keeps those that can't be.
struct Merger: Sendable {
  let settings: RunSettings
  let repository: Repository

  private var integration: String { settings.header.integrationRef }

  /// Throws unless the base of `work` contains the merge of everything that it depends on.
  func assertBase(of work: AttemptWork) async throws {
    let base = try CommitID(checked: work.base)
    for dependency in work.dependencies {
      let merge = try CommitID(checked: dependency.merge)
      if merge == base { continue }
      guard try await repository.isAncestor(merge, of: base) else {
        throw EngineError(
          .bug,
          work.id.description,
          "the base \(base) of \(work.id) does not contain \(dependency.achievement.id) (\(merge)): please report this"
        )
      }
    }
  }

  /// Merges `result`, checks the merged tree with `gate`, and moves the integration ref.
  ///
  /// The intent is durable before the ref moves, the outcome before this returns. `gate` gives a failure or nil.
  func merge(
    _ work: AttemptWork,
    result: VerifiedResult,
    tip: String,
    journal: Journal,
    gate: (CommitID) async throws -> AttemptFailure?
  ) async throws -> MergeResult {
    try await assertBase(of: work)
    let tip = try CommitID(checked: tip)
    let subject = "Merge \(work.id.achievement): \(work.achievement.title)".asCommitSubject
    let outcome = try await repository.merge(
      CommitID(checked: result.commit),
      onto: tip,
      message: settings.message(subject, work.id)
    )
    switch outcome {
    case .alreadyContained:
      try await journal.record(.merged(work.id, commit: tip.description))
      try await dropBranch(of: work.id)
      return .merged(tip: tip.description)
    case .conflict(let paths):
      let shown = paths.prefix(5).joined(separator: ", ") + (paths.count > 5 ? " and \(paths.count - 5) more" : "")
      return .failed(
        AttemptFailure(.conflict, "its result conflicts with what was merged before it, in \(shown)", paths: paths)
      )
    case .merged(let commit):
      if let failure = try await gate(commit) { return .failed(failure) }
      try await journal.record(.mergeIntended(work.id, commit: commit.description, onto: tip.description))
      try FaultPoint.beforeRefMoved.pass()
      try await repository.moveRef(integration, from: tip, to: commit, message: subject)
      try FaultPoint.afterRefMoved.pass()
      try await journal.record(.merged(work.id, commit: commit.description))
      try await dropBranch(of: work.id)
      return .merged(tip: commit.description)
    }
  }

  /// What changed in `paths` between two commits, as a patch.
  func diff(from old: String, to new: String, _ paths: [String]) async throws -> String {
    try await repository.diffText(from: CommitID(checked: old), to: CommitID(checked: new), paths: paths)
  }

  /// Keeps `commit` under `refs/plait/` and, after a conflict, on the achievement's branch; else the branch goes.
  func setAside(
    _ id: AttemptID,
    base: String,
    commit: CommitID?,
    failure: AttemptFailure
  ) async throws -> AttemptFailure {
    let branch = "refs/heads/\(settings.branch(of: id.achievement))"
    let tip = try await repository.tip(of: branch)
    guard let kept = commit ?? tip, kept.description != base else {
      try await dropBranch(of: id)
      return failure
    }
    let ref = settings.keptRef(of: id)
    if try await repository.tip(of: ref) == nil { try await repository.createRef(ref, at: kept) }
    guard failure.kind == .conflict else {
      try await dropBranch(of: id)
      return AttemptFailure(failure.kind, failure.message, paths: failure.paths, keptRef: ref)
    }
    if let tip {
      if tip != kept { try await repository.moveRef(branch, from: tip, to: kept, message: "result of \(id)") }
    } else {
      try await repository.createRef(branch, at: kept)
    }
    return AttemptFailure(failure.kind, failure.message, paths: failure.paths, keptRef: branch)
  }

  private func dropBranch(of id: AttemptID) async throws {
    let branch = "refs/heads/\(settings.branch(of: id.achievement))"
    if let tip = try await repository.tip(of: branch) { try await repository.deleteRef(branch, expecting: tip) }
  }
}

extension CommitID {
  /// Takes an id that Plait recorded itself; anything else is a broken promise.
  init(checked text: String) throws {
    guard let id = CommitID(text) else { throw EngineError(.bug, text, "'\(text)' is not a commit id") }
    self = id
  }
}

extension String {
  /// One line of at most 100 characters, without control characters: fit for a commit's subject.
  var asCommitSubject: String {
    let line = unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : Character($0) }
    return line.count > 100 ? String(line.prefix(99)) + "…" : String(line)
  }
}

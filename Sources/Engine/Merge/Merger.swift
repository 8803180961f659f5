internal import Git
internal import Planning
internal import Recording

/// Merges results onto the integration branch, one at a time, and keeps those that can't be.
struct Merger: Sendable {
  let settings: RunSettings
  let repository: Repository
  /// nil: nothing is approved.
  var approvals: Approvals?
  var clock: (any RunClock)?

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

  /// Checks the tree of a commit that the integration branch is about to have; gives a failure or nil.
  typealias Gate = (MergeCandidate, CommitID) async throws -> AttemptFailure?

  /// Merges results in their order, one commit each, checks what comes of it with `gate`, and moves the integration ref.
  ///
  /// The intent is durable before the ref moves, the outcome before anything starts that counts on it. When the gate is red for several, halves
  /// are tried until it is known which ones are at fault; the others land.
  func merge(
    _ batch: [MergeCandidate],
    tip: String,
    journal: Journal,
    gate: Gate
  ) async throws -> [MergeResult] {
    for candidate in batch { try await assertBase(of: candidate.work) }
    return try await land(batch[...], onto: CommitID(checked: tip), journal: journal, gate: gate).results
  }

  /// What a result became when it was put on top of those before it.
  private enum Link {
    case merged(CommitID)
    case contained(CommitID)
    case failed(AttemptFailure)
  }

  private func land(
    _ batch: ArraySlice<MergeCandidate>,
    onto tip: CommitID,
    journal: Journal,
    gate: Gate
  ) async throws -> (results: [MergeResult], tip: CommitID) {
    let links = try await chain(batch, onto: tip)
    let merged = zip(batch, links).compactMap { candidate, link -> (candidate: MergeCandidate, commit: CommitID)? in
      if case .merged(let commit) = link { (candidate, commit) } else { nil }
    }
    if let last = merged.last, let failure = try await gate(last.candidate, last.commit) {
      if batch.count == 1 || failure.kind == .stopped { return (batch.map { _ in .failed(failure) }, tip) }
      let middle = batch.startIndex + batch.count / 2
      let first = try await land(batch[..<middle], onto: tip, journal: journal, gate: gate)
      let second = try await land(batch[middle...], onto: first.tip, journal: journal, gate: gate)
      return (first.results + second.results, second.tip)
    }
    try await record(zip(batch, links).map { ($0, $1) }, from: tip, journal: journal)
    let results = links.map { link -> MergeResult in
      switch link {
      case .merged(let commit), .contained(let commit): .merged(tip: commit.description)
      case .failed(let failure): .failed(failure)
      }
    }
    return (results, merged.last?.commit ?? tip)
  }

  /// Merges in memory, each result onto what the one before it came to.
  private func chain(_ batch: ArraySlice<MergeCandidate>, onto tip: CommitID) async throws -> [Link] {
    var tip = tip
    var links: [Link] = []
    for candidate in batch {
      let outcome = try await repository.merge(
        CommitID(checked: candidate.result.commit),
        onto: tip,
        message: settings.message(subject(of: candidate.work), candidate.work.id),
        adding: [approvals?.file(for: candidate, wall: clock?.wall ?? 0)].compactMap { $0 },
        base: candidate.result.isOneCommitOnBase ? CommitID(checked: candidate.work.base) : nil
      )
      switch outcome {
      case .alreadyContained: links.append(.contained(tip))
      case .merged(let commit):
        tip = commit
        links.append(.merged(commit))
      case .conflict(let paths):
        let shown = paths.prefix(5).joined(separator: ", ") + (paths.count > 5 ? " and \(paths.count - 5) more" : "")
        links.append(
          .failed(
            AttemptFailure(.conflict, "its result conflicts with what was merged before it, in \(shown)", paths: paths)
          )
        )
      }
    }
    return links
  }

  /// Moves the integration ref to the last of the merged commits, with the intent on disk before it.
  private func record(_ links: [(MergeCandidate, Link)], from tip: CommitID, journal: Journal) async throws {
    var intents: [RunEvent.Fact] = []
    var outcomes: [RunEvent.Fact] = []
    var last: (work: AttemptWork, commit: CommitID)?
    for (candidate, link) in links {
      switch link {
      case .merged(let commit):
        let onto = last?.commit ?? tip
        intents.append(.mergeIntended(candidate.work.id, commit: commit.description, onto: onto.description))
        outcomes.append(.merged(candidate.work.id, commit: commit.description))
        last = (candidate.work, commit)
      case .contained(let commit): outcomes.append(.merged(candidate.work.id, commit: commit.description))
      case .failed: continue
      }
    }
    if let last {
      try await journal.record(intents)
      try FaultPoint.beforeRefMoved.pass()
      try await repository.moveRef(integration, from: tip, to: last.commit, message: subject(of: last.work))
      try FaultPoint.afterRefMoved.pass()
    }
    if intents.count == outcomes.count {
      // The ref tells a later process what became of the intents; and nothing starts before this is durable too.
      for outcome in outcomes { try await journal.note(outcome) }
    } else {
      try await journal.record(outcomes)
    }
    for case .merged(let id, _) in outcomes { try await dropBranch(of: id) }
  }

  private func subject(of work: AttemptWork) -> String {
    "Merge \(work.id.achievement): \(work.achievement.title)".asCommitSubject
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

  /// Keeps a variant's green result; returns the name of the ref.
  ///
  /// A run whose record was lost counts its attempts anew: what an attempt of the same number has left stays where it is.
  func keep(_ id: AttemptID, _ commit: CommitID) async throws -> String {
    var ref = settings.greenRef(of: id)
    for again in 2... {
      let tip = try await repository.tip(of: ref)
      if tip == commit { return ref }
      if tip == nil { break }
      ref = "\(settings.keptRef(of: id))-\(again)\(RunSettings.greenMark)"
    }
    try await repository.createRef(ref, at: commit)
    return ref
  }

  /// The paths that differ between two commits, sorted; the first `limit` of them.
  func changedPaths(from old: String, to new: String, limit: Int) async throws -> [String] {
    try await repository.changes(from: CommitID(checked: old), to: CommitID(checked: new), limit: limit).map(\.path)
  }

  /// Removes the branch that an attempt has worked on, if it is there.
  func dropBranch(of id: AttemptID) async throws {
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

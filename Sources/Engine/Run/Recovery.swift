internal import Git
internal import Planning
internal import Recording

/// What an earlier process of a run has left, found out before the run goes on.
///
/// Ends what still runs of it, compares the record with the refs, keeps what lies in its worktrees, and removes those.
struct Recovery: Sendable {
  /// What has to be added to the record: merges that had happened, attempts that were lost.
  let facts: [RunEvent.Fact]
  /// The run with these facts taken in.
  let snapshot: RunSnapshot
  let inheritance: RunDriver.Inheritance
  /// Where the integration branch is.
  let tip: String

  init(_ recorded: RunArchive.Recorded, settings: RunSettings, archive: RunArchive) async throws {
    let repository = archive.repository
    let ref = settings.header.integrationRef
    let tip = try await Recovery.integrationTip(of: recorded, ref: ref, in: repository)
    _ = await ProcessTable().endAll(of: recorded.run)
    let snapshot = recorded.snapshot
    var facts: [RunEvent.Fact] = []
    var inheritance = RunDriver.Inheritance()
    for achievement in settings.plan.achievements {
      let record = snapshot[achievement.id]
      if let merge = record.mergeCommit { inheritance.merges[achievement.id] = merge }
      if let attempt = record.attempts.last, let failure = attempt.failure {
        inheritance.previous[achievement.id] = .init(failure: failure, base: attempt.base)
      }
      guard record.state.isActive, let attempt = record.attempts.last else { continue }
      let id = AttemptID(achievement.id, attempt.number)
      if let merge = try await Recovery.mergeThatHappened(attempt, tip: tip, in: repository) {
        facts += [.merged(id, commit: merge), .slotFreed(id, slot: attempt.slot)]
        inheritance.merges[achievement.id] = merge
        continue
      }
      let failure = try await Recovery.keep(attempt, id, settings: settings, repository)
      facts += [.attemptFailed(id, failure), .slotFreed(id, slot: attempt.slot)]
      if let commit = attempt.resultCommit {
        inheritance.results[achievement.id] = VerifiedResult(commit: commit, changed: attempt.changedPaths ?? 0)
      } else {
        inheritance.previous[achievement.id] = .init(failure: failure, base: attempt.base)
      }
    }
    try await Recovery.removeWorktrees(of: recorded.run, in: repository)
    self.facts = facts
    self.inheritance = inheritance
    self.tip = tip.description
    var after = snapshot
    for fact in facts { after.apply(RunEvent(time: snapshot.lastTime, wall: 0, fact: fact)) }
    self.snapshot = after
  }

  /// Where the integration branch is. One that was removed (`plait clean` does that once it has landed) is made again where
  /// the record says it was.
  private static func integrationTip(
    of recorded: RunArchive.Recorded,
    ref: String,
    in repository: Repository
  ) async throws -> CommitID {
    if let tip = try await repository.tip(of: ref) { return tip }
    let last = recorded.snapshot.tip ?? recorded.header.base
    do {
      let tip = try await repository.resolve(last)
      try await repository.createRef(ref, at: tip)
      return tip
    } catch let error as GitError where error.code == .notFound {
      throw EngineError(
        .missing,
        ref,
        "the result of run \(recorded.run) is gone, its branch \(ref) and its last commit \(last): start a new run"
      )
    }
  }

  /// The merge commit that was about to become the tip, if the ref did move to it.
  private static func mergeThatHappened(
    _ attempt: AttemptRecord,
    tip: CommitID,
    in repository: Repository
  ) async throws -> String? {
    guard let intended = attempt.intendedMerge, let commit = CommitID(intended) else { return nil }
    if commit == tip { return intended }
    return try await repository.isAncestor(commit, of: tip) ? intended : nil
  }

  /// Keeps what a lost attempt had made under `refs/plait/`.
  private static func keep(
    _ attempt: AttemptRecord,
    _ id: AttemptID,
    settings: RunSettings,
    _ repository: Repository
  ) async throws -> AttemptFailure {
    let branch = settings.branch(of: id.achievement)
    var commit = attempt.resultCommit.flatMap { CommitID($0) }
    if commit == nil, let base = CommitID(attempt.base) {
      let worktree = SlotWorktree.info(
        slot: attempt.slot,
        run: settings.header.run,
        root: settings.worktreeRoot,
        branch: branch,
        base: base
      )
      // What can't be read any more can't be kept; what the branch holds is looked at next.
      commit = try? await repository.commitAll(
        in: worktree,
        message: settings.message("Unfinished work on \(id)", id)
      ).commit
    }
    let failure = AttemptFailure(.lost, "the process that drove the run ended while it was in flight")
    return try await Merger(settings: settings, repository: repository).setAside(
      id,
      base: attempt.base,
      commit: commit,
      failure: failure
    )
  }

  private static func removeWorktrees(of run: String, in repository: Repository) async throws {
    for worktree in try await repository.worktrees() where worktree.name.hasPrefix("plait-\(run)-") {
      try await repository.removeWorktree(worktree.name)
    }
  }
}

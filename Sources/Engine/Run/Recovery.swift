internal import Git
internal import Planning
internal import Recording

/// What an earlier process of a run has left, found out before the run goes on.
///
/// Ends what still runs of it, compares the record with the refs, keeps what lies in its worktrees, and removes those.
struct Recovery: Sendable {
  /// What has to be added to the record: merges that had happened, attempts that were lost.
  private(set) var facts: [RunEvent.Fact] = []
  /// The run with these facts taken in.
  private(set) var snapshot: RunSnapshot
  private(set) var inheritance = RunDriver.Inheritance()
  /// Attempts whose workers still run, or have ended with a result: they go on in their slots, in these worktrees.
  private(set) var adoptable: [AttemptID: (record: AttemptRecord, worktree: String)] = [:]
  /// Where the integration branch is.
  let tip: String

  /// The worktrees that the run has made.
  private let worktrees: [WorktreeEntry]
  private let settings: RunSettings
  private let repository: Repository
  private let launcher: any WorkerLauncher

  init(
    _ recorded: RunArchive.Recorded,
    settings: RunSettings,
    archive: RunArchive,
    launcher: any WorkerLauncher
  ) async throws {
    repository = archive.repository
    let prefix = PooledWorktree.prefix(of: recorded.run)
    worktrees = try await repository.worktrees().filter { $0.name.hasPrefix(prefix) }
    try Recovery.removeStaleLocks(of: recorded, settings, archive, launcher, worktrees)
    let tip = try await Recovery.integrationTip(of: recorded, ref: settings.header.integrationRef, in: repository)
    self.tip = tip.description
    self.settings = settings
    self.launcher = launcher
    snapshot = recorded.snapshot
    let merges = try await merges()
    let green = try await GreenVariants(of: settings, in: repository)
    for achievement in settings.plan.achievements {
      if case .variant(_, let number, _) = achievement.role,
        let found = green.recover(snapshot[achievement.id], of: achievement.id, number: number)
      {
        inheritance.candidates[achievement.id] = found.candidate
        facts += found.facts
        continue
      }
      try await recover(snapshot[achievement.id], of: achievement.id, merge: merges[achievement.id])
    }
    // Also those that the record does not know: its end may have been lost.
    _ = await ProcessTable().endAll(
      of: recorded.run,
      sparing: adoptable.keys.compactMap { settings.plan[$0.achievement] }
    )
    try await removeWorktrees(of: recorded.run)
    for fact in facts { snapshot.apply(RunEvent(time: snapshot.lastTime, wall: 0, fact: fact)) }
    try await dropMergedBranches()
  }

  /// Locks on refs go first: nothing below could be done with them in the way.
  private static func removeStaleLocks(
    of recorded: RunArchive.Recorded,
    _ settings: RunSettings,
    _ archive: RunArchive,
    _ launcher: any WorkerLauncher,
    _ worktrees: [WorktreeEntry]
  ) throws {
    var living: Set<String> = []
    for achievement in settings.plan.achievements {
      let record = recorded.snapshot[achievement.id]
      guard record.state.isActive, let attempt = record.attempts.last else { continue }
      let directory = settings.header.directory(of: AttemptID(achievement.id, attempt.number))
      // With a result there is no worker any more that could hold a lock.
      guard launcher.canAdopt(in: directory), !RunFiles.exists(SupervisorFile.resultPath(in: directory)) else {
        continue
      }
      living.insert(achievement.id.pathComponent)
      let branch = settings.branch(of: achievement.id)
      // One whose worktree nobody knows may be in any of them.
      living.formUnion(Recovery.worktree(of: attempt, branch, in: worktrees).map { [$0.name] } ?? worktrees.map(\.name))
    }
    for lock in try archive.staleLocks(of: recorded.run, sparing: living) { try RunFiles.removeTree(lock) }
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

  /// What the integration branch itself says is merged: the ref moves before the record of it is durable, and may outlive
  /// that record.
  private func merges() async throws -> [AchievementID: String] {
    var merges: [AchievementID: String] = [:]
    let history = try await repository.firstParentHistory(
      of: tip,
      downTo: CommitID(checked: settings.header.base),
      limit: .max
    )
    let reopened = Dictionary(grouping: snapshot.records.filter { $0.value.reopenedAt != nil }) { $0.value.reopenedAt }
    var closed: Set<AchievementID> = []
    // Newest first: what was merged twice counts as it was merged last.
    for entry in history where entry.trailer("Plait-Run") == settings.header.run {
      closed.formUnion(reopened[entry.commit.description]?.map(\.key) ?? [])
      guard let id = entry.trailer("Plait-Achievement").flatMap({ AchievementID($0) }) else { continue }
      if !closed.contains(id), merges[id] == nil { merges[id] = entry.commit.description }
    }
    return merges
  }

  /// Removes the worktrees that nobody goes on in, and what those don't lie over.
  private func removeWorktrees(of run: String) async throws {
    let used = Set(adoptable.values.map(\.worktree))
    for worktree in worktrees where !used.contains(worktree.path) {
      if !used.isEmpty, worktree.name == PristineWorktree.name(of: run) { continue }
      try await repository.removeWorktree(worktree.name)
    }
  }

  private mutating func recover(_ record: AchievementRecord, of achievement: AchievementID, merge: String?) async throws
  {
    if let merge = merge ?? record.mergeCommit { inheritance.merges[achievement] = merge }
    guard let attempt = record.attempts.last else {
      // Merged, and the record of even its start is gone.
      if let merge, !record.state.isFinal { settle(achievement, mergedAs: merge) }
      return
    }
    if let failure = attempt.failure {
      inheritance.previous[achievement] = .init(failure: failure, base: attempt.base)
    }
    let id = AttemptID(achievement, attempt.number)
    if let merge, record.state != .complete {
      guard record.state.isActive else { return settle(achievement, mergedAs: merge) }
      facts += [.merged(id, commit: merge), .slotFreed(id, slot: attempt.slot)]
    } else if record.state.isActive {
      try await recoverInFlight(attempt, id)
    }
  }

  private mutating func settle(_ achievement: AchievementID, mergedAs merge: String) {
    facts.append(.settled(achievement, as: .complete, reason: "merged as \(merge.prefix(10))"))
  }

  private mutating func recoverInFlight(_ attempt: AttemptRecord, _ id: AttemptID) async throws {
    let worktree = Recovery.worktree(of: attempt, settings.branch(of: id.achievement), in: worktrees)
    if attempt.resultCommit == nil, let worktree, launcher.canAdopt(in: settings.header.directory(of: id)) {
      adoptable[id] = (attempt, worktree.path)
      return
    }
    if let achievement = settings.plan[id.achievement] {
      _ = await ProcessTable().endAll(of: settings.header.run, achievement: achievement)
    }
    await AbandonedGroup(of: settings.header.directory(of: id))?.end()
    let failure = try await keep(attempt, id, in: worktree)
    facts += [.attemptFailed(id, failure), .slotFreed(id, slot: attempt.slot)]
    if let commit = attempt.resultCommit {
      inheritance.results[id.achievement] = VerifiedResult(commit: commit, changed: attempt.changedPaths ?? 0)
    } else {
      inheritance.previous[id.achievement] = .init(failure: failure, base: attempt.base)
    }
  }

  /// The worktree in which the attempt's work is; nil when there is none.
  private static func worktree(
    of attempt: AttemptRecord,
    _ branch: String,
    in worktrees: [WorktreeEntry]
  ) -> WorktreeEntry? {
    // One that an earlier attempt was done in may still be on the branch of that name.
    let onBranch = worktrees.filter { $0.branch == branch }
    if let own = onBranch.first(where: { $0.path == attempt.worktree }) ?? onBranch.first { return own }
    // A worker may have left its branch for one of its own; a branch of the run's would be another attempt's.
    let runs = branch.prefix(through: branch.lastIndex(of: "/") ?? branch.startIndex)
    // And a spare one was this attempt's before it was given back: only the record of that is lost.
    return worktrees.first { $0.path == attempt.worktree && !$0.isSpare && $0.branch?.hasPrefix(runs) != true }
  }

  /// Keeps what a lost attempt had made under `refs/plait/`.
  private func keep(
    _ attempt: AttemptRecord,
    _ id: AttemptID,
    in worktree: WorktreeEntry?
  ) async throws -> AttemptFailure {
    let branch = settings.branch(of: id.achievement)
    var commit = attempt.resultCommit.flatMap { CommitID($0) }
    if commit == nil, let worktree, let base = CommitID(attempt.base) {
      // What can't be read any more can't be kept; what the branch holds is looked at next.
      commit = try? await repository.commitAll(
        in: WorktreeHandleInfo(name: worktree.name, path: worktree.path, branch: branch, base: base),
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

  /// A branch goes after its merge is recorded, so one may be left whose result is on the integration branch.
  private func dropMergedBranches() async throws {
    let merged = settings.plan.achievements.filter { snapshot[$0.id].state == .complete }
    let branches = Set(merged.map { "refs/heads/\(settings.branch(of: $0.id))" })
    for ref in try await repository.refs(matching: "refs/heads/plait/\(settings.header.run)/*")
    where branches.contains(ref.name) {
      try await repository.deleteRef(ref.name, expecting: ref.commit)
    }
  }
}

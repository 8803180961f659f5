internal import Git
internal import Methodology
package import Planning
internal import Recording
internal import SystemPackage

/// What a run has merged that the checked out branch does not contain.
package struct Unlanded: Sendable {
  /// The run's id.
  package let run: String
  /// The achievements that its result approves.
  package let approved: Set<AchievementID>
}

extension RunArchive {
  /// The result of the first of `runs` (newest first) that merged anything; nil when HEAD contains it or it is gone.
  package func unlanded(of runs: [Recorded]) async throws -> Unlanded? {
    guard
      let newest = runs.first(where: {
        $0.header.options.withoutWorktrees != true && ($0.snapshot.tip ?? $0.header.base) != $0.header.base
      }), let tip = try await repository.tip(of: newest.header.integrationRef),
      let head = try await repository.head().commit
    else { return nil }
    if try await repository.isAncestor(tip, of: head) { return nil }
    let directory = FilePath(newest.header.planPath).removingLastComponent().string
    var approved: Set<AchievementID> = []
    for achievement in newest.plan.achievements {
      guard let path = approvalPath(of: achievement.id, in: directory) else { break }
      if try await repository.fileExists(path, at: tip) { approved.insert(achievement.id) }
    }
    return Unlanded(run: newest.run, approved: approved)
  }

  /// Throws `.invalidRequest` when a run has merged what an approval in the plan's folder counts as complete, and neither that
  /// merge nor the approval is in `base`: what builds on it would be done without it.
  func checkApproved(_ prior: [AchievementID: PriorStatus], of request: RunRequest, base: CommitID) async throws {
    for (plan, source) in request.files {
      let uncommitted = try await uncommittedApprovals(of: plan, at: source.path, base: base) {
        prior[request.plan.id($0, of: plan)]?.state == .complete
      }
      guard !uncommitted.isEmpty else { continue }
      let runs = try await loadAll()
      for (id, path) in uncommitted {
        guard let run = await newest(of: runs, whoseResult: id, ofPlanAt: source.path, isMissingFrom: base) else {
          continue
        }
        throw EngineError(
          .invalidRequest,
          id.text,
          "\(id) is approved in \(path), which \(base.short) does not contain: land or commit its result first"
            + " ('plait land \(run)')"
        )
      }
    }
  }

  /// The approvals of what is complete that `base` doesn't contain, of a plan whose file is part of it.
  private func uncommittedApprovals(
    of plan: Plan,
    at planPath: String,
    base: CommitID,
    isComplete: (AchievementID) -> Bool
  ) async throws -> [(id: AchievementID, path: String)] {
    let name = planPath.split(separator: "/").last ?? ""
    let directory = FilePath(planPath).removingLastComponent().string
    guard let folder = Approvals.folder(directory, below: top),
      try await repository.fileExists(folder + name, at: base)
    else { return [] }
    var uncommitted: [(id: AchievementID, path: String)] = []
    for achievement in plan.achievements where achievement.role.owner == nil && isComplete(achievement.id) {
      guard let path = approvalPath(of: achievement.id, in: directory) else { continue }
      if try await !repository.fileExists(path, at: base) { uncommitted.append((achievement.id, path)) }
    }
    return uncommitted
  }

  /// What a recorded run calls an achievement of the plan at `path`; nil when it is no run of that plan.
  private func name(of id: AchievementID, ofPlanAt path: String, in recorded: Recorded) -> AchievementID? {
    guard let plans = recorded.header.plans else { return recorded.header.planPath == path ? id : nil }
    return plans.first { $0.path == path }.flatMap { AchievementID("\($0.name):\(id)") }
  }

  /// The newest of `runs` that merged changes of `id` or of a part of it; nil when `base` contains what one of them merged.
  private func newest(
    of runs: [Recorded],
    whoseResult achievement: AchievementID,
    ofPlanAt path: String,
    isMissingFrom base: CommitID
  ) async -> String? {
    var newest: String?
    for recorded in runs where recorded.header.options.withoutWorktrees != true {
      guard let id = name(of: achievement, ofPlanAt: path, in: recorded) else { continue }
      let works = recorded.plan.achievements.filter { $0.id == id || $0.role == .part(of: id) }.map {
        recorded.snapshot[$0.id]
      }
      let merges = works.filter { $0.picked != nil || $0.attempts.last?.changedPaths != 0 }.compactMap(\.mergeCommit)
        .compactMap { CommitID($0) }
      guard !merges.isEmpty else { continue }
      var isContained = true
      for merge in merges where isContained {
        // A commit that is gone from the repository is in no base.
        isContained = (try? await repository.isAncestor(merge, of: base)) ?? false
      }
      if isContained { return nil }
      newest = newest ?? recorded.run
    }
    return newest
  }

  /// Where an approval belongs, from the repository's top; nil for a folder outside of it.
  private func approvalPath(of id: AchievementID, in planDirectory: String) -> String? {
    guard let folder = Approvals.folder(planDirectory, below: top) else { return nil }
    let inside = PlanFolder(FilePath("/")).approval(of: id).string.dropFirst()
    return folder + inside
  }
}

internal import Git
internal import Logging
internal import Planning

/// One worktree of a run: made when it is first needed, lent to one attempt after another, removed at the end.
///
/// Each opens the repository for itself, so that worktrees don't wait for each other's checkouts.
actor PooledWorktree {
  nonisolated let path: String
  nonisolated let name: String
  private let repositoryPath: String
  /// What it lies over; nil when all its files are its own.
  private let pristine: PristineWorktree?
  /// What all worktrees of the run are filled from.
  private let content: SharedContent?
  private let logger = Logger(label: "plait.worktree")
  private var opened: Repository?
  private var worktree: WorktreeHandleInfo?
  /// The commit that it is known to hold exactly; nil once somebody may have worked in it.
  private var holds: CommitID?
  /// Whether nobody has worked in it since it was made.
  private var isNew = false
  /// What lies in it besides that commit and has to go before it is lent; nil when it isn't known.
  private var litter: Litter?

  init(
    number: Int,
    run: String,
    root: String,
    repositoryPath: String,
    over pristine: PristineWorktree? = nil,
    sharing content: SharedContent? = nil
  ) {
    name = "\(PooledWorktree.prefix(of: run))\(number)"
    path = "\(root)/\(run)/tree-\(number)"
    self.repositoryPath = repositoryPath
    self.pristine = pristine
    self.content = content
  }

  /// What the names of all worktrees of a run begin with, in git's administration.
  static func prefix(of run: String) -> String { "plait-\(run)-" }

  /// The number in a worktree's path; nil when no run made it.
  static func number(in path: String) -> Int? {
    path.split(separator: "/").last.flatMap { $0.hasPrefix("tree-") ? Int($0.dropFirst(5)) : nil }
  }

  /// The worktree's own handle of the repository.
  func repository() async throws -> Repository {
    if let opened { return opened }
    let repository = try await Repository.open(repositoryPath)
    opened = repository
    return repository
  }

  /// Comes back from whom it was lent to; true when it can go on as it is, for an heir: with all that git ignores in it.
  ///
  /// It leaves its branch: a later attempt of the same achievement has a branch of the same name in another worktree, and who
  /// recovers the run must not take the one for the other.
  func comeBack(to heir: AchievementID?) async -> Bool {
    if let worktree {
      try? await opened?.detachWorktree(worktree, at: holds ?? worktree.base)
    }
    if heir != nil, holds != nil {
      litter = Litter()
      return true
    }
    if litter == nil { holds = nil }
    return false
  }

  /// Brings the worktree to `base` on the new branch `branch`; one that can't be trusted any more is built anew.
  func prepare(branch: String, base: CommitID) async throws {
    let repository = try await repository()
    if let stale = try await repository.tip(of: "refs/heads/\(branch)") {
      // Left by an earlier attempt of the same achievement, whose result is kept under refs/plait/.
      try await repository.deleteRef("refs/heads/\(branch)", expecting: stale)
    }
    let (held, litter) = (holds, litter)
    touch()
    if let used = worktree {
      worktree = nil
      do {
        if let held, let litter {
          if !litter.isEmpty { _ = try await repository.tidyWorktree(used, at: held, removing: litter) }
          worktree = try await repository.moveWorktree(used, from: held, branch: branch, base: base)
          return
        }
        // To throw away what was changed over another worktree is quicker than to look through it.
        if pristine == nil {
          worktree = try await repository.resetWorktree(used, branch: branch, base: base)
          return
        }
      } catch {
        logger.debug("worktree is built anew", metadata: ["worktree": "\(name)", "why": "\(error)"])
      }
      if let half = try await repository.tip(of: "refs/heads/\(branch)") {
        try await repository.deleteRef("refs/heads/\(branch)", expecting: half)
      }
      try await repository.removeWorktree(name)
    }
    worktree = try await make(in: repository, branch: branch, base: base)
  }

  private func make(in repository: Repository, branch: String?, base: CommitID) async throws -> WorktreeHandleInfo {
    guard let lower = try await pristine?.ready() else {
      defer { content?.release() }
      isNew = true
      return try await repository.addWorktree(name: name, path: path, branch: branch, base: base, sharing: content)
    }
    return try await repository.addOverlay(name: name, path: path, branch: branch, base: base, over: lower)
  }

  /// Has to be called before somebody works in it: see `Repository.outwaitTimes`. Apart from making it, because it is mostly
  /// waiting.
  func outwaitTimes() async throws {
    guard isNew else { return }
    isNew = false
    try await repository().outwaitTimes(of: lent())
  }

  /// Makes it hold exactly `commit`, so that it can be lent at once; false when that failed: then lending does it all.
  func clean(at commit: CommitID) async -> Bool {
    do {
      let repository = try await repository()
      if let used = worktree {
        if let held = holds, let litter {
          touch()
          worktree = try await repository.tidyWorktree(used, at: held, removing: litter)
          (holds, self.litter) = (held, Litter())
          return true
        }
        touch()
        if pristine == nil {
          worktree = try await repository.cleanWorktree(used, at: commit)
        } else {
          worktree = nil
          try await repository.removeWorktree(name)
        }
      }
      if worktree == nil {
        worktree = try await make(in: repository, branch: nil, base: commit)
        try await outwaitTimes()
      }
      (holds, litter) = (commit, Litter())
      return true
    } catch {
      logger.debug("worktree could not be cleaned", metadata: ["worktree": "\(name)", "why": "\(error)"])
      return false
    }
  }

  /// Takes over the worktree that an earlier process made, as it is.
  func adopt(branch: String, base: CommitID) {
    worktree = WorktreeHandleInfo(name: name, path: path, branch: branch, base: base)
  }

  /// Commits whatever the worker left. From then on, until `touch`, it is known to hold that, and what is ignored.
  func commitAll(message: String) async throws -> ResultCommit {
    let result = try await repository().commitAll(in: lent(), message: message)
    holds = result.commit
    litter = result.litter
    return result
  }

  /// Puts exactly `commit` into the worktree: for checks of it.
  func checkout(_ commit: CommitID) async throws {
    touch()
    try await repository().checkout(commit, in: lent())
  }

  /// Makes it ready for checks of what was committed last, which may do anything to it.
  func openToChecks() async throws {
    if let holds { try await repository().settleIndex(of: lent(), at: holds) }
    touch()
  }

  /// Somebody works in it from now on.
  func touch() { (holds, litter) = (nil, nil) }

  private func lent() throws -> WorktreeHandleInfo {
    guard let worktree else { throw EngineError(.bug, name, "worktree \(name) isn't there to work in") }
    return worktree
  }

  /// Removes the worktree from disk and from the repository.
  func remove() async throws {
    guard worktree != nil else { return }
    worktree = nil
    touch()
    try await repository().removeWorktree(name)
  }
}

internal import Git
internal import Logging

/// The worktree of one slot: made when the slot is first used, re-used for each further attempt, removed at the end.
///
/// Each slot opens the repository for itself, so that slots don't wait for each other's checkouts.
actor SlotWorktree {
  nonisolated let path: String
  private nonisolated let name: String
  private let repositoryPath: String
  private let logger = Logger(label: "plait.worktree")
  private var opened: Repository?
  private var worktree: WorktreeHandleInfo?

  init(slot: Int, run: String, root: String, repositoryPath: String) {
    (name, path) = SlotWorktree.place(slot: slot, run: run, root: root)
    self.repositoryPath = repositoryPath
  }

  /// The worktree that an earlier process made for this slot.
  static func info(slot: Int, run: String, root: String, branch: String, base: CommitID) -> WorktreeHandleInfo {
    let (name, path) = place(slot: slot, run: run, root: root)
    return WorktreeHandleInfo(name: name, path: path, branch: branch, base: base)
  }

  private static func place(slot: Int, run: String, root: String) -> (name: String, path: String) {
    ("plait-\(run)-\(slot + 1)", "\(root)/\(run)/slot-\(slot + 1)")
  }

  /// The slot's own handle of the repository.
  func repository() async throws -> Repository {
    if let opened { return opened }
    let repository = try await Repository.open(repositoryPath)
    opened = repository
    return repository
  }

  /// Brings the worktree to `base` on the new branch `branch`; one that can't be trusted any more is built anew.
  func prepare(branch: String, base: CommitID) async throws {
    let repository = try await repository()
    if let stale = try await repository.tip(of: "refs/heads/\(branch)") {
      // Left by an earlier attempt of the same achievement, whose result is kept under refs/plait/.
      try await repository.deleteRef("refs/heads/\(branch)", expecting: stale)
    }
    if let used = worktree {
      worktree = nil
      do {
        worktree = try await repository.resetWorktree(used, branch: branch, base: base)
        return
      } catch {
        logger.debug("worktree is built anew", metadata: ["slot": "\(name)", "why": "\(error)"])
      }
      if let half = try await repository.tip(of: "refs/heads/\(branch)") {
        try await repository.deleteRef("refs/heads/\(branch)", expecting: half)
      }
      try await repository.removeWorktree(name)
    }
    worktree = try await repository.addWorktree(name: name, path: path, branch: branch, base: base)
  }

  /// Takes over the worktree that an earlier process made for this slot, as it is.
  func adopt(branch: String, base: CommitID) {
    worktree = WorktreeHandleInfo(name: name, path: path, branch: branch, base: base)
  }

  /// Commits whatever the worker left.
  func commitAll(message: String) async throws -> ResultCommit {
    try await repository().commitAll(in: lent(), message: message)
  }

  /// Puts exactly `commit` into the worktree: for a gate on a merged tree.
  func checkout(_ commit: CommitID) async throws {
    try await repository().checkout(commit, in: lent())
  }

  private func lent() throws -> WorktreeHandleInfo {
    guard let worktree else { throw EngineError(.bug, name, "slot \(name) has no worktree to work in") }
    return worktree
  }

  /// Removes the worktree from disk and from the repository.
  func remove() async throws {
    guard worktree != nil else { return }
    worktree = nil
    try await repository().removeWorktree(name)
  }
}

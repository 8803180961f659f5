internal import Git

/// The worktree that all worktrees of a run lie over when they are overlays: it holds the run's base, and nobody works in it.
///
/// Made once, by whoever needs it first; it goes after all others.
actor PristineWorktree {
  private let name: String
  private let path: String
  private let base: CommitID
  private let repositoryPath: String
  private var making: Task<WorktreeHandleInfo, any Error>?

  init(run: String, base: CommitID, root: String, repositoryPath: String) {
    name = PristineWorktree.name(of: run)
    path = "\(root)/\(run)/pristine"
    self.base = base
    self.repositoryPath = repositoryPath
  }

  /// Its name in git's administration. In order of names it comes after those that lie over it, which have numbers.
  static func name(of run: String) -> String { PooledWorktree.prefix(of: run) + "pristine" }

  /// The worktree, complete; who asks while it is being made waits.
  func ready() async throws -> WorktreeHandleInfo {
    // A task of its own: it must not end half-done because the attempt that asked first is stopped.
    let task = making ?? Task { try await make() }
    making = task
    do { return try await task.value } catch {
      if making == task { making = nil }
      throw error
    }
  }

  private func make() async throws -> WorktreeHandleInfo {
    let repository = try await Repository.open(repositoryPath)
    if let old = try await repository.worktrees().first(where: { $0.name == name }) {
      // An earlier process made it, and workers that it started may still be in what lies over it.
      if old.isSpare, old.isIntact, old.commit == base {
        return WorktreeHandleInfo(name: name, path: old.path, branch: "", base: base)
      }
      try await repository.removeWorktree(name)
    }
    return try await repository.addWorktree(name: name, path: path, branch: nil, base: base)
  }

  /// Removes it from disk and from the repository, if it is there.
  func remove() async throws {
    making = nil
    try await Repository.open(repositoryPath).removeWorktree(name)
  }
}

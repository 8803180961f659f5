internal import Git

extension RunArchive {
  /// The lock files on refs and worktrees of a run: left by a process that was killed while it wrote one, and in everyone's
  /// way since.
  ///
  /// Git's locks don't say who holds them. They are stale if nobody drives the run and none of its workers lives; `sparing`
  /// names the achievements and the worktrees of workers that do, and may just now be committing.
  func staleLocks(of run: String, sparing: Set<String> = []) throws -> [String] {
    let common = repository.facts.commonDirectory
    let worktrees = try RunFiles.names(in: common + "/worktrees").filter {
      $0.hasPrefix(PooledWorktree.prefix(of: run)) && !sparing.contains($0)
    }
    let folders = ["refs/heads/plait/\(run)", "refs/plait/\(run)"] + worktrees.map { "worktrees/\($0)" }
    return try folders.flatMap { folder in
      try RunFiles.allPaths(below: "\(common)/\(folder)").filter { path in
        guard path.hasSuffix(".lock"), let name = path.split(separator: "/").last else { return false }
        return !sparing.contains(String(name.dropLast(".lock".count)))
      }
    }
  }
}

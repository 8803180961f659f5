internal import CLibgit2

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

extension Repository {
  /// Makes an existing worktree hold exactly `base`, on a new branch, whatever a worker did in it before.
  ///
  /// Only files that differ are written. Untracked and ignored files go, apart from those that match `keep`: shell
  /// patterns for paths from the root (`node_modules`, `build/*.o`), or for names in any folder when they have no `/`.
  ///
  /// - Throws: `.worktreeLost` when folder, link or registration are damaged, and when the shared exclude file has
  ///   changed since the last look (once per change): remove the worktree and add a new one. `.exists` when the branch
  ///   does. After any error the worktree may be half-done; the branch is not left behind.
  package func resetWorktree(
    _ worktree: WorktreeHandleInfo,
    branch: String,
    base: CommitID,
    keep: [String] = []
  ) throws -> WorktreeHandleInfo {
    let area = WorktreeArea(worktree, in: facts.commonDirectory)
    try area.makeReady()
    try refuseChangedExclude(area)
    try create(ref: fullRefName(branch), at: base)
    do {
      try area.removeLeftovers()
      try restoreFiles(area, to: base, keep: keep)
      try area.setHead(branch: branch)
    } catch {
      try? delete(ref: fullRefName(branch), expecting: base)
      throw error
    }
    return WorktreeHandleInfo(name: worktree.name, path: worktree.path, branch: branch, base: base)
  }

  /// Makes an existing worktree hold exactly `commit` with HEAD detached there, whatever a worker did in it before, so that
  /// `moveWorktree` can lend it at once. Says and throws what `resetWorktree` does, but for branches.
  package func cleanWorktree(
    _ worktree: WorktreeHandleInfo,
    at commit: CommitID,
    keep: [String] = []
  ) throws -> WorktreeHandleInfo {
    let area = WorktreeArea(worktree, in: facts.commonDirectory)
    try refuseChangedExclude(area)
    try checkout(commit, in: worktree, keep: keep)
    try area.markSpare()
    return WorktreeHandleInfo(name: worktree.name, path: worktree.path, branch: "", base: commit)
  }

  /// Makes a worktree hold exactly a commit, with HEAD detached there. Untracked and ignored files go.
  ///
  /// - Throws: `.worktreeLost` when folder, link or registration are damaged.
  package func checkout(_ commit: CommitID, in worktree: WorktreeHandleInfo, keep: [String] = []) throws {
    let area = WorktreeArea(worktree, in: facts.commonDirectory)
    try area.makeReady()
    try area.removeLeftovers()
    try restoreFiles(area, to: commit, keep: keep)
    try area.setHead(commit: commit)
  }

  func restoreFiles(_ area: WorktreeArea, to base: CommitID, keep: [String]) throws {
    try withOpen(area) { worktree in
      let stampedAt = FileSystem.status(area.indexPath)?.modified
      let tree = try tree(of: base, in: worktree.repository)
      try worktree.load(tree)
      var sweep = WorktreeSweep(
        repository: worktree.repository,
        index: worktree.index.pointer,
        root: area.path,
        keep: keep,
        indexTime: stampedAt
      )
      try sweep.run()
      let missing = sweep.missing
      if !missing.isEmpty { try worktree.handle.writeFiles(of: worktree.index, baseline: tree, only: missing) }
      try worktree.writeIndex(holding: tree.id)
    }
  }

  func refuseChangedExclude(_ area: WorktreeArea) throws {
    let exclude = FileSystem.read("\(facts.commonDirectory)/info/exclude")
    guard exclude != knownExclude else { return }
    knownExclude = exclude
    let reason = "info/exclude of the repository was changed: remove the worktree \(area.name) and make a new one"
    throw GitError(.worktreeLost, area.path, reason)
  }
}

extension UnsafePointer<git_index_entry> {
  /// The path if it is a `.gitattributes` file.
  var attributesPath: String? {
    guard let path = pointee.path else { return nil }
    let name = ".gitattributes"
    let length = strlen(path)
    guard length >= name.utf8.count, strcmp(path + (length - name.utf8.count), name) == 0 else { return nil }
    return String(cString: path)
  }
}

extension WorktreeArea {
  /// Removes what git commands of a worker left beside HEAD and the index: locks, unfinished merges and rebases,
  /// settings and refs of this worktree alone, cloned submodules.
  func removeLeftovers() throws {
    let belongs: Set<String> = ["HEAD", "commondir", "gitdir", "index", "locked", "logs", Self.overlayMark]
    var path = PathBuffer(directory)
    let entries = try DirectoryEntries(of: path.bytes)
    for position in 0..<entries.count {
      let name = entries.withName(position) { String(decoding: $0.lazy.map { UInt8(bitPattern: $0) }, as: UTF8.self) }
      if belongs.contains(name) { continue }
      let length = entries.withName(position) { path.push($0) }
      try FileSystem.removeTree(&path)
      path.pop(to: length)
    }
  }
}

internal import CLibgit2

extension Repository {
  /// Brings a worktree that nobody has touched since it held exactly `commit` to `base` on a new branch.
  ///
  /// Looks at the paths that differ between the two and at no others: costs what the difference costs, and the index. What is
  /// ignored and lies elsewhere stays. `resetWorktree` and `cleanWorktree` are for worktrees that somebody worked in.
  ///
  /// - Throws: `.worktreeLost` when folder, link or registration are damaged; `.exists` when the branch does. After any
  ///   error the worktree may be half-done; the branch is not left behind.
  package func moveWorktree(
    _ worktree: WorktreeHandleInfo,
    from commit: CommitID,
    branch: String,
    base: CommitID
  ) throws -> WorktreeHandleInfo {
    let area = WorktreeArea(worktree, in: facts.commonDirectory)
    try area.makeReady()
    try create(ref: fullRefName(branch), at: base)
    do {
      try area.removeLeftovers()
      try moveFiles(area, from: commit, to: base)
      try area.setHead(branch: branch)
    } catch {
      try? delete(ref: fullRefName(branch), expecting: base)
      throw error
    }
    return WorktreeHandleInfo(name: worktree.name, path: worktree.path, branch: branch, base: base)
  }

  /// Makes a worktree spare that holds exactly its result besides `litter`, which goes. Nobody may have worked in it since
  /// `commitAll` said so.
  ///
  /// - Throws: `.worktreeLost` as `cleanWorktree` does.
  package func tidyWorktree(
    _ worktree: WorktreeHandleInfo,
    at commit: CommitID,
    removing litter: Litter
  ) throws -> WorktreeHandleInfo {
    let area = WorktreeArea(worktree, in: facts.commonDirectory)
    try refuseChangedExclude(area)
    try area.makeReady()
    try area.removeLeftovers()
    for path in litter.paths {
      var buffer = PathBuffer(area.path)
      _ = path.withUnsafeBufferPointer { buffer.push(UnsafeBufferPointer(rebasing: $0.dropLast())) }
      try FileSystem.removeTree(&buffer)
    }
    try settleIndex(of: worktree, at: commit)
    try area.setHead(commit: commit)
    try area.markSpare()
    return WorktreeHandleInfo(name: worktree.name, path: worktree.path, branch: "", base: commit)
  }

  /// Takes a worktree off its branch, makes it spare and leaves its files as they are: what is to be kept of them has been
  /// kept, and the next attempt's worktree is the only one on the branch then.
  package func detachWorktree(_ worktree: WorktreeHandleInfo, at commit: CommitID) throws {
    let area = WorktreeArea(worktree, in: facts.commonDirectory)
    try area.markSpare()
    try area.setHead(commit: commit)
  }

  func moveFiles(_ area: WorktreeArea, from commit: CommitID, to base: CommitID) throws {
    let difference = try difference(from: commit, to: base)
    guard let paths = difference.plainPaths() else { return try restoreFiles(area, to: base, keep: []) }
    try withOpen(area) { worktree in
      let tree = try tree(of: base, in: worktree.repository)
      // `commitAll` leaves the writing of its index to this.
      guard difference.count > 0 else { return try worktree.settleIndex(at: tree) }
      try worktree.load(tree)
      // Everything that differs goes first: a folder may take the place of a file, and the other way round.
      for path in paths.gone + paths.written { try Self.remove(path, in: area) }
      if !paths.written.isEmpty, try !worktree.writeFreshFiles(paths.written) {
        try worktree.handle.writeFiles(of: worktree.index, baseline: tree, only: paths.written)
      }
      try worktree.writeIndex(holding: tree.id)
    }
  }

  /// Removes a path and the folders that are empty without it.
  private static func remove(_ path: [CChar], in area: WorktreeArea) throws {
    var buffer = PathBuffer(area.path)
    let root = buffer.count
    _ = path.withUnsafeBufferPointer { buffer.push(UnsafeBufferPointer(rebasing: $0.dropLast())) }
    try FileSystem.removeTree(&buffer)
    while let slash = buffer.bytes.lastIndex(of: CChar(UInt8(ascii: "/"))), slash > root {
      buffer.pop(to: slash)
      guard rmdir(buffer.bytes) == 0 else { return }
    }
  }
}

extension TreeDifference {
  /// The paths that are gone and those that are written, as C strings; nil when the difference says something about other
  /// files too (attributes), or about something that is no file (a submodule's entry).
  func plainPaths() -> (gone: [[CChar]], written: [[CChar]])? {
    let hasSubmodules = entries.contains {
      $0.old?.mode == GIT_FILEMODE_COMMIT || $0.new?.mode == GIT_FILEMODE_COMMIT
    }
    guard !hasSubmodules, !touchesAttributes else { return nil }
    return (entries.filter { $0.new == nil }.map(\.path), entries.filter { $0.new != nil }.map(\.path))
  }

  /// Whether an attributes file differs: that can mean other bytes on disk for files that are the same in both trees.
  var touchesAttributes: Bool {
    entries.contains {
      $0.path.dropLast().suffix(14).elementsEqual(".gitattributes".utf8.lazy.map { CChar(bitPattern: $0) })
    }
  }
}

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

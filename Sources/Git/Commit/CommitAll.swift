internal import CLibgit2

/// What became of the work in a worktree.
package struct ResultCommit: Hashable, Sendable {
  /// The commit that holds all of it; the base itself when nothing changed.
  package let commit: CommitID
  /// The branch that the worker left checked out (short name); nil when HEAD was detached.
  package let headBranch: String?
  /// How many paths differ from the base.
  package let changedCount: Int
  /// The first 1,000 of them, in byte order.
  package let changedPaths: [String]
  /// Whether it is a new commit, the only one between the base and itself.
  package let isOneCommitOnBase: Bool
  /// Commits that were on the worktree's own branch but are not part of the result; nil in all ordinary cases.
  ///
  /// Non-nil when a worker committed on the branch and then went elsewhere. The branch has moved away from this
  /// commit; keep it with a ref if it matters.
  package let leftBehind: CommitID?
  /// What lies in the worktree besides the commit; nil when that is not known, or when files have other modes than git gives
  /// them. Removing it leaves exactly the commit.
  package let litter: Litter?
}

/// Files and folders of a worktree that are not recorded.
package struct Litter: Hashable, Sendable {
  /// C strings, relative to the worktree.
  let paths: [[CChar]]

  init(_ paths: [[CChar]]) { self.paths = paths }

  /// None.
  package init() { paths = [] }

  /// Whether there is none.
  package var isEmpty: Bool { paths.isEmpty }
}

extension Repository {
  /// Commits everything that a worker left in a worktree, on top of its HEAD.
  ///
  /// The worker may have committed by itself, on the worktree's branch, on another one or detached; afterwards the
  /// worktree's own branch points to the result and is checked out, and no other branch has moved. Ignored files are
  /// left out, tracked ones stay tracked even when ignored. With nothing to commit the result is HEAD as it is. The index on
  /// disk may stay behind: `settleIndex` and all that lends the worktree again bring it up.
  ///
  /// - Throws: `.worktreeLost` when folder or link are gone; `.historyRewritten` when HEAD does not descend from the
  ///   base; `.nestedRepository` for a new repository inside; `.conflict` for an unfinished merge.
  package func commitAll(
    in worktree: WorktreeHandleInfo,
    message: String,
    fallbackAuthor: Author = .plait
  ) throws -> ResultCommit {
    let area = WorktreeArea(worktree, in: facts.commonDirectory)
    try area.makeReady()
    // The worker has ended, so a lock can only be left over.
    try FileSystem.removeFile("\(area.directory)/index.lock")
    return try withOpen(area) { open in
      let head = try headBelow(open.handle, worktree)
      let (tree, litter) = try recordFiles(open, head: head.commit)
      let result = try commit(tree, on: head.commit, message, fallbackAuthor)
      let leftBehind = try settle(area, worktree, at: result, on: head.commit)
      let difference = try difference(from: worktree.base, to: result)
      return ResultCommit(
        commit: result,
        headBranch: head.branch,
        changedCount: difference.count,
        changedPaths: difference.changes(limit: 1000).map(\.path),
        isOneCommitOnBase: result != head.commit && head.commit == worktree.base,
        leftBehind: leftBehind,
        litter: litter.map(Litter.init)
      )
    }
  }

  /// Makes the index on disk hold exactly `commit`, which the worktree's files do: before somebody else looks at it.
  package func settleIndex(of worktree: WorktreeHandleInfo, at commit: CommitID) throws {
    try withOpen(WorktreeArea(worktree, in: facts.commonDirectory)) { open in
      try open.settleIndex(at: tree(of: commit, in: open.repository))
    }
  }

  /// HEAD of the worktree, which must contain the base.
  private func headBelow(
    _ handle: borrowing Handle<RepositoryKind>,
    _ worktree: WorktreeHandleInfo
  ) throws -> (branch: String?, commit: CommitID) {
    let base = worktree.base
    let reason: String
    switch try Head(of: handle.pointer) {
    case .unborn(let branch):
      reason = "HEAD is on the branch \(branch), which has no commit"
    case .branch(let name, let commit):
      if try isAncestor(base, of: commit, in: handle.pointer) { return (name, commit) }
      reason = "its branch \(name) is at \(commit.short), which does not contain the base \(base.short)"
    case .detached(let commit):
      if try isAncestor(base, of: commit, in: handle.pointer) { return (nil, commit) }
      reason = "its HEAD is at \(commit.short), which does not contain the base \(base.short)"
    }
    let remedy = "workers may add commits on top of their base, but not replace it"
    throw GitError(.historyRewritten, worktree.path, "history was rewritten in \(worktree.path): \(reason); \(remedy)")
  }

  /// Brings the index up to the files and writes the tree; says what else lies in the worktree.
  private func recordFiles(_ worktree: OpenWorktree, head: CommitID) throws -> (git_oid, litter: [[CChar]]?) {
    var changes = IndexUpdate(of: worktree)
    let headTree = try tree(of: head, in: worktree.repository)
    let held = worktree.heldTree()
    try changes.prepare(headTree: headTree.pointer)
    try changes.takeInFiles()
    let tree = try changes.writeTree(after: held)
    if changes.isChanged { try worktree.keepIndex(holding: tree) }
    return (tree, changes.litter)
  }

  private func commit(
    _ tree: git_oid,
    on head: CommitID,
    _ message: String,
    _ author: Author
  ) throws -> CommitID {
    var headTree = try self.tree(of: head, in: repository).id
    var tree = tree
    if git_oid_equal(&headTree, &tree) == 1 { return head }
    return try CommitDraft(tree: tree, parents: [head], message: message, author: author).write(in: repository)
  }

  /// Makes the worktree's own branch hold the result and HEAD point to it; gives what the branch loses by that.
  private func settle(
    _ area: WorktreeArea,
    _ worktree: WorktreeHandleInfo,
    at result: CommitID,
    on head: CommitID
  ) throws -> CommitID? {
    let name = fullRefName(worktree.branch)
    let old = try tip(of: name)
    var leftBehind: CommitID?
    if let old, old != result {
      // The result is HEAD's commit or the one after it.
      if try old != head && !isAncestor(old, of: result) { leftBehind = old }
      try moveRef(name, from: old, to: result, message: "plait: result of \(worktree.name)")
    } else if old == nil {
      try create(ref: name, at: result)
    }
    try area.setHead(branch: worktree.branch)
    return leftBehind
  }
}

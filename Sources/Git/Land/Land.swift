internal import CLibgit2

/// What landing did.
package enum LandOutcome: Hashable, Sendable {
  /// The branch moved; where it is checked out nowhere, no file was touched.
  case moved(from: CommitID)
  /// The branch moved and the files of this checkout with it.
  case updatedCheckout(path: String, from: CommitID)
  /// The branch was there already.
  case alreadyThere
}

extension Repository {
  /// Moves a branch forward to a commit, and the files with it where the branch is checked out.
  ///
  /// All or nothing: the files are checked before anything changes, local changes that don't collide stay as they
  /// are, and if the branch is moved by someone else in between the files go back.
  ///
  /// `reason` is for the reflog.
  ///
  /// - Throws: `.notFound` without such a branch; `.conflict` when the branch is not behind the commit, when local
  ///   changes would be overwritten (the message names them), or while a merge or rebase is unfinished there;
  ///   `.moved` when someone else moved the branch.
  package func land(branch: String, to commit: CommitID, reason: String = "plait: land") throws -> LandOutcome {
    let name = fullRefName(branch)
    guard let old = try tip(of: name) else {
      throw GitError(.notFound, branch, "there is no branch \(branch): create it with 'git branch \(branch)'")
    }
    if old == commit { return .alreadyThere }
    guard try isAncestor(old, of: commit) else {
      let remedy = "merge \(branch) into the run's branch first, or choose another branch"
      let sentence = "\(branch) has commits that \(commit.short) does not contain, so it can't move forward to it"
      throw GitError(.conflict, branch, "\(sentence): \(remedy)")
    }
    guard let gitDirectory = try checkout(of: name) else {
      try moveRef(name, from: old, to: commit, message: reason)
      return .moved(from: old)
    }
    let path = try updateCheckout(gitDirectory, branch: name, from: old, to: commit, reason: reason)
    return .updatedCheckout(path: path, from: old)
  }

  /// The git folder of the checkout, main or linked, whose HEAD is on a branch; nil when there is none.
  private func checkout(of name: String) throws -> String? {
    let linked = try worktrees().filter(\.isIntact).map { "\(facts.commonDirectory)/worktrees/\($0.name)" }
    let wanted = "ref: \(name)"
    let isHere: (String) -> Bool = { FileSystem.read("\($0)/HEAD")?.trimmingNewlines == wanted }
    if isHere(facts.commonDirectory), try !isBareMain() { return facts.commonDirectory }
    return linked.first(where: isHere)
  }

  private func isBareMain() throws -> Bool {
    try Configuration(of: repository).isTrue("core.bare")
  }

  private func updateCheckout(
    _ gitDirectory: String,
    branch: String,
    from old: CommitID,
    to new: CommitID,
    reason: String
  ) throws -> String {
    let handle = try Handle<RepositoryKind>(gitDirectory) { git_repository_open(&$0, gitDirectory) }
    let checkout = SafeCheckout(repository: handle.pointer, path: try Self.workingDirectory(handle))
    try checkout.refuseUnfinishedOperation()
    let oldTree = try tree(of: old, in: handle.pointer)
    let newTree = try tree(of: new, in: handle.pointer)
    try checkout.refuseStagedChanges(from: oldTree, to: newTree)
    try checkout.update(from: oldTree, to: newTree)
    do {
      try moveRef(branch, from: old, to: new, message: reason)
    } catch {
      // Someone committed in that checkout at the same moment; their branch stands, the files go back.
      try? checkout.update(from: newTree, to: oldTree)
      throw error
    }
    return checkout.path
  }

  private static func workingDirectory(_ handle: borrowing Handle<RepositoryKind>) throws -> String {
    guard let path = git_repository_workdir(handle.pointer) else {
      throw GitError(.other, "checkout", "the checkout has no folder: check core.worktree in the configuration")
    }
    let text = String(cString: path)
    return text.count > 1 && text.hasSuffix("/") ? String(text.dropLast()) : text
  }
}

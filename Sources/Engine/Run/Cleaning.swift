internal import Git
internal import Recording
internal import SystemPackage

/// Removes what ended runs have left behind, and says first what that is.
package struct Cleaning: Sendable {
  /// What was removed and what was kept, in words.
  package struct Done: Sendable, Encodable {
    /// The kind and version of the JSON.
    package let schema = "plait.clean/1"
    /// What was removed, a line each.
    package var removed: [String] = []
    /// What was kept and why, a line each.
    package var kept: [String] = []
  }

  private let archive: RunArchive
  private let deletesResults: Bool
  private let isDryRun: Bool

  /// `deletesResults` takes what is in no branch of the user's too; `isDryRun` only says what would go.
  package init(archive: RunArchive, deletesResults: Bool, isDryRun: Bool) {
    self.archive = archive
    self.deletesResults = deletesResults
    self.isDryRun = isDryRun
  }

  /// Cleans up after the run of this name, or after all that nobody drives. A run that is driven is refused by name and
  /// passed over otherwise.
  package func clean(_ name: String?) async throws -> Done {
    var done = Done()
    let store = try archive.store()
    for run in try await runs(name, store) {
      if let holder = archive.driver(of: run) {
        guard name == nil else {
          throw RecordingError(.locked, run, "run \(run) is going on (\(holder)): stop it first")
        }
        done.kept.append("run \(run): it is going on (\(holder))")
        continue
      }
      try await clean(run, store, &done)
    }
    return done
  }

  /// The runs to clean up after. A run whose record was lost with the database still has its folder, and may have more.
  private func runs(_ name: String?, _ store: RunStore) async throws -> [String] {
    let folders = try RunFiles.names(in: archive.directory + "/runs")
    if let name, folders.contains(name) { return [name] }
    if name != nil { return [try await store.find(name).run] }
    let recorded = try await store.runs().map(\.run)
    return recorded + folders.filter { !recorded.contains($0) }
  }

  private func clean(_ run: String, _ store: RunStore, _ done: inout Done) async throws {
    // Held while cleaning, so that nobody takes the run up in the middle of it.
    try RunFiles.makeDirectory(archive.runDirectory(run))
    let lock = try RunLock(path: archive.lockPath(run), run: run)
    let strays = await ProcessTable().endAll(of: run, onlyCount: isDryRun)
    if strays > 0 { done.removed.append("\(strays) process\(strays == 1 ? "" : "es") of run \(run)") }
    if !isDryRun {
      for group in try AbandonedGroup.all(ofRun: archive.runDirectory(run)) { await group.end() }
    }
    try await removeWorktrees(of: run, &done)
    for stale in try archive.staleLocks(of: run) {
      done.removed.append("lock \(stale)")
      if !isDryRun { try RunFiles.removeTree(stale) }
    }
    try await removeRefs(of: run, &done)
    try await removeRecord(of: run, store, &done)
    _ = consume lock
  }

  private func removeWorktrees(of run: String, _ done: inout Done) async throws {
    let prefix = PooledWorktree.prefix(of: run)
    if !isDryRun { try Repository.removeStaleOverlayTrials(in: archive.defaultWorktreeRoot) }
    // <root>/<run>/tree-N, wherever --worktrees has put the root.
    var folders: Set<String> = ["\(archive.defaultWorktreeRoot)/\(run)"]
    for worktree in try await archive.repository.worktrees() where worktree.name.hasPrefix(prefix) {
      done.removed.append("worktree \(worktree.path)")
      let folder = FilePath(worktree.path).removingLastComponent()
      if folder.lastComponent?.string == run { folders.insert(folder.string) }
      guard !isDryRun else { continue }
      try await salvage(worktree, of: run, &done)
      try await archive.repository.removeWorktree(worktree.name)
    }
    for folder in folders.sorted() where RunFiles.exists(folder) {
      if !isDryRun { RunFiles.removeIfEmpty(folder) }
      // Workers may have written beside their worktrees.
      if RunFiles.exists(folder) { done.removed.append("folder \(folder) with everything in it") }
      guard !isDryRun else { continue }
      try Repository.unmountAll(below: folder)
      try RunFiles.removeTree(folder)
      RunFiles.removeIfEmpty(FilePath(folder).removingLastComponent().string)
    }
  }

  /// Keeps what nobody has committed in a worktree that goes, under `refs/plait/<run>/salvage/`.
  private func salvage(_ worktree: WorktreeEntry, of run: String, _ done: inout Done) async throws {
    guard !deletesResults, let base = worktree.commit else { return }
    let info = WorktreeHandleInfo(
      name: worktree.name,
      path: worktree.path,
      branch: worktree.branch ?? "plait/\(run)/salvage",
      base: base
    )
    let left: ResultCommit
    do {
      left = try await archive.repository.commitAll(in: info, message: "Left in \(worktree.path)\n")
    } catch let error as GitError where error.code == .unsupported {
      // What is in it can be read, by who may mount it.
      throw error
    } catch {
      // A worktree that can't be read any more has nothing that could be kept.
      return
    }
    guard left.commit != base else { return }
    let ref = "refs/plait/\(run)/salvage/\(worktree.name)"
    if let old = try await archive.repository.tip(of: ref) {
      try await archive.repository.deleteRef(ref, expecting: old)
    }
    try await archive.repository.createRef(ref, at: left.commit)
    done.kept.append("\(left.changedCount) uncommitted paths of \(worktree.path) as \(ref)")
  }

  /// Removes the run's refs whose work is in a branch of the user's; names the others.
  private func removeRefs(of run: String, _ done: inout Done) async throws {
    let repository = archive.repository
    let others = try await repository.refs(matching: "refs/heads/*").filter { !$0.name.hasPrefix("refs/heads/plait/") }
    let refs =
      try await repository.refs(matching: "refs/heads/plait/\(run)/*")
      + repository.refs(matching: "refs/plait/\(run)/*")
    for (name, commit) in refs {
      var isLanded = false
      for other in others where !isLanded {
        isLanded = try await repository.isAncestor(commit, of: other.commit)
      }
      if isLanded || deletesResults {
        done.removed.append("\(name) (\(commit.short)\(isLanded ? ", landed" : ""))")
        if !isDryRun { try await repository.deleteRef(name, expecting: commit) }
      } else {
        let landing = name.hasSuffix("/integration") ? "'plait land \(run)' takes it over, " : ""
        done.kept.append("\(name) (\(commit.short)): in no branch of yours; \(landing)--delete-results removes it")
      }
    }
  }

  private func removeRecord(of run: String, _ store: RunStore, _ done: inout Done) async throws {
    guard deletesResults else { return }
    done.removed.append("record and logs of run \(run)")
    guard !isDryRun else { return }
    try await store.deleteRun(run)
    try RunFiles.removeTree(archive.runDirectory(run))
  }
}

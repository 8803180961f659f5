internal import CLibgit2

extension Repository {
  /// Makes a worktree: a new branch at `base`, registered, with all files checked out. Without a branch HEAD is detached.
  ///
  /// Missing parent folders are created. `content` is for several worktrees that are made of the same files. On any error
  /// nothing of it stays: no branch, no registration, no folder.
  ///
  /// - Throws: `.exists` when the path, the name or the branch is taken.
  package func addWorktree(
    name: String,
    path: String,
    branch: String?,
    base: CommitID,
    sharing content: SharedContent? = nil
  ) throws -> WorktreeHandleInfo {
    let area = try newArea(name, path)
    return try add(area, branch: branch, base: base) { try populate(area, base, content) }
  }

  /// The area of a worktree that is to be made; nothing is there yet.
  func newArea(_ name: String, _ path: String) throws -> WorktreeArea {
    guard !name.isEmpty, !name.hasPrefix("."), !name.contains("/") else {
      throw GitError(.other, name, "\(name) can't name a worktree: use letters, digits, - and _")
    }
    let path = try FileSystem.absolutePath(path)
    guard FileSystem.status(path) == nil else {
      throw GitError(.exists, path, "\(path) exists already: remove it or choose another folder for worktrees")
    }
    return WorktreeArea(name: name, path: path, commonDirectory: facts.commonDirectory)
  }

  /// Makes branch and registration, has the folder filled, and undoes all of it when that fails.
  ///
  /// - Parameter lower: the name of the worktree that it lies over, if it is an overlay.
  func add(
    _ area: WorktreeArea,
    branch: String?,
    base: CommitID,
    over lower: String? = nil,
    populate: () throws -> Void
  ) throws -> WorktreeHandleInfo {
    if let branch { try create(ref: fullRefName(branch), at: base) }
    do {
      try area.register(head: branch.map(WorktreeArea.head(on:)) ?? WorktreeArea.head(at: base), over: lower)
    } catch {
      // A folder of that name that was there before is another worktree's; only the branch is ours to undo.
      if (error as? GitError)?.code != .exists { try? area.unregister() }
      if let branch { try? delete(ref: fullRefName(branch), expecting: base) }
      throw error
    }
    do {
      try populate()
      if branch == nil { try area.markSpare() }
    } catch {
      try? area.unregister()
      if let branch { try? delete(ref: fullRefName(branch), expecting: base) }
      throw error
    }
    return WorktreeHandleInfo(name: area.name, path: area.path, branch: branch ?? "", base: base)
  }

  /// Creates the folder and checks everything out; removes the folders it created when that fails.
  private func populate(_ area: WorktreeArea, _ base: CommitID, _ content: SharedContent?) throws {
    let topmost = try FileSystem.makeDirectories(area.path)
    do {
      try area.link()
      try withOpen(area) { worktree in
        let tree = try tree(of: base, in: worktree.repository)
        try check(git_index_read_tree(worktree.index.pointer, tree.pointer), area.path)
        if try !worktree.writeFreshFiles(sharing: content) {
          try worktree.handle.writeFiles(of: worktree.index, baseline: tree, only: [])
        }
        try worktree.writeIndex(holding: tree.id)
      }
    } catch {
      try? FileSystem.removeTree(area.path)
      // The parents that were created stay if another worktree has moved in meanwhile.
      if let topmost { Self.removeEmptyParents(of: area.path, downFrom: topmost) }
      throw error
    }
  }

  static func removeEmptyParents(of path: String, downFrom topmost: String) {
    var folder = path[...]
    while folder.count > topmost.count, let slash = folder.lastIndex(of: "/") {
      folder = folder[..<slash]
      FileSystem.removeDirectoryIfEmpty(String(folder))
    }
  }
}

extension Handle where Kind == RepositoryKind {
  /// Writes files from the index, all of them or only the named ones, over whatever is there.
  ///
  /// - Parameter baseline: the tree that the index holds; without it libgit2 compares with HEAD, which a worker may
  ///   have moved.
  func writeFiles(
    of index: borrowing Handle<IndexKind>,
    baseline: borrowing Handle<TreeKind>,
    only paths: [[CChar]]
  ) throws {
    var options = git_checkout_options()
    try check(git_checkout_options_init(&options, UInt32(GIT_CHECKOUT_OPTIONS_VERSION)), "checkout")
    // NO_REFRESH: the index in memory is what is wanted, the one on disk is the old state.
    options.checkout_strategy =
      GIT_CHECKOUT_FORCE.rawValue | GIT_CHECKOUT_NO_REFRESH.rawValue | GIT_CHECKOUT_DISABLE_PATHSPEC_MATCH.rawValue
      | GIT_CHECKOUT_DONT_WRITE_INDEX.rawValue
    options.baseline = baseline.pointer
    let work = git_repository_workdir(pointer).map { String(cString: $0) } ?? "the worktree"
    try withCStrings(paths) { strings in
      options.paths = strings
      try check(git_checkout_index(pointer, index.pointer, &options), work)
    }
  }
}

/// Lends paths as the array of C strings that libgit2 takes.
func withCStrings<Result>(_ paths: [[CChar]], _ body: (git_strarray) throws -> Result) rethrows -> Result {
  var bytes = paths.flatMap { $0 }
  var starts: [Int] = []
  var start = 0
  for path in paths {
    starts.append(start)
    start += path.count
  }
  return try bytes.withUnsafeMutableBufferPointer { buffer in
    var pointers = starts.map { start in buffer.baseAddress.map { $0 + start } }
    return try pointers.withUnsafeMutableBufferPointer { pointers in
      try body(git_strarray(strings: pointers.baseAddress, count: pointers.count))
    }
  }
}

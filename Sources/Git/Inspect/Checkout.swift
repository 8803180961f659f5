internal import CLibgit2

extension Repository {
  /// How many files of the opened checkout have changes that are not committed, untracked ones included.
  ///
  /// Counts what `git status --porcelain` lists (an untracked folder is one). Writes nothing, not even the index.
  /// 0 for a bare repository.
  package func isCheckoutDirty() throws -> Int {
    if facts.isBare { return 0 }
    var options = git_status_options()
    try check(git_status_options_init(&options, UInt32(GIT_STATUS_OPTIONS_VERSION)), "the status")
    options.flags = GIT_STATUS_OPT_INCLUDE_UNTRACKED.rawValue
    let status = try Handle<StatusKind>("the status") { git_status_list_new(&$0, repository, &options) }
    return git_status_list_entrycount(status.pointer)
  }

  /// Whether a file or folder is there at a commit. The path is relative to the root, with `/`.
  package func fileExists(_ path: String, at commit: CommitID) throws -> Bool {
    let tree = try tree(of: commit, in: repository)
    do {
      _ = try Handle<TreeEntryKind>(path) { git_tree_entry_bypath(&$0, tree.pointer, path) }
      return true
    } catch let error as GitError where error.code == .notFound {
      return false
    }
  }

  /// How many files, links and submodules a commit has. Reads every folder of it: about 1 ms for 1,000 files.
  package func fileCount(at commit: CommitID) throws -> Int {
    let tree = try tree(of: commit, in: repository)
    var count = 0
    try walk(tree) { _, entry in
      if git_tree_entry_type(entry) != GIT_OBJECT_TREE { count += 1 }
    }
    return count
  }

  /// Goes through a tree from top to bottom; the first argument is the folder's path with a `/` at its end, or empty.
  func walk(
    _ tree: borrowing Handle<TreeKind>,
    _ visit: (UnsafePointer<CChar>, OpaquePointer) -> Void
  ) throws {
    try withoutActuallyEscaping(visit) { visit in
      let visitor = TreeVisitor(visit: visit)
      let payload = Unmanaged.passUnretained(visitor).toOpaque()
      // The payload is not retained by libgit2: the visitor has to outlive the call.
      let status = withExtendedLifetime(visitor) {
        git_tree_walk(
          tree.pointer,
          GIT_TREEWALK_PRE,
          { root, entry, payload in
            guard let root, let entry, let payload else { return 0 }
            Unmanaged<TreeVisitor>.fromOpaque(payload).takeUnretainedValue().visit(root, entry)
            return 0
          },
          payload
        )
      }
      try check(status: status, "the tree")
    }
  }
}

/// Carries a closure through a C callback.
private final class TreeVisitor {
  let visit: (UnsafePointer<CChar>, OpaquePointer) -> Void

  init(visit: @escaping (UnsafePointer<CChar>, OpaquePointer) -> Void) {
    self.visit = visit
  }
}

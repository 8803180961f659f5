internal import CLibgit2

/// Brings the index of a worktree up to its files, as `git add --all` does.
struct IndexUpdate {
  private let worktree: OpenWorktree
  private let repository: OpaquePointer
  private let index: OpaquePointer
  private let path: String
  /// C strings of what lies in the worktree and is not recorded, once files were taken in; nil when that is not known, or when
  /// files have other modes than git gives them.
  private(set) var litter: [[CChar]]?
  /// Whether the index differs from the one on disk.
  private(set) var isChanged = false
  /// What the tree of the index has become, path by path; nil when that is not known.
  private var changes: [TreeDifference.Entry]?

  init(of worktree: OpenWorktree) {
    self.worktree = worktree
    repository = worktree.repository
    index = worktree.index.pointer
    path = worktree.area.path
  }

  /// Makes the index one that can be relied on.
  ///
  /// A worker may have hidden changes (`--assume-unchanged`, `--skip-worktree`), announced files without content
  /// (`add -N`), or removed the whole file, which would read as "everything is untracked and new".
  mutating func prepare(headTree: OpaquePointer) throws {
    try refuseConflicts()
    if git_index_entrycount(index) == 0 {
      isChanged = true
      try Git.check(git_index_read_tree(index, headTree), path)
      return
    }
    for position in 0..<git_index_entrycount(index) {
      guard let entry = git_index_get_byindex(index, position) else { continue }
      guard entry.pointee.hidesChanges else { continue }
      var plain = entry.pointee
      // Without times and size the file counts as changed and is read.
      plain.flags &= ~UInt16(GIT_INDEX_ENTRY_VALID.rawValue)
      plain.flags_extended = 0
      plain.mtime = git_index_time()
      plain.file_size = 0
      try Git.check(git_index_add(index, &plain), path)
      isChanged = true
    }
  }

  /// Adds, updates and removes entries.
  mutating func takeInFiles() throws {
    var scan = WorktreeScan(of: worktree)
    guard scan.isSuited, try Configuration(of: repository).hasOrdinaryFiles else { return try takeInDifference() }
    try scan.run()
    // Removals first: a folder may have taken the place of a file.
    for file in scan.missing { try check(git_index_remove(index, file, 0), file) }
    for file in scan.suspects + scan.added { try check(git_index_add_bypath(index, file), file) }
    if !isChanged { changes = scan.missing.map(entry) + (scan.suspects + scan.added).map(entry) }
    isChanged = isChanged || !scan.missing.isEmpty || !scan.suspects.isEmpty || !scan.added.isEmpty
    litter = scan.hasPlainModes ? scan.litter : nil
  }

  /// Writes the tree of the index. `held`: the tree that it held before the files were taken in, if that is known; then only
  /// what has changed is looked at, and not every entry.
  func writeTree(after held: git_oid?) throws -> git_oid {
    if var held, let changes {
      if !isChanged { return held }
      let before = try Handle<TreeKind>("a tree of \(path)") { git_tree_lookup(&$0, repository, &held) }
      if let tree = try before.overwritten(with: changes, in: repository) { return tree }
    }
    var tree = git_oid()
    try Git.check(git_index_write_tree(&tree, index), path)
    return tree
  }

  private func entry(_ file: [CChar]) -> TreeDifference.Entry {
    let new = git_index_get_bypath(index, file, 0)?.pointee
    return .init(path: file, old: nil, new: new.map { .init(id: $0.id, mode: git_filemode_t($0.mode)) })
  }

  private func check(_ call: @autoclosure () -> Int32, _ file: [CChar]) throws {
    do { try Git.check(call(), PathBuffer(file).text) } catch let error as GitError where error.code == .permission {
      let name = PathBuffer(file).text
      throw GitError(.permission, name, "\(name) can't be read: check its mode")
    }
  }

  /// The same by libgit2's own comparison, which knows submodules and odd file systems, and takes longer.
  private mutating func takeInDifference() throws {
    let diff = try differenceToFiles()
    let count = git_diff_num_deltas(diff.pointer)
    try refuseNestedRepositories(diff)
    // Removals first: a folder may have taken the place of a file.
    for position in 0..<count {
      guard let delta = git_diff_get_delta(diff.pointer, position)?.pointee, let file = delta.path else { continue }
      if delta.status == GIT_DELTA_DELETED { try Git.check(git_index_remove(index, file, 0), String(cString: file)) }
    }
    for position in 0..<count {
      guard let delta = git_diff_get_delta(diff.pointer, position)?.pointee, let file = delta.path else { continue }
      switch delta.status {
      case GIT_DELTA_MODIFIED, GIT_DELTA_UNTRACKED, GIT_DELTA_TYPECHANGE, GIT_DELTA_ADDED:
        try Git.check(git_index_add_bypath(index, file), String(cString: file))
      case GIT_DELTA_UNREADABLE:
        throw GitError(.permission, String(cString: file), "\(String(cString: file)) can't be read: check its mode")
      default: continue
      }
    }
    isChanged = isChanged || count > 0
  }

  private func differenceToFiles() throws -> Handle<DiffKind> {
    var options = git_diff_options()
    try Git.check(git_diff_options_init(&options, UInt32(GIT_DIFF_OPTIONS_VERSION)), path)
    options.flags =
      GIT_DIFF_INCLUDE_UNTRACKED.rawValue | GIT_DIFF_RECURSE_UNTRACKED_DIRS.rawValue
      | GIT_DIFF_INCLUDE_TYPECHANGE.rawValue | GIT_DIFF_SKIP_BINARY_CHECK.rawValue
      | GIT_DIFF_INCLUDE_UNREADABLE.rawValue
    // A submodule counts as changed when other commits are checked out in it, not when its files differ.
    options.ignore_submodules = GIT_SUBMODULE_IGNORE_DIRTY
    return try Handle<DiffKind>(path) { git_diff_index_to_workdir(&$0, repository, index, &options) }
  }

  private func refuseConflicts() throws {
    guard git_index_has_conflicts(index) == 1 else { return }
    let paths = try conflictPaths(of: index)
    let list = paths.prefix(3).joined(separator: ", ")
    throw GitError(.conflict, path, "an unfinished merge was left in \(path): resolve \(list) and commit")
  }

  /// Repositories inside the worktree would be recorded as a bare reference to commits that nobody else has.
  private func refuseNestedRepositories(_ diff: borrowing Handle<DiffKind>) throws {
    for position in 0..<git_diff_num_deltas(diff.pointer) {
      guard let delta = git_diff_get_delta(diff.pointer, position)?.pointee, let file = delta.path else { continue }
      let name = String(cString: file)
      let isGitlink = delta.status != GIT_DELTA_DELETED && delta.new_file.mode == UInt16(GIT_FILEMODE_COMMIT.rawValue)
      if isGitlink { throw Self.nested(name, in: path) }
      if delta.status == GIT_DELTA_UNTRACKED, let folder = repositoryFolder(above: name) {
        throw Self.nested(folder, in: path)
      }
    }
  }

  /// The folder between the root and a file that has a `.git` in it.
  private func repositoryFolder(above file: String) -> String? {
    var folder = file[...]
    while let slash = folder.lastIndex(of: "/") {
      folder = folder[..<slash]
      if FileSystem.status("\(path)/\(folder)/.git") != nil { return String(folder) }
    }
    return nil
  }

  /// What to say of a repository inside the worktree at `path`.
  static func nested(_ name: String, in path: String) -> GitError {
    let folder = name.hasSuffix("/") ? String(name.dropLast()) : name
    let remedy = "remove \(folder)/.git to commit its files, or ignore the folder"
    return GitError(.nestedRepository, folder, "\(folder) in \(path) is a git repository of its own: \(remedy)")
  }
}

extension git_index_entry {
  /// Whether git is told not to look at the file.
  var hidesChanges: Bool {
    let extended = UInt16(GIT_INDEX_ENTRY_SKIP_WORKTREE.rawValue | GIT_INDEX_ENTRY_INTENT_TO_ADD.rawValue)
    return flags & UInt16(GIT_INDEX_ENTRY_VALID.rawValue) != 0 || flags_extended & extended != 0
  }
}

/// The paths with conflicts in an index, sorted, each once.
func conflictPaths(of index: OpaquePointer) throws -> [String] {
  let conflicts = try Handle<ConflictsKind>("the conflicts") { git_index_conflict_iterator_new(&$0, index) }
  var paths: Set<String> = []
  var ancestor: UnsafePointer<git_index_entry>?
  var ours: UnsafePointer<git_index_entry>?
  var theirs: UnsafePointer<git_index_entry>?
  while true {
    let status = git_index_conflict_next(&ancestor, &ours, &theirs, conflicts.pointer)
    if status == GIT_ITEROVER.rawValue { break }
    try check(status: status, "the conflicts")
    for entry in [ancestor, ours, theirs] {
      if let path = entry?.pointee.path { paths.insert(String(cString: path)) }
    }
  }
  return paths.sorted()
}

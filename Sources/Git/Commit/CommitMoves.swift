internal import CLibgit2

/// A file that gets another name.
package struct FileMove: Hashable, Sendable {
  /// Relative to the repository's top.
  package let source: String
  /// Relative to the repository's top; nothing may be there.
  package let target: String

  /// Takes both names.
  package init(from source: String, to target: String) {
    self.source = source
    self.target = target
  }
}

/// Files that get other names, and one that is written beside them.
package struct MoveRequest: Sendable {
  /// In any order.
  package let moves: [FileMove]
  /// The file to write, relative to the repository's top.
  package let path: String
  /// What it is to hold.
  package let text: String

  /// Takes what is to be done; nothing is looked at yet.
  package init(_ moves: [FileMove], writing text: String, to path: String) {
    self.moves = moves
    self.path = path
    self.text = text
  }
}

extension Repository {
  /// Renames files and writes one, in the opened checkout and in one commit on its branch; gives the branch and the commit.
  ///
  /// All or nothing, and undone by reverting that commit: it is made first, and the checkout goes to it as it does to any other.
  ///
  /// - Throws: what `checkMoves` throws; `.moved` when someone else commits at the same moment.
  package func commitMoves(
    _ request: MoveRequest,
    message: String,
    fallbackAuthor: Author = .plait
  ) throws -> (branch: String, commit: CommitID) {
    let (branch, head) = try checkMoves(request)
    let tree = try tree(of: request, on: head)
    let commit = try CommitDraft(tree: tree, parents: [head], message: message, author: fallbackAuthor)
      .write(in: repository)
    _ = try land(branch: branch, to: commit, reason: "plait: rename")
    return (branch, commit)
  }

  /// Finds out whether `commitMoves` would do it, and changes nothing; gives the branch that is checked out and its tip.
  ///
  /// - Throws: `.conflict` while a merge or rebase is unfinished, when anything is staged, when one of the files isn't in the
  ///   commit as it is on disk, or when something is in the way; `.unsupported` without a checkout or a branch.
  @discardableResult
  package func checkMoves(_ request: MoveRequest) throws -> (branch: String, tip: CommitID) {
    guard let top = facts.workingDirectory else {
      throw GitError(.unsupported, facts.gitDirectory, "the repository is bare: it has no files that could be moved")
    }
    try SafeCheckout(repository: repository, path: top).refuseUnfinishedOperation()
    let head = try head()
    guard case .branch(let branch, let tip) = head else {
      if case .unborn(let name) = head {
        throw GitError(.noCommits, name, "the branch \(name) has no commit yet: commit the files first")
      }
      throw GitError(.unsupported, top, "HEAD is on no branch, where a commit would be lost: 'git switch' to one first")
    }
    try refuseStaged(tip, top)
    try refuseUncommitted(Set(request.moves.map(\.source) + [request.path]))
    try refuseIgnored(request.moves.map(\.target) + [request.path])
    return (branch, tip)
  }

  private func refuseStaged(_ tip: CommitID, _ top: String) throws {
    let index = try Handle<IndexKind>("the index of \(top)") { git_repository_index(&$0, repository) }
    // Another git may have written it since.
    try check(git_index_read(index.pointer, 0), "the index of \(top)")
    let tree = try tree(of: tip, in: repository)
    let staged = try Handle<DiffKind>("the staged changes") {
      git_diff_tree_to_index(&$0, repository, tree.pointer, index.pointer, nil)
    }
    let paths = (0..<git_diff_num_deltas(staged.pointer)).compactMap { position in
      git_diff_get_delta(staged.pointer, position)?.pointee.path.map { String(cString: $0) }
    }
    guard !paths.isEmpty else { return }
    let sentence = "changes are staged in \(top) that would go into the same commit"
    throw GitError(.conflict, top, "\(sentence): commit or unstage \(Self.list(paths)) first")
  }

  /// Throws `.conflict` when one of these files isn't in git as it is on disk, or not at all; the message names some of them.
  package func checkCommitted(_ paths: [String]) throws {
    if !paths.isEmpty { try refuseUncommitted(Set(paths)) }
  }

  private func refuseUncommitted(_ paths: Set<String>) throws {
    var options = git_status_options()
    try check(git_status_options_init(&options, UInt32(GIT_STATUS_OPTIONS_VERSION)), "the status")
    options.flags =
      GIT_STATUS_OPT_INCLUDE_UNTRACKED.rawValue | GIT_STATUS_OPT_INCLUDE_IGNORED.rawValue
      | GIT_STATUS_OPT_RECURSE_UNTRACKED_DIRS.rawValue | GIT_STATUS_OPT_RECURSE_IGNORED_DIRS.rawValue
      | GIT_STATUS_OPT_DISABLE_PATHSPEC_MATCH.rawValue
    let status = try Handle<StatusKind>("the status") { out in
      withCStrings(paths.sorted().map { $0.utf8CString.map { $0 } }) { strings in
        options.pathspec = strings
        return git_status_list_new(&out, repository, &options)
      }
    }
    var unknown: [String] = []
    var changed: [String] = []
    for position in 0..<git_status_list_entrycount(status.pointer) {
      guard let entry = git_status_byindex(status.pointer, position)?.pointee,
        let path = (entry.index_to_workdir ?? entry.head_to_index)?.pointee.path.map({ String(cString: $0) }),
        paths.contains(path)
      else { continue }
      let isUnknown = entry.status.rawValue & (GIT_STATUS_WT_NEW.rawValue | GIT_STATUS_IGNORED.rawValue) != 0
      if isUnknown { unknown.append(path) } else { changed.append(path) }
    }
    let remedy = "commit first"
    if !unknown.isEmpty {
      throw GitError(.conflict, unknown[0], "\(Self.list(unknown)) \(Self.verb(unknown)) not in git: \(remedy)")
    }
    if !changed.isEmpty {
      let sentence = "\(Self.list(changed)) \(changed.count == 1 ? "has" : "have") changes that are not committed"
      throw GitError(.conflict, changed[0], "\(sentence): \(remedy)")
    }
  }

  private func refuseIgnored(_ paths: [String]) throws {
    for path in paths {
      var isIgnored: Int32 = 0
      try check(git_ignore_path_is_ignored(&isIgnored, repository, path), path)
      guard isIgnored == 1 else { continue }
      throw GitError(.conflict, path, "\(path) would be ignored by git: take its folder out of .gitignore first")
    }
  }

  /// The tree of `head` with the files under their new names.
  private func tree(of request: MoveRequest, on head: CommitID) throws -> git_oid {
    let before = try tree(of: head, in: repository)
    let index = try Handle<IndexKind>("a new index") { git_index_new(&$0) }
    try check(git_index_read_tree(index.pointer, before.pointer), "the tree of \(head.short)")
    var entries: [(git_index_entry, String)] = []
    for move in request.moves {
      guard let entry = git_index_get_bypath(index.pointer, move.source, 0)?.pointee else {
        throw GitError(.notFound, move.source, "\(move.source) is not in the commit \(head.short): commit it first")
      }
      entries.append((entry, move.target))
    }
    for move in request.moves { try check(git_index_remove(index.pointer, move.source, 0), move.source) }
    entries.append((try textEntry(request), request.path))
    for (entry, target) in entries {
      try refuseFileAbove(target, in: index)
      try target.withCString { path in
        var entry = entry
        entry.path = path
        try check(git_index_add(index.pointer, &entry), target)
      }
    }
    var tree = git_oid()
    try check(git_index_write_tree_to(&tree, index.pointer, repository), "the new tree")
    return tree
  }

  private func textEntry(_ request: MoveRequest) throws -> git_index_entry {
    let bytes = Array(request.text.utf8)
    var id = git_oid()
    try check(git_blob_create_from_buffer(&id, repository, bytes, bytes.count), request.path)
    var entry = git_index_entry()
    entry.mode = UInt32(GIT_FILEMODE_BLOB.rawValue)
    entry.id = id
    return entry
  }

  /// A file where a folder has to be would silently make way for it.
  private func refuseFileAbove(_ path: String, in index: borrowing Handle<IndexKind>) throws {
    var folder = path[...]
    while let slash = folder.lastIndex(of: "/") {
      folder = folder[..<slash]
      guard git_index_get_bypath(index.pointer, String(folder), 0) != nil else { continue }
      throw GitError(.conflict, String(folder), "\(folder) is a file, and a folder of that name is needed: rename it")
    }
  }

  private static func list(_ paths: [String]) -> String {
    paths.prefix(3).joined(separator: ", ") + (paths.count > 3 ? " and \(paths.count - 3) more" : "")
  }

  private static func verb(_ paths: [String]) -> String { paths.count == 1 ? "is" : "are" }
}

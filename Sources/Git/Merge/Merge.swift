internal import CLibgit2

/// What came of merging a result with a tip. No ref moves in any case.
package enum MergeOutcome: Hashable, Sendable {
  /// A new commit with two parents: the tip, then the result.
  case merged(CommitID)
  /// The paths that both sides changed in ways that don't go together, sorted, each once.
  case conflict([String])
  /// The tip has the result in it.
  case alreadyContained
}

/// A file of a tree that is to be written.
package struct TreeFile: Hashable, Sendable {
  /// From the repository's top, with `/`.
  package let path: String
  /// What it holds.
  package let bytes: [UInt8]

  /// Takes both as they are to be written.
  package init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
  }
}

extension Repository {
  /// Merges a result with a tip, in memory. `adding` are files that the new commit has besides, whatever was there; with them
  /// a result that the tip has already gets a commit too, with the tip as its one parent.
  ///
  /// Costs what the change costs, not what the repository costs, as long as the two sides changed different paths. `base` is
  /// for a result known to be one new commit on a commit that the tip contains: then that one is not looked for.
  ///
  /// - Throws: `.historyRewritten` when the two have no common history.
  package func merge(
    _ result: CommitID,
    onto tip: CommitID,
    message: String,
    adding files: [TreeFile] = [],
    base: CommitID? = nil,
    fallbackAuthor: Author = .plait
  ) throws -> MergeOutcome {
    let bases = try base.map { [$0] } ?? mergeBases(tip, result)
    let isContained = bases.contains(result)
    if isContained, files.isEmpty { return .alreadyContained }
    let outcome: TreeOutcome =
      isContained ? .tree(try tree(of: tip, in: repository).id) : try mergeTrees(result, tip, bases)
    switch outcome {
    case .conflict(let paths):
      return .conflict(paths)
    case .tree(let tree):
      let draft = CommitDraft(
        tree: try files.isEmpty ? tree : adding(files, to: tree),
        parents: isContained ? [tip] : [tip, result],
        message: message,
        author: fallbackAuthor
      )
      return .merged(try draft.write(in: repository))
    }
  }

  /// Writes the tree with these files put into it.
  private func adding(_ files: [TreeFile], to tree: git_oid) throws -> git_oid {
    var tree = tree
    for file in files {
      var id = git_oid()
      try check(git_blob_create_from_buffer(&id, repository, file.bytes, file.bytes.count), file.path)
      let old = try Handle<TreeKind>("the merged tree") { git_tree_lookup(&$0, repository, &tree) }
      try file.path.withCString { path in
        var update = git_tree_update()
        update.action = GIT_TREE_UPDATE_UPSERT
        update.path = path
        update.id = id
        update.filemode = GIT_FILEMODE_BLOB
        try check(git_tree_create_updated(&tree, repository, old.pointer, 1, &update), file.path)
      }
    }
    return tree
  }

  private enum TreeOutcome {
    case tree(git_oid)
    case conflict([String])
  }

  private func mergeTrees(_ result: CommitID, _ tip: CommitID, _ bases: [CommitID]) throws -> TreeOutcome {
    if bases.contains(tip) {
      return .tree(try tree(of: result, in: repository).id)
    }
    if let base = bases.first, bases.count == 1 {
      let ours = try difference(from: base, to: tip)
      let theirs = try difference(from: base, to: result)
      if let tree = try disjointMerge(ours, theirs, onto: tip) { return .tree(tree) }
      let clashes = Self.typeClashes(ours, theirs)
      if !clashes.isEmpty { return .conflict(clashes) }
    }
    return try threeWayMerge(result, tip, bases)
  }

  private func mergeBases(_ one: CommitID, _ other: CommitID) throws -> [CommitID] {
    if facts.isShallow {
      let bases = ShallowHistory(repository: repository).mergeBases(one, other)
      guard bases.isEmpty else { return bases }
      throw unrelated(one, other)
    }
    var oneID = one.oid
    var otherID = other.oid
    var found = git_oidarray()
    defer { git_oidarray_dispose(&found) }
    let status = git_merge_bases(&found, repository, &oneID, &otherID)
    if status == GIT_ENOTFOUND.rawValue { throw unrelated(one, other) }
    try check(status: status, "the merge base of \(one.short) and \(other.short)")
    return UnsafeBufferPointer(start: found.ids, count: found.count).map { CommitID($0) }
  }

  private func unrelated(_ one: CommitID, _ other: CommitID) -> GitError {
    let sentence = "\(other.short) and \(one.short) have no common history: start the work from the branch it goes to"
    return GitError(.historyRewritten, other.hex, sentence)
  }

  /// The full merge: a common index of all files, renames recognised, overlapping files merged line by line.
  private func threeWayMerge(_ result: CommitID, _ tip: CommitID, _ bases: [CommitID]) throws -> TreeOutcome {
    var options = git_merge_options()
    try check(git_merge_options_init(&options, UInt32(GIT_MERGE_OPTIONS_VERSION)), "the merge")
    let index = try mergedIndex(result, tip, bases, &options)
    if git_index_has_conflicts(index.pointer) == 1 {
      return .conflict(try conflictPaths(of: index.pointer))
    }
    let clashes = Self.clashes(in: index.pointer)
    if !clashes.isEmpty { return .conflict(clashes) }
    var tree = git_oid()
    try check(git_index_write_tree_to(&tree, index.pointer, repository), "the merged tree")
    return .tree(tree)
  }

  private func mergedIndex(
    _ result: CommitID,
    _ tip: CommitID,
    _ bases: [CommitID],
    _ options: inout git_merge_options
  ) throws -> Handle<IndexKind> {
    // With one base the trees say everything; several are merged with each other first, which libgit2 does itself.
    if let base = bases.first, bases.count == 1 {
      let base = try tree(of: base, in: repository)
      let ours = try tree(of: tip, in: repository)
      let theirs = try tree(of: result, in: repository)
      return try Handle<IndexKind>("the merge of \(result.short)") {
        git_merge_trees(&$0, repository, base.pointer, ours.pointer, theirs.pointer, &options)
      }
    }
    let ours = try lookUp(tip, in: repository)
    let theirs = try lookUp(result, in: repository)
    return try Handle<IndexKind>("the merge of \(result.short)") {
      git_merge_commits(&$0, repository, ours.pointer, theirs.pointer, &options)
    }
  }

  /// The paths that are a file and a folder at the same time in a merged index, with the first file in that folder.
  ///
  /// libgit2 misses this when one side replaced a folder by a file and the other one emptied the folder and put
  /// something new into it; the tree that it writes then is broken.
  private static func clashes(in index: OpaquePointer) -> [String] {
    var paths: Set<String> = []
    for position in 0..<git_index_entrycount(index) {
      guard let path = git_index_get_byindex(index, position)?.pointee.path else { continue }
      var folder = PathBuffer(path)
      _ = folder.appendSlash()
      var inside = 0
      guard git_index_find_prefix(&inside, index, folder.bytes) == 0 else { continue }
      paths.insert(String(cString: path))
      if let other = git_index_get_byindex(index, inside)?.pointee.path { paths.insert(String(cString: other)) }
    }
    return paths.sorted()
  }
}

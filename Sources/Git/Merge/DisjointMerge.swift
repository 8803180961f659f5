internal import CLibgit2

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

extension Repository {
  /// The merged tree when the two sides changed different paths; nil when only the full merge can tell.
  ///
  /// Then nothing has to be merged: the result's changes are written over the tip's tree, and only the folders on
  /// the way to them are read. A rename by one side leaves two changed paths, so it can only matter to the other side
  /// if one of these is changed there too.
  func disjointMerge(_ ours: TreeDifference, _ theirs: TreeDifference, onto tip: CommitID) throws -> git_oid? {
    guard Self.areApart(ours, theirs) else { return nil }
    let tipTree = try tree(of: tip, in: repository)
    return try overwrite(tipTree, with: theirs)
  }

  /// The paths that one side made something else of (a link of a file, say) and that the other one removed or moved.
  ///
  /// For git that is a conflict. libgit2 takes it for a change of the file that was moved, and loses one of the two.
  static func typeClashes(_ ours: TreeDifference, _ theirs: TreeDifference) -> [String] {
    func paths(_ difference: TreeDifference, _ kind: PathChange.Kind) -> Set<String> {
      Set(difference.changes(limit: .max).filter { $0.kind == kind }.map(\.path))
    }
    let clashes = paths(ours, .typeChanged).intersection(paths(theirs, .deleted))
    return clashes.union(paths(theirs, .typeChanged).intersection(paths(ours, .deleted))).sorted()
  }

  /// Writes a tree with the changes put over it; nil when libgit2 can't do that.
  private func overwrite(
    _ tree: borrowing Handle<TreeKind>,
    with changes: TreeDifference
  ) throws -> git_oid? {
    var updates: [git_tree_update] = []
    let paths = changes.entries.map { strdup($0.path) }
    defer { for path in paths { free(path) } }
    for (entry, path) in zip(changes.entries, paths) {
      var update = git_tree_update()
      update.path = UnsafePointer(path)
      if let new = entry.new {
        update.action = GIT_TREE_UPDATE_UPSERT
        update.id = new.id
        update.filemode = new.mode
      } else {
        update.action = GIT_TREE_UPDATE_REMOVE
      }
      updates.append(update)
    }
    var merged = git_oid()
    GitError.forgetLast()
    let status = git_tree_create_updated(&merged, repository, tree.pointer, updates.count, &updates)
    if status == 0 { return merged }
    let error = GitError(status: status, subject: "the merged tree")
    // A full disk stays full; anything else may be a case that only the full merge handles.
    if error.code == .storage || error.code == .permission { throw error }
    return nil
  }

  /// Whether no path of one side equals, or lies inside, a path of either side (a file that became a folder).
  private static func areApart(_ ours: TreeDifference, _ theirs: TreeDifference) -> Bool {
    let paths = (ours.entries + theirs.entries).map(\.path).sorted(by: isOrdered)
    return zip(paths, paths.dropFirst()).allSatisfy { !contains($0, $1) }
  }

  /// Byte order with `/` below everything else: what lies inside a path then follows it directly.
  private static func isOrdered(_ one: [CChar], before other: [CChar]) -> Bool {
    var position = 0
    while one[position] == other[position], one[position] != 0 { position += 1 }
    return rank(one[position]) < rank(other[position])
  }

  private static func rank(_ character: CChar) -> Int {
    switch UInt8(bitPattern: character) {
    case 0: 0
    case UInt8(ascii: "/"): 1
    case let byte: Int(byte) + 1
    }
  }

  /// Whether the second path is the first one or lies inside it.
  private static func contains(_ outer: [CChar], _ inner: [CChar]) -> Bool {
    var position = 0
    while outer[position] != 0 {
      guard outer[position] == inner[position] else { return false }
      position += 1
    }
    return inner[position] == 0 || inner[position] == CChar(UInt8(ascii: "/"))
  }
}

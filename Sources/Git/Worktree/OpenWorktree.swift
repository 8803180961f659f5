internal import CLibgit2

/// A worktree opened as a repository of its own (own HEAD and index, shared objects and refs), with its index in memory.
///
/// Opening costs the settings' files, and an index costs what the repository has files; so both are kept from one stage to the
/// next, for as long as nobody else has changed them.
final class OpenWorktree {
  let area: WorktreeArea
  let handle: Handle<RepositoryKind>
  let index: Handle<IndexKind>
  /// What was changed in it, if it lies over another worktree.
  private(set) lazy var layer = UpperLayer(of: area)
  private let settings: FileStamp?
  /// The tree that the index holds exactly, and the checksum of the file that tells whether it is still that index.
  private var held: (tree: git_oid, checksum: git_oid)?
  /// Whether the file holds an older state than the memory.
  private var isAhead = false

  init(_ area: WorktreeArea) throws {
    self.area = area
    settings = FileStamp("\(area.commonDirectory)/config")
    let location = "\(area.path)/.git"
    handle = try Handle("the worktree \(area.path)") { git_repository_open(&$0, location) }
    index = try handle.index()
  }

  var repository: OpaquePointer { handle.pointer }

  /// Takes in what others have written since; false when it has to be opened anew.
  func refresh() -> Bool {
    guard settings == FileStamp("\(area.commonDirectory)/config") else { return false }
    return FileSystem.status(area.indexPath) != nil && git_index_read(index.pointer, 0) == 0
  }

  /// Writes the index, which holds `tree` exactly, to disk.
  func writeIndex(holding tree: git_oid) throws {
    try check(git_index_write(index.pointer), area.path)
    isAhead = false
    hold(tree)
  }

  /// Keeps in memory that the index holds `tree` now. Writing costs what the repository has files, so it is left to whoever
  /// lends the worktree next, or lets somebody look at it.
  func keepIndex(holding tree: git_oid) throws {
    guard FileSystem.status(area.indexPath) != nil else { return try writeIndex(holding: tree) }
    isAhead = true
    hold(tree)
  }

  /// Makes the index on disk hold a tree exactly; does nothing where it is known to.
  func settleIndex(at tree: borrowing Handle<TreeKind>) throws {
    var wanted = tree.id
    if var now = heldTree(), git_oid_equal(&now, &wanted) == 1, !isAhead { return }
    try load(tree)
    try writeIndex(holding: wanted)
  }

  private func hold(_ tree: git_oid) {
    held = git_index_checksum(index.pointer).map { (tree, $0.pointee) }
  }

  /// Makes the index hold a tree and keeps what it knows about files that stay the same.
  func load(_ tree: borrowing Handle<TreeKind>) throws {
    if let held = heldTree(), try update(from: held, to: tree) { return }
    try index.read(tree)
  }

  /// The tree that the index holds; nil when it is not known.
  func heldTree() -> git_oid? {
    guard let (tree, checksum) = held, var now = git_index_checksum(index.pointer)?.pointee else { return nil }
    var then = checksum
    return git_oid_equal(&now, &then) == 1 ? tree : nil
  }

  /// Changes only the entries that differ; false when more than these may have to be looked at.
  private func update(from held: git_oid, to tree: borrowing Handle<TreeKind>) throws -> Bool {
    var held = held
    let before = try Handle<TreeKind>("a tree of \(area.path)") { git_tree_lookup(&$0, repository, &held) }
    let difference = try TreeDifference(from: before.pointer, to: tree.pointer, in: repository)
    guard !difference.touchesAttributes else { return false }
    for entry in difference.entries where entry.new == nil {
      try check(git_index_remove(index.pointer, entry.path, 0), area.path)
    }
    for entry in difference.entries {
      guard let new = entry.new else { continue }
      try entry.path.withUnsafeBufferPointer { path in
        var fresh = git_index_entry()
        fresh.path = path.baseAddress
        fresh.id = new.id
        fresh.mode = UInt32(new.mode.rawValue)
        try check(git_index_add(index.pointer, &fresh), area.path)
      }
    }
    return true
  }
}

extension WorktreeArea {
  var indexPath: String { "\(directory)/index" }
}

extension Repository {
  /// The worktree, opened: the one that was used last when it is that one, and nobody has changed its settings since.
  ///
  /// What fails in it leaves an index in memory that nobody should rely on, so it is only kept when `body` succeeds.
  func withOpen<Result>(_ area: WorktreeArea, _ body: (OpenWorktree) throws -> Result) throws -> Result {
    let kept = lastWorktree.flatMap { $0.area.path == area.path && $0.refresh() ? $0 : nil }
    lastWorktree = nil
    let worktree = try kept ?? OpenWorktree(area)
    let result = try body(worktree)
    lastWorktree = worktree
    return result
  }
}

extension Handle where Kind == RepositoryKind {
  /// The index of this worktree. An unreadable one is dropped: all it costs is that every file is read again.
  func index() throws -> Handle<IndexKind> {
    do {
      return try Handle<IndexKind>("the index") { git_repository_index(&$0, pointer) }
    } catch let error as GitError where error.code != .permission {
      guard let directory = git_repository_path(pointer) else { throw error }
      try FileSystem.removeFile(String(cString: directory) + "index")
      return try Handle<IndexKind>("the index") { git_repository_index(&$0, pointer) }
    }
  }
}

extension Handle where Kind == IndexKind {
  /// Makes the index hold a tree and keeps what it knows about files that stay the same.
  func read(_ tree: borrowing Handle<TreeKind>) throws {
    var attributesBefore: [String: CommitID] = [:]
    var isHiding = false
    for position in 0..<git_index_entrycount(pointer) {
      guard let entry = git_index_get_byindex(pointer, position) else { continue }
      isHiding = isHiding || entry.pointee.hidesChanges
      if let path = entry.attributesPath { attributesBefore[path] = CommitID(entry.pointee.id) }
    }
    // A worker told git to look away from some files; then nothing that the index says about files is believed.
    if isHiding { try check(git_index_clear(pointer), "the index") }
    try check(git_index_read_tree(pointer, tree.pointer), "the index")
    var attributesNow: [String: CommitID] = [:]
    for position in 0..<git_index_entrycount(pointer) {
      guard let entry = git_index_get_byindex(pointer, position), let path = entry.attributesPath else { continue }
      attributesNow[path] = CommitID(entry.pointee.id)
    }
    guard attributesNow != attributesBefore, !isHiding else { return }
    // Other attributes can mean other bytes on disk (line ends) for the same content: write everything again.
    try check(git_index_clear(pointer), "the index")
    try check(git_index_read_tree(pointer, tree.pointer), "the index")
  }
}

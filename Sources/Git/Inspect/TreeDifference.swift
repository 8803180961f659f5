internal import CLibgit2

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// The differences between two trees: path by path, in byte order, without looking for renames.
///
/// Folders that are the same on both sides are not read, so that it costs what differs. libgit2's own comparison of trees goes
/// through all of both.
struct TreeDifference {
  /// What a tree has at a path.
  struct Side {
    let id: git_oid
    let mode: git_filemode_t
  }

  /// One path that differs; it is missing on one side at most.
  struct Entry {
    /// A C string, in whatever encoding the tree has it.
    let path: [CChar]
    let old: Side?
    let new: Side?
  }

  private(set) var entries: [Entry] = []

  /// - Parameter old: nil for the empty tree.
  init(from old: OpaquePointer?, to new: OpaquePointer, in repository: OpaquePointer) throws {
    var walk = TreePairWalk(repository: repository)
    try walk.compare(old, new)
    entries = walk.found
  }

  var count: Int { entries.count }

  /// The first differences as values.
  func changes(limit: Int) -> [PathChange] { entries.prefix(limit).map(PathChange.init) }
}

extension PathChange {
  init(_ entry: TreeDifference.Entry) {
    let kind: Kind =
      switch (entry.old, entry.new) {
      case (nil, _): .added
      case (_, nil): .deleted
      case (let old?, let new?): old.mode.kind == new.mode.kind ? .modified : .typeChanged
      }
    self.init(
      path: String(decoding: entry.path.dropLast().lazy.map { UInt8(bitPattern: $0) }, as: UTF8.self),
      kind: kind
    )
  }
}

extension git_filemode_t {
  /// The mode without its permission bits: file, link or submodule.
  fileprivate var kind: UInt32 { UInt32(rawValue) & 0o170000 }
}

/// Goes down two trees at once.
private struct TreePairWalk {
  let repository: OpaquePointer
  var found: [TreeDifference.Entry] = []
  private var path = PathBuffer("")

  init(repository: OpaquePointer) { self.repository = repository }

  mutating func compare(_ old: OpaquePointer?, _ new: OpaquePointer?) throws {
    let (oldCount, newCount) = (old.map(git_tree_entrycount) ?? 0, new.map(git_tree_entrycount) ?? 0)
    var (oldPosition, newPosition) = (0, 0)
    while oldPosition < oldCount || newPosition < newCount {
      let left = oldPosition < oldCount ? git_tree_entry_byindex(old, oldPosition) : nil
      let right = newPosition < newCount ? git_tree_entry_byindex(new, newPosition) : nil
      let order = Self.order(left, right)
      if order <= 0 { oldPosition += 1 }
      if order >= 0 { newPosition += 1 }
      try compareEntries(order <= 0 ? left : nil, order >= 0 ? right : nil)
    }
  }

  /// Two entries of one name and kind, or one of them alone.
  private mutating func compareEntries(_ old: OpaquePointer?, _ new: OpaquePointer?) throws {
    let (oldSide, newSide) = (Self.side(old), Self.side(new))
    if let oldSide, let newSide, oldSide.mode == newSide.mode {
      var (one, other) = (oldSide.id, newSide.id)
      if git_oid_equal(&one, &other) == 1 { return }
    }
    guard let name = git_tree_entry_name(old ?? new) else { return }
    let length = path.push(UnsafeBufferPointer(start: name, count: strlen(name)))
    defer { path.pop(to: length) }
    if (oldSide ?? newSide)?.mode == GIT_FILEMODE_TREE {
      let oldTree = try Subtree(oldSide, in: repository)
      let newTree = try Subtree(newSide, in: repository)
      try compare(oldTree.pointer, newTree.pointer)
    } else {
      found.append(.init(path: path.bytes, old: oldSide, new: newSide))
    }
  }

  /// A folder's tree, or none; freed when it is no longer needed.
  private struct Subtree: ~Copyable {
    let pointer: OpaquePointer?

    init(_ side: TreeDifference.Side?, in repository: OpaquePointer) throws {
      guard var id = side?.id else {
        pointer = nil
        return
      }
      var tree: OpaquePointer?
      try check(git_tree_lookup(&tree, repository, &id), "a folder of a commit")
      pointer = tree
    }

    deinit { git_tree_free(pointer) }
  }

  private static func side(_ entry: OpaquePointer?) -> TreeDifference.Side? {
    guard let entry, let id = git_tree_entry_id(entry)?.pointee else { return nil }
    return .init(id: id, mode: git_tree_entry_filemode(entry))
  }

  /// Git's order of tree entries: bytes, a folder's name as if `/` stood behind it. A file and a folder of one name differ.
  private static func order(_ left: OpaquePointer?, _ right: OpaquePointer?) -> Int {
    guard let left, let one = git_tree_entry_name(left) else { return 1 }
    guard let right, let other = git_tree_entry_name(right) else { return -1 }
    var position = 0
    while one[position] == other[position], one[position] != 0 { position += 1 }
    return rank(one[position], left) - rank(other[position], right)
  }

  private static func rank(_ character: CChar, _ entry: OpaquePointer) -> Int {
    if character != 0 { return Int(UInt8(bitPattern: character)) }
    return git_tree_entry_filemode(entry) == GIT_FILEMODE_TREE ? Int(UInt8(ascii: "/")) : 0
  }
}

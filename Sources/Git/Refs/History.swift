internal import CLibgit2

/// One commit of a branch's history, with what its message says in trailers.
package struct HistoryEntry: Hashable, Sendable {
  /// One `Key: value` line at the end of a commit message.
  package struct Trailer: Hashable, Sendable {
    /// What stands before the colon.
    package let key: String
    /// What stands after it, trimmed.
    package let value: String
  }

  /// The commit's id.
  package let commit: CommitID
  /// The ids of its parents, first to last.
  package let parents: [CommitID]
  /// The first line of the message.
  package let summary: String
  /// The trailers of its message, in order.
  package let trailers: [Trailer]

  /// The value of the last trailer with this key (upper and lower case as written); nil when there is none.
  package func trailer(_ key: String) -> String? {
    trailers.last { $0.key == key }?.value
  }
}

extension Repository {
  /// Whether `ancestor` is `commit` itself or one of its ancestors.
  package func isAncestor(_ ancestor: CommitID, of commit: CommitID) throws -> Bool {
    try isAncestor(ancestor, of: commit, in: repository)
  }

  func isAncestor(_ ancestor: CommitID, of commit: CommitID, in repository: OpaquePointer) throws -> Bool {
    if ancestor == commit { return true }
    if facts.isShallow { return ShallowHistory(repository: repository).isAncestor(ancestor, of: commit) }
    var older = ancestor.oid
    var newer = commit.oid
    let answer = git_graph_descendant_of(repository, &newer, &older)
    try check(status: answer, commit.hex)
    return answer == 1
  }

  /// The parents of a commit, first parent first.
  package func parents(of commit: CommitID) throws -> [CommitID] {
    try Self.parents(of: lookUp(commit, in: repository))
  }

  /// The whole message of a commit.
  package func commitMessage(of commit: CommitID) throws -> String {
    let handle = try lookUp(commit, in: repository)
    return git_commit_message(handle.pointer).map { String(cString: $0) } ?? ""
  }

  /// The first-parent history of a ref or revision, newest first, at most `limit` commits, ending before `end`.
  ///
  /// Costs one object read per commit; no trees are looked at.
  package func firstParentHistory(
    of revision: String,
    downTo end: CommitID? = nil,
    limit: Int = 10_000
  ) throws -> [HistoryEntry] {
    var entries: [HistoryEntry] = []
    var next: CommitID? = try resolve(revision)
    while let commit = next, commit != end, entries.count < limit {
      let entry = try historyEntry(commit)
      entries.append(entry)
      next = entry.parents.first
    }
    return entries
  }

  func lookUp(_ commit: CommitID, in repository: OpaquePointer) throws -> Handle<CommitKind> {
    var id = commit.oid
    return try Handle("the commit \(commit.short)") { git_commit_lookup(&$0, repository, &id) }
  }

  func tree(of commit: CommitID, in repository: OpaquePointer) throws -> Handle<TreeKind> {
    let handle = try lookUp(commit, in: repository)
    return try Handle("the tree of \(commit.short)") { git_commit_tree(&$0, handle.pointer) }
  }

  private static func parents(of commit: borrowing Handle<CommitKind>) -> [CommitID] {
    (0..<git_commit_parentcount(commit.pointer)).compactMap { position in
      git_commit_parent_id(commit.pointer, position).map { CommitID($0.pointee) }
    }
  }

  private func historyEntry(_ commit: CommitID) throws -> HistoryEntry {
    let handle = try lookUp(commit, in: repository)
    return HistoryEntry(
      commit: commit,
      parents: Self.parents(of: handle),
      summary: git_commit_summary(handle.pointer).map { String(cString: $0) } ?? "",
      trailers: Self.trailers(in: git_commit_message(handle.pointer))
    )
  }

  private static func trailers(in message: UnsafePointer<CChar>?) -> [HistoryEntry.Trailer] {
    guard let message else { return [] }
    var found = git_message_trailer_array()
    guard git_message_trailers(&found, message) == 0 else { return [] }
    defer { git_message_trailer_array_free(&found) }
    return UnsafeBufferPointer(start: found.trailers, count: found.count).map {
      HistoryEntry.Trailer(key: String(cString: $0.key), value: String(cString: $0.value))
    }
  }
}

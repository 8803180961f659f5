internal import CLibgit2

/// A name and an address for commits, used when the repository's configuration has none.
package struct Author: Hashable, Sendable {
  /// As in `user.name`.
  package let name: String
  /// As in `user.email`.
  package let email: String

  /// Takes both as they shall stand in commits.
  package init(name: String, email: String) {
    self.name = name
    self.email = email
  }

  /// What stands in commits of repositories without `user.name` and `user.email`.
  package static let plait = Author(name: "Plait", email: "plait@localhost")
}

/// An author with the time of now, freed at the end of its scope.
struct Signature: ~Copyable {
  let pointer: UnsafeMutablePointer<git_signature>

  /// Takes `user.name` and `user.email` of the repository, or else the fallback.
  init(of repository: OpaquePointer, fallback: Author) throws {
    var signature: UnsafeMutablePointer<git_signature>?
    if git_signature_default(&signature, repository) < 0 {
      try check(git_signature_now(&signature, fallback.name, fallback.email), "the author \(fallback.name)")
    }
    guard let signature else { throw GitError(.other, fallback.name, "no author for the commit: set user.name") }
    pointer = signature
  }

  deinit { git_signature_free(pointer) }
}

/// What a new commit object is made of.
struct CommitDraft: ~Copyable {
  let tree: git_oid
  let parents: [CommitID]
  let message: String
  let author: Author

  /// Writes the commit object; no ref moves.
  ///
  /// In two steps, because `git_commit_create` (libgit2 1.5) says that it has succeeded when the object could not be written.
  func write(in repository: OpaquePointer) throws -> CommitID {
    let signature = try Signature(of: repository, fallback: author)
    var treeID = tree
    let tree = try Handle<TreeKind>("the new tree") { git_tree_lookup(&$0, repository, &treeID) }
    let database = try Handle<ObjectDatabaseKind>("the object database") { git_repository_odb(&$0, repository) }
    var id = git_oid()
    var content = git_buf()
    defer { git_buf_dispose(&content) }
    try withParents(in: repository) { parents in
      try check(
        git_commit_create_buffer(
          &content,
          repository,
          signature.pointer,
          signature.pointer,
          nil,
          message,
          tree.pointer,
          parents.count,
          parents.baseAddress
        ),
        "the new commit"
      )
    }
    try check(git_odb_write(&id, database.pointer, content.ptr, content.size, GIT_OBJECT_COMMIT), "the new commit")
    return CommitID(id)
  }

  private func withParents(
    in repository: OpaquePointer,
    _ body: (UnsafeMutableBufferPointer<OpaquePointer?>) throws -> Void
  ) throws {
    var pointers: [OpaquePointer?] = []
    defer { pointers.forEach { git_commit_free($0) } }
    for parent in parents {
      var id = parent.oid
      var pointer: OpaquePointer?
      try check(git_commit_lookup(&pointer, repository, &id), "the commit \(parent.short)")
      pointers.append(pointer)
    }
    try pointers.withUnsafeMutableBufferPointer { try body($0) }
  }
}

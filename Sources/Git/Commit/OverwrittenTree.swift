internal import CLibgit2

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

extension Handle where Kind == TreeKind {
  /// Writes this tree with entries put over it; nil when libgit2 can't do that. Only the folders on the way to them are read.
  func overwritten(with entries: [TreeDifference.Entry], in repository: OpaquePointer) throws -> git_oid? {
    var updates: [git_tree_update] = []
    let paths = entries.map { strdup($0.path) }
    defer { for path in paths { free(path) } }
    for (entry, path) in zip(entries, paths) {
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
    var written = git_oid()
    GitError.forgetLast()
    let status = git_tree_create_updated(&written, repository, pointer, updates.count, &updates)
    if status == 0 { return written }
    let error = GitError(status: status, subject: "a tree")
    // A full disk stays full; anything else may be a case that only the longer way handles.
    if error.code == .storage || error.code == .permission { throw error }
    return nil
  }
}

internal import CLibgit2

/// How objects of one C type are given back to libgit2.
protocol HandleKind {
  static func release(_ pointer: OpaquePointer)
}

/// Owns one object of libgit2 and frees it, exactly once, when its scope ends.
///
/// The pointer may be passed to C calls but not kept: it dies with the handle. A handle that is not bound to a name
/// dies as soon as its pointer is read, so what a pointer is needed for has to be inside a method, or the handle named.
struct Handle<Kind: HandleKind>: ~Copyable {
  let pointer: OpaquePointer

  /// Takes what a C call puts into its out parameter.
  ///
  /// - Throws: a `GitError` about `subject` when the call fails.
  init(_ subject: @autoclosure () -> String, _ call: (inout OpaquePointer?) -> Int32) throws {
    var out: OpaquePointer?
    try check(call(&out), subject())
    guard let out else { throw GitError(.other, subject(), "\(subject()): libgit2 returned nothing") }
    pointer = out
  }

  deinit { Kind.release(pointer) }
}

extension Handle where Kind == TreeKind {
  var id: git_oid { git_tree_id(pointer).pointee }
}

extension Handle where Kind == ObjectKind {
  var id: git_oid { git_object_id(pointer).pointee }
}

enum RepositoryKind: HandleKind { static func release(_ pointer: OpaquePointer) { git_repository_free(pointer) } }
enum ReferenceKind: HandleKind { static func release(_ pointer: OpaquePointer) { git_reference_free(pointer) } }
enum ReferencesKind: HandleKind {
  static func release(_ pointer: OpaquePointer) { git_reference_iterator_free(pointer) }
}
enum ObjectKind: HandleKind { static func release(_ pointer: OpaquePointer) { git_object_free(pointer) } }
enum CommitKind: HandleKind { static func release(_ pointer: OpaquePointer) { git_commit_free(pointer) } }
enum TreeKind: HandleKind { static func release(_ pointer: OpaquePointer) { git_tree_free(pointer) } }
enum TreeEntryKind: HandleKind { static func release(_ pointer: OpaquePointer) { git_tree_entry_free(pointer) } }
enum BlobKind: HandleKind { static func release(_ pointer: OpaquePointer) { git_blob_free(pointer) } }
enum IndexKind: HandleKind { static func release(_ pointer: OpaquePointer) { git_index_free(pointer) } }
enum ConflictsKind: HandleKind {
  static func release(_ pointer: OpaquePointer) { git_index_conflict_iterator_free(pointer) }
}
enum DiffKind: HandleKind { static func release(_ pointer: OpaquePointer) { git_diff_free(pointer) } }
enum PatchKind: HandleKind { static func release(_ pointer: OpaquePointer) { git_patch_free(pointer) } }
enum ObjectDatabaseKind: HandleKind { static func release(_ pointer: OpaquePointer) { git_odb_free(pointer) } }
enum StatusKind: HandleKind { static func release(_ pointer: OpaquePointer) { git_status_list_free(pointer) } }
enum ConfigKind: HandleKind { static func release(_ pointer: OpaquePointer) { git_config_free(pointer) } }
enum ConfigEntriesKind: HandleKind {
  static func release(_ pointer: OpaquePointer) { git_config_iterator_free(pointer) }
}

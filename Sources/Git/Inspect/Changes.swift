internal import CLibgit2

/// One path that differs between two commits.
package struct PathChange: Hashable, Sendable {
  /// What happened to a path.
  package enum Kind: String, Sendable {
    case added, modified, deleted
    /// A file became a link, a submodule entry or the other way round.
    case typeChanged
  }

  /// Relative to the repository's top.
  package let path: String
  /// What happened to it.
  package let kind: Kind
}

extension git_diff_delta {
  /// The path; both sides have the same one since renames are not looked for.
  var path: UnsafePointer<CChar>? { new_file.path ?? old_file.path }
}

extension Repository {
  /// What differs between two commits, sorted by path, at most `limit` paths; a rename is a deletion and an addition.
  package func changes(from old: CommitID, to new: CommitID, limit: Int = 10_000) throws -> [PathChange] {
    try difference(from: old, to: new).changes(limit: limit)
  }

  /// The difference between two commits as a patch, of all paths or only of the named files and folders.
  ///
  /// Stops at the end of the file with which `limitBytes` is passed, and says how many files it left out.
  package func diffText(
    from old: CommitID,
    to new: CommitID,
    paths: [String] = [],
    limitBytes: Int = 200_000
  ) throws -> String {
    let oldTree = try tree(of: old, in: repository)
    let newTree = try tree(of: new, in: repository)
    var options = git_diff_options()
    try check(git_diff_options_init(&options, UInt32(GIT_DIFF_OPTIONS_VERSION)), "the difference")
    options.flags = GIT_DIFF_INCLUDE_TYPECHANGE.rawValue | GIT_DIFF_DISABLE_PATHSPEC_MATCH.rawValue
    let diff = try Handle<DiffKind>("the difference") { out in
      withCStrings(paths.map { $0.utf8CString.map { $0 } }) { strings in
        options.pathspec = strings
        return git_diff_tree_to_tree(&out, repository, oldTree.pointer, newTree.pointer, &options)
      }
    }
    let count = git_diff_num_deltas(diff.pointer)
    var text = ""
    for position in 0..<count {
      guard text.utf8.count < limitBytes else { return text + "[\(count - position) more files differ]\n" }
      text += try Self.patch(diff, position, limitBytes: limitBytes - text.utf8.count)
    }
    return text
  }

  func difference(from old: CommitID, to new: CommitID) throws -> TreeDifference {
    let oldTree = try tree(of: old, in: repository)
    let newTree = try tree(of: new, in: repository)
    return try TreeDifference(from: oldTree.pointer, to: newTree.pointer, in: repository)
  }

  private static func patch(
    _ diff: borrowing Handle<DiffKind>,
    _ position: Int,
    limitBytes: Int
  ) throws -> String {
    let diff = diff.pointer
    let patch = try Handle<PatchKind>("the patch") { git_patch_from_diff(&$0, diff, position) }
    var buffer = git_buf()
    defer { git_buf_dispose(&buffer) }
    try check(git_patch_to_buf(&buffer, patch.pointer), "the patch")
    guard let start = buffer.ptr else { return "" }
    let bytes = UnsafeRawBufferPointer(start: start, count: buffer.size)
    if bytes.count <= limitBytes { return String(decoding: bytes, as: UTF8.self) }
    let cut = String(decoding: bytes.prefix(limitBytes), as: UTF8.self)
    return cut + "\n[\(bytes.count - limitBytes) more bytes of this file's patch]\n"
  }
}

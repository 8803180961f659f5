internal import CLibgit2

/// Moves the files of a checkout from one tree to another without losing local changes.
struct SafeCheckout {
  let repository: OpaquePointer
  let path: String

  /// - Throws: `.conflict` in the middle of a merge, rebase, cherry-pick, revert or bisect.
  func refuseUnfinishedOperation() throws {
    guard git_repository_state(repository) != GIT_REPOSITORY_STATE_NONE.rawValue else { return }
    throw GitError(.conflict, path, "a merge, rebase or similar is unfinished in \(path): finish or abort it first")
  }

  /// Changes that are staged but not in the file either would be lost by a checkout that only compares files.
  func refuseStagedChanges(from old: borrowing Handle<TreeKind>, to new: borrowing Handle<TreeKind>) throws {
    let index = try Handle<IndexKind>("the index of \(path)") { git_repository_index(&$0, repository) }
    let staged = try Handle<DiffKind>("the staged changes in \(path)") {
      git_diff_tree_to_index(&$0, repository, old.pointer, index.pointer, nil)
    }
    let coming = try TreeDifference(from: old.pointer, to: new.pointer, in: repository)
    let changed = Set(coming.changes(limit: .max).map(\.path))
    let inTheWay = (0..<git_diff_num_deltas(staged.pointer)).compactMap { position in
      git_diff_get_delta(staged.pointer, position)?.pointee.path.map { String(cString: $0) }
    }.filter { changed.contains($0) }
    if !inTheWay.isEmpty { throw overwritten(inTheWay) }
  }

  /// Writes the files that differ between the trees; compares all of them first and changes nothing if one is in the way.
  ///
  /// - Throws: `.conflict` naming the files that have local changes.
  func update(from old: borrowing Handle<TreeKind>, to new: borrowing Handle<TreeKind>) throws {
    let conflicts = PathList()
    var options = git_checkout_options()
    try check(git_checkout_options_init(&options, UInt32(GIT_CHECKOUT_OPTIONS_VERSION)), path)
    options.checkout_strategy = GIT_CHECKOUT_SAFE.rawValue | GIT_CHECKOUT_DONT_OVERWRITE_IGNORED.rawValue
    options.baseline = old.pointer
    options.notify_flags = GIT_CHECKOUT_NOTIFY_CONFLICT.rawValue
    options.notify_payload = Unmanaged.passUnretained(conflicts).toOpaque()
    options.notify_cb = { _, path, _, _, _, payload in
      guard let path, let payload else { return 0 }
      Unmanaged<PathList>.fromOpaque(payload).takeUnretainedValue().paths.append(String(cString: path))
      return 0
    }
    // The payload is not retained by libgit2: the list has to outlive the call.
    let status = withExtendedLifetime(conflicts) { git_checkout_tree(repository, new.pointer, &options) }
    do {
      try check(status: status, path)
    } catch let error as GitError where error.code == .conflict && !conflicts.paths.isEmpty {
      throw overwritten(conflicts.paths)
    }
  }

  private func overwritten(_ files: [String]) -> GitError {
    let names = Set(files).sorted()
    let list = names.prefix(5).joined(separator: ", ") + (names.count > 5 ? " and \(names.count - 5) more" : "")
    let sentence = "local changes in \(path) would be overwritten: commit or stash \(list), then try again"
    return GitError(.conflict, path, sentence)
  }
}

/// Collects paths from inside a C callback.
private final class PathList {
  var paths: [String] = []
}

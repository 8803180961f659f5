internal import CLibgit2

extension Repository {
  /// Creates a ref that must not exist.
  ///
  /// - Throws: `.exists` when it does, or when a branch in the way (`plait` blocks `plait/x`, and the other way
  ///   round) makes it impossible; the message names that branch.
  package func createRef(_ name: String, at commit: CommitID) throws {
    try create(ref: fullRefName(name), at: commit)
  }

  /// Moves a ref if it still points where the caller saw it.
  ///
  /// - Throws: `.moved` when it points elsewhere or is gone.
  package func moveRef(_ name: String, from old: CommitID, to new: CommitID, message: String) throws {
    let fullName = fullRefName(name)
    var expected = old.oid
    var target = new.oid
    do {
      try retryingLocks {
        _ = try Handle<ReferenceKind>(fullName) {
          git_reference_create_matching(&$0, repository, fullName, &target, 1, &expected, message)
        }
      }
    } catch let error as GitError where error.code == .moved || error.code == .notFound {
      let place = try tip(of: fullName).map { "is at \($0.short)" } ?? "is gone"
      throw GitError(.moved, fullName, "\(fullName) \(place), not at \(old.short): read it again, then decide anew")
    }
  }

  /// Deletes a ref if it still points where the caller saw it; a ref that is gone already is fine.
  ///
  /// - Throws: `.moved` when it points elsewhere.
  package func deleteRef(_ name: String, expecting commit: CommitID) throws {
    try delete(ref: fullRefName(name), expecting: commit)
  }

  func create(ref fullName: String, at commit: CommitID) throws {
    var target = commit.oid
    do {
      try retryingLocks {
        _ = try Handle<ReferenceKind>(fullName) {
          git_reference_create(&$0, repository, fullName, &target, 0, "created by plait")
        }
      }
    } catch let error as GitError where error.code == .storage || error.code == .permission {
      throw error
    } catch let error as GitError {
      if let blocker = try blocker(of: fullName) { throw Self.taken(fullName, by: blocker) }
      throw error
    }
  }

  func delete(ref fullName: String, expecting commit: CommitID) throws {
    do {
      try retryingLocks {
        let reference = try Handle<ReferenceKind>(fullName) { git_reference_lookup(&$0, repository, fullName) }
        guard let id = git_reference_target(reference.pointer), CommitID(id.pointee) == commit else {
          throw GitError(
            .moved,
            fullName,
            "\(fullName) is not at \(commit.short) any more: look at it before deleting it"
          )
        }
        // Deletes only if the ref still holds what was just looked up; libgit2 compares under the ref's lock.
        try check(git_reference_delete(reference.pointer), fullName)
      }
    } catch let error as GitError where error.code == .notFound {
      return
    }
  }

  /// The existing ref that makes a name impossible: the name itself, one above it, or one below it.
  private func blocker(of fullName: String) throws -> String? {
    let parts = fullName.split(separator: "/")
    for count in stride(from: parts.count, to: 2, by: -1) {
      let name = parts.prefix(count).joined(separator: "/")
      var id = git_oid()
      if git_reference_name_to_id(&id, repository, name) == 0 { return name }
    }
    return try refs(matching: "\(fullName)/*").first?.name
  }

  private static func taken(_ fullName: String, by blocker: String) -> GitError {
    let name = shortRefName(fullName)
    if blocker == fullName {
      return GitError(.exists, fullName, "\(name) exists already: choose another name or delete it")
    }
    let other = shortRefName(blocker)
    let remedy = "rename it with 'git branch -m \(other) NEW-NAME'"
    return GitError(.exists, blocker, "\(name) can't be created because \(other) exists: \(remedy)")
  }
}

internal import CLibgit2

/// Where HEAD points.
package enum Head: Hashable, Sendable {
  /// A branch (short name) and its tip.
  case branch(String, CommitID)
  case detached(CommitID)
  /// A branch that has no commit yet.
  case unborn(String)

  /// The tip; nil when there is no commit yet.
  package var commit: CommitID? {
    switch self {
    case .branch(_, let commit), .detached(let commit): commit
    case .unborn: nil
    }
  }

  /// The branch's short name; nil when HEAD is detached.
  package var branch: String? {
    switch self {
    case .branch(let name, _), .unborn(let name): name
    case .detached: nil
    }
  }
}

/// The full name of a ref: what starts with `refs/`, and HEAD, stay; anything else is a branch.
func fullRefName(_ name: String) -> String {
  name.hasPrefix("refs/") || name == "HEAD" ? name : "refs/heads/\(name)"
}

/// A branch's name without `refs/heads/`; other refs stay whole.
func shortRefName(_ name: String) -> String {
  name.hasPrefix("refs/heads/") ? String(name.dropFirst("refs/heads/".count)) : name
}

extension Repository {
  /// Where HEAD of the opened checkout points.
  package func head() throws -> Head {
    try Head(of: repository)
  }

  /// The commit that a revision names (`main`, `v1.0`, `HEAD~2`, an abbreviated id).
  ///
  /// - Throws: `.noCommits` for HEAD of an empty repository, `.notFound` for a name that nothing answers to.
  package func resolve(_ revision: String) throws -> CommitID {
    if revision == "HEAD", case .unborn(let branch) = try head() {
      throw GitError(.noCommits, branch, "the branch \(branch) has no commit yet: make a first commit, then try again")
    }
    do {
      let object = try Handle<ObjectKind>("the revision \(revision)") {
        git_revparse_single(&$0, repository, revision)
      }
      let commit = try Handle<ObjectKind>("the revision \(revision)") {
        git_object_peel(&$0, object.pointer, GIT_OBJECT_COMMIT)
      }
      return CommitID(commit.id)
    } catch let error as GitError where error.code == .other || error.code == .notFound {
      throw GitError(.notFound, revision, "no commit is called \(revision): see 'git branch -a' and 'git log'")
    }
  }

  /// The commit that a ref points to; nil when there is no such ref.
  package func tip(of ref: String) throws -> CommitID? {
    try commit(of: fullRefName(ref), in: repository)
  }

  /// The refs whose full name matches a shell pattern (`refs/heads/plait/*`; `*` also matches `/`), by name.
  ///
  /// Each with the commit it points to; refs to anything else than a commit are left out.
  package func refs(matching pattern: String) throws -> [(name: String, commit: CommitID)] {
    let references = try Handle<ReferencesKind>("the refs \(pattern)") {
      git_reference_iterator_glob_new(&$0, repository, pattern)
    }
    var names: [String] = []
    var name: UnsafePointer<CChar>?
    while true {
      let status = git_reference_next_name(&name, references.pointer)
      if status == GIT_ITEROVER.rawValue { break }
      try check(status: status, "the refs \(pattern)")
      if let name { names.append(String(cString: name)) }
    }
    return try names.sorted().compactMap { name in
      // A ref may be deleted by another actor between the listing and this look.
      try commit(of: name, in: repository).map { (name, $0) }
    }
  }

  func commit(of fullName: String, in repository: OpaquePointer) throws -> CommitID? {
    do {
      let reference = try Handle<ReferenceKind>(fullName) { git_reference_lookup(&$0, repository, fullName) }
      let commit = try Handle<ObjectKind>(fullName) { git_reference_peel(&$0, reference.pointer, GIT_OBJECT_COMMIT) }
      return CommitID(commit.id)
    } catch let error as GitError where error.code == .notFound {
      return nil
    }
  }
}

extension Head {
  init(of repository: OpaquePointer) throws {
    let head = try Handle<ReferenceKind>("HEAD") { git_reference_lookup(&$0, repository, "HEAD") }
    guard let target = git_reference_symbolic_target(head.pointer) else {
      guard let id = git_reference_target(head.pointer) else {
        throw GitError(.corrupt, "HEAD", "HEAD can't be read: run 'git fsck' in the repository")
      }
      self = .detached(CommitID(id.pointee))
      return
    }
    let name = shortRefName(String(cString: target))
    var id = git_oid()
    let status = git_reference_name_to_id(&id, repository, "HEAD")
    if status == GIT_ENOTFOUND.rawValue {
      self = .unborn(name)
      return
    }
    try check(status: status, "HEAD")
    self = .branch(name, CommitID(id))
  }
}

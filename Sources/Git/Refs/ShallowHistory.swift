internal import CLibgit2

/// The history of a shallow clone, as far as it is there.
///
/// libgit2 before 1.7 knows that a clone is shallow and still asks for the parents of its oldest commits when it looks for
/// ancestors. Here a parent that is missing ends its line of history.
struct ShallowHistory {
  let repository: OpaquePointer

  /// `commit` and everything that it descends from.
  func ancestors(of commit: CommitID) -> Set<CommitID> {
    var found: Set<CommitID> = [commit]
    var next = [commit]
    while let commit = next.popLast() {
      for parent in parents(of: commit) where exists(parent) && found.insert(parent).inserted { next.append(parent) }
    }
    return found
  }

  func isAncestor(_ ancestor: CommitID, of commit: CommitID) -> Bool {
    ancestors(of: commit).contains(ancestor)
  }

  /// The common ancestors that no other common ancestor descends from.
  func mergeBases(_ one: CommitID, _ other: CommitID) -> [CommitID] {
    let reachable = ancestors(of: one)
    var bases: [CommitID] = []
    var seen: Set<CommitID> = [other]
    var next = [other]
    while let commit = next.popLast() {
      if reachable.contains(commit) {
        bases.append(commit)
      } else {
        for parent in parents(of: commit) where exists(parent) && seen.insert(parent).inserted { next.append(parent) }
      }
    }
    return bases.filter { base in !bases.contains { $0 != base && isAncestor(base, of: $0) } }
  }

  private func exists(_ commit: CommitID) -> Bool { (try? lookUp(commit)) != nil }

  private func parents(of commit: CommitID) -> [CommitID] {
    guard let handle = try? lookUp(commit) else { return [] }
    return (0..<git_commit_parentcount(handle.pointer)).compactMap { position in
      git_commit_parent_id(handle.pointer, position).map { CommitID($0.pointee) }
    }
  }

  private func lookUp(_ commit: CommitID) throws -> Handle<CommitKind> {
    var id = commit.oid
    return try Handle("the commit \(commit.short)") { git_commit_lookup(&$0, repository, &id) }
  }
}

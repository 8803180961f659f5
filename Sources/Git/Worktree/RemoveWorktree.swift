internal import CLibgit2

/// A linked worktree as the repository knows it, whoever made it.
package struct WorktreeEntry: Hashable, Sendable {
  /// Its name in git's administration.
  package let name: String
  /// Its folder, absolute.
  package let path: String
  /// The short name of the branch that is checked out; nil when HEAD is detached or unreadable.
  package let branch: String?
  /// Where HEAD points; nil when unborn or unreadable.
  package let commit: CommitID?
  /// Whether it is a spare one, with nobody's work in it but what is kept elsewhere.
  package let isSpare: Bool
  /// Whether git was told to keep it.
  package let isLocked: Bool
  /// Whether the folder is there and belongs to this registration.
  package let isIntact: Bool
}

extension Repository {
  /// All linked worktrees by name, without the main checkout.
  package func worktrees() throws -> [WorktreeEntry] {
    try areas().map { area in
      let isIntact = (try? area.verify()) != nil
      let head = FileSystem.read("\(area.directory)/HEAD")?.trimmingNewlines
      let target = head?.hasPrefix("ref: ") == true ? head?.dropFirst("ref: ".count) : nil
      let commit = try target.map { try self.commit(of: String($0), in: repository) } ?? head.flatMap { CommitID($0) }
      return WorktreeEntry(
        name: area.name,
        path: area.path,
        branch: target.map { shortRefName(String($0)) },
        commit: commit,
        isSpare: area.isSpare,
        isLocked: area.isLocked,
        isIntact: isIntact
      )
    }
  }

  /// Removes a worktree: its folder with everything in it, whatever the modes, and its registration. Its branch stays.
  ///
  /// A locked one is removed too; a folder or registration that is gone already is fine.
  ///
  /// - Throws: `.other` when the registered path is not a worktree's (it holds the repository itself).
  package func removeWorktree(_ name: String) throws {
    if lastWorktree?.area.name == name { lastWorktree = nil }
    guard let area = WorktreeArea(registered: name, in: facts.commonDirectory) else {
      try FileSystem.removeTree("\(facts.commonDirectory)/worktrees/\(name)")
      return
    }
    try removeFolder(of: area)
    try area.unregister()
  }

  /// Locks a worktree: `git worktree prune` and `git worktree remove` then leave it alone. Locking twice is fine.
  package func lockWorktree(_ name: String, reason: String) throws {
    let file = "\(try registered(name).directory)/locked"
    if FileSystem.status(file) == nil { try FileSystem.writeNew(file, "\(reason)\n") }
  }

  /// Takes the lock away; one that is not locked is fine.
  package func unlockWorktree(_ name: String) throws {
    try FileSystem.removeFile("\(registered(name).directory)/locked")
  }

  /// Removes the registrations of worktrees whose name starts so and whose folder is gone; gives their names.
  @discardableResult
  package func pruneWorktrees(prefix: String) throws -> [String] {
    let gone = try areas().filter { $0.name.hasPrefix(prefix) && FileSystem.status($0.path) == nil }
    for area in gone { try area.unregister() }
    return gone.map(\.name)
  }

  func registered(_ name: String) throws -> WorktreeArea {
    guard let area = WorktreeArea(registered: name, in: facts.commonDirectory) else {
      throw GitError(.notFound, name, "there is no worktree called \(name): see 'git worktree list'")
    }
    return area
  }

  private func areas() throws -> [WorktreeArea] {
    let folder = "\(facts.commonDirectory)/worktrees"
    guard FileSystem.status(folder)?.kind == .directory else { return [] }
    let entries = try DirectoryEntries(of: folder)
    let names = (0..<entries.count).map { position in
      entries.withName(position) { name in
        String(decoding: name.lazy.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      }
    }
    return names.sorted().compactMap { WorktreeArea(registered: $0, in: facts.commonDirectory) }
  }

  private func removeFolder(of area: WorktreeArea) throws {
    guard let path = FileSystem.realPath(area.path) else {
      try area.overlay?.discard()
      return
    }
    let holdsRepository = "\(facts.commonDirectory)/".hasPrefix("\(path)/")
    let holdsCheckout = facts.workingDirectory.map { "\($0)/".hasPrefix("\(path)/") } ?? false
    guard !holdsRepository, !holdsCheckout else {
      throw GitError(
        .other,
        path,
        "\(path) holds the repository itself, so it is not removed: check 'git worktree list'"
      )
    }
    // Before the folder: what lies over another worktree would only be marked as gone there.
    try area.overlay?.discard()
    try FileSystem.removeLargeTree(area.path)
  }
}

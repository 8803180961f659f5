internal import CLibgit2

/// One open git repository. Everything that touches it runs on a queue of its own, so that blocking calls hold up
/// nobody else; no pointer of libgit2 leaves.
///
/// Several of these may be open on the same repository at the same time. They coordinate as git processes do, by the
/// lock files in the repository.
///
/// Refs: a name that starts with `refs/` is taken as it is, any other is a branch (`main` is `refs/heads/main`).
package actor Repository {
  /// What is known of the repository since it was opened.
  package nonisolated let facts: RepositoryFacts
  private nonisolated let executor: SerialQueueExecutor
  let handle: Handle<RepositoryKind>
  /// The shared exclude file as it was when last looked at; see `resetWorktree`.
  var knownExclude: String?
  /// The worktree that was used last; see `withOpen`.
  var lastWorktree: OpenWorktree?

  /// A queue of its own: calls into libgit2 block.
  package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  private init(discoveredFrom path: String, executor: SerialQueueExecutor) throws {
    try Library.start()
    let location = try RepositoryLocation(discoveredFrom: path)
    let configurationNotes = try location.refuseWhatLibgit2Cannot()
    handle = try Handle<RepositoryKind>(opening: location)
    facts = try RepositoryFacts(location, handle, notes: configurationNotes)
    knownExclude = FileSystem.read("\(facts.commonDirectory)/info/exclude")
    self.executor = executor
  }

  /// Opens the repository that a path belongs to, looking upwards as git does.
  ///
  /// What libgit2 can't do faithfully is refused here with the reason and the next step (`.unsupported`); what works
  /// with a limit is listed in `facts.notes`. See also `checkSupport(base:)`.
  package static func open(_ path: String) async throws -> Repository {
    let executor = SerialQueueExecutor(label: "plait.git")
    return try await executor.run { try Repository(discoveredFrom: path, executor: executor) }
  }

  /// The pointer for C calls; it lives as long as this actor.
  var repository: OpaquePointer { handle.pointer }
}

/// What is known about a repository once it is open.
package struct RepositoryFacts: Sendable, Hashable {
  /// The `.git` folder, or the administrative folder of the linked worktree that was opened. Absolute, no slash at the end.
  package let gitDirectory: String
  /// The folder that all worktrees share: refs, objects, configuration.
  package let commonDirectory: String
  /// The folder with the checked-out files; nil for a bare repository.
  package let workingDirectory: String?
  /// Whether it has no working copy.
  package let isBare: Bool
  /// Whether its history is cut off.
  package let isShallow: Bool
  /// Limits worth telling the user, one sentence each.
  package let notes: [String]

  init(_ location: RepositoryLocation, _ handle: borrowing Handle<RepositoryKind>, notes: [String]) throws {
    gitDirectory = location.gitDirectory
    commonDirectory = location.commonDirectory
    workingDirectory = git_repository_workdir(handle.pointer).map { path in
      let text = String(cString: path)
      return text.count > 1 && text.hasSuffix("/") ? String(text.dropLast()) : text
    }
    isBare = git_repository_is_bare(handle.pointer) == 1
    isShallow = git_repository_is_shallow(handle.pointer) == 1
    var notes = notes
    if isBare { notes.append("The repository is bare: results land on branches, no files are updated.") }
    if isShallow { notes.append("The clone is shallow: history ends where it was cut off.") }
    self.notes = notes
  }
}

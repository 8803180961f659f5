internal import CLibgit2

/// A worktree that Plait made: what is needed to use it again, commit what is in it, and remove it.
package struct WorktreeHandleInfo: Hashable, Sendable {
  /// The name of its folder under `worktrees/` in the repository.
  package let name: String
  /// Its absolute path.
  package let path: String
  /// The short name of the branch that belongs to it; empty while it belongs to none.
  package let branch: String
  /// The commit that was checked out last.
  package let base: CommitID

  /// Takes names and places; makes nothing.
  package init(name: String, path: String, branch: String, base: CommitID) {
    self.name = name
    self.path = path
    self.branch = branch
    self.base = base
  }
}

/// The files that tie a linked worktree to its repository: `<common>/worktrees/<name>/` and `<path>/.git`.
///
/// They are written here and not by `git_worktree_add`: its half-made results can't be undone reliably, and its check
/// whether a branch is in use reads every other worktree.
struct WorktreeArea {
  let name: String
  let path: String
  let commonDirectory: String

  var directory: String { "\(commonDirectory)/worktrees/\(name)" }
  var linkText: String { "gitdir: \(directory)\n" }

  /// The area of a worktree by its name, with the path it is registered for; nil when there is none.
  init?(registered name: String, in commonDirectory: String) {
    guard let link = FileSystem.read("\(commonDirectory)/worktrees/\(name)/gitdir")?.trimmingNewlines,
      link.hasSuffix("/.git")
    else { return nil }
    self.init(name: name, path: String(link.dropLast("/.git".count)), commonDirectory: commonDirectory)
  }

  /// The area of a worktree that Plait made.
  init(_ worktree: WorktreeHandleInfo, in commonDirectory: String) {
    self.init(name: worktree.name, path: worktree.path, commonDirectory: commonDirectory)
  }

  init(name: String, path: String, commonDirectory: String) {
    self.name = name
    self.path = path
    self.commonDirectory = commonDirectory
  }

  /// Creates the administrative folder and its files; undone by `unregister`.
  ///
  /// - Parameter lower: the name of the worktree that it lies over, if it is an overlay.
  /// - Throws: `.exists` when another worktree has the name.
  func register(head: String, over lower: String? = nil) throws {
    try FileSystem.makeDirectories("\(commonDirectory)/worktrees")
    do {
      try FileSystem.makeNewDirectory(directory)
    } catch let error as GitError where error.code == .exists {
      throw GitError(.exists, name, "a worktree called \(name) exists already: choose another name or remove it")
    }
    // `gitdir` last: without it git's own prune and listing pass over the half-made folder.
    try FileSystem.writeNew("\(directory)/commondir", "../..\n")
    try FileSystem.writeNew("\(directory)/HEAD", head)
    if let lower { try markOverlay(over: lower) }
    try FileSystem.writeNew("\(directory)/gitdir", "\(path)/.git\n")
  }

  /// Links the folder to the administrative folder. The folder must exist.
  func link() throws {
    try FileSystem.writeNew("\(path)/.git", linkText)
  }

  /// Removes the administrative folder.
  func unregister() throws {
    try FileSystem.removeTree(directory)
    // git removes `worktrees` itself when the last one goes; another actor may just have added one, then it stays.
    FileSystem.removeDirectoryIfEmpty("\(commonDirectory)/worktrees")
  }

  /// Points HEAD at a branch without looking at any file.
  func setHead(branch: String) throws { try setHead(Self.head(on: branch)) }

  /// Points HEAD at a commit without looking at any file.
  func setHead(commit: CommitID) throws { try setHead(Self.head(at: commit)) }

  /// What the file HEAD says on a branch, by its short or full name.
  static func head(on branch: String) -> String { "ref: \(fullRefName(branch))\n" }
  /// What the file HEAD says when it is detached.
  static func head(at commit: CommitID) -> String { "\(commit)\n" }

  private func setHead(_ text: String) throws {
    // No worker runs in this worktree any more, so a lock can only be left over.
    try FileSystem.removeFile("\(directory)/HEAD.lock")
    try FileSystem.replace("\(directory)/HEAD", text)
  }

  /// Whether it holds nobody's work, or none that isn't kept elsewhere: set when it is made without a branch, given back or
  /// cleaned, and gone as soon as it is lent. A detached HEAD alone may be a worker's doing.
  var isSpare: Bool { FileSystem.status("\(directory)/\(Self.spareMark)") != nil }

  func markSpare() throws { try FileSystem.replace("\(directory)/\(Self.spareMark)", "") }

  private static let spareMark = "plait-spare"

  /// Whether git may neither prune nor move it.
  var isLocked: Bool { FileSystem.status("\(directory)/locked") != nil }

  /// Throws unless folder, link and administrative files are there and belong together.
  ///
  /// - Throws: `.worktreeLost`.
  func verify() throws {
    guard FileSystem.status(path)?.kind == .directory else {
      throw lost("its folder is gone")
    }
    guard FileSystem.status("\(path)/.git")?.kind == .regular, let link = FileSystem.read("\(path)/.git") else {
      throw lost("its .git file is gone")
    }
    guard link.trimmingNewlines == linkText.trimmingNewlines else {
      throw lost("its .git file points elsewhere")
    }
    guard FileSystem.read("\(directory)/gitdir")?.trimmingNewlines == "\(path)/.git",
      FileSystem.read("\(directory)/commondir")?.trimmingNewlines == "../..",
      FileSystem.status("\(directory)/HEAD") != nil
    else { throw lost("its files in \(directory) are damaged") }
  }

  private func lost(_ reason: String) -> GitError {
    let sentence = "the worktree \(name) at \(path) can't be used, \(reason): remove it and make a new one"
    return GitError(.worktreeLost, path, sentence)
  }
}

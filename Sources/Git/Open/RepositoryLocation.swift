internal import CLibgit2

/// Where a repository lies, found without opening it: libgit2 refuses some repositories with a text that helps nobody,
/// so their configuration has to be read first.
struct RepositoryLocation {
  let gitDirectory: String
  let commonDirectory: String

  init(discoveredFrom path: String) throws {
    guard FileSystem.status(path) != nil else {
      throw GitError(.notARepository, path, "\(path) does not exist: give the path of a git repository")
    }
    var found = git_buf()
    defer { git_buf_dispose(&found) }
    guard git_repository_discover(&found, path, 0, nil) == 0, let text = found.ptr else {
      throw GitError(.notARepository, path, "\(path) is not in a git repository: run 'git init' there first")
    }
    gitDirectory = FileSystem.realPath(String(cString: text)) ?? String(cString: text)
    commonDirectory = Self.commonDirectory(of: gitDirectory)
  }

  /// Follows the `commondir` file that a linked worktree's folder has.
  static func commonDirectory(of gitDirectory: String) -> String {
    guard let text = FileSystem.read("\(gitDirectory)/commondir") else { return gitDirectory }
    let link = text.trimmingNewlines
    return FileSystem.realPath(link.hasPrefix("/") ? link : "\(gitDirectory)/\(link)") ?? gitDirectory
  }

  /// Throws for repositories that libgit2 would misread or refuse; gives notes on what works with limits.
  func refuseWhatLibgit2Cannot() throws -> [String] {
    let configuration = try Configuration(file: "\(commonDirectory)/config")
    let format = configuration.string("extensions.objectformat") ?? "sha1"
    try refuse(unless: format == "sha1", "uses \(format) object names", "convert it to SHA-1 with 'git clone'")
    let storage = configuration.string("extensions.refstorage") ?? "files"
    try refuse(
      unless: storage == "files",
      "stores its refs as \(storage)",
      "run 'git refs migrate --ref-format=files' first"
    )
    let isPartial =
      configuration.string("extensions.partialclone") != nil
      || configuration.holdsTrue("^remote\\..*\\.promisor$")
    try refuse(unless: !isPartial, "is a partial clone that fetches files on demand", "make a full clone and use that")
    if configuration.isTrue("extensions.worktreeconfig") { try refuseMovedWorktree() }
    return notes(configuration)
  }

  private func refuse(unless isFine: Bool, _ reason: String, _ remedy: String) throws {
    if isFine { return }
    let sentence = "\(gitDirectory) \(reason), which libgit2 can't read: \(remedy)"
    throw GitError(.unsupported, gitDirectory, sentence)
  }

  /// libgit2 does not read `config.worktree`. That is harmless unless the file says where the files are.
  private func refuseMovedWorktree() throws {
    guard FileSystem.status("\(commonDirectory)/config.worktree") != nil else { return }
    let configuration = try Configuration(file: "\(commonDirectory)/config.worktree")
    let isMoved = configuration.isTrue("core.bare") || configuration.string("core.worktree") != nil
    try refuse(
      unless: !isMoved,
      "sets core.bare or core.worktree in config.worktree",
      "move these two settings to the config file beside it"
    )
  }

  private func notes(_ configuration: borrowing Configuration) -> [String] {
    var notes: [String] = []
    if configuration.isTrue("core.sparsecheckout") || sparseInWorktreeConfiguration() {
      notes.append("The checkout is sparse: worktrees of workers hold all files.")
    }
    let hooks = activeHooks(configuration)
    if !hooks.isEmpty {
      notes.append("Hooks are not run for results and merges: \(hooks.joined(separator: ", ")).")
    }
    return notes
  }

  private func sparseInWorktreeConfiguration() -> Bool {
    let file = "\(gitDirectory)/config.worktree"
    guard FileSystem.status(file) != nil, let configuration = try? Configuration(file: file) else { return false }
    return configuration.isTrue("core.sparsecheckout")
  }

  /// The hooks that git itself would run at a commit, a merge or a checkout.
  private func activeHooks(_ configuration: borrowing Configuration) -> [String] {
    let folder = configuration.string("core.hookspath") ?? "\(commonDirectory)/hooks"
    let names = [
      "pre-commit", "prepare-commit-msg", "commit-msg", "post-commit", "pre-merge-commit", "post-merge",
      "post-checkout", "reference-transaction",
    ]
    return names.filter { FileSystem.isExecutable("\(folder)/\($0)") }
  }
}

extension Handle where Kind == RepositoryKind {
  /// Opens exactly this repository, with the reasons of a refusal in plain words.
  init(opening location: RepositoryLocation) throws {
    let path = location.gitDirectory
    do {
      try self.init(path) { git_repository_open(&$0, path) }
    } catch let error as GitError where error.code == .ownedByAnother || error.message.contains("safe.directory") {
      // Without any safe.directory setting libgit2 1.5 reports the missing setting instead of the owner.
      let remedy = "run as its owner, or allow it with 'git config --global --add safe.directory \(path)'"
      throw GitError(.ownedByAnother, path, "\(path) belongs to another user: \(remedy)")
    } catch let error as GitError where error.message.contains("unsupported") {
      throw GitError(.unsupported, path, "\(path) uses a git feature that libgit2 can't read: \(error.message)")
    }
  }
}

extension String {
  /// The text without newlines at its end.
  var trimmingNewlines: String {
    var text = self[...]
    while text.last?.isNewline == true { text.removeLast() }
    return String(text)
  }
}

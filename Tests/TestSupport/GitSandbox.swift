import Foundation

/// A throw-away git repository with one commit, and the real `git` program to look at it.
///
/// It lies on a memory file system when there is one. The user's and the system's git settings have no effect in it.
package final class GitSandbox: Sendable {
  /// The folder of everything that belongs to this sandbox; removed at the end.
  package let root: String
  /// The repository, `root/repo`.
  package let path: String

  /// Makes a repository on branch `main` with one commit that holds `README.md`.
  package convenience init() throws {
    try self.init(arguments: ["--quiet", "--initial-branch=main"])
    try write("README.md", "a sandbox\n")
    try commit("first")
  }

  /// Makes a repository without a commit, with these arguments to `git init`.
  package init(arguments: [String]) throws {
    Self.isolate
    root = "\(Self.folder)/plait-sandbox-\(getpid())-\(UInt32.random(in: 0 ... .max))"
    path = "\(root)/repo"
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    _ = try Program.run(["git", "init"] + arguments + [path], in: root)
    if arguments.contains("--bare") { return }
    try git("config", "user.name", "Sand Box")
    try git("config", "user.email", "sandbox@example.invalid")
    try git("config", "gc.auto", "0")
  }

  deinit {
    _ = try? Program.run(["chmod", "-R", "u+rwX", root], in: "/")
    try? FileManager.default.removeItem(atPath: root)
  }

  /// Runs git in the repository; gives its standard output.
  @discardableResult
  package func git(_ arguments: String...) throws -> String {
    try git(arguments, in: path)
  }

  /// Runs git in another folder, such as a worktree.
  @discardableResult
  package func git(_ arguments: [String], in folder: String) throws -> String {
    try Program.run(["git"] + arguments, in: folder)
  }

  /// Writes a file of the repository, with the folders above it.
  package func write(_ file: String, _ text: String) throws {
    try Self.write("\(path)/\(file)", text)
  }

  /// Commits everything that is there; gives the id.
  @discardableResult
  package func commit(_ message: String) throws -> String {
    try git("add", "--all")
    try git("commit", "--quiet", "--allow-empty", "-m", message)
    return try git("rev-parse", "HEAD").trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Writes a file anywhere, with the folders above it.
  package static func write(_ file: String, _ text: String) throws {
    let folder = (file as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(fileURLWithPath: file))
  }

  private static let folder: String = {
    let memory = "/dev/shm"
    if access(memory, W_OK) == 0 { return memory }
    return (NSTemporaryDirectory() as NSString).standardizingPath
  }()

  /// Keeps the settings of the user who runs the tests away from git and from libgit2 in this process.
  private static let isolate: Void = {
    let home = "\(folder)/plait-sandbox-home-\(getpid())"
    try? FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
    atexit { try? FileManager.default.removeItem(atPath: "\(GitSandbox.folder)/plait-sandbox-home-\(getpid())") }
    let settings = [
      "HOME": home, "XDG_CONFIG_HOME": "\(home)/.config", "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null",
      "LC_ALL": "C",
    ]
    for (name, value) in settings { setenv(name, value, 1) }
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL"] { unsetenv(name) }
  }()
}

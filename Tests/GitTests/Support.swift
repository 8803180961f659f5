import Foundation
import TestSupport
import Testing

@testable import Git

extension GitSandbox {
  /// The commit that a revision names, as the real git sees it.
  func id(_ revision: String) throws -> CommitID {
    let text = try git("rev-parse", "\(revision)^{commit}").trimmingCharacters(in: .whitespacesAndNewlines)
    return try #require(CommitID(text))
  }

  /// The tree of a commit, as the real git sees it.
  func tree(_ commit: CommitID) throws -> String {
    try git("rev-parse", "\(commit)^{tree}").trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Runs a shell script in a folder.
  @discardableResult
  func shell(_ script: String, in folder: String) throws -> String {
    try Program.run(["sh", "-ec", script], in: folder)
  }

  func exists(_ path: String) -> Bool {
    (try? FileManager.default.attributesOfItem(atPath: path)) != nil
  }

  /// A tree with most of what trees can hold: links, executables, odd names, and, unless it is to be plain, files that are other
  /// on disk than in git, and a submodule's entry. A plain tree is what Plait writes and compares itself; the rest is libgit2's.
  @discardableResult
  func makeAwkwardTree(isPlain: Bool = false) throws -> CommitID {
    try shell(
      """
      mkdir -p "with space/sub" deep/a/b/c bin docs
      printf 'one\\n' > "with space/a file.txt"; printf 'two\\n' > "with space/sub/ünï côdé.txt"
      printf 'deep\\n' > deep/a/b/c/leaf.txt; printf 'x\\n' > deep/a/top.txt
      printf '#!/bin/sh\\necho hi\\n' > bin/tool; chmod +x bin/tool
      ln -s bin/tool link; ln -s no/such/file dangling; ln -s deep/a linkdir
      printf '*.crlf text\(isPlain ? "" : " eol=crlf")\\n*.auto text=auto\\n' > .gitattributes
      printf 'line\\nline\\n' > a.crlf; printf 'auto\\n' > b.auto
      printf '*.log\\nbuild/\\n' > .gitignore
      printf 'tracked although ignored\\n' > kept.log
      head -c 3000 /dev/urandom > docs/binary.bin; : > docs/empty
      printf 'q\\n' > 'docs/quote"d'; printf 't\\n' > '-dash'
      git add -A; git add -f kept.log
      \(isPlain) || git update-index --add --cacheinfo 160000,1111111111111111111111111111111111111111,sub/module
      git commit -qm awkward; rm -rf sub; git checkout -q -- .
      """,
      in: path
    )
    return try id("HEAD")
  }
}

/// Runs work that must fail with a `GitError`; gives the error.
func gitError(
  _ work: () async throws -> Void,
  sourceLocation: SourceLocation = #_sourceLocation
) async throws -> GitError {
  do {
    try await work()
  } catch let error as GitError {
    return error
  }
  Issue.record("nothing was thrown", sourceLocation: sourceLocation)
  throw CancellationError()
}

/// A sandbox with an awkward tree, opened, and one worktree of it.
struct Workbench {
  let sandbox: GitSandbox
  let repository: Repository
  let base: CommitID
  let worktree: WorktreeHandleInfo

  init(isPlain: Bool = false) async throws {
    sandbox = try GitSandbox()
    try sandbox.makeAwkwardTree(isPlain: isPlain)
    base = try sandbox.id("HEAD")
    repository = try await Repository.open(sandbox.path)
    worktree = try await repository.addWorktree(
      name: "slot1",
      path: "\(sandbox.root)/trees/slot1",
      branch: "plait/r/1.1",
      base: base
    )
  }

  /// Runs a shell script in the worktree, as a worker would.
  func work(_ script: String) throws {
    try sandbox.shell(script, in: worktree.path)
  }

  /// The worktree after it was moved.
  func worktree(on branch: String, at base: CommitID) -> WorktreeHandleInfo {
    WorktreeHandleInfo(name: worktree.name, path: worktree.path, branch: branch, base: base)
  }

  func commitAll() async throws -> ResultCommit {
    try await repository.commitAll(in: worktree, message: "work")
  }

  /// What the real git finds to complain about in the worktree; empty when it holds exactly its HEAD.
  func differences() throws -> String {
    // --really-refresh reads what times and flags might hide.
    _ = try Program.status(of: ["git", "update-index", "--really-refresh", "-q"], in: worktree.path)
    let status = try sandbox.git(["status", "--porcelain", "--ignored"], in: worktree.path)
    return status + (try sandbox.git(["diff", "HEAD", "--stat"], in: worktree.path))
  }

  /// Compares the worktree with one that the real git makes at `commit`.
  func expectExactly(_ commit: CommitID, branch: String) throws {
    let path = worktree.path
    #expect(try differences() == "")
    #expect(try sandbox.git(["symbolic-ref", "--short", "HEAD"], in: path) == "\(branch)\n")
    #expect(try sandbox.git(["rev-parse", "HEAD"], in: path) == "\(commit)\n")
    #expect(try sandbox.git(["write-tree"], in: path).dropLast() == sandbox.tree(commit))
    // A fresh worktree made by git has the same bytes, kinds and execute bits.
    let fresh = "\(sandbox.root)/fresh-\(branch.split(separator: "/").last ?? "")"
    try sandbox.git("worktree", "add", "-q", "--detach", fresh, commit.hex)
    let listing =
      "find . -mindepth 1 -not -path './.git' -printf '%y %l %P\\n' | sort; find . -type f -perm -u+x | sort"
    #expect(try sandbox.shell(listing, in: path) == sandbox.shell(listing, in: fresh))
    _ = try Program.run(["diff", "-r", "--no-dereference", "--exclude=.git", fresh, path], in: "/")
    #expect(try sandbox.shell("find . -not -perm -u+rw -not -type l", in: path) == "")
    let leftovers = ["index.lock", "MERGE_HEAD", "info", "config.worktree", "rebase-merge"]
    for name in leftovers { #expect(!sandbox.exists("\(sandbox.path)/.git/worktrees/slot1/\(name)")) }
  }

  /// The paths of a commit, as the real git lists them.
  func paths(_ commit: CommitID) throws -> [String] {
    try sandbox.git("ls-tree", "-rz", "--name-only", commit.hex).split(separator: "\0").map(String.init)
  }
}

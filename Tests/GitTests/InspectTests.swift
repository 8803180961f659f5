import Foundation
import TestSupport
import Testing

@testable import Git

@Suite struct InspectTests {
  @Test func changesAndPatchesAreThoseOfGit() async throws {
    let sandbox = try GitSandbox()
    let old = try sandbox.makeAwkwardTree()
    try sandbox.shell(
      "echo n > n; rm -r deep; echo m >> README.md; rm link; echo f > link; git mv docs papers",
      in: sandbox.path
    )
    let new = try #require(CommitID(try sandbox.commit("new")))
    let repository = try await Repository.open(sandbox.path)
    let changes = try await repository.changes(from: old, to: new)
    let letters: [PathChange.Kind: String] = [.added: "A", .deleted: "D", .modified: "M", .typeChanged: "T"]
    let lines = changes.map { "\(letters[$0.kind] ?? "?")\t\($0.path)\n" }.joined()
    #expect(
      try lines
        == sandbox.git("-c", "core.quotePath=false", "diff", "--no-renames", "--name-status", old.hex, new.hex)
        .replacingOccurrences(of: "\"", with: "").replacingOccurrences(of: "quote\\d", with: "quote\"d")
    )
    #expect(try await repository.changes(from: old, to: new, limit: 2) == Array(changes.prefix(2)))
    let text = try await repository.diffText(from: old, to: new, paths: ["README.md", "deep"])
    #expect(text.contains("+m\n") && text.contains("deleted file mode") && !text.contains("papers"))
    #expect(text.components(separatedBy: "diff --git").count == 4)
    let all = try await repository.diffText(from: old, to: new)
    #expect(all.components(separatedBy: "diff --git").count > 6)
    let short = try await repository.diffText(from: old, to: new, limitBytes: 300)
    #expect(short.utf8.count < 450 && short.contains("more bytes") && short.contains("more files differ"))
    #expect(try await repository.diffText(from: old, to: old) == "")
  }

  @Test func filesOfACommit() async throws {
    let sandbox = try GitSandbox()
    let commit = try sandbox.makeAwkwardTree()
    let repository = try await Repository.open(sandbox.path)
    for path in ["README.md", "deep/a", "with space/sub/ünï côdé.txt", "link", "sub/module"] {
      #expect(try await repository.fileExists(path, at: commit))
    }
    for path in ["none", "README.md/x", "deep/none"] { #expect(try await !repository.fileExists(path, at: commit)) }
    let listed = try sandbox.git("ls-tree", "-r", commit.hex).split(separator: "\n").count
    #expect(try await repository.fileCount(at: commit) == listed)
  }

  @Test func dirtinessCountsWithoutWriting() async throws {
    let sandbox = try GitSandbox()
    try sandbox.makeAwkwardTree()
    let repository = try await Repository.open(sandbox.path)
    #expect(try await repository.isCheckoutDirty() == 0)
    try sandbox.shell(
      "touch README.md; echo x > untracked; mkdir d; touch d/1 d/2; echo m >> bin/tool; git rm -q a.crlf; touch i.log",
      in: sandbox.path
    )
    let before = try sandbox.shell("cksum .git/index; stat -c %y%i .git/index", in: sandbox.path)
    #expect(try await repository.isCheckoutDirty() == 4)
    #expect(try sandbox.shell("cksum .git/index; stat -c %y%i .git/index", in: sandbox.path) == before)
    #expect(try sandbox.git("status", "--porcelain").split(separator: "\n").count == 4)
  }

  @Test func durableWritesWorkToo() async throws {
    let sandbox = try GitSandbox()
    try Repository.setDurable(true)
    let repository = try await Repository.open(sandbox.path)
    try await repository.createRef("durable", at: sandbox.id("HEAD"))
    try Repository.setDurable(false)
    #expect(try sandbox.id("durable") == sandbox.id("HEAD"))
  }

  @Test func aBlockingCallLeavesOthersAlone() async throws {
    // Each actor has a queue of its own: the calls of one are in order, on no thread of the cooperative pool.
    let executor = SerialQueueExecutor(label: "test")
    let values = try await withThrowingTaskGroup(of: Int.self) { group in
      for number in 0..<50 { group.addTask { try await executor.run { number } } }
      return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
    }
    #expect(values.count == 50)
  }

  @Test func errorsAreClassifiedByTheirCause() {
    let cases: [(Int32, GitError.Code)] = [
      (ENOSPC, .storage), (EDQUOT, .storage), (EACCES, .permission), (EROFS, .permission), (ENOENT, .notFound),
      (EEXIST, .exists), (EIO, .storage), (EFBIG, .storage), (EINVAL, .other),
    ]
    for (number, code) in cases {
      let error = GitError(errno: number, "/a/b")
      #expect(error.code == code && error.subject == "/a/b")
      #expect(error.description.contains("/a/b"))
    }
  }

  @Test func damagedObjectsAreCalledDamaged() async throws {
    let sandbox = try GitSandbox()
    let commit = try sandbox.id("HEAD")
    try sandbox.shell(
      "f=.git/objects/\(commit.hex.prefix(2))/\(commit.hex.dropFirst(2)); chmod u+w $f; printf broken > $f",
      in: sandbox.path
    )
    let repository = try await Repository.open(sandbox.path)
    let error = try await gitError { _ = try await repository.commitMessage(of: commit) }
    #expect(error.code == .corrupt)
    #expect(error.message.contains("git fsck"))
  }

  @Test func aHeldLockIsReportedAfterABoundedWait() async throws {
    let sandbox = try GitSandbox()
    let commit = try sandbox.id("HEAD")
    try sandbox.write(".git/refs/heads/held.lock", "")
    let repository = try await Repository.open(sandbox.path)
    let error = try await gitError { try await repository.createRef("held", at: commit) }
    #expect(error.code == .locked)
    #expect(error.message.contains("lock"))
  }

  @Test func aFullDiskIsCalledThat() async throws {
    guard getuid() == 0, let disk = try? SmallDisk() else { return }
    try disk.fill()
    let error = try await gitError {
      let repository = try await Repository.open(disk.sandbox.path)
      let base = try disk.sandbox.id("HEAD")
      _ = try await repository.addWorktree(name: "w", path: "\(disk.path)/w", branch: "plait/w", base: base)
    }
    #expect(error.code == .storage)
    #expect(!disk.sandbox.exists("\(disk.path)/w"))
    #expect(try disk.sandbox.git("branch", "--list", "plait/*") == "")
    #expect(!disk.sandbox.exists("\(disk.sandbox.path)/.git/worktrees"))
  }
}

/// A tiny file system of its own beside a sandbox; can't be made without the right to mount.
private final class SmallDisk {
  let sandbox: GitSandbox
  let path: String

  init() throws {
    sandbox = try GitSandbox()
    try sandbox.write("big.bin", String(repeating: "0123456789abcdef", count: 40_000))
    try sandbox.commit("big")
    path = "\(sandbox.root)/disk"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try Program.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", path], in: "/")
  }

  func fill() throws {
    try GitSandbox.write("\(path)/ballast", String(repeating: "x", count: 100_000))
  }

  deinit { _ = try? Program.run(["umount", "-l", path], in: "/") }
}

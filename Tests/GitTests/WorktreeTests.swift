import Foundation
import TestSupport
import Testing

@testable import Git

@Suite struct WorktreeTests {
  @Test func aNewWorktreeHoldsTheBaseExactly() async throws {
    let bench = try await Workbench()
    #expect(try bench.differences() == "")
    #expect(
      try bench.sandbox.git(["rev-parse", "HEAD", "--abbrev-ref", "HEAD"], in: bench.worktree.path)
        == "\(bench.base)\nplait/r/1.1\n"
    )
    #expect(try bench.sandbox.git(["ls-files", "--eol", "a.crlf"], in: bench.worktree.path).contains("w/crlf"))
    let listed = try bench.sandbox.git("worktree", "list", "--porcelain")
    #expect(listed.contains("worktree \(bench.worktree.path)\nHEAD \(bench.base)\nbranch refs/heads/plait/r/1.1"))
    #expect(!listed.contains("prunable"))
    _ = try bench.sandbox.git("fsck", "--strict")
    #expect(try bench.sandbox.git("status", "--porcelain") == "", "the main checkout is untouched")
  }

  @Test func whatIsTakenIsRefusedAndNothingStays() async throws {
    let bench = try await Workbench()
    let (sandbox, repository) = (bench.sandbox, bench.repository)
    let refsBefore = try sandbox.git("for-each-ref")
    try GitSandbox.write("\(sandbox.root)/taken/file", "mine")
    for (name, path, branch) in [
      ("new", "\(sandbox.root)/taken", "plait/new"), ("slot1", "\(sandbox.root)/x/y", "plait/new"),
      ("new", "\(sandbox.root)/x/y", "main"),
    ] {
      let error = try await gitError {
        _ = try await repository.addWorktree(name: name, path: path, branch: branch, base: bench.base)
      }
      #expect(error.code == .exists)
    }
    for name in ["", "a/b", ".hidden"] {
      let error = try await gitError {
        _ = try await repository.addWorktree(
          name: name,
          path: "\(sandbox.root)/x",
          branch: "plait/new",
          base: bench.base
        )
      }
      #expect(error.code == .other)
    }
    #expect(try sandbox.git("for-each-ref") == refsBefore)
    #expect(!sandbox.exists("\(sandbox.root)/x"))
    #expect(try String(contentsOfFile: "\(sandbox.root)/taken/file", encoding: .utf8) == "mine")
    #expect(try bench.differences() == "", "the worktree whose name was asked for again is as it was")
  }

  @Test func aCheckoutThatFailsIsUndone() async throws {
    let sandbox = try GitSandbox()
    try sandbox.write("a.txt", "some content that is not packed\n")
    let base = try #require(CommitID(try sandbox.commit("base")))
    let blob = try sandbox.git("rev-parse", "HEAD:a.txt").trimmingCharacters(in: .newlines)
    try sandbox.shell("rm -f .git/objects/\(blob.prefix(2))/\(blob.dropFirst(2))", in: sandbox.path)
    let repository = try await Repository.open(sandbox.path)
    _ = try await gitError {
      _ = try await repository.addWorktree(name: "w", path: "\(sandbox.root)/x/y/w", branch: "plait/w", base: base)
    }
    #expect(try await repository.tip(of: "plait/w") == nil)
    #expect(!sandbox.exists("\(sandbox.root)/x"))
    #expect(!sandbox.exists("\(sandbox.path)/.git/worktrees"))
    let missing = try #require(CommitID(String(repeating: "1", count: 40)))
    _ = try await gitError {
      _ = try await repository.addWorktree(name: "w", path: "\(sandbox.root)/x", branch: "plait/w", base: missing)
    }
    #expect(try await repository.tip(of: "plait/w") == nil)
  }

  @Test func aFolderThatCannotBeWrittenIsUndone() async throws {
    let sandbox = try GitSandbox()
    let base = try sandbox.id("HEAD")
    try sandbox.write("../file", "not a folder")
    let repository = try await Repository.open(sandbox.path)
    _ = try await gitError {
      _ = try await repository.addWorktree(name: "w", path: "\(sandbox.root)/file/w", branch: "plait/w", base: base)
    }
    #expect(try await repository.tip(of: "plait/w") == nil)
    #expect(try await repository.worktrees() == [])
  }

  @Test func sixtyFourAtOnceFromSeveralActors() async throws {
    let sandbox = try GitSandbox()
    let base = try sandbox.makeAwkwardTree()
    let worktrees = try await withThrowingTaskGroup(of: [WorktreeHandleInfo].self) { group in
      for actor in 0..<8 {
        group.addTask {
          let repository = try await Repository.open(sandbox.path)
          var made: [WorktreeHandleInfo] = []
          for number in 0..<8 {
            let name = "w\(actor)-\(number)"
            made.append(
              try await repository.addWorktree(
                name: name,
                path: "\(sandbox.root)/many/deep/\(name)",
                branch: "plait/\(name)",
                base: base
              )
            )
            try GitSandbox.write("\(made[number].path)/new-\(name)", name)
            let result = try await repository.commitAll(in: made[number], message: name)
            try await repository.settleIndex(of: made[number], at: result.commit)
            #expect(result.changedPaths == ["new-\(name)"])
          }
          return made
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(worktrees.count == 64)
    #expect(
      try sandbox.git("worktree", "list", "--porcelain").components(separatedBy: "branch refs/heads/plait/w").count
        == 65
    )
    for worktree in worktrees {
      #expect(try sandbox.git(["status", "--porcelain", "--ignored"], in: worktree.path) == "")
    }
    _ = try sandbox.git("fsck", "--strict")
    try await withThrowingTaskGroup(of: Void.self) { group in
      for part in 0..<8 {
        group.addTask {
          let repository = try await Repository.open(sandbox.path)
          for worktree in worktrees.dropFirst(part * 8).prefix(8) { try await repository.removeWorktree(worktree.name) }
        }
      }
      try await group.waitForAll()
    }
    #expect(try sandbox.git("worktree", "list").split(separator: "\n").count == 1)
    #expect(try FileManager.default.contentsOfDirectory(atPath: "\(sandbox.root)/many/deep") == [])
  }

  @Test func removalCopesWithWhatWorkersLeave() async throws {
    let bench = try await Workbench()
    try bench.work(
      "mkdir -p ro/sub; echo x > ro/sub/f; ln -s / root; ln -s .. up; chmod 500 ro/sub ro; git init -q nested"
    )
    try await bench.repository.lockWorktree("slot1", reason: "in use")
    #expect(try bench.sandbox.git("worktree", "list", "--porcelain").contains("locked in use"))
    #expect(try await bench.repository.worktrees().map(\.isLocked) == [true])
    try await bench.repository.lockWorktree("slot1", reason: "again")
    try await bench.repository.removeWorktree("slot1")
    #expect(!bench.sandbox.exists(bench.worktree.path))
    #expect(bench.sandbox.exists("\(bench.sandbox.path)/README.md"))
    #expect(try await bench.repository.worktrees() == [])
    try await bench.repository.removeWorktree("slot1")
    #expect(try await bench.repository.tip(of: "plait/r/1.1") == bench.base, "the branch stays")
  }

  @Test func removalCopesWithAMissingFolderAndDamagedRegistration() async throws {
    let bench = try await Workbench()
    try FileManager.default.removeItem(atPath: bench.worktree.path)
    #expect(try await bench.repository.worktrees().map(\.isIntact) == [false])
    try await bench.repository.removeWorktree("slot1")
    #expect(!bench.sandbox.exists("\(bench.sandbox.path)/.git/worktrees"))
    try bench.sandbox.shell("mkdir -p .git/worktrees/half; echo x > .git/worktrees/half/HEAD", in: bench.sandbox.path)
    #expect(try await bench.repository.worktrees() == [])
    try await bench.repository.removeWorktree("half")
    #expect(!bench.sandbox.exists("\(bench.sandbox.path)/.git/worktrees/half"))
  }

  @Test func theRepositoryItselfIsNeverRemoved() async throws {
    let bench = try await Workbench()
    let registration = "\(bench.sandbox.path)/.git/worktrees/slot1/gitdir"
    for path in [bench.sandbox.path, bench.sandbox.root] {
      try GitSandbox.write(registration, "\(path)/.git\n")
      _ = try await gitError { try await bench.repository.removeWorktree("slot1") }
      #expect(bench.sandbox.exists("\(bench.sandbox.path)/README.md"))
    }
  }

  @Test func lockedUnlockedAndPruned() async throws {
    let bench = try await Workbench()
    try await bench.repository.lockWorktree("slot1", reason: "r")
    try await bench.repository.unlockWorktree("slot1")
    try await bench.repository.unlockWorktree("slot1")
    #expect(try await bench.repository.worktrees().map(\.isLocked) == [false])
    #expect(try await gitError { try await bench.repository.lockWorktree("none", reason: "") }.code == .notFound)
    _ = try await bench.repository.addWorktree(
      name: "other",
      path: "\(bench.sandbox.root)/trees/other",
      branch: "plait/o",
      base: bench.base
    )
    try bench.sandbox.shell("rm -rf slot1 other", in: "\(bench.sandbox.root)/trees")
    #expect(try await bench.repository.pruneWorktrees(prefix: "slot") == ["slot1"])
    #expect(try await bench.repository.worktrees().map(\.name) == ["other"])
  }

  @Test func listingShowsWhatGitShows() async throws {
    let bench = try await Workbench()
    try bench.sandbox.git("worktree", "add", "-q", "--detach", "\(bench.sandbox.root)/by-git")
    let entries = try await bench.repository.worktrees()
    #expect(entries.map(\.name) == ["by-git", "slot1"])
    #expect(entries.map(\.branch) == [nil, "plait/r/1.1"])
    #expect(entries.map(\.commit) == [bench.base, bench.base])
    #expect(entries.allSatisfy { $0.isIntact && !$0.isLocked })
    #expect(entries[0].path == "\(bench.sandbox.root)/by-git")
  }
}

import Foundation
import TestSupport
import Testing

@testable import Git

@Suite struct MoveTests {
  /// What may lie between two commits; each starts from the awkward tree.
  static let changes = [
    "echo more >> README.md; echo new > new.txt; mkdir -p x/y; echo z > x/y/z",
    "git rm -qr deep; git rm -q bin/tool; echo t > bin",
    "git rm -qr docs; echo file > docs; git rm -q link; mkdir link; echo in > link/file",
    "chmod -x bin/tool; chmod +x deep/a/top.txt; rm link; ln -s elsewhere link; rm dangling; echo file > dangling",
    "git mv deep elsewhere; git mv 'with space' spaceless; git rm -q kept.log",
    "printf '*.crlf text eol=lf\\n' > .gitattributes; echo w > w",
    "git update-index --cacheinfo 160000,2222222222222222222222222222222222222222,sub/module; echo w > w",
    "git rm -q --cached sub/module; echo w > w",
    "printf 'bytes' > \"$(printf 'la\\351tin')\"; mkdir \"$(printf 'd\\377')\"; touch \"$(printf 'd\\377/f\\376')\"",
    "git rm -qr .; echo only > only",
    "git commit -q --allow-empty -m nothing; true",
  ]

  @Test(arguments: changes + changes.filter { !$0.contains("sub/module") }.map { "\($0) # plain" })
  func thereAndBackIsExact(change: String) async throws {
    let bench = try await Workbench(isPlain: change.hasSuffix("# plain"))
    try bench.sandbox.shell("\(change)\ngit add -A . ':!sub'; git commit -qm change || true", in: bench.sandbox.path)
    let other = try bench.sandbox.id("HEAD")
    let there = try await bench.repository.moveWorktree(
      bench.worktree,
      from: bench.base,
      branch: "plait/r/2",
      base: other
    )
    #expect(there.branch == "plait/r/2" && there.base == other)
    try bench.expectExactly(other, branch: "plait/r/2")
    _ = try await bench.repository.moveWorktree(there, from: other, branch: "plait/r/3", base: bench.base)
    try bench.expectExactly(bench.base, branch: "plait/r/3")
  }

  @Test func aCleanedWorktreeIsLentAtOnce() async throws {
    let bench = try await Workbench()
    try bench.sandbox.write("README.md", "second\n")
    let second = try #require(CommitID(try bench.sandbox.commit("second")))
    try bench.work("echo n > new; echo m >> README.md; rm -rf docs; mkdir empty; echo l > a.log; git checkout -qb own")
    let clean = try await bench.repository.cleanWorktree(bench.worktree, at: bench.base)
    #expect(clean.branch.isEmpty && clean.base == bench.base)
    #expect(try await bench.repository.worktrees().map(\.isSpare) == [true])
    _ = try await bench.repository.moveWorktree(clean, from: clean.base, branch: "plait/r/2", base: second)
    #expect(try await bench.repository.worktrees().map(\.isSpare) == [false])
    try bench.expectExactly(second, branch: "plait/r/2")
  }

  @Test func whatWasGivenBackIsSpareUntilItIsLent() async throws {
    let bench = try await Workbench()
    try bench.work("echo n > new")
    try await bench.repository.detachWorktree(bench.worktree, at: bench.base)
    #expect(try await bench.repository.worktrees().map(\.isSpare) == [true])
    #expect(try await bench.repository.worktrees().map(\.branch) == [nil])
    #expect(try bench.sandbox.git(["status", "--porcelain"], in: bench.worktree.path) == "?? new\n")
    _ = try await bench.repository.resetWorktree(bench.worktree, branch: "plait/r/2", base: bench.base)
    #expect(try await bench.repository.worktrees().map(\.isSpare) == [false])
    try bench.expectExactly(bench.base, branch: "plait/r/2")
  }

  @Test func aSpareOneHasNoBranch() async throws {
    let bench = try await Workbench()
    let path = "\(bench.sandbox.root)/trees/spare"
    let spare = try await bench.repository.addWorktree(name: "spare", path: path, branch: nil, base: bench.base)
    #expect(try bench.sandbox.git(["rev-parse", "--abbrev-ref", "HEAD"], in: path) == "HEAD\n")
    #expect(try bench.sandbox.git(["status", "--porcelain", "--ignored"], in: path) == "")
    #expect(spare.branch.isEmpty)
    let entries = try await bench.repository.worktrees()
    #expect(
      entries.first { $0.name == "spare" }?.isSpare == true && entries.first { $0.name == "slot1" }?.isSpare == false
    )
  }

  /// Whatever a predecessor left that is ignored stays: that is what a worktree is handed on for.
  @Test func whatIsIgnoredStays() async throws {
    let bench = try await Workbench()
    try bench.work("mkdir build; echo o > build/o; echo result > result")
    let result = try await bench.commitAll().commit
    let next = try await bench.repository.moveWorktree(bench.worktree, from: result, branch: "plait/r/2", base: result)
    #expect(bench.sandbox.exists("\(next.path)/build/o"))
    #expect(try bench.sandbox.git(["status", "--porcelain"], in: next.path) == "")
  }

  /// A worktree is kept open from one stage to the next; what others do to its index and settings meanwhile has to be seen.
  @Test(arguments: [
    "true", "git rm -rq --cached docs; git reset -q", "rm \"$(git rev-parse --git-dir)/index\"; git reset -q",
    "git update-index --assume-unchanged README.md; git update-index --no-assume-unchanged README.md",
    "git config core.autocrlf input", "git read-tree HEAD; git update-index -q --refresh",
  ])
  func othersMayWriteTheIndexBetweenStages(what: String) async throws {
    let bench = try await Workbench(isPlain: true)
    try bench.sandbox.write("README.md", "second\n")
    let second = try #require(CommitID(try bench.sandbox.commit("second")))
    var worktree = bench.worktree
    for (turn, base) in [second, bench.base, second].enumerated() {
      try bench.work(what)
      let held = worktree.base
      let branch = "plait/r/turn-\(turn)"
      worktree = try await bench.repository.moveWorktree(worktree, from: held, branch: branch, base: base)
      try bench.expectExactly(base, branch: branch)
    }
  }

  /// The index of a result is written by whoever lends the worktree next, also when somebody else wrote one meanwhile.
  @Test(arguments: [
    "true", "touch -d 2001-01-01 README.md; git status --short", "git reset -q", "git config core.autocrlf input",
    "rm \"$(git rev-parse --git-dir)/index\"", "git update-index --assume-unchanged README.md",
  ])
  func theIndexIsThatOfTheBase(what: String) async throws {
    let bench = try await Workbench(isPlain: true)
    for (turn, isMoved) in [false, true].enumerated() {
      let branch = "plait/r/\(turn + 2)"
      try bench.work("echo \(turn) >> README.md; echo new > 'new \(turn)'; rm -rf docs deep bin")
      let worktree = turn == 0 ? bench.worktree : bench.worktree(on: "plait/r/2", at: try bench.sandbox.id("plait/r/2"))
      let result = try await bench.repository.commitAll(in: worktree, message: "work").commit
      try bench.work(what)
      let base = isMoved ? bench.base : result
      _ = try await bench.repository.moveWorktree(worktree, from: result, branch: branch, base: base)
      try bench.expectExactly(base, branch: branch)
    }
  }

  @Test func aTakenBranchAndALostFolderAreRefused() async throws {
    let bench = try await Workbench()
    let taken = try await gitError {
      _ = try await bench.repository.moveWorktree(bench.worktree, from: bench.base, branch: "main", base: bench.base)
    }
    #expect(taken.code == .exists)
    try FileManager.default.removeItem(atPath: bench.worktree.path)
    let lost = try await gitError {
      _ = try await bench.repository.moveWorktree(bench.worktree, from: bench.base, branch: "plait/2", base: bench.base)
    }
    #expect(lost.code == .worktreeLost)
    #expect(try await bench.repository.tip(of: "plait/2") == nil)
  }
}

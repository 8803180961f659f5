import Foundation
import TestSupport
import Testing

@testable import Git

@Suite struct CoreTests {
  @Test func aWorkerResultIsCommittedMergedAndCleanedUp() async throws {
    let sandbox = try GitSandbox()
    for number in 0..<20 { try sandbox.write("a dir/\(number % 3)/file \(number).txt", "line \(number)\n") }
    let base = try #require(CommitID(try sandbox.commit("base")))
    let repository = try await Repository.open(sandbox.path)
    try await repository.createRef("plait/r/integration", at: base)
    let worktree = try await repository.addWorktree(
      name: "one",
      path: "\(sandbox.root)/repo.plait/deep/one",
      branch: "plait/r/1.1",
      base: base
    )
    #expect(try sandbox.git(["status", "--porcelain", "--ignored"], in: worktree.path) == "")
    #expect(try sandbox.git("worktree", "list", "--porcelain").contains("branch refs/heads/plait/r/1.1"))
    try GitSandbox.write("\(worktree.path)/new/ünï.txt", "hello\n")
    let result = try await repository.commitAll(in: worktree, message: "work\n\nPlait-Run: r\n")
    #expect(result.changedPaths == ["new/ünï.txt"])
    #expect(result.headBranch == "plait/r/1.1")
    try await repository.settleIndex(of: worktree, at: result.commit)
    #expect(try sandbox.git(["status", "--porcelain", "--ignored"], in: worktree.path) == "")
    let outcome = try await repository.merge(result.commit, onto: base, message: "merge")
    guard case .merged(let merge) = outcome else { throw GitError(.other, "", "\(outcome)") }
    try await repository.moveRef("plait/r/integration", from: base, to: merge, message: "merge 1.1")
    #expect(try await repository.parents(of: merge) == [base, result.commit])
    try await repository.removeWorktree("one")
    #expect(try sandbox.git("worktree", "list", "--porcelain").contains("one") == false)
    #expect(!FileManager.default.fileExists(atPath: worktree.path))
    _ = try sandbox.git("fsck", "--strict")
  }
}

import TestSupport
import Testing

@testable import Git

@Suite struct RefTests {
  @Test func refsAreCreatedOnceMovedIfUnmovedAndDeletedIfUnmoved() async throws {
    let sandbox = try GitSandbox()
    let first = try sandbox.id("HEAD")
    let second = try #require(CommitID(try sandbox.commit("second")))
    let repository = try await Repository.open(sandbox.path)
    #expect(try await repository.tip(of: "plait/r/integration") == nil)
    try await repository.createRef("plait/r/integration", at: first)
    try await repository.createRef("refs/plait/keep/1", at: first)
    #expect(try await gitError { try await repository.createRef("plait/r/integration", at: second) }.code == .exists)
    try await repository.moveRef("plait/r/integration", from: first, to: second, message: "on")
    let lost = try await gitError {
      try await repository.moveRef("plait/r/integration", from: first, to: second, message: "again")
    }
    #expect(lost.code == .moved)
    #expect(lost.message.contains(second.short))
    #expect(try sandbox.id("plait/r/integration") == second)
    #expect(try sandbox.git("reflog", "plait/r/integration").contains("on"))
    #expect(
      try await gitError { try await repository.deleteRef("plait/r/integration", expecting: first) }.code == .moved
    )
    try await repository.deleteRef("plait/r/integration", expecting: second)
    try await repository.deleteRef("plait/r/integration", expecting: second)
    #expect(try await repository.tip(of: "plait/r/integration") == nil)
    let gone = try await gitError {
      try await repository.moveRef("plait/r/integration", from: second, to: first, message: "x")
    }
    #expect(gone.code == .moved)
    #expect(gone.message.contains("is gone"))
  }

  @Test func aBranchInTheWayIsNamed() async throws {
    let sandbox = try GitSandbox()
    let commit = try sandbox.id("HEAD")
    try sandbox.git("branch", "plait")
    let repository = try await Repository.open(sandbox.path)
    let error = try await gitError { try await repository.createRef("plait/x/y", at: commit) }
    #expect(error.code == .exists)
    #expect(error.message.contains("because plait exists"))
    try sandbox.git("branch", "-m", "plait", "other/deep")
    try sandbox.git("pack-refs", "--all")
    let below = try await gitError { try await repository.createRef("other", at: commit) }
    #expect(below.code == .exists)
    #expect(below.message.contains("other/deep"))
    try await repository.createRef("plait/x/y", at: commit)
  }

  @Test func packedRefsAreReadMovedAndDeleted() async throws {
    let sandbox = try GitSandbox()
    let first = try sandbox.id("HEAD")
    for name in ["plait/a/1", "plait/a/2", "plait/b"] { try sandbox.git("branch", name) }
    try sandbox.git("tag", "-a", "v1", "-m", "tag")
    try sandbox.git("pack-refs", "--all")
    let repository = try await Repository.open(sandbox.path)
    let found = try await repository.refs(matching: "refs/heads/plait/*")
    #expect(found.map(\.name) == ["refs/heads/plait/a/1", "refs/heads/plait/a/2", "refs/heads/plait/b"])
    #expect(found.allSatisfy { $0.commit == first })
    #expect(try await repository.tip(of: "refs/tags/v1") == first)
    try await repository.deleteRef("plait/a/1", expecting: first)
    #expect(try sandbox.git("branch", "--list", "plait/*", "--format=%(refname:short)") == "plait/a/2\nplait/b\n")
  }

  @Test func revisionsResolveAsInGit() async throws {
    let sandbox = try GitSandbox()
    try sandbox.git("tag", "-a", "v1", "-m", "tag")
    try sandbox.commit("second")
    let repository = try await Repository.open(sandbox.path)
    for revision in ["HEAD", "main", "HEAD~1", "v1", "@{0}", try sandbox.id("HEAD").short] {
      #expect(try await repository.resolve(revision) == sandbox.id(revision))
    }
    for wrong in ["nothing", "HEAD~9", "main:README.md", "a..b"] {
      #expect(try await gitError { _ = try await repository.resolve(wrong) }.code == .notFound)
    }
    #expect(try await repository.head() == .branch("main", sandbox.id("main")))
    try sandbox.git("checkout", "-q", "--detach", "v1")
    #expect(try await repository.head() == .detached(sandbox.id("v1")))
    #expect(try await repository.head().branch == nil)
  }

  @Test func historyGivesParentsAndTrailers() async throws {
    let sandbox = try GitSandbox()
    let first = try sandbox.id("HEAD")
    try sandbox.git("checkout", "-q", "-b", "side")
    let side = try #require(CommitID(try sandbox.commit("side")))
    try sandbox.git("checkout", "-q", "main")
    let second = try #require(CommitID(try sandbox.commit("second")))
    let message =
      "merge it\n\nbody: not a trailer, since text follows\nhere\n\nPlait-Run: r 1\nPlait-Achievement: 1.1\n"
    try sandbox.git("merge", "-q", "--no-ff", "side", "-m", message)
    let repository = try await Repository.open(sandbox.path)
    let history = try await repository.firstParentHistory(of: "main")
    #expect(history.map(\.summary) == ["merge it", "second", "first"])
    #expect(history[0].parents == [second, side])
    #expect(history[0].trailer("Plait-Run") == "r 1")
    #expect(history[0].trailer("Plait-Achievement") == "1.1")
    #expect(history[0].trailer("body") == nil)
    #expect(history[1].trailers == [])
    #expect(try await repository.firstParentHistory(of: "main", downTo: first).count == 2)
    #expect(try await repository.firstParentHistory(of: "main", limit: 1).count == 1)
    #expect(try await repository.commitMessage(of: history[0].commit) == message)
    #expect(try await repository.isAncestor(side, of: history[0].commit))
    #expect(try await repository.isAncestor(first, of: first))
    #expect(try await !repository.isAncestor(side, of: second))
  }

  @Test func actorsOfOneRepositoryWriteRefsAtTheSameTime() async throws {
    let sandbox = try GitSandbox()
    let commit = try sandbox.id("HEAD")
    try await withThrowingTaskGroup(of: Void.self) { group in
      for actor in 0..<8 {
        group.addTask {
          let repository = try await Repository.open(sandbox.path)
          for number in 0..<20 {
            // One folder for all, which comes and goes with its last ref.
            try await repository.createRef("plait/run/\(actor)-\(number)", at: commit)
            if number % 2 == 0 { try await repository.deleteRef("plait/run/\(actor)-\(number)", expecting: commit) }
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(try sandbox.git("branch", "--list", "plait/run/*").split(separator: "\n").count == 80)
    _ = try sandbox.git("fsck", "--strict")
  }

  @Test func onlyOneOfManyWinsACompareAndSwap() async throws {
    let sandbox = try GitSandbox()
    let first = try sandbox.id("HEAD")
    let rivals = try (0..<8).map { try #require(CommitID(try sandbox.commit("rival \($0)"))) }
    try sandbox.git("branch", "goal", first.hex)
    let wins = try await withThrowingTaskGroup(of: Bool.self) { group in
      for rival in rivals {
        group.addTask {
          let repository = try await Repository.open(sandbox.path)
          do {
            try await repository.moveRef("goal", from: first, to: rival, message: "mine")
            return true
          } catch let error as GitError where error.code == .moved {
            return false
          }
        }
      }
      return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(wins == 1)
  }
}

import Foundation
import TestSupport
import Testing

@testable import Git

@Suite struct LandTests {
  /// A repository on `main` with a commit ahead of it that changes, adds, deletes and moves files.
  private func ahead() async throws -> (GitSandbox, Repository, CommitID) {
    let sandbox = try GitSandbox()
    try sandbox.makeAwkwardTree()
    try sandbox.git("checkout", "-q", "-b", "work")
    try sandbox.shell(
      "echo new > README.md; echo n > n.txt; rm -r deep; echo f > deep; git mv bin tools",
      in: sandbox.path
    )
    let commit = try #require(CommitID(try sandbox.commit("work")))
    try sandbox.git("checkout", "-q", "main")
    return (sandbox, try await Repository.open(sandbox.path), commit)
  }

  @Test func aBranchThatIsCheckedOutNowhereJustMoves() async throws {
    let (sandbox, repository, commit) = try await ahead()
    try sandbox.git("checkout", "-q", "--detach", "main")
    let old = try sandbox.id("main")
    #expect(try await repository.land(branch: "main", to: commit) == .moved(from: old))
    #expect(try sandbox.id("main") == commit)
    #expect(try sandbox.git("status", "--porcelain") == "")
    #expect(try await repository.land(branch: "main", to: commit) == .alreadyThere)
  }

  @Test func theCheckoutFollowsAndUnrelatedLocalChangesStay() async throws {
    let (sandbox, repository, commit) = try await ahead()
    try sandbox.write("docs/empty", "local\n")
    try sandbox.write("untracked.txt", "mine\n")
    try sandbox.write("staged.txt", "mine\n")
    try sandbox.git("add", "staged.txt")
    let before = try sandbox.git("status", "--porcelain")
    let outcome = try await repository.land(branch: "main", to: commit)
    guard case .updatedCheckout(let path, _) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(path == sandbox.path)
    #expect(try sandbox.id("main") == commit)
    #expect(try sandbox.git("status", "--porcelain") == before)
    #expect(try sandbox.git("symbolic-ref", "HEAD") == "refs/heads/main\n")
    #expect(try sandbox.git("reflog", "-1", "main").contains("plait: land"))
  }

  @Test(arguments: [
    ("echo local >> README.md", "README.md"), ("echo mine > n.txt", "n.txt"),
    ("echo staged > README.md; git add README.md; git show HEAD:README.md > README.md", "README.md"),
    ("echo x >> deep/a/top.txt", "deep"), ("echo n.txt > .git/info/exclude; echo mine > n.txt", "n.txt"),
    ("mkdir n.txt; echo mine > n.txt/in", "n.txt"), ("rm bin/tool; echo mine > bin/tool", "bin/tool"),
  ])
  func localChangesInTheWayStopItBeforeAnythingChanges(script: String, path: String) async throws {
    let (sandbox, repository, commit) = try await ahead()
    let old = try sandbox.id("main")
    try sandbox.shell(script, in: sandbox.path)
    let before = try sandbox.shell(
      "git status --porcelain; git ls-files -s; find . -path ./.git -prune -o -type f -exec cksum {} +",
      in: sandbox.path
    )
    let error = try await gitError { _ = try await repository.land(branch: "main", to: commit) }
    #expect(error.code == .conflict)
    #expect(error.message.contains(path))
    #expect(try sandbox.id("main") == old)
    #expect(
      try sandbox.shell(
        "git status --porcelain; git ls-files -s; find . -path ./.git -prune -o -type f -exec cksum {} +",
        in: sandbox.path
      ) == before
    )
  }

  @Test func onlyForward() async throws {
    let (sandbox, repository, commit) = try await ahead()
    let own = try #require(CommitID(try sandbox.commit("own")))
    let error = try await gitError { _ = try await repository.land(branch: "main", to: commit) }
    #expect(error.code == .conflict)
    #expect(error.message.contains("can't move forward"))
    #expect(try sandbox.id("main") == own)
    #expect(try await gitError { _ = try await repository.land(branch: "none", to: commit) }.code == .notFound)
  }

  @Test func anUnfinishedMergeStopsIt() async throws {
    let (sandbox, repository, commit) = try await ahead()
    try sandbox.git("update-ref", "MERGE_HEAD", commit.hex)
    let error = try await gitError { _ = try await repository.land(branch: "main", to: commit) }
    #expect(error.code == .conflict)
    #expect(error.message.contains("unfinished"))
  }

  @Test func theFilesGoBackWhenTheBranchCannotMove() async throws {
    let (sandbox, repository, commit) = try await ahead()
    let old = try sandbox.id("main")
    try sandbox.write("docs/empty", "local\n")
    let before = try sandbox.shell("git status --porcelain; git ls-files -s; ls -R", in: sandbox.path)
    try sandbox.write(".git/refs/heads/main.lock", "")
    let error = try await gitError { _ = try await repository.land(branch: "main", to: commit) }
    #expect(error.code == .locked)
    try sandbox.shell("rm .git/refs/heads/main.lock", in: sandbox.path)
    #expect(try sandbox.id("main") == old)
    #expect(try sandbox.shell("git status --porcelain; git ls-files -s; ls -R", in: sandbox.path) == before)
  }

  @Test func aLinkedWorktreeOfTheUserFollows() async throws {
    let (sandbox, repository, commit) = try await ahead()
    try sandbox.git("branch", "release")
    let folder = "\(sandbox.root)/release"
    try sandbox.git("worktree", "add", "-q", folder, "release")
    let old = try sandbox.id("release")
    #expect(try await repository.land(branch: "release", to: commit) == .updatedCheckout(path: folder, from: old))
    #expect(try sandbox.git(["status", "--porcelain", "--branch"], in: folder) == "## release\n")
    #expect(try sandbox.git(["rev-parse", "HEAD"], in: folder) == "\(commit)\n")
    #expect(try sandbox.git("status", "--porcelain") == "", "the main checkout is on another branch")
  }

  @Test func aBareRepositoryHasNoCheckoutToUpdate() async throws {
    let (sandbox, _, commit) = try await ahead()
    try sandbox.git("clone", "-q", "--bare", sandbox.path, "\(sandbox.root)/bare.git")
    let repository = try await Repository.open("\(sandbox.root)/bare.git")
    let old = try sandbox.id("main")
    #expect(try await repository.land(branch: "main", to: commit) == .moved(from: old))
  }
}

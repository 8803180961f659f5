import Foundation
import TestSupport
import Testing

@testable import Git

@Suite struct MovesTests {
  private let request = MoveRequest(
    [FileMove(from: "bin/tool", to: "old/bin/tool"), FileMove(from: "docs/empty", to: "old/empty")],
    writing: "what is here\n",
    to: "old/INDEX"
  )

  private func awkward() async throws -> (GitSandbox, Repository) {
    let sandbox = try GitSandbox()
    try sandbox.makeAwkwardTree()
    return (sandbox, try await Repository.open(sandbox.path))
  }

  /// The files, what git says of them, and where HEAD is.
  private func look(_ sandbox: GitSandbox) throws -> String {
    try sandbox.shell(
      "git --no-optional-locks status --porcelain; git ls-files -s; git rev-parse HEAD;"
        + " find . -path ./.git -prune -o -type f -exec cksum {} + | sort",
      in: sandbox.path
    )
  }

  @Test func filesAndHistoryMoveTogetherAndARevertTakesItBack() async throws {
    let (sandbox, repository) = try await awkward()
    let head = try sandbox.id("HEAD")
    let tree = try sandbox.tree(head)
    try sandbox.write("untracked.txt", "mine\n")
    try sandbox.write("docs/quote\"d", "local change\n")
    let status = try sandbox.git("status", "--porcelain")
    let (branch, commit) = try await repository.commitMoves(request, message: "Move\n\nAll.\n")
    let main = try sandbox.id("main")
    #expect(branch == "main" && commit == main && commit != head)
    #expect(try sandbox.git("status", "--porcelain") == status)
    #expect(try sandbox.git("log", "-1", "--format=%s|%P|%an") == "Move|\(head)|Sand Box\n")
    let names = try sandbox.git("show", "--format=", "--name-status", "-M100%", "HEAD")
    #expect(names == "A\told/INDEX\nR100\tbin/tool\told/bin/tool\nR100\tdocs/empty\told/empty\n")
    #expect(try sandbox.git("ls-files", "-s", "old/bin/tool").hasPrefix("100755 "))
    #expect(access("\(sandbox.path)/old/bin/tool", X_OK) == 0 && !sandbox.exists("\(sandbox.path)/bin"))
    #expect(try sandbox.git("reflog", "-1", "main").contains("plait: rename"))
    try sandbox.git("revert", "--no-edit", "HEAD")
    #expect(try sandbox.tree(sandbox.id("HEAD")) == tree)
    #expect(try sandbox.git("status", "--porcelain") == status)
    #expect(!sandbox.exists("\(sandbox.path)/old"))
  }

  @Test(arguments: [
    ("echo x > README.md; git add README.md", "README.md"), ("git rm -q --cached bin/tool", "bin/tool"),
    ("echo x >> bin/tool", "bin/tool has changes"), ("rm docs/empty", "docs/empty has changes"),
    ("mkdir old; echo x > old/INDEX", "old/INDEX is not in git"),
    ("echo old > .git/info/exclude", "old/bin/tool would be"),
    ("echo x > old", "old"), ("echo x > old; git add old; git commit -qm old", "old is a file"),
    ("mkdir old; echo x > old/empty", "old/empty"),
    ("git checkout -q --detach", "HEAD is on no branch"),
    ("git checkout -q --orphan fresh; git rm -rqf .", "no commit"),
    ("git bisect start -q", "unfinished"),
    (
      "git checkout -q -b other; echo a > README.md; git commit -qam a; git checkout -q main; echo b > README.md;"
        + " git commit -qam b; git merge -q other || true", "unfinished"
    ),
  ])
  func whatIsInTheWayStopsItBeforeAnythingChanges(script: String, words: String) async throws {
    let (sandbox, repository) = try await awkward()
    try sandbox.shell(script, in: sandbox.path)
    let before = try? look(sandbox)
    let error = try await gitError { _ = try await repository.commitMoves(request, message: "Move") }
    #expect(error.message.contains(words), "\(error)")
    #expect((try? look(sandbox)) == before)
  }

  @Test func whatIsNotInTheCommitIsNamed() async throws {
    let (sandbox, repository) = try await awkward()
    let missing = MoveRequest([FileMove(from: "nothing", to: "old/nothing")], writing: "", to: "old/INDEX")
    let error = try await gitError { _ = try await repository.commitMoves(missing, message: "Move") }
    #expect(error.code == .notFound && error.subject == "nothing")
    try sandbox.shell("for i in 1 2 3 4 5; do echo $i > new-$i; done", in: sandbox.path)
    let moves = (1...5).map { FileMove(from: "new-\($0)", to: "old/new-\($0)") }
    let several = try await gitError {
      try await repository.checkMoves(MoveRequest(moves, writing: "", to: "old/INDEX"))
    }
    #expect(
      several.message == "new-1, new-2, new-3 and 2 more are not in git: commit first"
    )
  }

  @Test func aBareRepositoryHasNothingToMove() async throws {
    let sandbox = try GitSandbox(arguments: ["--quiet", "--bare"])
    let repository = try await Repository.open(sandbox.path)
    let error = try await gitError { try await repository.checkMoves(request) }
    #expect(error.code == .unsupported && error.message.contains("bare"))
  }

  @Test func anExistingTextIsReplacedAndLookingChangesNothing() async throws {
    let (sandbox, repository) = try await awkward()
    try sandbox.write("old/INDEX", "before\n")
    try sandbox.commit("index")
    let before = try look(sandbox)
    let (branch, tip) = try await repository.checkMoves(request)
    let head = try sandbox.id("HEAD")
    #expect(branch == "main" && tip == head)
    #expect(try look(sandbox) == before)
    _ = try await repository.commitMoves(request, message: "Move")
    #expect(try sandbox.shell("cat old/INDEX", in: sandbox.path) == "what is here\n")
    #expect(try sandbox.git("status", "--porcelain") == "")
  }

  @Test func aLinkedWorktreeMovesItsOwnFiles() async throws {
    let (sandbox, _) = try await awkward()
    try sandbox.git("worktree", "add", "-q", "-b", "side", "\(sandbox.root)/side")
    let repository = try await Repository.open("\(sandbox.root)/side")
    let (branch, commit) = try await repository.commitMoves(request, message: "Move")
    let side = try sandbox.id("side")
    #expect(branch == "side" && commit == side)
    #expect(sandbox.exists("\(sandbox.root)/side/old/empty") && sandbox.exists("\(sandbox.path)/docs/empty"))
    #expect(try sandbox.git("status", "--porcelain") == "")
  }
}

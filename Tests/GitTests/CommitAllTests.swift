import Foundation
import TestSupport
import Testing

@testable import Git

@Suite struct CommitAllTests {
  /// What a worker may do; the commit must hold what `git add --all` would have recorded.
  static let works = [
    "echo n > new.txt; mkdir -p 'p q/r'; echo ü > 'p q/r/ö x.txt'",
    "echo more >> README.md; rm 'with space/a file.txt'; git mv docs/empty docs/renamed",
    "chmod -x bin/tool; chmod +x deep/a/top.txt; head -c 5000 /dev/urandom > docs/binary.bin",
    "rm -rf deep; echo file > deep; rm README.md; mkdir README.md; echo in > README.md/in",
    "rm link; echo text > link; rm bin/tool; ln -s nowhere bin/tool; ln -s /abs/olute absolute; rm dangling",
    "printf 'l1\\r\\nl2\\r\\n' > c.crlf; printf 'l1\\r\\nl2\\r\\n' > d.auto; printf 'l\\n' > e.crlf; printf 'x\\r\\n' >> a.crlf",
    "echo change >> kept.log; echo no > other.log; mkdir -p build; echo no > build/o",
    "echo s > staged; git add staged; echo both >> README.md; git add README.md; echo more >> README.md; rm staged",
    "echo c > c; git add -A; git commit -qm mine; echo d > d",
    "git rm -q --cached README.md; git add -N docs 2>/dev/null; echo i > intent; git add -N intent",
    "git update-index --assume-unchanged README.md; git update-index --skip-worktree docs/empty; echo h >> README.md; echo h >> docs/empty",
    "rm \"$(git rev-parse --git-dir)/index\"; echo n > n",
    "printf bad > \"$(git rev-parse --git-dir)/index\"; echo n > n",
    "touch \"$(git rev-parse --git-dir)/index.lock\"; echo n > n", "touch README.md docs/*; mkdir -p empty/dir",
    "rm -rf ./* .gitignore", "mkdir -p $(seq -s / 1 40); echo deep > $(seq -s / 1 40)/f",
    "git config core.fileMode true; printf '' > README.md",
    "printf 'bytes' > \"$(printf 'la\\351tin')\"", "mkfifo pipe; echo n > n",
    "git init -q deep/a; echo x >> deep/a/top.txt",
    "cd deep; git init -q; git add -A; git -c user.name=a -c user.email=b commit -qm x; rm a/top.txt; echo x > a/b/c/leaf.txt",
  ]

  @Test(arguments: works, [false, true])
  func theCommitHoldsWhatGitAddAllWouldRecord(work: String, isPlain: Bool) async throws {
    let bench = try await Workbench(isPlain: isPlain)
    try bench.work(work)
    // The same files, recorded by git into an index of its own.
    let index = "GIT_INDEX_FILE=\(bench.sandbox.root)/index"
    try bench.work("export \(index); git read-tree HEAD; git add --all . 2>/dev/null")
    let expected = try bench.sandbox.shell("\(index) git write-tree", in: bench.worktree.path)
    let head = try bench.sandbox.git(["rev-parse", "HEAD"], in: bench.worktree.path).dropLast()
    let result = try await bench.commitAll()
    #expect(try bench.sandbox.tree(result.commit) == expected.dropLast())
    let isSame = try bench.sandbox.tree(result.commit) == bench.sandbox.git("rev-parse", "\(head)^{tree}").dropLast()
    if !isSame { #expect(try await bench.repository.parents(of: result.commit).map(\.hex) == [String(head)]) }
    let changed = try bench.sandbox.git("diff", "-z", "--name-only", "--no-renames", bench.base.hex, result.commit.hex)
    #expect(result.changedPaths == changed.split(separator: "\0").map(String.init))
    #expect(result.changedCount == result.changedPaths.count)
    #expect(result.leftBehind == nil && result.headBranch == "plait/r/1.1")
    #expect(try bench.sandbox.id("plait/r/1.1") == result.commit)
    _ = try bench.sandbox.git("fsck", "--strict")
    // What is said to lie beside the commit is all there is.
    if let litter = result.litter {
      let spare = try await bench.repository.tidyWorktree(bench.worktree, at: result.commit, removing: litter)
      #expect(try bench.differences() == "" && spare.base == result.commit)
      #expect(
        try bench.sandbox.shell("find . -type d -empty; find . -not -perm -u+rw -not -type l", in: spare.path) == ""
      )
      try bench.sandbox.git(["checkout", "-q", "plait/r/1.1"], in: spare.path)
    } else {
      try await bench.repository.settleIndex(of: bench.worktree, at: result.commit)
      #expect(try bench.sandbox.git(["status", "--porcelain"], in: bench.worktree.path) == "")
    }
    #expect((result.litter != nil) == isPlain || work.contains("fileMode"))
    // Nothing more to do the second time, and the worktree can be used again.
    #expect(try await bench.commitAll().commit == result.commit)
    _ = try await bench.repository.resetWorktree(bench.worktree, branch: "plait/r/2", base: result.commit)
    #expect(try bench.differences() == "")
  }

  @Test func noChangeGivesTheBase() async throws {
    let bench = try await Workbench()
    let result = try await bench.commitAll()
    #expect(result.commit == bench.base)
    #expect(result.changedCount == 0 && result.changedPaths.isEmpty)
  }

  @Test func ownCommitsOnOtherBranchesOrDetachedAreTheResult() async throws {
    for checkout in ["checkout -q -b feature", "checkout -q --detach"] {
      let bench = try await Workbench()
      try bench.work("git \(checkout); echo c > c; git add c; git commit -qm own; echo d > d")
      let result = try await bench.commitAll()
      #expect(result.changedPaths == ["c", "d"])
      #expect(result.headBranch == (checkout.contains("detach") ? nil : "feature"))
      #expect(try bench.sandbox.id("plait/r/1.1") == result.commit)
      try await bench.repository.settleIndex(of: bench.worktree, at: result.commit)
      #expect(
        try bench.sandbox.git(["status", "--porcelain", "--branch"], in: bench.worktree.path) == "## plait/r/1.1\n"
      )
      #expect(result.leftBehind == nil)
      if checkout.contains("feature") {
        #expect(try bench.sandbox.id("\(result.commit)^") == bench.sandbox.id("feature"))
      }
    }
  }

  @Test func aUsersBranchIsNotMovedAndCommitsLeftBehindAreNamed() async throws {
    let bench = try await Workbench()
    try bench.sandbox.git("branch", "users")
    try bench.work("echo a > a; git add a; git commit -qm behind; git checkout -q users; echo b > b")
    let behind = try bench.sandbox.id("plait/r/1.1")
    let result = try await bench.commitAll()
    #expect(result.changedPaths == ["b"])
    #expect(result.headBranch == "users")
    #expect(result.leftBehind == behind)
    #expect(try bench.sandbox.id("users") == bench.base)
    #expect(try bench.sandbox.id("plait/r/1.1") == result.commit)
  }

  @Test func aDeletedBranchComesBack() async throws {
    let bench = try await Workbench()
    try bench.work("git checkout -q --detach; git branch -qD plait/r/1.1; echo b > b")
    let result = try await bench.commitAll()
    #expect(try bench.sandbox.id("plait/r/1.1") == result.commit)
  }

  @Test(arguments: [
    "git checkout -q --orphan void; git commit -qm alone", "git checkout -q --orphan void",
    "git commit -q --amend -m replaced", "git reset -q --hard HEAD~1",
  ])
  func rewrittenHistoryIsRefused(work: String) async throws {
    let bench = try await Workbench()
    try bench.work(work)
    let error = try await gitError { _ = try await bench.commitAll() }
    #expect(error.code == .historyRewritten)
    #expect(error.message.contains(bench.worktree.path))
  }

  @Test(arguments: [
    ("git init -q deep/a; echo n > deep/a/new", "deep/a"),
    ("mkdir -p a/b; git init -q a/b; touch a/b/f", "a/b"),
    ("git clone -q . a/clone", "a/clone"),
    (
      "git init -q sub/module; cd sub/module; git -c user.name=a -c user.email=b commit -q --allow-empty -m x",
      "sub/module"
    ),
  ])
  func nestedRepositoriesAreNamed(work: String, path: String) async throws {
    for isPlain in [false, true] { try await nestedRepositoryIsNamed(work, path, isPlain) }
  }

  private func nestedRepositoryIsNamed(_ work: String, _ path: String, _ isPlain: Bool) async throws {
    let bench = try await Workbench(isPlain: isPlain)
    try bench.work(work)
    let error = try await gitError { _ = try await bench.commitAll() }
    #expect(error.code == .nestedRepository)
    #expect(error.subject == path)
    #expect(try bench.sandbox.id("plait/r/1.1") == bench.base)
  }

  @Test func ignoredNestedRepositoriesAreNobodysBusiness() async throws {
    let bench = try await Workbench()
    // Ignored, or without anything in it that could get lost.
    try bench.work("mkdir build; git init -q build/inner; git init -q empty; echo n > n")
    #expect(try await bench.commitAll().changedPaths == ["n"])
  }

  @Test(arguments: ["rm .git", "cd ..; rm -rf slot1", "rm .git; git init -q ."])
  func aLostWorktreeIsReported(work: String) async throws {
    let bench = try await Workbench()
    try bench.work(work)
    #expect(try await gitError { _ = try await bench.commitAll() }.code == .worktreeLost)
  }

  @Test func anUnfinishedMergeIsRefused() async throws {
    let bench = try await Workbench()
    try bench.work(
      """
      git checkout -q -b theirs; echo t > README.md; git commit -qam t; git checkout -q plait/r/1.1
      echo o > README.md; git commit -qam o; git merge -q theirs >/dev/null || true
      """
    )
    let error = try await gitError { _ = try await bench.commitAll() }
    #expect(error.code == .conflict)
    #expect(error.message.contains("README.md"))
  }

  @Test func theAuthorIsTheRepositorysOrTheFallback() async throws {
    let bench = try await Workbench()
    try bench.work("echo a > a")
    let first = try await bench.commitAll()
    #expect(
      try bench.sandbox.git("log", "-1", "--format=%an <%ae>|%cn|%s", first.commit.hex)
        == "Sand Box <sandbox@example.invalid>|Sand Box|work\n"
    )
    try bench.sandbox.git("config", "--unset", "user.name")
    try bench.sandbox.git("config", "--unset", "user.email")
    try bench.work("echo b > b")
    let author = Author(name: "Fall Back", email: "f@example.invalid")
    let second = try await bench.repository.commitAll(in: bench.worktree, message: "m", fallbackAuthor: author)
    #expect(
      try bench.sandbox.git("log", "-1", "--format=%an <%ae>", second.commit.hex) == "Fall Back <f@example.invalid>\n"
    )
    let age = try #require(Double(try bench.sandbox.git("log", "-1", "--format=%ct").dropLast()))
    #expect(abs(age - Date().timeIntervalSince1970) < 600)
  }

  @Test func onlyTheFirstThousandPathsAreListed() async throws {
    let bench = try await Workbench()
    try bench.work("mkdir many; cd many; for i in $(seq 1 1100); do echo $i > f$i; done")
    let result = try await bench.commitAll()
    #expect(result.changedCount == 1100)
    #expect(result.changedPaths.count == 1000)
    #expect(result.changedPaths == result.changedPaths.sorted())
  }
}

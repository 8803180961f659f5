import Foundation
import TestSupport
import Testing

@testable import Git

@Suite struct ResetTests {
  /// What a worker may leave behind; each must be gone after a reset.
  static let messes = [
    "true",
    "echo more >> bin/tool; echo new > new.txt; mkdir -p x/y; echo z > x/y/z; echo l > a.log; mkdir build; touch build/o",
    "chmod -x bin/tool; chmod +x deep/a/top.txt; chmod 000 'with space/a file.txt'",
    "rm -rf deep; echo file > deep; rm 'with space/a file.txt'; mkdir 'with space/a file.txt'; touch 'with space/a file.txt/in'",
    "rm link; echo 'bin/tool' > link; rm bin/tool; ln -s /etc/passwd bin/tool; rm linkdir; mkdir linkdir; touch linkdir/x",
    "mkdir -p ro/only; touch ro/only/f; chmod 500 ro/only ro; touch deep/a/b/extra; chmod 500 deep/a/b deep/a docs",
    "git init -q nested; touch nested/f; git init -q deep; (cd deep; git add -A; git -c user.name=a -c user.email=b commit -qm x)",
    "git init -q sub/module; touch sub/module/f",
    "echo c > c.txt; git add -A; git commit -qm mine; echo d > d.txt; git add d.txt",
    "git checkout -q --detach; git rm -q README.md; git commit -qm gone; git checkout -q -b elsewhere; echo e > e; git add e",
    "git checkout -q --orphan void; git rm -rfq .; echo v > v",
    "printf broken > \"$(git rev-parse --git-dir)/index\"; echo change >> docs/empty",
    "rm \"$(git rev-parse --git-dir)/index\"",
    "git rm -q --cached README.md docs/empty; git add -N . || true; touch \"$(git rev-parse --git-dir)/index.lock\"",
    "git update-index --assume-unchanged README.md; git update-index --skip-worktree docs/empty; echo h >> README.md; echo h >> docs/empty",
    "git config --worktree core.sparseCheckout true || true; mkdir -p \"$(git rev-parse --git-dir)/info\"; echo '/docs' > \"$(git rev-parse --git-dir)/info/sparse-checkout\"",
    "git checkout -q -b theirs; echo t > README.md; git commit -qam t; git checkout -q plait/r/1.1; echo o > README.md; git commit -qam o; git merge -q theirs || true",
    "echo '*.crlf -text' > .gitattributes; git commit -qam attributes; rm a.crlf; git checkout a.crlf",
    "ln docs/binary.bin hard; echo through >> hard; cp -p README.md README2; mv README2 README.md",
    "printf 'a sandboX\\n' > README.md; printf 'q\\n\\n' > 'docs/quote\"d'",
    "find . -type f -not -path './.git' -exec touch {} +",
    "git mv README.md READYOU.md; git stash -q; git stash pop -q; git rebase -q -i HEAD 2>/dev/null || true",
    "printf 'bytes' > \"$(printf 'la\\351tin')\"; mkdir \"$(printf 'd\\377')\"; touch \"$(printf 'd\\377/f\\376')\"",
    "mkfifo pipe; mkdir -p deep/a/b/c/d/e/f; touch deep/a/b/c/d/e/f/g",
  ]

  @Test(arguments: messes, [false, true])
  func afterAResetTheWorktreeHoldsTheBaseExactly(mess: String, isPlain: Bool) async throws {
    let bench = try await Workbench(isPlain: isPlain)
    try bench.work(mess)
    let again = try await bench.repository.resetWorktree(bench.worktree, branch: "plait/r/1.2", base: bench.base)
    #expect(again.branch == "plait/r/1.2" && again.path == bench.worktree.path)
    try bench.expectExactly(bench.base, branch: "plait/r/1.2")
  }

  @Test(arguments: messes) func aResetToAnotherBaseIsExactToo(mess: String) async throws {
    let bench = try await Workbench()
    try bench.sandbox.shell(
      """
      git rm -qr deep link; mkdir -p link; echo now a folder > link/file; echo other > README.md
      chmod -x bin/tool; printf '*.crlf text eol=lf\\n' > .gitattributes; echo w > "with space/w"; rm -r docs; echo f > docs
      git add -A; git commit -qm other
      """,
      in: bench.sandbox.path
    )
    let other = try bench.sandbox.id("HEAD")
    try bench.work(mess)
    let there = try await bench.repository.resetWorktree(bench.worktree, branch: "plait/r/2", base: other)
    try bench.expectExactly(other, branch: "plait/r/2")
    try GitSandbox.write("\(there.path)/README.md", "changed again\n")
    _ = try await bench.repository.resetWorktree(there, branch: "plait/r/3", base: bench.base)
    try bench.expectExactly(bench.base, branch: "plait/r/3")
  }

  @Test func unchangedFilesAreNotTouched() async throws {
    let bench = try await Workbench()
    try bench.work("echo n > new; echo m >> README.md")
    let before = try bench.sandbox.shell(
      "stat -c '%n %i %y' docs/* bin/tool deep/a/top.txt link",
      in: bench.worktree.path
    )
    _ = try await bench.repository.resetWorktree(bench.worktree, branch: "plait/r/1.2", base: bench.base)
    let after = try bench.sandbox.shell(
      "stat -c '%n %i %y' docs/* bin/tool deep/a/top.txt link",
      in: bench.worktree.path
    )
    // A link written in the same clock tick as the index can't be told apart and is written again.
    #expect(before.split(separator: "\n").dropLast() == after.split(separator: "\n").dropLast())
  }

  @Test func filesAreReadWhereTheirTimesCannotTell() async throws {
    let bench = try await Workbench()
    // An index that looks older than the files: any of them may have changed right after it was written.
    try bench.sandbox.shell("touch -d 2001-01-01 index", in: "\(bench.sandbox.path)/.git/worktrees/slot1")
    let files = "stat -c '%n %i %y' a.crlf b.auto docs/* bin/tool deep/a/top.txt"
    let before = try bench.sandbox.shell(files, in: bench.worktree.path)
    _ = try await bench.repository.resetWorktree(bench.worktree, branch: "plait/r/1.2", base: bench.base)
    #expect(try bench.sandbox.shell(files, in: bench.worktree.path) == before)
    try bench.expectExactly(bench.base, branch: "plait/r/1.2")
  }

  @Test func aResetThatFailsLeavesNoBranch() async throws {
    let bench = try await Workbench()
    try bench.sandbox.write("late.txt", "this file's object will be missing\n")
    let broken = try #require(CommitID(try bench.sandbox.commit("broken")))
    let blob = try bench.sandbox.git("rev-parse", "HEAD:late.txt").trimmingCharacters(in: .newlines)
    try bench.sandbox.shell("rm -f .git/objects/\(blob.prefix(2))/\(blob.dropFirst(2))", in: bench.sandbox.path)
    _ = try await gitError {
      _ = try await bench.repository.resetWorktree(bench.worktree, branch: "plait/r/1.2", base: broken)
    }
    #expect(try await bench.repository.tip(of: "plait/r/1.2") == nil)
    _ = try await bench.repository.resetWorktree(bench.worktree, branch: "plait/r/1.2", base: bench.base)
    try bench.expectExactly(bench.base, branch: "plait/r/1.2")
  }

  @Test func keptPatternsSurvive() async throws {
    let bench = try await Workbench()
    try bench.work(
      "mkdir -p node_modules/a deep/node_modules build; touch node_modules/a/f deep/node_modules/g build/keep.o build/drop.c x"
    )
    _ = try await bench.repository.resetWorktree(
      bench.worktree,
      branch: "plait/r/1.2",
      base: bench.base,
      keep: ["node_modules", "bui*"]
    )
    let left = try bench.sandbox.git(["status", "--porcelain", "--ignored", "-uall"], in: bench.worktree.path)
    #expect(left.contains("node_modules/a/f") && left.contains("deep/node_modules/g") && left.contains("build/"))
    #expect(!left.contains("?? x"))
    _ = try await bench.repository.resetWorktree(
      bench.worktree,
      branch: "plait/r/1.3",
      base: bench.base,
      keep: ["deep/node_*"]
    )
    let then = try bench.sandbox.git(["status", "--porcelain", "--ignored", "-uall"], in: bench.worktree.path)
    #expect(then == "?? deep/node_modules/g\n")
  }

  @Test(arguments: [
    "rm .git", "rm .git; git init -q .", "echo 'gitdir: /nowhere' > .git", "rm -rf \"$(git rev-parse --git-dir)\"",
    "echo x > \"$(git rev-parse --git-dir)/commondir\"", "rm \"$(git rev-parse --git-dir)/HEAD\"",
    "cd ..; rm -rf slot1", "cd ..; mv slot1 away; ln -s away slot1",
  ])
  func aWorktreeThatCannotBeTrustedIsReported(mess: String) async throws {
    let bench = try await Workbench()
    try bench.work(mess)
    let error = try await gitError {
      _ = try await bench.repository.resetWorktree(bench.worktree, branch: "plait/r/1.2", base: bench.base)
    }
    #expect(error.code == .worktreeLost)
    #expect(try await bench.repository.tip(of: "plait/r/1.2") == nil)
    // The way out that the message names.
    try await bench.repository.removeWorktree("slot1")
    try? FileManager.default.removeItem(atPath: bench.worktree.path)
    _ = try await bench.repository.addWorktree(
      name: "slot1",
      path: bench.worktree.path,
      branch: "plait/r/1.2",
      base: bench.base
    )
    #expect(try bench.differences() == "")
  }

  @Test func aChangedExcludeFileIsReportedOnce() async throws {
    let bench = try await Workbench()
    try GitSandbox.write("\(bench.sandbox.path)/.git/info/exclude", "*.txt\n")
    let error = try await gitError {
      _ = try await bench.repository.resetWorktree(bench.worktree, branch: "plait/r/1.2", base: bench.base)
    }
    #expect(error.code == .worktreeLost && error.message.contains("info/exclude"))
    _ = try await bench.repository.resetWorktree(bench.worktree, branch: "plait/r/1.2", base: bench.base)
  }

  @Test func aTakenBranchIsRefusedAndNothingChanges() async throws {
    let bench = try await Workbench()
    try bench.work("echo n > new")
    let error = try await gitError {
      _ = try await bench.repository.resetWorktree(bench.worktree, branch: "main", base: bench.base)
    }
    #expect(error.code == .exists)
    #expect(bench.sandbox.exists("\(bench.worktree.path)/new"))
  }

  @Test func aGateSeesExactlyTheCommitWithHeadDetached() async throws {
    let bench = try await Workbench()
    try bench.work("echo n > new; echo m >> README.md; rm -rf docs")
    try bench.sandbox.write("README.md", "second\n")
    let second = try #require(CommitID(try bench.sandbox.commit("second")))
    try await bench.repository.checkout(second, in: bench.worktree)
    #expect(try bench.differences() == "")
    #expect(try bench.sandbox.git(["rev-parse", "HEAD"], in: bench.worktree.path) == "\(second)\n")
    #expect(throws: ProgramFailure.self) {
      try bench.sandbox.git(["symbolic-ref", "-q", "HEAD"], in: bench.worktree.path)
    }
  }
}

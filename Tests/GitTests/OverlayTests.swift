import Foundation
import TestSupport
import Testing

@testable import Git

/// Whether this process may mount.
private let canMount = (try? OverlayMount.require(in: NSTemporaryDirectory())) != nil

/// In a user namespace the kernel lets nobody rename a folder that lies below: `mv` copies it then, `git mv` fails.
private let canRenameFolders =
  (try? String(contentsOfFile: "/proc/self/uid_map", encoding: .utf8))?.contains("4294967295") ?? true

/// Worktrees that lie over another one.
@Suite(.enabled(if: canMount)) struct OverlayTests {

  /// A worktree as `Workbench` has it, over one at `base`; in a folder whose name takes care.
  private func bench(
    isPlain: Bool = false,
    at commit: ((GitSandbox) throws -> CommitID)? = nil
  ) async throws -> (bench: Workbench, lower: WorktreeHandleInfo) {
    let sandbox = try GitSandbox()
    let base = try sandbox.makeAwkwardTree(isPlain: isPlain)
    let commit = try commit?(sandbox) ?? base
    let repository = try await Repository.open(sandbox.path)
    let folder = "\(sandbox.root)/trees, a:b\\c =d\\040"
    let lower = try await repository.addWorktree(name: "p", path: "\(folder)/p", branch: nil, base: base)
    let worktree = try await repository.addOverlay(
      name: "slot1",
      path: "\(folder)/slot1",
      branch: "plait/r/1.1",
      base: commit,
      over: lower
    )
    return (Workbench(sandbox: sandbox, repository: repository, base: commit, worktree: worktree), lower)
  }

  /// Removes both; neither a mount nor a file may be left.
  private func end(_ bench: Workbench, _ lower: WorktreeHandleInfo) async throws {
    #expect(try bench.sandbox.git(["status", "--porcelain", "--ignored"], in: lower.path) == "")
    try await bench.repository.removeWorktree(bench.worktree.name)
    try await bench.repository.removeWorktree(lower.name)
    let folder = (lower.path as NSString).deletingLastPathComponent
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    #expect(try OverlayMount.removeAll(below: bench.sandbox.root).isEmpty)
    #expect(try await bench.repository.worktrees().allSatisfy { $0.name.hasPrefix("fresh-") })
  }

  @Test(arguments: [false, true]) func itIsWhatGitWouldMake(isPlain: Bool) async throws {
    let (bench, lower) = try await bench(isPlain: isPlain)
    try bench.expectExactly(bench.base, branch: "plait/r/1.1")
    #expect(try OverlayMount.removeAll(below: "\(bench.sandbox.root)/nowhere").isEmpty)
    try await end(bench, lower)
  }

  @Test(arguments: MoveTests.changes) func itIsMadeAtAnotherCommitAndMoved(change: String) async throws {
    let isPlain = !change.contains("sub/module")
    let (bench, lower) = try await bench(isPlain: isPlain) { sandbox in
      try sandbox.shell("\(change)\ngit add -A . ':!sub'; git commit -qm change || true", in: sandbox.path)
      return try sandbox.id("HEAD")
    }
    try bench.expectExactly(bench.base, branch: "plait/r/1.1")
    let (path, base) = (lower.base, bench.base)
    _ = try await bench.repository.moveWorktree(bench.worktree, from: base, branch: "plait/r/2", base: path)
    try bench.expectExactly(path, branch: "plait/r/2")
    try await end(bench, lower)
  }

  /// What a worker may do; the result has to be what it is in an ordinary worktree.
  static let work = [
    "echo more >> README.md; echo new > new.txt; mkdir -p x/y; echo z > x/y/z; chmod -x bin/tool",
    "rm -r deep; mkdir deep; echo other > deep/a; rm -r docs; echo file > docs",
    "rm bin/tool; rmdir bin; echo t > bin; rm link; mkdir link; echo in > link/file; ln -sfn elsewhere dangling",
    "mv deep elsewhere; mv 'with space' spaceless; git rm -q kept.log; echo l > a.log; mkdir -p build; echo b > build/b",
    "git mv docs papers; git commit -qm own; rm -r papers; git rm -q --cached bin/tool; chmod +x deep/a/top.txt",
    "git rm -qr --cached deep; echo deep/ > .gitignore; git reset -q --soft HEAD; rm -r bin; mkdir bin; ln -s . bin/tool",
    "git checkout -q --orphan o; git checkout -q -f plait/r/1.1; printf '9ne\\n' > 'with space/a file.txt'; mkdir empty",
    "mv deep tmp; mv docs deep; mv tmp docs; echo in >> docs/a/top.txt",
    "mv deep tmp; mv docs deep; git commit -qam moved; mv tmp docs; rm -r 'with space'; mkdir 'with space'",
    "git update-index --cacheinfo 100644,$(git hash-object -w README.md),deep/a/top.txt; echo only > bin/only",
    "rm -r deep/a; mkdir -p deep/a/b; echo b > deep/a/b/c; git add -A; rm -r deep/a; git checkout -q HEAD -- deep",
    "chmod 700 deep; chmod 600 README.md; touch docs",
    "true",
  ].filter { canRenameFolders || !$0.contains("git mv docs") }

  @Test(arguments: work, [false, true]) func whatAWorkerLeavesIsCommittedAsEver(script: String, isPlain: Bool)
    async throws
  {
    let (bench, lower) = try await bench(isPlain: isPlain)
    let path = "\(bench.sandbox.root)/trees/ordinary"
    let (base, repository) = (bench.base, bench.repository)
    try bench.work(script)
    let result = try await bench.commitAll()
    let listing = try bench.sandbox.shell("ls -A", in: bench.worktree.path)
    try await repository.settleIndex(of: bench.worktree, at: result.commit)
    #expect(try bench.sandbox.git(["status", "--porcelain"], in: bench.worktree.path) == "")
    try await repository.detachWorktree(bench.worktree, at: base)
    try await repository.deleteRef("refs/heads/plait/r/1.1", expecting: result.commit)
    let ordinary = try await repository.addWorktree(name: "o", path: path, branch: "plait/r/1.1", base: base)
    try bench.sandbox.shell(script, in: path)
    let expected = try await repository.commitAll(in: ordinary, message: "work")
    #expect(try bench.sandbox.tree(result.commit) == bench.sandbox.tree(expected.commit))
    #expect(result.changedPaths == expected.changedPaths && result.headBranch == expected.headBranch)
    #expect(result.litter.map { Set($0.paths) } == expected.litter.map { Set($0.paths) })
    #expect(try bench.sandbox.shell("ls -A", in: path) == listing)
    // Put in order again, by each of the ways there are.
    let reset = try await repository.resetWorktree(bench.worktree, branch: "plait/r/2", base: base)
    try bench.expectExactly(base, branch: "plait/r/2")
    #expect(reset.path == bench.worktree.path)
    try await repository.removeWorktree("o")
    try await end(bench, lower)
  }

  @Test func whatWasTouchedIsKnownFromTheUpperLayer() async throws {
    let (bench, lower) = try await bench(isPlain: true)
    let area = WorktreeArea(bench.worktree, in: bench.repository.facts.commonDirectory)
    let layer = try #require(UpperLayer(of: area))
    func standing(_ folder: String) -> UpperLayer.Standing { layer.standing(of: Array(folder.utf8CString)) }
    #expect(["docs", "deep", "bin"].map(standing) == [.untouched, .untouched, .untouched])
    try bench.work("echo x > deep/a/x; rm -r docs; mkdir docs; mv bin cellar; rm -r 'with space'")
    #expect(standing("deep") == .touched && standing("deep/a") == .touched)
    #expect(standing("docs") == .replaced)
    #expect(standing("cellar") == (canRenameFolders ? .replaced : .touched))
    #expect(standing("bin") == .touched && standing("with space") == .touched)
    // An ordinary worktree has no layers.
    #expect(UpperLayer(of: WorktreeArea(lower, in: bench.repository.facts.commonDirectory)) == nil)
    try await end(bench, lower)
  }

  @Test func workIsFoundWhenTheMountWasTakenAway() async throws {
    let (bench, lower) = try await bench()
    try bench.work("echo late > late; rm -r docs; mkdir docs; echo d > docs/d")
    try bench.mount.unmount()
    #expect(!bench.mount.isMounted && !bench.sandbox.exists("\(bench.worktree.path)/README.md"))
    // Nothing of it is pruned meanwhile, and looking at it mounts nothing.
    try bench.sandbox.git("worktree", "prune")
    #expect(try await bench.repository.worktrees().map(\.isIntact) == [true, false])
    #expect(!bench.mount.isMounted)
    let result = try await bench.commitAll()
    #expect(bench.mount.isMounted)
    let paths = try bench.paths(result.commit)
    #expect(paths.contains("late") && paths.contains("docs/d") && !paths.contains("docs/empty"))
    #expect(paths.contains("README.md"))
    try await end(bench, lower)
  }

  @Test func oneThatIsInUseIsRemovedAllTheSame() async throws {
    let (bench, lower) = try await bench()
    let file = try #require(FileHandle(forReadingAtPath: "\(bench.worktree.path)/README.md"))
    try await end(bench, lower)
    try file.close()
  }

  @Test func aMountIsTakenAwayByItsPlace() async throws {
    let (bench, lower) = try await bench()
    #expect(try Repository.unmountAll(below: bench.sandbox.root) == [bench.worktree.path])
    #expect(!bench.mount.isMounted)
    try await end(bench, lower)
  }

  @Test func theTrialOfAKilledProcessGoes() async throws {
    let sandbox = try GitSandbox()
    let ended = try Process.run(URL(filePath: "/usr/bin/env"), arguments: ["true"])
    ended.waitUntilExit()
    let left = "\(sandbox.root)/overlay-trial-\(ended.processIdentifier)"
    try FileSystem.makeDirectories("\(left)/lower")
    let mount = OverlayMount(lower: "\(left)/lower", path: "\(left)/tree")
    try mount.makeLayers()
    try mount.mount()
    // That of a process that lives is its own business.
    try FileSystem.makeDirectories("\(sandbox.root)/overlay-trial-\(getppid())")
    try OverlayMount.require(in: sandbox.root)
    #expect(!sandbox.exists(left) && sandbox.exists("\(sandbox.root)/overlay-trial-\(getppid())"))
    #expect(try OverlayMount.removeAll(below: sandbox.root).isEmpty)
  }

  @Test func nothingStaysOfOneThatCannotBeMade() async throws {
    let (bench, lower) = try await bench()
    let path = "\(bench.sandbox.root)/more/slot2"
    let error = try await gitError {
      _ = try await bench.repository.addOverlay(
        name: "slot2",
        path: path,
        branch: "plait/r/2",
        base: try #require(CommitID(String(repeating: "3", count: 40))),
        over: lower
      )
    }
    #expect(error.code == .notFound || error.code == .other)
    #expect(!bench.sandbox.exists("\(bench.sandbox.root)/more"))
    #expect(try OverlayMount.removeAll(below: "\(bench.sandbox.root)/more").isEmpty)
    try await end(bench, lower)
  }

  @Test func aLostLayerIsNamed() async throws {
    let (bench, lower) = try await bench()
    try bench.mount.unmount()
    try FileSystem.removeTree(bench.mount.upper)
    let error = try await gitError { _ = try await bench.commitAll() }
    #expect(error.code == .worktreeLost && error.message.contains("a folder that it is made of is gone"))
    try await end(bench, lower)
  }

  @Test func whereItCannotBeMountedThatIsSaid() async throws {
    // The kernel's own folder takes no folders of ours, whoever asks.
    #expect(throws: GitError.self) { try OverlayMount.require(in: "/proc/plait") }
    let sandbox = try GitSandbox()
    try OverlayMount.require(in: "\(sandbox.root)/a/b")
    #expect(!sandbox.exists("\(sandbox.root)/a"))
  }
}

extension Workbench {
  init(sandbox: GitSandbox, repository: Repository, base: CommitID, worktree: WorktreeHandleInfo) {
    (self.sandbox, self.repository, self.base, self.worktree) = (sandbox, repository, base, worktree)
  }

  fileprivate var mount: OverlayMount { OverlayMount(lower: nil, path: worktree.path) }
}

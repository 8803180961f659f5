import Foundation
import TestSupport
import Testing

@testable import Git

@Suite struct MergeTests {
  /// Two sides of one base, made by shell scripts.
  private func sides(_ ours: String, _ theirs: String) async throws -> (GitSandbox, Repository, CommitID, CommitID) {
    let sandbox = try GitSandbox()
    try sandbox.makeAwkwardTree()
    try sandbox.git("checkout", "-q", "-b", "theirs")
    try sandbox.shell(theirs, in: sandbox.path)
    let result = try #require(CommitID(try sandbox.commit("theirs")))
    try sandbox.git("checkout", "-q", "-f", "main")
    try sandbox.git("clean", "-fdqx")
    try sandbox.shell(ours, in: sandbox.path)
    let tip = try #require(CommitID(try sandbox.commit("ours")))
    return (sandbox, try await Repository.open(sandbox.path), tip, result)
  }

  /// What the real git makes of the merge: a tree, or the paths in conflict.
  static func reference(
    _ sandbox: GitSandbox,
    _ tip: CommitID,
    _ result: CommitID
  ) throws -> (tree: String?, conflicts: [String]) {
    let line = [
      "git", "-c", "merge.directoryRenames=false", "-c", "core.quotePath=false", "merge-tree", "--write-tree",
      "--name-only", "--no-messages", tip.hex, result.hex,
    ]
    let (code, output) = try Program.status(of: line, in: sandbox.path)
    let lines = output.split(separator: "\n").map(String.init)
    return code == 0 ? (lines.first, []) : (nil, Array(lines.dropFirst()).sorted())
  }

  @Test(arguments: [
    ("echo o > ours.txt", "echo t > theirs.txt"), ("echo o >> README.md", "rm -r deep; chmod -x bin/tool"),
    ("git mv docs moved", "echo t > 'with space/new'"), ("git mv README.md docs/R.md", "echo more >> README.md"),
    ("rm link; echo l > link", "rm dangling; ln -s elsewhere dangling"),
    ("echo x > same; rm b.auto", "echo x > same; rm b.auto"),
    ("rm -r deep; echo f > deep", "echo t > other"), ("rm -r deep/a/b; echo f > deep/a/b", "echo t > deep/a/new"),
    ("sed -i '1i top' .gitignore", "echo bottom >> .gitignore; echo x > a-b; echo y > 'a b'"),
    (
      "git update-index --cacheinfo 160000,2222222222222222222222222222222222222222,sub/module; git commit -qm s",
      "echo t > t"
    ),
    ("echo o > docs/o", "git rm -rq docs 'with space' deep bin"),
  ])
  func theTreeIsTheOneThatGitMakes(ours: String, theirs: String) async throws {
    let (sandbox, repository, tip, result) = try await sides(ours, theirs)
    let outcome = try await repository.merge(result, onto: tip, message: "merge\n\nPlait-Run: r\n")
    guard case .merged(let merge) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(try sandbox.tree(merge) == Self.reference(sandbox, tip, result).tree)
    #expect(try await repository.parents(of: merge) == [tip, result])
    #expect(try sandbox.id("main") == tip, "no ref moves")
    #expect(try sandbox.git("log", "-1", "--format=%(trailers:key=Plait-Run,valueonly)", merge.hex).contains("r"))
    _ = try sandbox.git("fsck", "--strict")
  }

  @Test(arguments: [
    ("echo o > README.md", "echo t > README.md", ["README.md"]), ("rm README.md", "echo t > README.md", ["README.md"]),
    ("echo o > n; echo o > docs/n", "echo t > n; echo t > docs/n", ["docs/n", "n"]),
    ("head -c 9 /dev/urandom > docs/binary.bin", "head -c 9 /dev/urandom > docs/binary.bin", ["docs/binary.bin"]),
    ("ln -sf o link", "ln -sf t link", ["link"]),
  ])
  func conflictsNameTheirPaths(ours: String, theirs: String, paths: [String]) async throws {
    let (sandbox, repository, tip, result) = try await sides(ours, theirs)
    #expect(try await repository.merge(result, onto: tip, message: "m") == .conflict(paths))
    #expect(try Self.reference(sandbox, tip, result).conflicts == paths)
  }

  @Test func aFileAgainstAFolderIsAConflict() async throws {
    let (sandbox, repository, tip, result) = try await sides("echo o > thing", "mkdir thing; echo t > thing/in")
    guard case .conflict(let paths) = try await repository.merge(result, onto: tip, message: "m") else {
      Issue.record("a file and a folder of the same name were merged")
      return
    }
    #expect(paths.contains { $0.hasPrefix("thing") })
    #expect(try Self.reference(sandbox, tip, result).tree == nil)
  }

  /// libgit2 alone merges this, and what one side did is gone.
  @Test func aMovedFileThatBecameALinkIsAConflict() async throws {
    let (sandbox, repository, tip, result) = try await sides(
      "git mv deep/a/top.txt moved.txt",
      "rm deep/a/top.txt; ln -s b deep/a/top.txt"
    )
    #expect(try Self.reference(sandbox, tip, result).tree == nil)
    #expect(try await repository.merge(result, onto: tip, message: "m") == .conflict(["deep/a/top.txt"]))
  }

  @Test func aFileInPlaceOfAFolderThatGotAFileIsAConflict() async throws {
    // libgit2 itself sees no conflict here: each side deleted all that the other could have collided with.
    let (sandbox, repository, tip, result) = try await sides(
      "git rm -rq deep; echo o > deep; echo o >> README.md",
      "git rm -rq deep; mkdir deep; echo t > deep/new; echo t > t"
    )
    #expect(try await repository.merge(result, onto: tip, message: "m") == .conflict(["deep", "deep/new"]))
    #expect(try Self.reference(sandbox, tip, result).tree == nil)
  }

  @Test func containedForwardAndUnrelated() async throws {
    let (sandbox, repository, tip, result) = try await sides("echo o > o", "echo t > t")
    let base = try sandbox.id("main~1")
    #expect(try await repository.merge(base, onto: tip, message: "m") == .alreadyContained)
    #expect(try await repository.merge(tip, onto: tip, message: "m") == .alreadyContained)
    guard case .merged(let forward) = try await repository.merge(result, onto: base, message: "m") else {
      Issue.record("not merged")
      return
    }
    #expect(try sandbox.tree(forward) == sandbox.tree(result))
    #expect(try await repository.parents(of: forward) == [base, result])
    try sandbox.git("checkout", "-q", "--orphan", "alone")
    let alone = try #require(CommitID(try sandbox.commit("alone")))
    let error = try await gitError { _ = try await repository.merge(alone, onto: tip, message: "m") }
    #expect(error.code == .historyRewritten)
  }

  @Test func crossedHistoriesAreMerged() async throws {
    let (sandbox, repository, tip, result) = try await sides("echo o > o", "echo t > t")
    try sandbox.git("merge", "-q", "--no-edit", "theirs")
    try sandbox.write("o2", "o\n")
    let ours = try #require(CommitID(try sandbox.commit("o2")))
    try sandbox.git("checkout", "-q", "theirs")
    try sandbox.git("merge", "-q", "--no-edit", tip.hex)
    try sandbox.write("t2", "t\n")
    let theirs = try #require(CommitID(try sandbox.commit("t2")))
    #expect(try sandbox.git("merge-base", "--all", ours.hex, theirs.hex).split(separator: "\n").count == 2)
    guard case .merged(let merge) = try await repository.merge(theirs, onto: ours, message: "m") else {
      Issue.record("not merged")
      return
    }
    #expect(try sandbox.tree(merge) == Self.reference(sandbox, ours, theirs).tree)
    #expect(try await repository.isAncestor(result, of: merge))
  }
}

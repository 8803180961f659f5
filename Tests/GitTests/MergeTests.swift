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
  private static func reference(
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

  /// Changes one side of a random history: writes, deletes, moves and replaces files by folders and folders by files.
  private static func mutate(_ sandbox: GitSandbox, _ random: inout Seeded, _ side: String) throws {
    let script = (0..<Int.random(in: 1...5, using: &random)).map { step -> String in
      let folder = ["a", "b", "a/x", "b/y/z", "c-d", "c"].randomElement(using: &random) ?? "a"
      let file = "\(folder)/f\(Int.random(in: 0..<4, using: &random))"
      switch Int.random(in: 0..<9, using: &random) {
      case 0: return "rm -rf \(file)"
      case 1: return "rm -rf \(folder); echo \(side) > \(folder)"
      case 2: return "[ -f \(file) ] && git mv -f \(file) moved-\(side)-\(step) || true"
      case 3: return "[ -f \(file) ] && chmod +x \(file) || true"
      case 4: return "[ -f \(file) ] && sed -i '1s/.*/\(side)\(step)/' \(file) || true"
      case 5: return "[ -f \(file) ] && sed -i '$s/.*/\(side)\(step)/' \(file) || true"
      case 6: return "rm -rf \(file); mkdir -p \(file) 2>/dev/null && echo \(side) > \(file)/in || true"
      default: return "mkdir -p \(folder) 2>/dev/null && [ ! -d \(file) ] && echo \(side)\(step) > \(file) || true"
      }
    }
    try sandbox.shell(script.joined(separator: "\n"), in: sandbox.path)
  }

  /// A generator whose sequence is the same in every run.
  private struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state >> 32) | (state << 32)
    }
  }

  @Test(arguments: 0..<8) func randomHistoriesMergeAsInGit(seed: Int) async throws {
    let sandbox = try GitSandbox()
    var random = Seeded(state: UInt64(seed) &* 7919 &+ 17)
    for folder in ["a", "b", "a/x", "b/y/z", "c"] {
      for number in 0..<4 {
        try sandbox.write("\(folder)/f\(number)", (0..<12).map { "\(folder)\(number) \($0)\n" }.joined())
      }
    }
    try sandbox.commit("base")
    let repository = try await Repository.open(sandbox.path)
    var outcomes = (fast: 0, merged: 0, conflicts: 0)
    for round in 0..<20 {
      let base = try sandbox.id("main")
      var tips: [CommitID] = []
      for side in ["ours", "theirs"] {
        try sandbox.git("checkout", "-q", "-f", "--detach", base.hex)
        try sandbox.git("clean", "-fdqx")
        try Self.mutate(sandbox, &random, side)
        tips.append(try #require(CommitID(try sandbox.commit("\(side) \(round)"))))
      }
      let expected = try Self.reference(sandbox, tips[0], tips[1])
      if let tree = try await repository.fastTree(base, tips[1], tips[0]) {
        outcomes.fast += 1
        #expect(tree == expected.tree, "round \(round): the fast path differs from the full merge")
      }
      switch try await repository.merge(tips[1], onto: tips[0], message: "m") {
      case .merged(let merge):
        outcomes.merged += 1
        #expect(try sandbox.tree(merge) == expected.tree, "round \(round)")
      case .conflict(let paths):
        outcomes.conflicts += 1
        #expect(expected.tree == nil, "round \(round): \(paths)")
        #expect(paths == paths.sorted() && Set(paths).count == paths.count)
      case .alreadyContained:
        #expect(expected.tree == (try sandbox.tree(tips[0])))
      }
    }
    #expect(outcomes.fast > 0 && outcomes.merged >= outcomes.fast && outcomes.conflicts > 0)
    _ = try sandbox.git("fsck", "--strict")
  }
}

extension Repository {
  /// The tree of the fast path alone; nil when it does not apply.
  fileprivate func fastTree(_ base: CommitID, _ result: CommitID, _ tip: CommitID) throws -> String? {
    try disjointMerge(base, result, tip).map { CommitID($0).hex }
  }
}

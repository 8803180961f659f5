import Foundation
import TestSupport
import Testing

@testable import Git

/// Thousands of small random histories, each merged by Plait and by git.
@Suite struct MergeHistoryTests {
  private static let rounds = 200

  @Test(arguments: 0..<12) func randomHistoriesMergeAsInGit(seed: Int) async throws {
    let sandbox = try GitSandbox()
    var random = SeededGenerator(seed: UInt64(seed))
    let histories = (0..<Self.rounds).map { RandomHistory($0, &random) }
    try Data(histories.map(\.stream).joined().utf8).write(to: URL(fileURLWithPath: "\(sandbox.root)/stream"))
    try sandbox.shell("git fast-import --quiet < ../stream", in: sandbox.path)
    let repository = try await Repository.open(sandbox.path)
    let refs = try await repository.refs(matching: "refs/heads/h*")
    let tips = Dictionary(refs.map { ($0.name, $0.commit) }) { first, _ in first }
    var outcomes = (fast: 0, merged: 0, conflicts: 0, known: 0)
    for history in histories {
      let base = try #require(tips[history.name("base")])
      let ours = try #require(tips[history.name("ours")])
      let theirs = try #require(tips[history.name("theirs")])
      let expected = try MergeTests.reference(sandbox, ours, theirs)
      if let tree = try await repository.fastTree(base, theirs, ours) {
        outcomes.fast += 1
        #expect(tree == expected.tree, "\(history): the fast path differs from the full merge")
      }
      let outcome = try await repository.merge(theirs, onto: ours, message: "m")
      if try await repository.parents(of: theirs) == [base] {
        outcomes.known += 1
        let known = try await repository.merge(theirs, onto: ours, message: "m", base: base)
        #expect(try sandbox.result(known) == sandbox.result(outcome), "\(history): the base makes a difference")
      }
      switch outcome {
      case .merged(let merge):
        outcomes.merged += 1
        let tree = try sandbox.tree(merge)
        let why = tree == expected.tree ? "" : try Self.explain(sandbox, history, tree, expected.tree)
        #expect(tree == expected.tree, "\(history): \(why)")
      case .conflict(let paths):
        outcomes.conflicts += 1
        #expect(expected.tree == nil, "\(history): \(paths)")
        #expect(paths == paths.sorted() && Set(paths).count == paths.count)
        // Git gives a file that a folder is in the way of another name, and lists a moved one where it is now.
        let named = Set(expected.conflicts.map { $0.split(separator: "~").first.map(String.init) ?? $0 })
        let hasMoves = named.contains { $0.hasPrefix("moved-") }
        #expect(hasMoves || !named.isDisjoint(with: paths), "\(history): \(paths), but git: \(expected.conflicts)")
      case .alreadyContained:
        #expect(expected.tree == (try sandbox.tree(ours)))
      }
    }
    #expect(outcomes.known > 0 && outcomes.fast > 0 && outcomes.merged >= outcomes.fast && outcomes.conflicts > 0)
    _ = try sandbox.git("fsck", "--strict")
  }

  private static func explain(_ sandbox: GitSandbox, _ history: RandomHistory, _ tree: String, _ expected: String?)
    throws
    -> String
  {
    var text = ""
    for (title, old, new) in [
      ("ours", history.name("base"), history.name("ours")), ("theirs", history.name("base"), history.name("theirs")),
      ("git's merge to Plait's", expected ?? tree, tree),
    ] {
      text += "\n\(title):\n" + (try sandbox.git("diff-tree", "-r", "-M", "--name-status", old, new))
    }
    return text
  }

  /// What differs between two trees is what git says, whatever is in them.
  @Test func differencesAreThoseOfGit() async throws {
    let sandbox = try GitSandbox()
    var random = SeededGenerator(seed: 77)
    let histories = (0..<40).map { RandomHistory($0, &random) }
    try Data(histories.map(\.stream).joined().utf8).write(to: URL(fileURLWithPath: "\(sandbox.root)/stream"))
    try sandbox.shell("git fast-import --quiet < ../stream", in: sandbox.path)
    let repository = try await Repository.open(sandbox.path)
    for history in histories {
      let (ours, theirs) = (history.name("ours"), history.name("theirs"))
      let changes = try await repository.changes(from: sandbox.id(ours), to: sandbox.id(theirs))
      let lines = try sandbox.git("diff-tree", "-r", "--no-renames", "--name-status", ours, theirs)
      let letters: [PathChange.Kind: String] = [.added: "A", .modified: "M", .deleted: "D", .typeChanged: "T"]
      #expect(changes.map { "\(letters[$0.kind] ?? "")\t\($0.path)\n" }.joined() == lines)
    }
  }
}

/// A base and two sides of it, as a stream for `git fast-import`.
private struct RandomHistory: CustomStringConvertible {
  private struct File {
    var mode = "100644"
    var lines: [String]
  }

  private let number: Int
  private let trees: [(name: String, files: [String: File])]

  var description: String { "round \(number)" }

  init(_ number: Int, _ random: inout SeededGenerator) {
    self.number = number
    var base: [String: File] = [:]
    for folder in ["a", "b", "a/x", "b/y/z", "c"] {
      for file in 0..<3 { base["\(folder)/f\(file)"] = File(lines: (0..<12).map { "\(folder)\(file) \($0)" }) }
    }
    base["a/link"] = File(mode: "120000", lines: ["f1"])
    base["c/module"] = File(mode: "160000", lines: [String(repeating: "1", count: 40)])
    var (ours, theirs) = (base, base)
    for step in 0..<Int.random(in: 1...4, using: &random) { Self.mutate(&ours, "ours\(step)", &random) }
    for step in 0..<Int.random(in: 1...4, using: &random) { Self.mutate(&theirs, "theirs\(step)", &random) }
    trees = [("base", base), ("ours", ours), ("theirs", theirs)]
  }

  func name(_ side: String) -> String { "refs/heads/h\(number)-\(side)" }

  var stream: String {
    trees.map { side, files in
      let head = "commit \(name(side))\ncommitter a <a@b> 1700000000 +0000\ndata 1\nm\n"
      let parent = side == "base" ? "" : "from \(name("base"))\ndeleteall\n"
      let body = files.sorted { $0.key < $1.key }.map { path, file -> String in
        if file.mode == "160000" { return "M 160000 \(file.lines[0]) \(path)\n" }
        let text = file.mode == "120000" ? file.lines[0] : file.lines.map { "\($0)\n" }.joined()
        return "M \(file.mode) inline \(path)\ndata \(text.utf8.count)\n\(text)\n"
      }
      return head + parent + body.joined() + "\n"
    }.joined()
  }

  /// Writes, edits, deletes, moves, and puts files, folders, links and submodules in each other's places.
  private static func mutate(_ files: inout [String: File], _ mark: String, _ random: inout SeededGenerator) {
    guard let path = files.keys.sorted().randomElement(using: &random), var file = files[path] else { return }
    let folder = path.split(separator: "/").dropLast().joined(separator: "/")
    let prefix = folder.isEmpty ? "" : folder + "/"
    let isText = file.mode.hasPrefix("100")
    switch Int.random(in: 0..<12, using: &random) {
    case 0: files[path] = nil
    case 1: files = files.filter { !$0.key.hasPrefix(folder + "/") }
    case 2:
      files = files.filter { !$0.key.hasPrefix(folder + "/") }
      if !folder.isEmpty { files[folder] = File(lines: [mark]) }
    case 3:
      files[path] = nil
      files["moved-\(mark)"] = file
    case 4 where isText: files[path]?.mode = file.mode == "100644" ? "100755" : "100644"
    case 5 where isText:
      files[path] = nil
      files["\(path)/in"] = File(lines: [mark])
    case 6: files[path] = File(mode: "120000", lines: [mark])
    case 7:
      files["\(prefix)module"] = File(
        mode: "160000",
        lines: [String(repeating: "23456789".randomElement(using: &random) ?? "2", count: 40)]
      )
    case 8, 9: files["\(prefix)new\(Int.random(in: 0..<3, using: &random))"] = File(lines: [mark])
    case 10 where isText:
      file.lines[0] = mark
      files[path] = file
    default:
      guard isText else { return }
      file.lines[file.lines.count - 1] = mark
      files[path] = file
    }
    // A file that something lies below makes way for it, as it would on disk.
    for path in files.keys where files.keys.contains(where: { $0.hasPrefix(path + "/") }) { files[path] = nil }
  }
}

extension Repository {
  /// The tree of the fast path alone; nil when it does not apply.
  fileprivate func fastTree(_ base: CommitID, _ result: CommitID, _ tip: CommitID) throws -> String? {
    try disjointMerge(difference(from: base, to: tip), difference(from: base, to: result), onto: tip).map {
      CommitID($0).hex
    }
  }
}

extension GitSandbox {
  /// What came of a merge, whenever it was made: its tree, or the conflict.
  fileprivate func result(_ outcome: MergeOutcome) throws -> String {
    if case .merged(let commit) = outcome { try tree(commit) } else { "\(outcome)" }
  }
}

import CLibgit2
import TestSupport
import Testing

@testable import Git

/// Worktrees that are made of the same files, one after another and at the same time.
@Suite struct SharedContentTests {
  /// What a worktree is that git itself has made at `commit`.
  private func listing(_ sandbox: GitSandbox, _ path: String) throws -> String {
    try sandbox.shell(
      "find . -not -path './.git*' -printf '%y %m %l %P\\n' | sort; find . -type f -not -path './.git*' | sort | xargs -d '\\n' sha1sum",
      in: path
    )
  }

  /// With room for all, for a part, and for none of it.
  @Test(arguments: [128 << 20, 3_000, 0]) func eachIsWhatGitWouldMake(room: Int) async throws {
    let sandbox = try GitSandbox()
    for number in 0..<700 { try sandbox.write("folder \(number % 9)/file-\(number)", "text of \(number)\n") }
    let base = try sandbox.makeAwkwardTree(isPlain: true)
    let content = SharedContent(users: 3, room: room)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 1...4 {
        group.addTask {
          let repository = try await Repository.open(sandbox.path)
          let path = "\(sandbox.root)/trees/\(number)"
          _ = try await repository.addWorktree(
            name: "w\(number)",
            path: path,
            branch: nil,
            base: base,
            sharing: content
          )
          content.release()
        }
      }
      try await group.waitForAll()
    }
    let fresh = "\(sandbox.root)/fresh"
    try sandbox.git("worktree", "add", "-q", "--detach", fresh, base.hex)
    let expected = try listing(sandbox, fresh)
    for number in 1...4 {
      let path = "\(sandbox.root)/trees/\(number)"
      #expect(try listing(sandbox, path) == expected)
      #expect(try sandbox.git(["status", "--porcelain", "--ignored"], in: path) == "")
    }
  }

  @Test func nothingIsHeldLongerThanItIsOfUse() {
    func id(_ byte: UInt8) -> git_oid {
      var id = git_oid()
      withUnsafeMutableBytes(of: &id.id) { $0[0] = byte }
      return id
    }
    func keep(_ byte: UInt8, _ count: Int, in content: SharedContent) {
      var unpacked = SharedContent.Unpacked()
      [UInt8](repeating: byte, count: count).withUnsafeBytes { unpacked.append($0, of: id(byte)) }
      content.keep(unpacked)
    }
    let content = SharedContent(users: 2, room: 10)
    keep(1, 6, in: content)
    keep(2, 5, in: content)
    #expect(content.bytes(of: id(1)).map(Array.init) == [1, 1, 1, 1, 1, 1])
    #expect(content.bytes(of: id(2)) == nil && content.bytes(of: id(3)) == nil)
    #expect(content.isWanted)
    content.release()
    // The last one has nobody to keep anything for, and uses what there is.
    #expect(!content.isWanted && content.bytes(of: id(1)) != nil)
    content.release()
    keep(4, 1, in: content)
    #expect(content.bytes(of: id(1)) == nil && content.bytes(of: id(4)) == nil)
  }

  /// Else all files of a small worktree would be read again by whoever looks for changes: they are as new as the index.
  @Test func anIndexIsNewerThanItsFiles() async throws {
    let bench = try await Workbench(isPlain: true)
    try await bench.repository.outwaitTimes(of: bench.worktree)
    let area = WorktreeArea(bench.worktree, in: bench.sandbox.path + "/.git")
    let open = try OpenWorktree(area)
    var scan = WorktreeScan(of: open)
    try withExtendedLifetime(open) { try scan.run() }
    #expect(scan.suspects.isEmpty && scan.missing.isEmpty && scan.added.isEmpty)
    // And what is changed at once is seen.
    try bench.work("echo more >> README.md")
    #expect(try await bench.commitAll().changedPaths == ["README.md"])
  }
}

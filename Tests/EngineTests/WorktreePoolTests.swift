import Foundation
import Git
import Planning
import TestSupport
import Testing

@testable import Engine

/// Worktrees of a run on a real repository.
@Suite struct WorktreePoolTests {
  private let sandbox: GitSandbox
  private let base: CommitID

  init() throws {
    sandbox = try GitSandbox()
    base = try #require(CommitID(try sandbox.git("rev-parse", "HEAD").trimmingCharacters(in: .newlines)))
  }

  private func pool(slots: Int = 2, spares: Int = 1) -> WorktreePool {
    let (root, repository) = ("\(sandbox.root)/trees", sandbox.path)
    return WorktreePool(slots: slots, spares: spares) {
      PooledWorktree(number: $0, run: "r", root: root, repositoryPath: repository)
    }
  }

  private func lend(_ pool: WorktreePool, to slot: Int, for name: String) async throws -> PooledWorktree {
    let base = base
    return try await pool.lend(to: slot, for: id(name)) { try await $0.prepare(branch: "plait/r/\(name)", base: base) }
  }

  private func expectClean(_ worktree: PooledWorktree, _ branch: String) throws {
    #expect(try sandbox.git(["status", "--porcelain", "--ignored"], in: worktree.path) == "")
    #expect(try sandbox.git(["rev-parse", "--abbrev-ref", "HEAD"], in: worktree.path) == "\(branch)\n")
  }

  @Test func aSlotGetsWhatWasCleanedBesideTheWork() async throws {
    let pool = pool()
    let first = try await lend(pool, to: 0, for: "1.1")
    try GitSandbox.write("\(first.path)/mess.txt", "m")
    await pool.renew(at: base, wanted: 5)
    let spare = "\(sandbox.root)/trees/r/tree-2"
    #expect(try sandbox.git(["rev-parse", "--abbrev-ref", "HEAD"], in: spare) == "HEAD\n")
    await pool.release(0, to: nil)
    let second = try await lend(pool, to: 0, for: "1.2")
    #expect(second.path == spare)
    try expectClean(second, "plait/r/1.2")
    // The one that was used is cleaned while the other is worked in.
    await pool.renew(at: base, wanted: 5)
    #expect(try sandbox.git(["status", "--porcelain"], in: first.path) == "")
    try await pool.removeAll()
    #expect(try sandbox.git("worktree", "list").split(separator: "\n").count == 1)
  }

  @Test func theFirstIsReadyBeforeTheSecondIsBegun() async throws {
    let pool = pool(slots: 2, spares: 0)
    let (steps, log) = AsyncStream<String>.makeStream()
    let (begun, beginning) = AsyncStream<Void>.makeStream()
    let (gate, opener) = AsyncStream<Void>.makeStream()
    let base = base
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        _ = try await pool.lend(to: 0, for: id("1.1")) {
          beginning.yield()
          for await _ in gate { break }
          try await $0.prepare(branch: "plait/r/1.1", base: base)
          log.yield("first is ready")
        }
      }
      for await _ in begun { break }
      group.addTask {
        _ = try await pool.lend(to: 1, for: id("1.2")) {
          log.yield("second is begun")
          try await $0.prepare(branch: "plait/r/1.2", base: base)
        }
      }
      for _ in 0..<20 { await Task.yield() }
      opener.yield()
      try await group.waitForAll()
    }
    log.finish()
    var seen: [String] = []
    for await step in steps { seen.append(step) }
    #expect(seen == ["first is ready", "second is begun"])
    // One that is there already waits for nobody.
    await pool.release(1, to: nil)
    _ = try await lend(pool, to: 1, for: "1.3")
    try await pool.removeAll()
  }

  @Test func noMoreAreMadeThanStillStart() async throws {
    let pool = pool(slots: 4, spares: 4)
    _ = try await lend(pool, to: 0, for: "1.1")
    await pool.renew(at: base, wanted: 2)
    #expect(try sandbox.git("worktree", "list").split(separator: "\n").count == 4)
    await pool.renew(at: base, wanted: 0)
    #expect(try sandbox.git("worktree", "list").split(separator: "\n").count == 4)
    try await pool.removeAll()
  }

  @Test func anHeirGoesOnInTheSameWorktreeUnlessSomebodyWorkedThere() async throws {
    let pool = pool()
    let worktree = try await lend(pool, to: 0, for: "1.1")
    try GitSandbox.write("\(worktree.path)/result.txt", "r")
    _ = try await worktree.commitAll(message: "result")
    await pool.release(0, to: id("1.2"))
    await pool.renew(at: base, wanted: 5)
    let heir = try await lend(pool, to: 1, for: "1.2")
    #expect(heir.path == worktree.path)
    try expectClean(heir, "plait/r/1.2")

    _ = try await heir.commitAll(message: "nothing")
    try GitSandbox.write("\(heir.path)/droppings.txt", "d")
    await heir.touch()
    await pool.release(1, to: id("1.3"))
    let next = try await lend(pool, to: 1, for: "1.3")
    #expect(next.path != heir.path)
    try expectClean(next, "plait/r/1.3")
    try await pool.removeAll()
  }

  @Test func anHeirThatDoesNotComeKeepsNobodyWaiting() async throws {
    let pool = pool(slots: 1, spares: 0)
    let worktree = try await lend(pool, to: 0, for: "1.1")
    _ = try await worktree.commitAll(message: "nothing")
    await pool.release(0, to: id("1.2"))
    let other = try await lend(pool, to: 0, for: "1.3")
    #expect(other.path == worktree.path)
    try expectClean(other, "plait/r/1.3")
    try await pool.removeAll()
  }

  @Test func oneThatCannotBeCleanedIsBuiltAnew() async throws {
    let pool = pool(slots: 1, spares: 1)
    let worktree = try await lend(pool, to: 0, for: "1.1")
    try FileManager.default.removeItem(atPath: "\(worktree.path)/.git")
    await pool.release(0, to: nil)
    await pool.renew(at: base, wanted: 5)
    let next = try await lend(pool, to: 0, for: "1.2")
    try expectClean(next, "plait/r/1.2")
    await pool.release(0, to: nil)
    let last = try await lend(pool, to: 0, for: "1.3")
    try expectClean(last, "plait/r/1.3")
    try await pool.removeAll()
  }

  @Test func whoAsksWhileAllAreBeingCleanedWaits() async throws {
    let pool = pool(slots: 1, spares: 0)
    let worktree = try await lend(pool, to: 0, for: "1.1")
    await pool.release(0, to: nil)
    await pool.keep(spares: 1)
    let base = base
    // As many as there may be are made, then all are in cleaning or clean.
    async let renewal: Void = pool.renew(at: base, wanted: 5)
    let next = try await lend(pool, to: 0, for: "1.2")
    await renewal
    try expectClean(next, "plait/r/1.2")
    #expect([worktree.path, "\(sandbox.root)/trees/r/tree-2"].contains(next.path))
    try await pool.removeAll()
  }

  /// As after a resume: the worktree is there, its worker at work, when others ask for theirs.
  @Test func nobodyElseGetsTheWorktreeThatWasTakenOver() async throws {
    let earlier = pool()
    let adopted = try await lend(earlier, to: 0, for: "1.1")
    try GitSandbox.write("\(adopted.path)/result.txt", "r")
    let pool = pool(slots: 3, spares: 2)
    await pool.adopt(1, for: 0)
    let base = base
    async let second = lend(pool, to: 1, for: "1.2")
    async let renewal: Void = pool.renew(at: base, wanted: 5)
    let other = try await second
    await renewal
    let third = try await lend(pool, to: 2, for: "1.3")
    #expect(Set([adopted.path, other.path, third.path]).count == 3)
    let own = try await pool.worktree(of: 0)
    await own.adopt(branch: "plait/r/1.1", base: base)
    #expect(own.path == adopted.path)
    #expect(try await own.commitAll(message: "result").changedPaths == ["result.txt"])
    try await pool.removeAll()
  }

  @Test func aSlotWithoutAWorktreeIsABug() async throws {
    await #expect(throws: EngineError.self) { try await pool().worktree(of: 0) }
  }

  @Test func numbersAreReadFromPaths() {
    #expect(PooledWorktree.number(in: "/a/r/tree-12") == 12)
    #expect(PooledWorktree.number(in: "/a/r/slot-1") == nil)
    #expect(PooledWorktree.number(in: "") == nil)
  }
}

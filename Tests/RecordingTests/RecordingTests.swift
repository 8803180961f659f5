import Foundation
import Planning
import Synchronization
import TestSupport
import Testing

@testable import Recording

/// A folder that goes with its owner.
final class Scratch {
  let path = FileManager.default.temporaryDirectory.appendingPathComponent("plait-\(UUID().uuidString)").path
  init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
  deinit { try? FileManager.default.removeItem(atPath: path) }
}

private func event(_ time: Double, _ fact: RunEvent.Fact) -> RunEvent {
  RunEvent(time: time, wall: 1_000 + time, fact: fact)
}

private let header = RunHeader(
  run: "r1",
  plaitVersion: "0",
  planName: "P",
  planPath: "/p/parallel.json",
  repository: "/r",
  base: "b0",
  integrationRef: "refs/heads/plait/r1/integration",
  jobs: 2,
  overheadBudget: 0.1,
  workerArguments: ["true"],
  directory: "/d",
  pid: 7
)

@Suite struct RunStoreTests {
  @Test func severalMayMakeTheDatabaseAtOnce() async throws {
    for _ in 0..<10 {
      let scratch = try Scratch()
      let path = scratch.path + "/a.sqlite"
      await withTaskGroup(of: (any Error)?.self) { group in
        for _ in 0..<8 {
          group.addTask {
            do { _ = try RunStore(path: path) } catch { return error }
            return nil
          }
        }
        for await error in group { #expect(error == nil, "\(error.map { "\($0)" } ?? "")") }
      }
    }
  }

  @Test func givesBackWhatWasWritten() async throws {
    let scratch = try Scratch()
    let store = try RunStore(path: scratch.path + "/a.sqlite")
    try await store.createRun("r1", planName: "P", startedWall: 5, plan: [1, 2, 3])
    let attempt = AttemptID(id("1.1"), 1)
    let facts: [RunEvent.Fact] = [
      .runStarted(header), .runResumed(pid: 9), .settled(id("1.1"), as: .complete, reason: "APPROVED_11.md"),
      .ready(id("1.1")), .held(id("1.1"), reason: "pool"), .attemptStarted(attempt, slot: 0, base: "b"),
      .worktreeReady(attempt, path: "/w"), .workerStarted(attempt, pid: 4),
      .workerEnded(attempt, WorkerEnd(status: .exited(3), outputBytes: 5, outputWasCut: true, strays: 1)),
      .workerEnded(attempt, WorkerEnd(status: .stopped(reason: "timeout"))),
      .workerEnded(attempt, WorkerEnd(status: .signalled(9))),
      .resultCommitted(attempt, commit: "c", changed: 2),
      .verified(attempt, VerifyResult(steps: [.init(summary: "make", failure: "exit 1", seconds: 0.5)])),
      .mergeIntended(attempt, commit: "m", onto: "t"), .merged(attempt, commit: "m"),
      .attemptFailed(attempt, AttemptFailure(.conflict, "no", paths: ["a"], keptRef: "refs/x")),
      .retryScheduled(id("1.1"), notBefore: 3), .blocked(id("1.2"), by: id("1.1"), reason: "1.1 failed"),
      .cancelled(id("1.2"), reason: "stopped"), .slotFreed(attempt, slot: 0), .stopRequested(reason: "Ctrl-C"),
      .budgetExceeded(ratio: 0.2, budget: 0.1), .runEnded(.failed),
    ]
    let events = facts.enumerated().map { event(Double($0.offset), $0.element) }
    try await store.append(Array(events.prefix(5)), to: "r1")
    try await store.append(Array(events.dropFirst(5)), to: "r1")
    let (read, last) = try await store.events(of: "r1")
    #expect(read == events)
    #expect(try await store.events(of: "r1", after: last).events.isEmpty)
    #expect(try await store.plan(of: "r1") == [1, 2, 3])
  }

  @Test func findsRunsByPrefixAndNewest() async throws {
    let scratch = try Scratch()
    let store = try RunStore(path: scratch.path + "/a.sqlite")
    await #expect(throws: RecordingError.self) { try await store.find(nil) }
    try await store.createRun("20260101-a", planName: "P", startedWall: 1, plan: [])
    try await store.createRun("20260102-b", planName: "P", startedWall: 2, plan: [])
    #expect(try await store.find(nil).run == "20260102-b")
    #expect(try await store.find("20260101").run == "20260101-a")
    await #expect { try await store.find("2026") } throws: { ($0 as? RecordingError)?.code == .ambiguousRun }
    await #expect { try await store.find("x") } throws: { ($0 as? RecordingError)?.code == .noSuchRun }
    await #expect { try await store.plan(of: "x") } throws: { ($0 as? RecordingError)?.code == .noSuchRun }
    try await store.deleteRun("20260102-b")
    #expect(try await store.runs().map(\.run) == ["20260101-a"])
  }

  @Test func twoProcessesMayWriteTheirRunsAtOnce() async throws {
    let scratch = try Scratch()
    let path = scratch.path + "/a.sqlite"
    let stores = try [RunStore(path: path), RunStore(path: path)]
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (index, store) in stores.enumerated() {
        group.addTask {
          try await store.createRun("r\(index)", planName: "P", startedWall: 0, plan: [])
          for time in 0..<50 { try await store.append([event(Double(time), .ready(id("1.1")))], to: "r\(index)") }
        }
      }
      try await group.waitForAll()
    }
    #expect(try await stores[0].events(of: "r0").events.count == 50)
    #expect(try await stores[0].events(of: "r1").events.count == 50)
  }

  @Test func aDamagedFileIsNamed() throws {
    let scratch = try Scratch()
    let path = scratch.path + "/a.sqlite"
    try Data(repeating: 65, count: 8_192).write(to: URL(fileURLWithPath: path))
    #expect {
      try RunStore(path: path)
    } throws: {
      let error = $0 as? RecordingError
      return error?.code == .database && error?.message.contains(path) == true
    }
  }
}

@Suite struct JournalTests {
  /// GRDB's async write throws in a cancelled task, so whatever comes together must not cancel the task that writes.
  @Test func neverWritesFromACancelledTask() async throws {
    let written = Mutex<[Bool]>([])
    let journal = Journal(
      stamp: { (1, 2) },
      write: { _ in
        written.withLock { $0.append(Task.isCancelled) }
        await Task.yield()
      }
    )
    // Three that record one after the other meet in every order sooner or later.
    await withTaskGroup(of: Void.self) { group in
      for writer in 1...3 {
        group.addTask {
          for number in 1...1_000 {
            try? await journal.record(.merged(AttemptID(id("\(writer).1"), number), commit: "m"))
            try? await journal.note(.workerStarted(AttemptID(id("\(writer).1"), number), pid: 1))
          }
        }
      }
    }
    try await journal.close()
    #expect(written.withLock { $0.count(where: { $0 }) } == 0)
    #expect(written.withLock { $0.count } > 0)
  }

  @Test func keepsOrderAndGroupsWrites() async throws {
    let written = Mutex<[[RunEvent]]>([])
    let journal = Journal(stamp: { (1, 2) }, write: { events in written.withLock { $0.append(events) } })
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 1...50 { group.addTask { try await journal.record(.ready(id("1.\(number)"))) } }
      try await group.waitForAll()
    }
    try await journal.note(.ready(id("2.1")))
    try await journal.note(.ready(id("2.2")))
    try await journal.record(.ready(id("2.3")))
    try await journal.close()
    let facts = written.withLock { $0.flatMap { $0 }.map(\.fact) }
    #expect(facts.count == 53)
    #expect(Array(facts.suffix(3)) == [.ready(id("2.1")), .ready(id("2.2")), .ready(id("2.3"))])
    var seen: [RunEvent.Fact] = []
    for await event in journal.events { seen.append(event.fact) }
    #expect(seen == facts)
  }

  @Test func neverWritesInACancelledTask() async throws {
    struct Cancelled: Error {}
    let journal = Journal(stamp: { (1, 2) }, pause: { await Task.yield() }) { _ in
      if Task.isCancelled { throw Cancelled() }
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 1...2_000 {
        group.addTask {
          try await journal.note(.ready(id("1.\(number)")))
          if number % 3 == 0 { try await journal.record(.ready(id("2.\(number)"))) }
        }
      }
      try await group.waitForAll()
    }
    // Also when the one who records is cancelled itself: what it says must reach the disk.
    let cancelled = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      try await journal.record(.ready(id("3.1")))
    }
    try await cancelled.value
    try await journal.close()
  }

  @Test func settlingWaitsForWhatOthersHaveNoted() async throws {
    let written = Mutex<[RunEvent.Fact]>([])
    let (gate, opener) = AsyncStream<Void>.makeStream()
    let journal = Journal(
      stamp: { (1, 2) },
      pause: { await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in } }
    ) { events in
      for await _ in gate { break }
      written.withLock { $0 += events.map(\.fact) }
    }
    try await journal.settle()
    try await journal.note(.ready(id("1.1")))
    await journal.hasten()
    try await journal.note(.ready(id("1.2")))
    #expect(written.withLock { $0.isEmpty })
    for _ in 1...2 { opener.yield() }
    try await journal.settle()
    #expect(written.withLock { $0 } == [.ready(id("1.1")), .ready(id("1.2"))])
    try await journal.settle()
    try await journal.close()
  }

  @Test func notesReachTheDiskWithoutARecord() async throws {
    let (writes, sender) = AsyncStream<Int>.makeStream()
    let journal = Journal(stamp: { (1, 2) }, write: { events in sender.yield(events.count) })
    try await journal.note(.ready(id("1.1")))
    var iterator = writes.makeAsyncIterator()
    #expect(await iterator.next() == 1)
    try await journal.close()
  }

  @Test func aFailedWriteIsThrownToEveryoneFromThenOn() async throws {
    struct Full: Error {}
    let journal = Journal(stamp: { (1, 2) }, write: { _ in throw Full() })
    await #expect(throws: Full.self) { try await journal.record(.ready(id("1.1"))) }
    await #expect(throws: Full.self) { try await journal.record(.ready(id("1.2"))) }
    await #expect(throws: Full.self) { try await journal.note(.ready(id("1.3"))) }
    await #expect(throws: Full.self) { try await journal.close() }
  }
}

@Suite struct RunLockTests {
  @Test func whoeverAsksForTheHolderIsInNobodysWay() async throws {
    let scratch = try Scratch()
    let path = scratch.path + "/lock"
    await withTaskGroup(of: Void.self) { group in
      group.addTask { while !Task.isCancelled { _ = RunLock.holder(path: path) } }
      group.addTask {
        for _ in 0..<500 { #expect(throws: Never.self) { _ = try RunLock(path: path, run: "r1") } }
      }
      await group.next()
      group.cancelAll()
    }
  }

  @Test func isHeldByOneAndNamesTheHolder() throws {
    let scratch = try Scratch()
    let path = scratch.path + "/lock"
    #expect(RunLock.holder(path: path) == nil)
    do {
      let lock = try RunLock(path: path, run: "r1")
      #expect {
        _ = try RunLock(path: path, run: "r1")
      } throws: {
        let error = $0 as? RecordingError
        return error?.code == .locked && error?.message.contains("process \(getpid())") == true
      }
      #expect(RunLock.holder(path: path)?.contains("process \(getpid())") == true)
      _ = consume lock
    }
    #expect(RunLock.holder(path: path) == nil)
    _ = try RunLock(path: path, run: "r1")
  }
}

@Suite struct RunSnapshotTests {
  @Test func foldsAnAttemptThroughItsStates() {
    let attempt = AttemptID(id("1.1"), 1)
    var snapshot = RunSnapshot()
    func state(_ fact: RunEvent.Fact, _ time: Double) -> AchievementState {
      snapshot.apply(event(time, fact))
      return snapshot[id("1.1")].state
    }
    #expect(state(.runStarted(header), 0) == .waiting)
    #expect(state(.ready(id("1.1")), 1) == .ready)
    #expect(state(.attemptStarted(attempt, slot: 1, base: "b0"), 2) == .preparing)
    #expect(state(.worktreeReady(attempt, path: "/w"), 3) == .preparing)
    #expect(state(.workerStarted(attempt, pid: 5), 4) == .running)
    #expect(state(.workerEnded(attempt, WorkerEnd(status: .exited(0))), 5) == .collecting)
    #expect(state(.resultCommitted(attempt, commit: "c", changed: 1), 6) == .verifying)
    #expect(state(.verified(attempt, VerifyResult(steps: [])), 7) == .merging)
    #expect(state(.mergeIntended(attempt, commit: "m", onto: "b0"), 8) == .merging)
    #expect(snapshot.tip == "b0")
    #expect(state(.merged(attempt, commit: "m"), 9) == .complete)
    #expect(state(.slotFreed(attempt, slot: 1), 10) == .complete)
    #expect(snapshot.tip == "m")
    let record = snapshot[id("1.1")].attempts[0]
    #expect([record.handed, record.prepared, record.started, record.exited, record.collected] == [2, 3, 4, 5, 6])
    #expect([record.verified, record.merged, record.freed] == [7, 9, 10])
    #expect(record.wasUsed && record.slot == 1 && record.pid == 5 && record.resultCommit == "c")
  }

  @Test func aRetryComesBackAsReady() {
    let attempt = AttemptID(id("1.1"), 1)
    let snapshot = RunSnapshot([
      event(0, .runStarted(header)), event(1, .ready(id("1.1"))),
      event(2, .attemptStarted(attempt, slot: 0, base: "b")),
      event(3, .attemptFailed(attempt, AttemptFailure(.worker, "exit 1"))),
      event(3, .retryScheduled(id("1.1"), notBefore: 13)),
    ])
    #expect(snapshot[id("1.1")].state == .ready)
    #expect(snapshot[id("1.1")].notBefore == 13)
    #expect(snapshot[id("1.1")].lastFailure?.message == "exit 1")
  }
}

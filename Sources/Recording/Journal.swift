/// The one writer of a run's events: stamps them, keeps their order, and writes them in groups.
///
/// While one group is on its way to the disk the next one gathers, so that durability costs one flush per group and not one
/// per event. `record` returns when the event is durable; `note` doesn't wait: who must not go on before what others have noted
/// is durable waits with `settle`. After a failed write every further call throws that error.
package actor Journal {
  /// Gives the time of an event: seconds since the run's start, and seconds since 1970 UTC.
  package typealias Stamp = @Sendable () -> (time: Double, wall: Double)
  /// Makes events durable, all or none; throws what ends the run.
  package typealias Writer = @Sendable ([RunEvent]) async throws -> Void

  private let stamp: Stamp
  private let pause: @Sendable () async -> Void
  private let write: Writer
  private let observers: AsyncStream<RunEvent>.Continuation
  /// Every event in order, as soon as it is about to be written. For views; never waited for.
  package nonisolated let events: AsyncStream<RunEvent>

  private var pending: [RunEvent] = []
  private var waiters: [CheckedContinuation<Void, any Error>] = []
  private var isWriting = false
  private var isPausing = false
  private var failure: (any Error)?

  /// Writes through `write`, one call at a time; `stamp` gives run time and wall clock. `pause` is how long notes may wait
  /// for a recorded event to ride along with.
  package init(
    stamp: @escaping Stamp,
    pause: @escaping @Sendable () async -> Void = { try? await Task.sleep(for: .milliseconds(100)) },
    write: @escaping Writer
  ) {
    self.stamp = stamp
    self.pause = pause
    self.write = write
    (events, observers) = AsyncStream.makeStream()
  }

  /// Adds an event that may reach the disk a little later: one that a restart can do without.
  package func note(_ fact: RunEvent.Fact) throws {
    try add([fact])
    guard !isWriting, !isPausing else { return }
    isPausing = true
    Task {
      await pause()
      isPausing = false
      startWriting()
    }
  }

  /// Begins to write what was noted, without waiting for it.
  package func hasten() { startWriting() }

  /// Returns when everything that was added before is durable.
  package func settle() async throws {
    if let failure { throw failure }
    if !pending.isEmpty || isWriting { try await waitUntilWritten() }
  }

  /// Adds events and returns when they are durable.
  package func record(_ facts: [RunEvent.Fact]) async throws {
    guard !facts.isEmpty else { return }
    try add(facts)
    try await waitUntilWritten()
  }

  /// Records one fact; returns when it is on disk.
  package func record(_ fact: RunEvent.Fact) async throws { try await record([fact]) }

  /// Writes what is left and ends the stream of events.
  package func close() async throws {
    defer { observers.finish() }
    try await settle()
  }

  private func add(_ facts: [RunEvent.Fact]) throws {
    if let failure { throw failure }
    for fact in facts {
      let now = stamp()
      pending.append(RunEvent(time: now.time, wall: now.wall, fact: fact))
    }
  }

  private func waitUntilWritten() async throws {
    try await withCheckedThrowingContinuation { continuation in
      waiters.append(continuation)
      startWriting()
    }
  }

  /// Begins to write unless that is under way. In a task of its own that nobody cancels: an event of a cancelled attempt
  /// must be written all the same, and GRDB's async write throws in a cancelled task without writing.
  private func startWriting() {
    guard !isWriting, !pending.isEmpty || !waiters.isEmpty else { return }
    isWriting = true
    Task { await writeAll() }
  }

  private func writeAll() async {
    while !pending.isEmpty && failure == nil {
      let group = pending
      let waiting = takeWaiters()
      pending = []
      // One after another: who looks at them is woken once for each group.
      for event in group { observers.yield(event) }
      do {
        try await write(group)
        finish(waiters: waiting, with: nil)
      } catch {
        failure = error
        finish(waiters: waiting, with: error)
      }
    }
    isWriting = false
    finish(waiters: takeWaiters(), with: failure)
  }

  private func takeWaiters() -> [CheckedContinuation<Void, any Error>] {
    defer { waiters = [] }
    return waiters
  }

  private func finish(waiters: [CheckedContinuation<Void, any Error>], with error: (any Error)?) {
    for waiter in waiters {
      if let error { waiter.resume(throwing: error) } else { waiter.resume() }
    }
  }
}

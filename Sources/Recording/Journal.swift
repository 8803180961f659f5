/// The one writer of a run's events: stamps them, keeps their order, and writes them in groups.
///
/// While one group is on its way to the disk the next one gathers, so that durability costs one flush per group and not one
/// per event. `record` returns when the event is durable; `note` doesn't wait. After a failed write every further call
/// throws that error.
package actor Journal {
  package typealias Stamp = @Sendable () -> (time: Double, wall: Double)
  package typealias Writer = @Sendable ([RunEvent]) async throws -> Void

  private let stamp: Stamp
  private let write: Writer
  private let observers: AsyncStream<RunEvent>.Continuation
  /// Every event in order, as soon as it is stamped. For views; never waited for.
  package nonisolated let events: AsyncStream<RunEvent>

  private var pending: [RunEvent] = []
  private var waiters: [CheckedContinuation<Void, any Error>] = []
  /// Waits before notes are written on their own.
  private var delay: Task<Void, Never>?
  private var isWriting = false
  private var failure: (any Error)?

  /// Writes through `write`, one call at a time; `stamp` gives run time and wall clock.
  package init(stamp: @escaping Stamp, write: @escaping Writer) {
    self.stamp = stamp
    self.write = write
    (events, observers) = AsyncStream.makeStream()
  }

  /// Adds an event that may reach the disk a little later: one that a restart can do without.
  package func note(_ fact: RunEvent.Fact) throws {
    try add([fact])
    flush(urgently: false)
  }

  /// Adds events and returns when they are durable.
  package func record(_ facts: [RunEvent.Fact]) async throws {
    guard !facts.isEmpty else { return }
    try add(facts)
    try await withCheckedThrowingContinuation { continuation in
      waiters.append(continuation)
      flush(urgently: true)
    }
  }

  package func record(_ fact: RunEvent.Fact) async throws { try await record([fact]) }

  /// Writes what is left and ends the stream of events.
  package func close() async throws {
    if !pending.isEmpty || isWriting {
      try await withCheckedThrowingContinuation { continuation in
        waiters.append(continuation)
        flush(urgently: true)
      }
    }
    observers.finish()
    if let failure { throw failure }
  }

  private func add(_ facts: [RunEvent.Fact]) throws {
    if let failure { throw failure }
    for fact in facts {
      let now = stamp()
      let event = RunEvent(time: now.time, wall: now.wall, fact: fact)
      pending.append(event)
      observers.yield(event)
    }
  }

  /// Sees to it that what is pending gets written: at once, or a little later together with what follows.
  ///
  /// The writing task is never cancelled, neither by an attempt that ends nor by a further event: GRDB's async write throws in
  /// a cancelled task without writing. So the delay has a task of its own.
  private func flush(urgently: Bool) {
    if let failure, !waiters.isEmpty {
      finish(waiters: takeWaiters(), with: failure)
      return
    }
    // A writer that is on its way takes everything that gathers until it is done.
    guard !isWriting else { return }
    if urgently {
      startWriting()
    } else if delay == nil {
      delay = Task {
        // Notes ride along with the next recorded event; only when none comes do they cost a flush of their own.
        do { try await Task.sleep(for: .milliseconds(100)) } catch { return }
        self.endDelay()
      }
    }
  }

  private func endDelay() {
    // Between its waking and this call, a recorded event may have taken the notes along.
    if !isWriting, delay != nil { startWriting() }
  }

  private func startWriting() {
    delay?.cancel()
    delay = nil
    isWriting = true
    Task { await self.writeAll() }
  }

  private func writeAll() async {
    while !pending.isEmpty && failure == nil {
      let group = pending
      let waiting = takeWaiters()
      pending = []
      do {
        try await write(group)
        finish(waiters: waiting, with: nil)
      } catch {
        failure = error
        finish(waiters: waiting + takeWaiters(), with: error)
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

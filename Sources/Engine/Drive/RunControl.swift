package import Planning
package import Recording

/// What someone outside may ask of a running run.
package enum RunControl: Sendable {
  /// Start nothing new, let running workers finish.
  case drain(reason: String)
  /// Stop running workers too; all is recorded and can be resumed.
  case stop(reason: String)
  /// Start nothing new until `proceed`.
  case pause(reason: String)
  case proceed
  /// Stop the attempt that is under way for one achievement, and do without it and its dependents. Nothing when it isn't
  /// under way.
  case cancel(AchievementID)
  /// Record that the share of overhead, 0…1, is above the budget.
  case overBudget(ratio: Double)
  /// Take a measure against the overhead, for which its share, 0…1, is the reason.
  case adapt(Adaptation, ratio: Double)
}

/// Both ends of what is asked of a run: one driver listens, any number of people and watchers ask.
package struct RunControls: Sendable {
  /// What the driver listens to; it ends when nobody can ask any more.
  package let stream: AsyncStream<RunControl>
  private let continuation: AsyncStream<RunControl>.Continuation

  /// Nothing is asked yet.
  package init() { (stream, continuation) = AsyncStream.makeStream() }

  /// Asks; what is asked after the run's end is lost.
  package func send(_ control: RunControl) { continuation.yield(control) }
}

/// Ends the work of one task by itself: a group of tasks can only be cancelled as a whole.
struct Stopper: Sendable {
  private let stream: AsyncStream<Never>
  private let continuation: AsyncStream<Never>.Continuation

  init() { (stream, continuation) = AsyncStream.makeStream() }

  /// Cancels the task of `run`, now or when it begins.
  func stop() { continuation.finish() }

  /// Does the work in a task that `stop` cancels; returns or throws what the work does.
  func run<Result: Sendable>(_ work: @escaping @Sendable () async throws -> Result) async throws -> Result {
    try await withThrowingTaskGroup(of: Result?.self) { group in
      group.addTask { try await work() }
      group.addTask { [stream] in
        for await _ in stream {}
        return nil
      }
      defer { group.cancelAll() }
      while let result = try await group.next() {
        if let result { return result }
        group.cancelAll()
      }
      throw CancellationError()
    }
  }
}

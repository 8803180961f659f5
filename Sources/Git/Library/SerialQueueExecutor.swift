internal import Dispatch

/// Runs the jobs of one actor, one after the other, on a dispatch queue of its own.
///
/// libgit2 blocks. On the cooperative pool a few long checkouts would hold up every other task of the process; a
/// serial queue per actor keeps them apart. `DispatchSerialQueue` can serve as an executor itself, but not on Linux.
package final class SerialQueueExecutor: SerialExecutor {
  private let queue: DispatchQueue

  /// `label` names the queue in debuggers.
  package init(label: String) {
    queue = DispatchQueue(label: label)
  }

  /// Runs the job on the queue, after all before it.
  package func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
  }

  /// The executor as actors take it.
  package func asUnownedSerialExecutor() -> UnownedSerialExecutor {
    UnownedSerialExecutor(ordinary: self)
  }

  /// Runs blocking work on the queue, for what has to happen before the actor exists.
  func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      queue.async { continuation.resume(with: Result { try work() }) }
    }
  }
}

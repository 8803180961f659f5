package import Recording

/// One process to run: a worker, a verify step, a set-up line.
package struct WorkerJob: Sendable {
  /// The program, absolute.
  package var executable: String
  /// Without the program's name.
  package var arguments: [String]
  /// All of it: nothing is inherited.
  package var environment: [String: String]
  /// Absolute.
  package var workingDirectory: String
  /// A file that becomes standard input; nil closes it.
  package var inputPath: String?
  /// The file that standard output and error are appended to.
  package var outputPath: String
  /// Seconds of wall time, and seconds without output or CPU use, after which the process tree is stopped.
  package var timeout: Double?
  /// Seconds without output and CPU time after which it is stopped; nil: never.
  package var idleTimeout: Double?
  /// Seconds between SIGTERM and SIGKILL.
  package var grace: Double = 10
  /// The folder where a supervisor keeps its files for this process; nil runs it without one.
  package var directory: String?
  /// Bytes of output that are kept; what comes after is cut off and reported.
  package var outputLimit: Int64 = 100 << 20
  /// Whether it is expected to take milliseconds, and is started by the shortest way: without limits, and without a supervisor.
  package var isBrief = false
}

/// Starts processes. Behind a protocol so that the engine is tested without any.
package protocol WorkerLauncher: Sendable {
  /// Runs `job` to its end, and the end of everything that it left behind.
  ///
  /// Calls `started` with the process id before it waits. Cancelling the task stops the whole process tree first. Throws
  /// only when the process could not be started or watched; how it ended is a value.
  func run(_ job: WorkerJob, started: @escaping @Sendable (Int32) async throws -> Void) async throws -> WorkerEnd

  /// Waits for a process that an earlier Plait has started for `job`; nil when neither it nor a result of it is there.
  func adopt(_ job: WorkerJob) async throws -> WorkerEnd?

  /// Whether `adopt` would find a living process or a result in this folder.
  func canAdopt(in directory: String) -> Bool
}

extension WorkerLauncher {
  /// Nothing outlives its launcher here: nil.
  package func adopt(_ job: WorkerJob) async throws -> WorkerEnd? { nil }
  /// Nothing outlives its launcher here: false.
  package func canAdopt(in directory: String) -> Bool { false }
}

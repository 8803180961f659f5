package import Planning
package import Recording

/// What the runs' pages need to know besides the record: who drives a run, what a worker wrote, what was predicted, the time.
package protocol Surroundings: Sendable {
  /// The repository, as its owner calls it.
  var repository: String { get }
  /// Seconds since 1970 UTC.
  var wallTime: Double { get }
  /// Opens the database; nil as long as there is none.
  func store() throws -> RunStore?
  /// Whether a process drives the run.
  func isDriven(_ run: String) -> Bool
  /// The makespan in hours that the scheduler predicts for the run's slots; nil where that can't be compared.
  func predictedHours(_ plan: Plan, _ snapshot: RunSnapshot) -> Double?
  /// The ends of the logs of what failed, by achievement.
  func logEnds(_ snapshot: RunSnapshot) -> [String: String]
}

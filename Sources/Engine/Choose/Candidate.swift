internal import Planning
package import Recording

/// A green variant that waits for the choice: its result is kept under a ref and not merged.
package struct Candidate: Sendable, Equatable {
  /// Which variant it is, from 1.
  package let number: Int
  /// The attempt that made it.
  package let attempt: AttemptID
  /// The commit that it started from.
  package let base: String
  /// Its result, with the checks that it has passed.
  package let result: VerifiedResult
  /// The ref that keeps the result, whether it is picked or not.
  package let ref: String
  /// How long its worker took; nil when nobody has measured that.
  package let workerSeconds: Double?

  /// Takes a variant as it was recorded.
  package init(
    number: Int,
    attempt: AttemptID,
    base: String,
    result: VerifiedResult,
    ref: String,
    workerSeconds: Double? = nil
  ) {
    self.number = number
    self.attempt = attempt
    self.base = base
    self.result = result
    self.ref = ref
    self.workerSeconds = workerSeconds
  }

  /// The candidate that the attempts of a variant have left; nil when none of them was green.
  init?(_ record: AchievementRecord, number: Int, of id: AchievementID) {
    guard record.state == .complete, let attempt = record.attempts.last(where: { $0.keptRef != nil }),
      let ref = attempt.keptRef, let commit = attempt.resultCommit
    else { return nil }
    var result = VerifiedResult(commit: commit, changed: attempt.changedPaths ?? 0)
    result.checks = attempt.verdict?.steps ?? []
    var seconds: Double?
    if let started = attempt.started, let exited = attempt.exited { seconds = exited - started }
    self.init(
      number: number,
      attempt: AttemptID(id, attempt.number),
      base: attempt.base,
      result: result,
      ref: ref,
      workerSeconds: seconds
    )
  }
}

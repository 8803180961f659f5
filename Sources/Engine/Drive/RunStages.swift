package import Planning
package import Recording

/// What the driver needs from the world: everything between "handed to a slot" and "merged".
///
/// The driver decides nothing about how, the stages nothing about when. A fake of this protocol is how the driver is tested.
package protocol RunStages: Sendable {
  /// Prepares a worktree, runs the worker, collects and verifies its result; tells `journal` of each step.
  ///
  /// A failure of the work is a value. Throws only when the run itself can't go on.
  func attempt(_ work: AttemptWork, journal: Journal) async throws -> AttemptOutcome

  /// Merges verified results onto the integration tip, in this order, and records them; one result for each.
  ///
  /// Called once at a time. One that can't be merged doesn't keep the others from it.
  func merge(_ batch: [MergeCandidate], tip: String, journal: Journal) async throws -> [MergeResult]

  /// Keeps what an unused attempt made reachable.
  func setAside(_ work: AttemptWork, result: VerifiedResult?, failure: AttemptFailure) async throws -> AttemptFailure

  /// Takes back what the attempt worked in: its outcome is recorded. `heir` goes on in it as it is.
  func release(_ work: AttemptWork, to heir: AchievementID?) async

  /// Whether there is anything that can be made ready beside the work.
  var preparesAhead: Bool { get }

  /// Makes ready, beside the work, what the next attempts need: at most `wanted` of them, which will start near `tip`.
  func renew(at tip: String, wanted: Int) async

  /// Takes a measure that concerns the stages; others are none of their business.
  func adapt(_ adaptation: Adaptation) async
}

/// A verified result that waits for its merge.
package struct MergeCandidate: Sendable {
  /// The attempt.
  package let work: AttemptWork
  /// Its result.
  package let result: VerifiedResult
}

/// One attempt with all that its stages may rely on.
package struct AttemptWork: Sendable {
  /// Which attempt it is, and its slot.
  package let assignment: Assignment
  /// What is to be done.
  package let achievement: Achievement
  /// The integration tip at its start: contains everything that it depends on.
  package let base: String
  /// What it depends on, as it was merged.
  package let dependencies: [Dependency]
  /// How the attempt before this one failed.
  package let previous: PreviousAttempt?
  /// A result that an earlier process had collected but not merged: checked and merged again instead of redone.
  package let existing: VerifiedResult?
  /// What a choice can pick from, in the order of the variants' numbers; empty for anything else.
  package internal(set) var candidates: [Candidate] = []
  /// The worktree in which an earlier process has started the worker of this very attempt: it is waited for, not started.
  package let adoptedWorktree: String?

  /// Whether an earlier process has started its worker.
  package var isAdopted: Bool { adoptedWorktree != nil }

  /// The achievement and the attempt's number.
  package var id: AttemptID { assignment.attempt }

  /// An attempt whose result was not used.
  package struct PreviousAttempt: Sendable {
    /// Why it was of no use.
    package let failure: AttemptFailure
    /// The commit that it started from.
    package let base: String
  }

  /// What an achievement that this one depends on has left.
  package struct Dependency: Sendable {
    /// Which one it is.
    package let achievement: Achievement
    /// The integration commit that first contained its result.
    package let merge: String
    /// Paths that it changed, sorted; the first few of them.
    package let changedPaths: [String]
  }
}

/// A result commit whose checks are green.
package struct VerifiedResult: Sendable, Equatable {
  /// The result commit's id.
  package let commit: String
  /// How many paths differ from the base, and the first few of them, sorted.
  package let changed: Int
  /// The first few of the changed paths, sorted.
  package let changedPaths: [String]

  /// Whether it is a new commit, the only one between the attempt's base and itself.
  package var isOneCommitOnBase = false

  /// The checks that it has passed.
  package var checks: [VerifyResult.Step] = []

  /// Takes a commit id and how many paths it changed.
  package init(commit: String, changed: Int, changedPaths: [String] = []) {
    self.commit = commit
    self.changed = changed
    self.changedPaths = changedPaths
  }
}

/// How an attempt came out, short of its merge.
package enum AttemptOutcome: Sendable {
  case verified(VerifiedResult)
  /// A variant's: green, kept under its ref and recorded. It isn't merged.
  case offered(Candidate)
  /// `result` is the commit of what the worker left, when one could be made.
  case failed(AttemptFailure, result: VerifiedResult?)
}

/// How a merge came out.
package enum MergeResult: Sendable {
  /// The integration tip after the merge.
  case merged(tip: String)
  case failed(AttemptFailure)
}

package import Recording

/// What a run did and how much time it saved: the value behind `plait report` in every format.
///
/// All durations and stamps are seconds; stamps count from the run's start. In JSON the keys are in snake case and a key
/// without a value is left out.
package struct RunReport: Sendable, Codable, Equatable {
  package static let schema = "plait.report/1"

  package let schema: String
  package let run: String
  package let plan: String
  package let planPath: String
  package let repository: String
  package let base: String
  package let integrationRef: String
  /// The integration tip.
  package let tip: String
  package let plaitVersion: String
  /// Wall clock of the start, `2026-01-02T03:04:05Z`, for people.
  package let startedAt: String
  package let state: RunState
  package let stopReason: String?
  package let slots: Int
  package let totals: Totals
  package let overhead: Overhead
  /// Slot-seconds by row name; they add up to slots × wall.
  package let ledger: [String: Double]
  /// Contradictions in the record; empty for a sound run.
  package let inconsistencies: [String]
  /// How many achievements are in each state; every state is named.
  package let counts: [String: Int]
  /// How many of the complete ones were so before the run.
  package let completeBefore: Int
  package let criticalPath: [String]
  /// Ids by measured duration, longest first; at most ten.
  package let slowest: [String]
  package let prediction: Prediction?
  /// What the file claimed about itself that isn't true.
  package let untrueClaims: [UntrueClaim]
  /// In plan order.
  package let achievements: [Entry]

  /// What the run as a whole took and saved.
  package struct Totals: Sendable, Codable, Equatable {
    package let wallSeconds: Double
    /// Σ work and verify of used attempts: an *estimate* of what one pair of hands would have needed.
    package let serialSeconds: Double
    /// serial − wall; negative when the run took longer.
    package let savedSeconds: Double
    /// saved ÷ serial; nil when nothing was done.
    package let savedRatio: Double?
    /// serial ÷ wall; nil for a run without duration.
    package let speedup: Double?
    /// The longest chain of measured durations.
    package let criticalPathSeconds: Double
    /// max(critical path, serial ÷ slots).
    package let lowerBoundSeconds: Double
    /// wall ÷ lower bound; nil when nothing was done.
    package let wallToBound: Double?
    /// Part of the wall time in which the run started nothing: stopped, or not driven by a process.
    package let pausedSeconds: Double
  }

  /// Slot time that was neither worker nor checks, and the limit it was held to.
  package struct Overhead: Sendable, Codable, Equatable {
    package let seconds: Double
    package let ratio: Double
    package let budget: Double
    package let isOverBudget: Bool
  }

  /// What had been predicted for this number of slots, and how it came out.
  package struct Prediction: Sendable, Codable, Equatable {
    package let hours: Double
    package let savedRatio: Double
    package let measuredSavedRatio: Double?
  }

  /// A claim of the file that computation contradicts.
  package struct UntrueClaim: Sendable, Codable, Equatable {
    package let field: String
    package let claimed: String
    package let actual: String?
  }

  /// One achievement.
  package struct Entry: Sendable, Codable, Equatable {
    package let id: String
    package let title: String
    package let state: AchievementState
    /// Why it failed, is blocked, skipped or cancelled.
    package let reason: String?
    package let blockedBy: String?
    /// Work and verify of the used attempt; 0 when none was used.
    package let seconds: Double
    /// The same of attempts that were thrown away.
    package let reworkSeconds: Double
    /// Time in which it could have started and was not handed to a slot, holds included.
    package let waitedSeconds: Double
    package let slot: Int?
    package let resultCommit: String?
    package let mergeCommit: String?
    package let changedPaths: Int?
    /// Of the last attempt, when that failed.
    package let failure: Failure?
    package let attempts: [Attempt]
  }

  /// One execution of an achievement.
  package struct Attempt: Sendable, Codable, Equatable {
    package let number: Int
    package let slot: Int
    package let base: String
    package let isUsed: Bool
    package let stamps: Stamps
    /// Seconds of each stage: `prepare`, `launch`, `work`, `collect`, `verify`, `merge`.
    package let stages: [String: Double]
    /// `exit 0`, `signal 9`, `stopped: …`; nil while it runs.
    package let end: String?
    package let outputWasCut: Bool
    package let resultCommit: String?
    package let mergeCommit: String?
    package let changedPaths: Int?
    package let failure: Failure?
  }

  /// When each stage ended; seconds since the run's start, missing where it did not.
  package struct Stamps: Sendable, Codable, Equatable {
    package let handed: Double
    package let prepared: Double?
    package let started: Double?
    package let exited: Double?
    package let collected: Double?
    package let verified: Double?
    package let merged: Double?
    package let failed: Double?
    package let freed: Double?
  }

  /// Why an attempt was of no use.
  package struct Failure: Sendable, Codable, Equatable {
    package let kind: AttemptFailure.Kind
    package let message: String
    package let paths: [String]
    package let keptRef: String?
  }
}

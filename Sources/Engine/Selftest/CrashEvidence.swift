package import Planning
package import Recording

/// What a trial of the crash matrix has left, for the oracle to judge.
package struct CrashEvidence: Sendable, Equatable {
  /// How the ledger of the run's report adds up, in slot-seconds.
  package struct Closing: Sendable, Equatable {
    package let sum: Double
    package let whole: Double
    package let inconsistencies: [String]

    package init(sum: Double, whole: Double, inconsistencies: [String]) {
      self.sum = sum
      self.whole = whole
      self.inconsistencies = inconsistencies
    }
  }

  /// The exit code of the process that brought the run to its end.
  package var exitCode: Int32
  package var states: [AchievementID: AchievementState]
  /// What the commits of the integration branch say they merge, oldest first; nil for a commit that says nothing.
  package var history: [AchievementID?]
  /// The same of runs whose record is lost.
  package var lostHistories: [[AchievementID?]] = []
  /// The id of the integration branch's tree.
  package var tree: String
  package var closing: Closing
  package var strayProcesses = 0
  /// Worktrees, locks and folders that should be gone.
  package var leftovers: [String] = []
  /// Branches of the run that `clean` has left.
  package var branches: [String] = []
  /// What `git fsck --strict` objects to.
  package var damage = ""

  package init(
    exitCode: Int32,
    states: [AchievementID: AchievementState],
    history: [AchievementID?],
    tree: String,
    closing: Closing
  ) {
    self.exitCode = exitCode
    self.states = states
    self.history = history
    self.tree = tree
    self.closing = closing
  }
}

internal import GRDB
package import Planning

/// How long an achievement took in one run.
package struct MeasuredDuration: Sendable, Equatable {
  /// What was done.
  package let achievement: AchievementID
  /// Stands for how it was done: only durations of the same work are compared.
  package let fingerprint: String
  /// Seconds of worker and checks of the attempt that was used.
  package let seconds: Double
  /// When that was, seconds since 1970 UTC.
  package let wall: Double

  /// Takes what was measured.
  package init(achievement: AchievementID, fingerprint: String, seconds: Double, wall: Double) {
    self.achievement = achievement
    self.fingerprint = fingerprint
    self.seconds = seconds
    self.wall = wall
  }
}

/// Durations outlive their runs: they have a table of their own, which cleaning up after a run doesn't touch.
extension RunStore {
  /// How many durations of the same work are kept: enough for a median, few enough to follow what changes.
  package static let keptDurations = 20

  /// The second migration.
  static func makeDurations(_ database: Database) throws {
    try database.execute(
      sql: """
        CREATE TABLE durations (
          plan TEXT NOT NULL, achievement TEXT NOT NULL, fingerprint TEXT NOT NULL, run TEXT NOT NULL,
          seconds DOUBLE NOT NULL, wall REAL NOT NULL, PRIMARY KEY (run, achievement)
        );
        CREATE INDEX durationOfPlan ON durations (plan, achievement, fingerprint, wall);
        """
    )
  }

  /// Keeps what `run` of `plan` has measured. A second time for the same run and achievement replaces the first; of the same
  /// work only the newest `keptDurations` stay.
  package func learn(_ durations: [MeasuredDuration], from run: String, of plan: String) async throws {
    guard !durations.isEmpty else { return }
    try await write { database in
      let insert = try database.cachedStatement(
        sql: """
          INSERT OR REPLACE INTO durations (plan, achievement, fingerprint, run, seconds, wall) VALUES (?, ?, ?, ?, ?, ?)
          """
      )
      for item in durations {
        try insert.execute(
          arguments: [plan, item.achievement.text, item.fingerprint, run, item.seconds, item.wall]
        )
      }
      try database.execute(
        sql: """
          DELETE FROM durations WHERE rowid IN (
            SELECT row FROM (
              SELECT rowid AS row,
                row_number() OVER (PARTITION BY achievement, fingerprint ORDER BY wall DESC, run DESC) AS place
              FROM durations WHERE plan = ?
            ) WHERE place > ?
          )
          """,
        arguments: [plan, RunStore.keptDurations]
      )
    }
  }

  /// All durations of `plan` that are kept, oldest first.
  package func durations(of plan: String) async throws -> [MeasuredDuration] {
    try await read { database in
      let rows = try Row.fetchAll(
        database,
        sql: "SELECT achievement, fingerprint, seconds, wall FROM durations WHERE plan = ? ORDER BY wall, run",
        arguments: [plan]
      )
      return rows.compactMap { row in
        AchievementID(row["achievement"]).map {
          MeasuredDuration(achievement: $0, fingerprint: row["fingerprint"], seconds: row["seconds"], wall: row["wall"])
        }
      }
    }
  }
}

extension AttemptRecord {
  /// Seconds of its worker, its checks and its gate; nil for an attempt whose result was not used, nor kept to pick from.
  package var usedSeconds: Double? {
    guard wasUsed else { return nil }
    let stretches = [
      (started, exited), (collected ?? exited ?? prepared, verified), (gateStarted, gated),
    ]
    return stretches.reduce(0) { sum, stretch in
      guard let from = stretch.0, let to = stretch.1 else { return sum }
      return sum + max(0, to - from)
    }
  }
}

package import Planning

/// What `plait status PLAN --json` prints, and the same in words: where the files say that a plan stands, and what contradicts
/// them.
package struct PlanStatusReport: Sendable, Encodable {
  /// One achievement.
  package struct Entry: Sendable, Equatable, Encodable {
    /// Its id.
    package let id: String
    /// Its title, in one line; may be empty.
    package let title: String
    /// What the files say.
    package let status: String
    /// What decides that, mostly a file's name; left out when nothing is there.
    package let reason: String?
    /// What else is to be said; left out when there is nothing.
    package let note: String?
    /// What parallel.json says, as it was read; left out when it says nothing.
    package let claimed: String?
  }

  /// Two sources that say different things.
  package struct Finding: Sendable, Equatable, Encodable {
    /// About which achievement; left out when it is about the folder.
    package let achievement: String?
    /// Both sides, a sentence.
    package let message: String
  }

  /// `plait.plan-status/1`.
  package let schema = "plait.plan-status/1"
  /// The plan's name.
  package let plan: String
  /// The plan file, as it was named.
  package let path: String
  /// The newest run of the plan, which the files were held against; left out when there was none.
  package let run: String?
  /// How many achievements have each status; every status is named.
  package let counts: [String: Int]
  /// In plan order.
  package let achievements: [Entry]
  /// In plan order, those about the folder last.
  package let contradictions: [Finding]
  /// Whose status was written into parallel.json; left out unless that was asked for.
  package let written: [String]?

  /// `standing` is where the achievements stand, by the files and by what a run is working on.
  package init(
    _ record: PlanRecord,
    standing: [AchievementID: FolderStatus],
    path: String,
    run: MenuRun?,
    written: [AchievementID]? = nil
  ) {
    plan = record.plan.name
    self.path = path
    self.run = run?.name
    achievements = record.achievements.map { achievement in
      let status = standing[achievement.id]
      return Entry(
        id: achievement.id.text,
        title: Markdown.line(achievement.title),
        status: (status?.status ?? .notStarted).rawValue,
        reason: status?.reason,
        note: status?.note,
        claimed: achievement.status?.rawValue
      )
    }
    let named = Dictionary(FileStatus.allCases.map { ($0.rawValue, 0) }) { first, _ in first }
    counts = achievements.reduce(into: named) { $0[$1.status, default: 0] += 1 }
    contradictions = record.contradictions(run: run?.standing ?? [:]).map {
      Finding(achievement: $0.id?.text, message: $0.message)
    }
    self.written = written?.map(\.text)
  }

  /// In words: a line for each achievement, and one for each contradiction.
  package var text: String {
    let order: [FileStatus] = [
      .complete, .skipped, .failed, .inProgress, .executionCreated, .subplanCreated, .notStarted,
    ]
    let places = order.map(\.rawValue).filter { counts[$0, default: 0] > 0 }.map { "\(counts[$0, default: 0]) \($0)" }
    var lines = ["\(plan): \(places.isEmpty ? "no achievements" : places.joined(separator: ", "))"]
    let (ids, words) = (width(\.id), width(\.status))
    for entry in achievements {
      let start = "  \(padded(entry.id, ids))  \(padded(entry.status, words))  \(entry.title)"
      let details = [entry.reason, entry.note].compactMap { $0 }.filter { !$0.isEmpty }
      lines.append(start + (details.isEmpty ? "" : " (\(details.joined(separator: "; ")))"))
    }
    if contradictions.isEmpty {
      lines.append("Nothing contradicts that.")
    } else {
      lines.append("\(contradictions.count) contradiction\(contradictions.count == 1 ? "" : "s"):")
      lines += contradictions.map { "  \($0.message)" }
    }
    if let written {
      lines.append("\(written.count) status\(written.count == 1 ? "" : "es") written into \(path).")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func width(_ field: KeyPath<Entry, String>) -> Int {
    achievements.map { $0[keyPath: field].count }.max() ?? 0
  }

  private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}

package import Planning

/// What a plan estimates beside what runs of it took: the value behind `plait calibrate`. Durations are hours.
package struct Calibration: Sendable, Codable, Equatable {
  /// The kind and version of the JSON.
  package static let schema = "plait.calibrate/1"

  /// One achievement.
  package struct Entry: Sendable, Codable, Equatable {
    /// Its id.
    package let id: String
    /// Its title; may be empty.
    package let title: String
    /// The middle of what the file estimates; nil when it doesn't say, and for an achievement that is only its parts.
    package let estimatedHours: Double?
    /// The median of what was measured; nil when nothing was.
    package let learnedHours: Double?
    /// The 10 % quantile of what was measured.
    package let lowHours: Double?
    /// The 90 % quantile of what was measured.
    package let highHours: Double?
    /// How many runs it was measured in.
    package let runs: Int
    /// Learned ÷ estimated; nil unless it has both.
    package let ratio: Double?
  }

  /// The kind and version of the JSON.
  package let schema: String
  /// The plan's name.
  package let plan: String
  /// The median of the ratios: what an hour of estimate stands for; nil while no achievement has one.
  package let factor: Double?
  /// The achievements, in the order of the plan.
  package let achievements: [Entry]
  /// Ids whose `actual_hours` were written to the file.
  package let written: [String]

  /// Holds what `plan` estimates against what was learned; `written` are those whose hours went into the file.
  package init(_ plan: Plan, learned: LearnedDurations, written: [AchievementID] = []) {
    schema = Calibration.schema
    self.plan = plan.name
    factor = learned.factor(for: plan)
    achievements = plan.achievements.map { achievement in
      let entry = learned[achievement.id]
      return Entry(
        id: achievement.id.text,
        title: achievement.title,
        estimatedHours: !achievement.role.hasWorker ? nil : achievement.estimate?.middle,
        learnedHours: entry?.hours,
        lowHours: entry.map { $0.low / 3600 },
        highHours: entry.map { $0.high / 3600 },
        runs: entry?.count ?? 0,
        ratio: learned.ratio(of: achievement)
      )
    }
    self.written = written.map(\.text)
  }

  /// The table for a terminal; ends with a newline.
  package var text: String {
    guard achievements.contains(where: { $0.runs > 0 }) else {
      return "Nothing was learned about \(TerminalText.safe(plan, limit: 60)) yet: run it in this repository first.\n"
    }
    var table = TextTable([.left, .right, .right, .right, .right, .left])
    table.add("id", "estimate", "learned", "runs", "ratio", "")
    for entry in achievements {
      table.add(
        entry.id,
        entry.estimatedHours?.hours ?? "–",
        entry.learnedHours.map { TimeText.text($0 * 3600) } ?? "–",
        entry.runs > 0 ? String(entry.runs) : "–",
        entry.ratio?.ratio ?? "–",
        TerminalText.safe(entry.title, limit: 36)
      )
    }
    let end = factor.map { "Overall, things take \($0.ratio) × their estimates (the median of the ratios)." }
    return ([TerminalText.safe(plan, limit: 80)] + table.lines() + [end ?? "No achievement has both."])
      .joined(separator: "\n") + "\n"
  }
}

extension Double {
  /// A factor with about three digits that count, however small: `1.25`, `0.00083`.
  var ratio: String {
    var places = 2
    var scaled = magnitude
    while scaled > 0, scaled < 1, places < 9 {
      scaled *= 10
      places += 1
    }
    return fixed(places)
  }
}

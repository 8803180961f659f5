/// How long a plan's achievements took in earlier runs.
///
/// Pure: whoever keeps the record hands in the measured seconds. Medians and not means, so that one run on a busy machine
/// doesn't move them far.
package struct LearnedDurations: Sendable, Equatable {
  /// What is known of one achievement; seconds of its worker and its checks.
  package struct Entry: Sendable, Equatable {
    /// The middle of the measured durations.
    package let median: Double
    /// The 10 % quantile, interpolated between the measurements around it.
    package let low: Double
    /// The 90 % quantile, interpolated likewise.
    package let high: Double
    /// How many runs it was measured in; at least 1.
    package let count: Int

    /// nil without a measurement; those that are negative or no finite number count as none.
    package init?(_ seconds: [Double]) {
      let sorted = seconds.filter { $0.isFinite && $0 >= 0 }.sorted()
      guard !sorted.isEmpty else { return nil }
      median = LearnedDurations.quantile(0.5, of: sorted)
      low = LearnedDurations.quantile(0.1, of: sorted)
      high = LearnedDurations.quantile(0.9, of: sorted)
      count = sorted.count
    }

    /// The median in hours, the unit of a plan.
    package var hours: Double { median / 3600 }
  }

  /// What was learned, by achievement; none that was never measured is in it.
  package let entries: [AchievementID: Entry]

  /// Nothing learned yet.
  package static let none = LearnedDurations(seconds: [:])

  /// `seconds` are the measurements of each achievement, one per run, in any order.
  package init(seconds: [AchievementID: [Double]]) {
    entries = seconds.compactMapValues { Entry($0) }
  }

  /// Whether nothing was learned.
  package var isEmpty: Bool { entries.isEmpty }

  /// The medians in seconds, by achievement.
  package var seconds: [AchievementID: Double] { entries.mapValues(\.median) }

  /// What is known of `id`; nil when it was never measured.
  package subscript(id: AchievementID) -> Entry? { entries[id] }

  /// Learned ÷ estimated hours of `achievement`; nil unless it has both. A join's estimate is its parts' and no own.
  package func ratio(of achievement: Achievement) -> Double? {
    guard let entry = entries[achievement.id], achievement.role.hasWorker, let estimate = achievement.estimate?.middle,
      estimate > 0
    else { return nil }
    return entry.hours / estimate
  }

  /// The median ratio of learned to estimated hours over all achievements that have both; nil where none has.
  package func factor(for plan: Plan) -> Double? {
    guard !isEmpty else { return nil }
    let ratios = plan.achievements.compactMap { ratio(of: $0) }.sorted()
    return ratios.isEmpty ? nil : LearnedDurations.quantile(0.5, of: ratios)
  }

  /// The quantile of `sorted`, which must not be empty, interpolated linearly between its neighbours.
  private static func quantile(_ share: Double, of sorted: [Double]) -> Double {
    let place = share * Double(sorted.count - 1)
    let below = Int(place)
    let above = min(below + 1, sorted.count - 1)
    return sorted[below] + (sorted[above] - sorted[below]) * (place - Double(below))
  }
}

/// Where the hours of an achievement come from.
package enum DurationSource: String, Sendable, Codable, CaseIterable {
  /// From earlier runs of the same work.
  case learned
  /// From the plan file, times the ratio of what was learned to what had been estimated.
  case estimate
  /// From the other achievements: the file doesn't say.
  case neutral
  /// An achievement with sub-executions that has no work of its own.
  case join
}

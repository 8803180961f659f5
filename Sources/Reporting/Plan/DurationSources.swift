package import Planning

/// Where the durations that a plan is counted with come from: how many achievements of each source.
package struct DurationSources: Sendable, Codable, Equatable {
  /// Those that were measured in earlier runs.
  package let learned: Int
  /// The fewest runs that one of these was measured in; left out when there is none.
  package let fewestRuns: Int?
  /// The most runs that one of these was measured in; left out when there is none.
  package let mostRuns: Int?
  /// Those with the plan's estimate, times `factor`.
  package let estimate: Int
  /// Those that nothing is known of.
  package let neutral: Int
  /// What estimates are multiplied by to agree with what was learned; 1 where no achievement has both.
  package let factor: Double

  /// Counts the achievements of `plan`, whose analysis is `analysis`.
  package init(_ plan: Plan, analysis: PlanAnalysis) {
    var counts: [DurationSource: Int] = [:]
    for achievement in plan.achievements { counts[analysis.source(of: achievement), default: 0] += 1 }
    learned = counts[.learned] ?? 0
    estimate = counts[.estimate] ?? 0
    neutral = counts[.neutral] ?? 0
    factor = analysis.factor
    let runs = plan.achievements.compactMap { analysis.learned[$0.id]?.count }
    fewestRuns = runs.min()
    mostRuns = runs.max()
  }

  /// `3 learned from 2–5 runs, 4 estimated (× 0.001), 1 neutral`; sources that nothing comes from are left out.
  package var text: String {
    var parts: [String] = []
    if learned > 0, let fewestRuns, let mostRuns {
      let runs = fewestRuns == mostRuns ? "" : "\(fewestRuns)–"
      parts.append("\(learned) learned from \(runs)\(Prose.count(mostRuns, "run"))")
    }
    if estimate > 0 { parts.append("\(estimate) estimated" + (factor == 1 ? "" : " (× \(factor.ratio))")) }
    if neutral > 0 { parts.append("\(neutral) neutral") }
    return parts.joined(separator: ", ")
  }
}

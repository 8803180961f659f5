package import Planning
package import Recording

/// A run as the formats that draw it see it: every attempt with its stages, who waited for whom, and what was ready when.
///
/// Times are seconds since the run's start; nothing is after the report's wall time.
package struct RunChart: Sendable {
  /// One attempt in its slot.
  struct Bar: Sendable {
    /// Where its achievement stands in the report's list.
    let entry: Int
    /// Its place among the achievement's attempts.
    let attempt: Int
    let timeline: AttemptTimeline
    /// Whether its result was thrown away.
    let isRework: Bool
    /// Whether its time is part of the critical path.
    let isCritical: Bool
  }

  /// A stretch of time in which an achievement could have been started, as far as its dependencies go.
  struct Wait: Sendable {
    let from: Double
    let to: Double
  }

  /// The report that the numbers come from.
  package let report: RunReport
  /// Wall clock of the start, seconds since 1970 UTC.
  let startedWall: Double
  /// The plan's graph; its nodes are numbered like the report's achievements.
  let graph: DependencyGraph
  /// The places of the longest chain of measured times, joins on it included.
  let criticalPath: [Int]
  /// In order of time, then of slots.
  let bars: [Bar]
  /// In no particular order.
  let waits: [Wait]

  /// Prepares what `report` says of the run in `snapshot`, which ran `plan`. The report must be of both.
  package init(_ report: RunReport, plan: Plan, snapshot: RunSnapshot) {
    let hasEnded = snapshot.outcome != nil
    let end = report.totals.wallSeconds
    let criticalPath = RunReport.longestChain(plan, entries: report.achievements)
    let critical = Set(criticalPath)
    var bars: [Bar] = []
    var waits: [Wait] = []
    for (index, entry) in report.achievements.enumerated() {
      guard let record = AchievementID(entry.id).map({ snapshot[$0] }) else { continue }
      let used = record.attempts.lastIndex(where: \.wasUsed)
      for (place, attempt) in record.attempts.enumerated() {
        bars.append(
          Bar(
            entry: index,
            attempt: place,
            timeline: AttemptTimeline(attempt, until: attempt.busyUntil(end, hasEnded: hasEnded)),
            isRework: attempt.isRework(runHasEnded: hasEnded),
            isCritical: place == used && critical.contains(index)
          )
        )
      }
      waits += record.waits.map { Wait(from: $0.from, to: max($0.from, $0.until ?? end)) }
    }
    self.report = report
    startedWall = snapshot.startedWall
    graph = RunChart.graph(of: plan, with: report.achievements.count)
    self.criticalPath = criticalPath
    self.bars = bars.sorted { ($0.timeline.from, $0.timeline.slot) < ($1.timeline.from, $1.timeline.slot) }
    self.waits = waits
  }

  /// The plan's graph with nodes of their own for achievements that are no longer in it, up to `count`.
  static func graph(of plan: Plan, with count: Int) -> DependencyGraph {
    guard count > plan.graph.count else { return plan.graph }
    return DependencyGraph(
      dependencies: (0..<count).map { $0 < plan.graph.count ? Array(plan.graph.dependencies(of: $0)) : [] }
    )
  }

  /// The achievement that `bar` is an attempt of.
  func entry(_ bar: Bar) -> RunReport.Entry { report.achievements[bar.entry] }

  /// What the report says of `bar`.
  func attempt(_ bar: Bar) -> RunReport.Attempt { entry(bar).attempts[bar.attempt] }

  /// Which bar each dependency was delivered by, and the first that could start on it. A dependency that was complete
  /// before the run, and a dependent that never started, have none.
  var handovers: [(from: Bar, to: Bar)] {
    var attempts = [[Bar]](repeating: [], count: report.achievements.count)
    for bar in bars { attempts[bar.entry].append(bar) }
    return report.achievements.indices.flatMap { dependent in
      graph.dependencies(of: dependent).compactMap { dependency in
        guard let from = attempts[Int(dependency)].last(where: { attempt($0).isUsed }),
          let merged = attempt(from).stamps.merged,
          let to = attempts[dependent].first(where: { $0.timeline.from >= merged })
        else { return nil }
        return (from, to)
      }
    }
  }
}

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

  /// From when to when an achievement was the run's business: from ready, or settled otherwise, to its end.
  struct Life: Sendable, Equatable {
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
  /// By place in the report's list; nil for what still waits for its dependencies.
  let lives: [Life?]

  /// Prepares what `report` says of the run in `snapshot`, which ran `plan`. The report must be of both.
  package init(_ report: RunReport, plan: Plan, snapshot: RunSnapshot) {
    let hasEnded = snapshot.outcome != nil
    let end = report.totals.wallSeconds
    let criticalPath = RunReport.longestChain(plan, entries: report.achievements)
    let critical = Set(criticalPath)
    var bars: [Bar] = []
    var waits: [Wait] = []
    var lives: [Life?] = []
    for (index, entry) in report.achievements.enumerated() {
      let record = AchievementID(entry.id).map { snapshot[$0] } ?? AchievementRecord()
      let used = critical.contains(index) ? record.attempts.lastIndex(where: \.wasUsed) : nil
      let own = record.attempts.enumerated().map { place, attempt in
        Bar(
          entry: index,
          attempt: place,
          timeline: AttemptTimeline(attempt, until: attempt.busyUntil(end, hasEnded: hasEnded)),
          isRework: attempt.isRework(runHasEnded: hasEnded),
          isCritical: place == used
        )
      }
      bars += own
      lives.append(RunChart.life(record, bars: own, end: end))
      waits += record.waits.map { Wait(from: $0.from, to: max($0.from, $0.until ?? end)) }
    }
    self.report = report
    startedWall = snapshot.startedWall
    graph = RunChart.graph(of: plan, with: report.achievements.count)
    self.criticalPath = criticalPath
    self.bars = bars.sorted { ($0.timeline.from, $0.timeline.slot) < ($1.timeline.from, $1.timeline.slot) }
    self.waits = waits
    self.lives = lives
  }

  private static func life(_ record: AchievementRecord, bars: [Bar], end: Double) -> Life? {
    let begins = [record.waits.first?.from, bars.first?.timeline.from, record.settledAt].compactMap { $0 }
    guard let from = begins.min() else { return nil }
    let ends = [record.state.isFinal ? record.settledAt : end, bars.last?.timeline.to].compactMap { $0 }
    return Life(from: from, to: max(from, ends.max() ?? from))
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
          let taken = attempt(from).stamps.taken,
          let to = attempts[dependent].first(where: { $0.timeline.from >= taken })
        else { return nil }
        return (from, to)
      }
    }
  }
}

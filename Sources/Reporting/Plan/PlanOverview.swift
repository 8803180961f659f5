package import Planning

/// What `plait show` says about a plan before it runs. Durations are the plan's hours; ratios are 0…1.
package struct PlanOverview: Sendable, Codable, Equatable {
  /// The kind and version of the JSON.
  package static let schema = "plait.show/1"

  /// How long the plan takes with a number of slots.
  package struct Prediction: Sendable, Codable, Equatable {
    /// nil: as many as there is work for.
    package let slots: Int?
    /// From start to end.
    package let hours: Double
    /// Between these lie 8 of 10 repetitions with durations that scatter; nil where nobody repeated it.
    package let interval: ClosedRange<Double>?

    /// Takes hours as the scheduler predicts them.
    package init(slots: Int?, hours: Double, interval: ClosedRange<Double>? = nil) {
      self.slots = slots
      self.hours = hours
      self.interval = interval
    }

    /// What it saves of `total` hours, 0…1; 0 when there is nothing to save.
    package func saving(of total: Double) -> Double { total > 0 ? 1 - hours / total : 0 }
  }

  /// An achievement that much of the plan waits for.
  package struct Bottleneck: Sendable, Codable, Equatable {
    /// Its id.
    package let id: AchievementID
    /// Its title; may be empty.
    package private(set) var title = ""
    /// How many achievements can't start before it is done, directly or not.
    package let heldUp: Int
    /// Their hours.
    package let hours: Double

    /// Takes what the analysis of the plan found.
    package init(id: AchievementID, heldUp: Int, hours: Double) {
      self.id = id
      self.heldUp = heldUp
      self.hours = hours
    }

    fileprivate func titled(in plan: Plan) -> Bottleneck {
      var bottleneck = self
      bottleneck.title = plan[id]?.title ?? ""
      return bottleneck
    }
  }

  /// The achievements of one dependency level.
  package struct Level: Sendable, Codable, Equatable {
    /// The level's number, from 0: achievements without dependencies.
    package let level: Int
    /// How many achievements it holds.
    package let width: Int
    /// Their ids, in the order of the plan.
    package let achievements: [String]
  }

  /// One achievement of the plan.
  package struct Node: Sendable, Codable, Equatable {
    /// Its id.
    package let id: String
    /// Its title; may be empty.
    package let title: String
    /// Its dependency level, from 0.
    package let level: Int
    /// What it waits for, in the order of the file; for a whole with sub-executions, these.
    package let dependencies: [String]
    /// What is counted with; the neutral value when the file doesn't say.
    package let hours: Double
    /// Whether the file says how long it takes; true for a whole with sub-executions, which takes no time of its own.
    package let isEstimated: Bool
    /// Where these hours come from.
    package let source: DurationSource
    /// How many runs they were learned from; left out for other sources.
    package let learnedRuns: Int?
    /// The 10 % and 90 % quantiles of what was learned, in hours; left out for other sources.
    package let learnedRange: HourRange?
    /// Whether it is on the critical path.
    package let isCritical: Bool
  }

  /// A prediction with what it saves.
  package struct PredictedTime: Sendable, Codable, Equatable {
    /// Left out for as many slots as there is work for.
    package let slots: Int?
    /// From start to end.
    package let hours: Double
    /// Between these lie 8 of 10 repetitions with durations that scatter; nil where nobody repeated it.
    package let lowHours: Double?
    /// The upper end of that.
    package let highHours: Double?
    /// The share of total_hours that this saves, 0 to 1.
    package let savedRatio: Double
    /// Whether more slots would not be faster.
    package let isBound: Bool
  }

  /// What the file says about itself beside the truth.
  package struct ClaimCheck: Sendable, Codable, Equatable {
    /// The field of the file.
    package let field: String
    /// What the file says.
    package let claimed: String
    /// What computation gives; nil when there is no one value.
    package let actual: String?
    /// Whether the claim rounds to the truth.
    package let isTrue: Bool
  }

  /// The kind and version of the JSON.
  package let schema: String
  /// The plan's name.
  package let plan: String
  /// The parallelization level that the file declares.
  package let level: String
  /// How many achievements the plan has, sub-executions included.
  package let achievementCount: Int
  /// How many dependencies there are between them.
  package let dependencyCount: Int
  /// Hours of all achievements, one after another.
  package let totalHours: Double
  /// Hours of the longest chain: no number of slots is faster.
  package let criticalPathHours: Double
  /// The share of total_hours that parallelism can save at best, 0 to 1.
  package let possibleSaving: Double
  /// Where the hours come from.
  package let durations: DurationSources
  /// How many achievements have neither an estimate nor a duration from an earlier run.
  package let unknownEstimates: Int
  /// Hours that each of these is counted with: the median of the estimates, else that of what was learned, else 1.
  package let neutralHours: Double
  /// How many achievements the widest dependency level holds.
  package let widestLevel: Int
  /// The dependency levels, lowest first.
  package let levels: [Level]
  /// Ids of the longest chain by hours, first to last.
  package let criticalPath: [String]
  /// What most of the plan waits for, heaviest first; at most five.
  package let bottlenecks: [Bottleneck]
  /// The time with 1, 2, 4, 8 and any number of slots, by the scheduler on a virtual clock.
  package let predictions: [PredictedTime]
  /// What the file says about itself, beside the truth.
  package let claims: [ClaimCheck]
  /// The achievements, in the order of the plan; empty when the overview was drawn up without them.
  package let achievements: [Node]

  /// Draws up the overview; `analysis` must be that of `plan`. Every achievement by itself is only in it when `isWhole`: who
  /// reads the text of a plan of a hundred thousand doesn't wait for what isn't shown.
  package init(
    plan: Plan,
    analysis: PlanAnalysis,
    predictions: [Prediction] = [],
    bottlenecks: [Bottleneck] = [],
    isWhole: Bool = true
  ) {
    let nodes = plan.achievements
    let critical = Set(analysis.criticalPath)
    schema = PlanOverview.schema
    self.plan = plan.name
    level = plan.level.rawValue
    achievementCount = nodes.count
    dependencyCount = plan.graph.edgeCount
    totalHours = analysis.totalHours
    criticalPathHours = analysis.criticalPathHours
    possibleSaving = analysis.possibleSaving
    durations = DurationSources(plan, analysis: analysis)
    unknownEstimates = durations.neutral
    neutralHours = analysis.neutralHours
    widestLevel = analysis.levelWidths.max() ?? 0
    levels = PlanOverview.levels(of: plan, analysis)
    criticalPath = analysis.criticalPath.map { nodes[$0].id.text }
    self.bottlenecks = bottlenecks.map { $0.titled(in: plan) }
    self.predictions = predictions.map {
      PredictedTime(
        slots: $0.slots,
        hours: $0.hours,
        lowHours: $0.interval?.lowerBound,
        highHours: $0.interval?.upperBound,
        savedRatio: $0.saving(of: analysis.totalHours),
        isBound: $0.hours <= analysis.criticalPathHours * (1 + 1e-9)
      )
    }
    claims = plan.claims.map {
      ClaimCheck(field: $0.field, claimed: $0.claimed, actual: $0.actual, isTrue: $0.isTrue)
    }
    achievements = (isWhole ? nodes.indices : 0..<0).map {
      Node(index: $0, plan, analysis, isCritical: critical.contains($0))
    }
  }

  private static func levels(of plan: Plan, _ analysis: PlanAnalysis) -> [Level] {
    var byLevel = [[String]](repeating: [], count: analysis.levelWidths.count)
    for (index, level) in analysis.levels.enumerated() { byLevel[Int(level)].append(plan.achievements[index].id.text) }
    return byLevel.enumerated().map { Level(level: $0, width: $1.count, achievements: $1) }
  }
}

extension PlanOverview.Node {
  init(index: Int, _ plan: Plan, _ analysis: PlanAnalysis, isCritical: Bool) {
    let achievement = plan.achievements[index]
    id = achievement.id.text
    title = achievement.title
    level = Int(analysis.levels[index])
    dependencies = plan.graph.dependencies(of: index).map { plan.achievements[Int($0)].id.text }
    hours = analysis.hours[index]
    isEstimated = achievement.estimate != nil || !achievement.role.hasWorker
    source = analysis.source(of: achievement)
    let learned = analysis.learned[achievement.id]
    learnedRuns = learned?.count
    learnedRange = learned.map { HourRange(low: $0.low / 3600, high: $0.high / 3600) }
    self.isCritical = isCritical
  }
}

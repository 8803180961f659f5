/// The resolved graph of one `parallel.json`: immutable, acyclic, every dependency known.
///
/// A plan exists only when its file has no error. Nodes are numbered by their place in `achievements`; edges are kept as
/// such numbers, so that planning 100,000 achievements costs arrays and not dictionaries.
package struct Plan: Sendable {
  /// The plan's name.
  package let name: String
  /// What the file declares.
  package let level: ParallelizationLevel
  /// All nodes in plan order. An achievement with sub-executions is preceded by its parts and is itself their join; one with
  /// variants is preceded by these and is itself the choice among them.
  package let achievements: [Achievement]
  /// What waits for what, by position in `achievements`.
  package let graph: DependencyGraph
  /// What the plan says for all achievements.
  package let defaults: PlanDefaults
  /// What the file says about itself (totals, savings, critical path); never used, only held against the truth.
  package internal(set) var claims: [Claim]

  /// What waits for achievements of other plans; nothing of it is in `graph`, and the plan can't be run without those.
  package internal(set) var foreign: [ForeignDependency] = []
  /// The plans that were joined to this one, as their files have them; empty for a plan of one file.
  package internal(set) var members: [Plan] = []

  /// Where each id stands in `achievements`.
  package let indices: [AchievementID: Int]

  /// `graph` must be acyclic and number its nodes like `achievements`.
  package init(
    name: String,
    level: ParallelizationLevel,
    achievements: [Achievement],
    graph: DependencyGraph,
    defaults: PlanDefaults = PlanDefaults(),
    claims: [Claim] = []
  ) {
    self.name = name
    self.level = level
    self.achievements = achievements
    self.graph = graph
    self.defaults = defaults
    self.claims = claims
    var indices: [AchievementID: Int] = [:]
    indices.reserveCapacity(achievements.count)
    for index in achievements.indices { indices[achievements[index].id] = index }
    self.indices = indices
  }

  /// The node with this id, or nil.
  package subscript(id: AchievementID) -> Achievement? { indices[id].map { achievements[$0] } }

  /// The ids that `id` depends on, in file order; empty for an unknown id.
  package func dependencies(of id: AchievementID) -> [AchievementID] {
    guard let index = indices[id] else { return [] }
    return graph.dependencies(of: index).map { achievements[Int($0)].id }
  }

  /// What does the work of `achievement`, one of the plan's: its worker over that of its file, field by field.
  ///
  /// For a choice that is its judge, in the worker's environment and with nothing else of the worker's.
  package func worker(of achievement: Achievement) -> WorkerSpecification {
    let defaults = defaults(of: achievement.id)
    let worker = defaults.worker.overridden(by: achievement.details.worker)
    guard achievement.role == .choice else { return worker }
    let surroundings = WorkerSpecification(
      environment: worker.environment,
      passEnvironment: worker.passEnvironment
    )
    return surroundings.overridden(by: achievement.details.judge ?? defaults.judge)
  }

  /// The variants of `id` in the order of their numbers; empty for what has none.
  package func variants(of id: AchievementID) -> [Achievement] {
    guard let index = indices[id], achievements[index].role == .choice else { return [] }
    return graph.dependencies(of: index).map { achievements[Int($0)] }.filter { $0.role.owner == id }
  }

  /// The ids that depend on `id` directly; empty for an unknown id.
  package func dependents(of id: AchievementID) -> [AchievementID] {
    guard let index = indices[id] else { return [] }
    return graph.dependents(of: index).map { achievements[Int($0)].id }
  }
}

/// Plans that are run together.
extension Plan {
  /// The plans of the files: the members, else the plan itself.
  package var files: [Plan] { members.isEmpty ? [self] : members }

  /// The plan whose file holds `id`: one of the members, else the plan itself.
  package func file(of id: AchievementID) -> Plan {
    guard let name = id.plan else { return self }
    return members.first { $0.name == name } ?? self
  }

  /// What the file that holds `id` says for all of its achievements.
  package func defaults(of id: AchievementID) -> PlanDefaults { members.isEmpty ? defaults : file(of: id).defaults }

  /// Whether a file has a check on the merged tree.
  package var hasGate: Bool { files.contains { $0.defaults.gate != nil } }

  /// How this plan calls the achievement `id` of `file`, which is one of its `files`.
  package func id(_ id: AchievementID, of file: Plan) -> AchievementID {
    members.isEmpty ? id : id.of(plan: file.name)
  }
}

/// A dependency on an achievement of another plan.
package struct ForeignDependency: Sendable, Equatable {
  /// Who waits, by its position in the plan.
  package let node: Int
  /// For whom, with its plan's name.
  package let id: AchievementID
  /// Whether it is one of `soft_dependencies`, which never block.
  package let isSoft: Bool
  /// Where the file says so.
  package let place: SourcePlace
}

/// How wide the file says its work may spread. The raw value is the file's word.
package enum ParallelizationLevel: String, Sendable, Codable, CaseIterable {
  /// Several executions within one achievement.
  case withinAchievement = "level_1"
  /// Achievements of one priority.
  case withinPriority = "level_2"
  /// Achievements across priorities.
  case acrossPriorities = "level_3"
}

/// One node of a plan.
package struct Achievement: Sendable {
  /// What running a node means.
  package enum Role: Sendable, Equatable {
    /// An ordinary achievement: one worker does it.
    case whole
    /// A sub-execution of the achievement `of`: one worker does it.
    case part(of: AchievementID)
    /// An achievement whose work is its parts: no worker of its own, only its checks on what the parts made.
    case join
    /// One of `count` attempts, counted from 1, that are made side by side at the achievement `of`: one worker does it.
    case variant(of: AchievementID, number: Int, count: Int)
    /// An achievement whose work is its variants: its judge picks one of those that are green.
    case choice

    /// Whether a worker does it; else it stands for what its parts or its variants do.
    package var hasWorker: Bool {
      switch self {
      case .whole, .part, .variant: true
      case .join, .choice: false
      }
    }

    /// The achievement that it is a part or a variant of; nil for an achievement itself.
    package var owner: AchievementID? {
      switch self {
      case .part(let whole), .variant(let whole, _, _): whole
      case .whole, .join, .choice: nil
      }
    }

    /// Whether it is one of several attempts at the same achievement.
    package var isVariant: Bool { if case .variant = self { true } else { false } }
  }

  /// Its id, unique in the plan.
  package private(set) var id: AchievementID
  /// For people; may be empty.
  package let title: String
  /// The `priority` of the file, else the first number of the id.
  package let priority: Int
  /// Whether it has a worker of its own.
  package private(set) var role: Role
  /// Expected hours; nil when the file doesn't say (never 0 for that). A join or a choice expects no work of its own: 0.
  package let estimate: HourRange?
  /// What the file says it took; never counted with.
  package let actualHours: Double?
  /// The `status` of the file: a snapshot, never trusted; nil when missing.
  package let status: FileStatus?
  /// Whether a skipped item counts as satisfied for its dependents.
  package let isWaived: Bool
  /// Where the item stands in the file: for messages.
  package let place: SourcePlace
  /// The rarely used fields.
  package var details: AchievementDetails { rare?.details ?? .none }

  /// Most items have no such field: kept apart, they don't make every copy of an item pay for them.
  private var rare: Rare?

  private final class Rare: Sendable {
    let details: AchievementDetails
    init(_ details: AchievementDetails) { self.details = details }
  }

  /// Takes the fields as they were read and checked.
  package init(
    id: AchievementID,
    title: String,
    priority: Int,
    role: Role = .whole,
    estimate: HourRange? = nil,
    actualHours: Double? = nil,
    status: FileStatus? = nil,
    isWaived: Bool = false,
    place: SourcePlace = SourcePlace(line: 1, column: 1),
    details: AchievementDetails = .none
  ) {
    self.id = id
    self.title = title
    self.priority = priority
    self.role = role
    self.estimate = estimate
    self.actualHours = actualHours
    self.status = status
    self.isWaived = isWaived
    self.place = place
    rare = details.isEmpty ? nil : Rare(details)
  }
}

extension Achievement {
  /// The same achievement as a run of several plans calls it: its ids say that they are of the plan `name`.
  func of(plan name: String) -> Achievement {
    var copy = self
    copy.id = id.of(plan: name)
    switch role {
    case .whole, .join, .choice: break
    case .part(let whole): copy.role = .part(of: whole.of(plan: name))
    case .variant(let whole, let number, let count):
      copy.role = .variant(of: whole.of(plan: name), number: number, count: count)
    }
    guard !details.softDependencies.isEmpty else { return copy }
    var details = details
    details.softDependencies = details.softDependencies.map { $0.plan == nil ? $0.of(plan: name) : $0 }
    copy.rare = Rare(details)
    return copy
  }
}

/// A low–high range of hours; both ends are finite, 0 ≤ low ≤ high.
package struct HourRange: Sendable, Equatable, Codable {
  /// Hours, at least 0.
  package let low: Double
  /// Hours, at least `low`.
  package let high: Double

  /// Takes hours; `low` must not be above `high`.
  package init(low: Double, high: Double) {
    self.low = low
    self.high = high
  }

  /// What is counted with.
  package var middle: Double { (low + high) / 2 }
}

/// The seven words for a status in the file and in the plan folder.
package enum FileStatus: String, Sendable, Codable, CaseIterable {
  case notStarted = "not_started"
  case subplanCreated = "subplan_created"
  case executionCreated = "execution_created"
  case inProgress = "in_progress"
  case complete
  case failed
  case skipped
}

/// A claim of the file about itself, held against the truth by `plait show`.
package struct Claim: Sendable, Equatable {
  /// Where in the file the claim stands, as a path of keys: `critical_path_analysis.efficiency_gain`.
  package let field: String
  /// The file's words, as written.
  package let claimed: String
  /// The same by computation, in the claim's unit; nil when it can't be computed from the file.
  package let actual: String?
  /// Whether it rounds to the truth at the precision in which it is written.
  package let isTrue: Bool

  /// `actual` is nil when there is no one value.
  package init(field: String, claimed: String, actual: String?, isTrue: Bool) {
    self.field = field
    self.claimed = claimed
    self.actual = actual
    self.isTrue = isTrue
  }
}

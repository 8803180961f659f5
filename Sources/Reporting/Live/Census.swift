import Planning
import Recording

/// A run's achievements by what the live view says of them, each list in plan order unless said otherwise.
struct Census {
  private(set) var complete = 0
  /// By the time of their hand-over, so that rows keep their places.
  private(set) var active: [AchievementID] = []
  private(set) var ready: [AchievementID] = []
  private(set) var failed: [AchievementID] = []
  private(set) var cancelled: [AchievementID] = []
  private(set) var blocked: [AchievementID] = []
  /// Waiting for nothing but what is at work or ready.
  private(set) var upcoming: [AchievementID] = []
  /// Σ work and verify of what has been merged, and of the variants to pick from.
  private(set) var serialSeconds = 0.0

  init(plan: Plan, snapshot: RunSnapshot) {
    var states: [AchievementState] = []
    states.reserveCapacity(plan.achievements.count)
    for achievement in plan.achievements {
      let record = snapshot[achievement.id]
      states.append(record.state)
      switch record.state {
      case .complete:
        complete += 1
        serialSeconds += record.usedSeconds
      case .ready: ready.append(achievement.id)
      case .failed: failed.append(achievement.id)
      case .blocked: blocked.append(achievement.id)
      case .preparing, .running, .collecting, .verifying, .merging: active.append(achievement.id)
      case .cancelled: cancelled.append(achievement.id)
      case .waiting, .skipped: break
      }
    }
    let handed = active.map { snapshot[$0].attempts.last?.handed ?? 0 }
    active = zip(active, handed).sorted { $0.1 < $1.1 }.map(\.0)
    upcoming = Census.upcoming(plan: plan, states: states)
  }

  private static func upcoming(plan: Plan, states: [AchievementState]) -> [AchievementID] {
    states.indices.filter { index in
      states[index] == .waiting
        && plan.graph.dependencies(of: index).allSatisfy {
          let state = states[Int($0)]
          return state == .complete || state == .ready || state.isActive
        }
    }.map { plan.achievements[$0].id }
  }
}

extension AchievementRecord {
  /// Work and verify seconds of the attempt that was merged, or kept to pick from; 0 without one.
  var usedSeconds: Double {
    guard let used = attempts.last(where: \.wasUsed) else { return 0 }
    let timeline = AttemptTimeline(used, until: used.taken ?? used.handed)
    return timeline.seconds(.work) + timeline.seconds(.verify)
  }
}

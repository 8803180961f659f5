import Planning
import Recording

/// What became of variants, in a clause each.
struct VariantWords {
  private let plan: Plan
  private let snapshot: RunSnapshot

  init(_ plan: Plan, _ snapshot: RunSnapshot) {
    self.plan = plan
    self.snapshot = snapshot
  }

  /// Of a green variant, or of an achievement whose choice is made; nil for anything else.
  func text(_ id: AchievementID) -> String? {
    switch plan[id]?.role {
    case .variant(let whole, _, _): variant(id, of: whole)
    case .choice: choice(id)
    default: nil
    }
  }

  /// Whether a variant was picked; nil as long as that is open.
  func isPicked(_ id: AchievementID, of whole: AchievementID) -> Bool? {
    snapshot[whole].state == .complete ? snapshot[whole].picked == id : nil
  }

  private func variant(_ id: AchievementID, of whole: AchievementID) -> String? {
    guard let ref = snapshot[id].keptRef else { return nil }
    switch isPicked(id, of: whole) {
    case true?: return "picked, kept as \(ref)"
    case false?: return "green and not picked, kept as \(ref)"
    case nil: return "green, kept as \(ref)"
    }
  }

  private func choice(_ id: AchievementID) -> String? {
    let variants = plan.variants(of: id)
    guard let picked = snapshot[id].picked, let attempt = snapshot[id].attempts.last(where: { $0.picked != nil }) else {
      return nil
    }
    let green = variants.filter { snapshot[$0.id].keptRef != nil }
    let how =
      attempt.isJudged ? "its judge picked \(picked) of \(green.count) green" : "\(picked) is the only green one"
    return "\(how), of \(variants.count) variants"
  }
}

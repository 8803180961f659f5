internal import Planning

/// What the variants of an achievement change: their choice needs one of them that is green, and not all.
extension Schedule {
  /// The choice of each variant, by their places in the plan.
  static func choices(of plan: Plan) -> [Int: Int] {
    var choices: [Int: Int] = [:]
    for node in plan.achievements.indices where plan.achievements[node].role == .choice {
      for dependency in plan.graph.dependencies(of: node)
      where plan.achievements[Int(dependency)].role.owner == plan.achievements[node].id {
        choices[Int(dependency)] = node
      }
    }
    return choices
  }

  /// Whether some node is in such a state. What became of a variant doesn't matter any more once the choice is made.
  func matters(_ isMeant: (State) -> Bool) -> Bool {
    states.indices.contains { node in
      isMeant(states[node]) && (choices[node].map { states[$0] != .complete } ?? true)
    }
  }

  /// Whether `node` can still become ready although `cause`, which it depends on, won't complete: a choice can as long as
  /// another variant is green or may become so.
  func canDo(_ node: Int, without cause: Int) -> Bool {
    guard choices[cause] == node else { return false }
    return plan.graph.dependencies(of: node).contains { dependency in
      guard choices[Int(dependency)] == node else { return false }
      let state = states[Int(dependency)]
      // One that was stopped with the run goes on with it.
      return state.satisfies || !state.isFinal || (state == .cancelled && stopReason != nil)
    }
  }
}

internal import HeapModule
internal import Planning
package import Recording

extension Schedule {
  /// Takes in that an attempt of an earlier process goes on in its slot; nil when the plan or the slots have no place for it.
  package mutating func adopt(_ attempt: AttemptID, slot: Int) -> Assignment? {
    guard let node = plan.indices[attempt.achievement], states[node] == .waiting, openDependencies[node] == 0,
      freeSlots.take(slot)
    else { return nil }
    held.take(node)
    states[node] = .active
    active += 1
    attempts[node] = Int32(attempt.number)
    return Assignment(node: node, attempt: attempt, slot: slot)
  }

  /// Takes a run up where an earlier process left it: what was complete stays so, what was in flight starts anew.
  ///
  /// What had failed stays failed, unless `retryFailed` gives it all its attempts again.
  /// `adopting` names the attempts whose workers go on, with their slots.
  package mutating func resume(
    _ snapshot: RunSnapshot,
    retryFailed: Bool,
    adopting: [AttemptID: Int] = [:]
  ) -> (facts: [RunEvent.Fact], adopted: [Assignment]) {
    var unsatisfied: [Int] = []
    var facts: [RunEvent.Fact] = []
    for (node, achievement) in plan.achievements.enumerated() {
      let record = snapshot[achievement.id]
      attempts[node] = Int32(record.attempts.last?.number ?? 0)
      failures[node] = record.attempts.count { $0.failure?.kind.countsAgainstRetries == true }
      conflicts[node] = record.attempts.count { $0.failure?.kind == .conflict }
      if isDecided(node, snapshot), record.state != .complete {
        facts += retire(node, as: record.state)
        continue
      }
      switch record.state {
      case .complete where retryFailed && hasConflicted(node, snapshot):
        facts.append(.reopened(achievement.id, tip: snapshot.tip ?? "", reason: "what was picked conflicted"))
      case .complete: settle(node, as: .complete)
      case .skipped:
        settle(node, as: achievement.isWaived ? .waived : .skipped)
        if !achievement.isWaived { unsatisfied.append(node) }
      case .failed where !retryFailed:
        settle(node, as: .failed)
        if record.attempts.last?.failure?.kind == .conflict { hasConflict = true }
        unsatisfied.append(node)
      case .failed: (failures[node], conflicts[node]) = (0, 0)
      case .ready:
        guard let time = record.notBefore, time > snapshot.lastTime else { continue }
        states[node] = .delayed
        delayed.insert(Delay(time: time, node: node))
      default: continue
      }
    }
    facts += unsatisfied.flatMap { block(dependentsOf: $0) }.filter { fact in
      // Said already, most of it: only what is blocked since then is news.
      if case .blocked(let id, _, _) = fact { snapshot[id].state != .blocked } else { true }
    }
    for (variant, choice) in choices where states[variant].satisfies && !states[choice].isFinal { held.claim(choice) }
    let adopted = adopting.sorted { $0.value < $1.value }.compactMap { adopt($0.key, slot: $0.value) }
    return (facts + makeReadyWhatCanStart(), adopted)
  }

  /// Ends a variant whose choice is made: whatever came of it, it is not needed any more.
  private mutating func retire(_ node: Int, as state: AchievementState) -> [RunEvent.Fact] {
    settle(node, as: state == .failed ? .failed : .cancelled)
    return state.isFinal
      ? [] : [.settled(plan.achievements[node].id, as: .notSelected, reason: "the choice is made")]
  }

  /// Whether `node` is a variant of an achievement whose pick didn't merge: only work from the new tip can.
  private func hasConflicted(_ node: Int, _ snapshot: RunSnapshot) -> Bool {
    guard let choice = choices[node] else { return false }
    let record = snapshot[plan.achievements[choice].id]
    return record.state == .failed && record.lastFailure?.kind == .conflict
  }

  /// Whether `node` is a variant of an achievement that is complete.
  private func isDecided(_ node: Int, _ snapshot: RunSnapshot) -> Bool {
    choices[node].map { snapshot[plan.achievements[$0].id].state == .complete } ?? false
  }
}

extension AttemptFailure.Kind {
  /// Whether it is the work that failed, and not its circumstances.
  var countsAgainstRetries: Bool { self == .worker || self == .verify || self == .gate }
}

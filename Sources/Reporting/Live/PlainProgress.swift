package import Planning
package import Recording

/// A run's progress where there is no terminal to draw on: one line per change, each complete in itself.
///
/// `12:03:04  2.1 started (slot 1) Title`. A value that follows the events; feed it every event in order.
package struct PlainProgress: Sendable {
  private let plan: Plan
  private let utcOffset: Int
  private var snapshot: RunSnapshot
  private var done: Int

  /// `utcOffset`: seconds east of Greenwich for the times shown. `snapshot`: the run as it stood before the first event.
  package init(plan: Plan, utcOffset: Int = 0, snapshot: RunSnapshot = RunSnapshot()) {
    self.plan = plan
    self.utcOffset = utcOffset
    self.snapshot = snapshot
    done = snapshot.records.values.count { $0.mergeCommit != nil || $0.keptRef != nil }
  }

  /// Takes `event` in; the line to write for it without newline, or nil when it changes nothing that people look for.
  package mutating func line(for event: RunEvent) -> String? {
    snapshot.apply(event)
    switch event.fact {
    case .merged, .offered, .settled(_, as: .complete, reason: _): done += 1
    default: break
    }
    guard let words = words(event) else { return nil }
    return "\(WallClock.time(event.wall, utcOffset: utcOffset))  \(words)"
  }

  private func words(_ event: RunEvent) -> String? {
    switch event.fact {
    case .runStarted, .runResumed, .stopRequested, .paused, .unpaused, .budgetExceeded, .adapted, .runEnded:
      runWords(event)
    case .ready, .attemptStarted, .worktreeReady, .workerEnded, .resultCommitted, .mergeIntended, .slotFreed: nil
    case .settled(let id, let state, let reason):
      "\(id) \(settledWord(state))\(because(reason)) \(title(id))".trimmedEnd
    case .held(let id, let reason): "\(id) waits\(because(reason))"
    case .workerStarted(let attempt, _): started(attempt)
    case .verified(let attempt, let result):
      result.isGreen ? nil : "\(attempt.achievement) is red: \(redSteps(result))"
    case .gateStarted: nil
    case .gated(let attempt, let step):
      step.failure.map { "\(attempt.achievement) is red on the merged tree\(because($0))" }
    case .merged(let attempt, _): merged(attempt)
    case .offered(let attempt, _, _): merged(attempt)
    case .chosen(let attempt, let variant, let isJudged):
      "\(attempt.achievement): \(variant) is picked" + (isJudged ? "" : ", the only green variant")
    case .attemptFailed(let attempt, let failure): failed(attempt, failure)
    case .reopened(let id, _, let reason): "\(id) runs again\(because(reason))"
    case .retryScheduled(let id, let notBefore): retry(id, after: notBefore - event.time)
    case .blocked(let id, let by, let reason): "\(id) blocked by \(by)\(because(reason))"
    case .cancelled(let id, let reason): "\(id) cancelled\(because(reason))"
    }
  }

  private func runWords(_ event: RunEvent) -> String? {
    switch event.fact {
    case .runStarted(let header):
      let name = TerminalText.safe(header.planName, limit: 80)
      let size = Prose.count(plan.achievements.count, "achievement")
      return "run \(TerminalText.safe(header.run)) started: \(name), \(size), \(Prose.count(header.jobs, "slot"))"
    case .runResumed: return "run \(TerminalText.safe(snapshot.header?.run ?? "")) resumed"
    case .stopRequested(let reason): return "stopping\(because(reason)): workers finish, nothing new starts"
    case .budgetExceeded(let ratio, let budget):
      return "overhead is \(ratio.percent), over the budget of \(budget.percent)"
    case .adapted(let adaptation, let ratio): return "overhead is \(ratio.percent): the run \(adaptation.words)"
    case .paused(let reason): return "paused\(because(reason)): nothing new starts"
    case .unpaused: return "goes on"
    case .runEnded:
      let state = RunState(snapshot, isDriven: false)
      let words = state == .conflict ? "ended with a merge conflict" : ReportWords.state(state)
      return "run \(TerminalText.safe(snapshot.header?.run ?? "")) \(words) after \(TimeText.text(event.time))"
    default: return nil
    }
  }

  private func started(_ attempt: AttemptID) -> String {
    let slot = snapshot[attempt.achievement].attempts.last?.slot ?? 0
    let again = attempt.number > 1 ? ", attempt \(attempt.number)" : ""
    return "\(attempt.achievement) started (slot \(slot + 1)\(again)) \(title(attempt.achievement))".trimmedEnd
  }

  private func merged(_ attempt: AttemptID) -> String {
    guard let record = snapshot[attempt.achievement].attempts.last else { return "\(attempt.achievement) complete" }
    let seconds = TimeText.text((record.taken ?? record.handed) - record.handed)
    let changed = record.changedPaths.map { ", \(Prose.count($0, "path")) changed" } ?? ""
    return "\(attempt.achievement) complete (\(seconds)\(changed)) [\(done)/\(plan.achievements.count)]"
  }

  private func failed(_ attempt: AttemptID, _ failure: AttemptFailure) -> String {
    let again = attempt.number > 1 ? " (attempt \(attempt.number))" : ""
    let kind =
      switch failure.kind {
      case .conflict: "conflict"
      case .stopped: "was stopped"
      case .lost: "was interrupted"
      case .parked: "is parked"
      case .storage: "was put off"
      case .cancelled: "cancelled"
      case .worker, .verify, .gate, .system: "failed"
      }
    return "\(attempt.achievement) \(kind)\(again)\(because(failure.message))"
  }

  private func retry(_ id: AchievementID, after seconds: Double) -> String {
    let next = (snapshot[id].attempts.last?.number ?? 0) + 1
    return "\(id) will be tried again (attempt \(next))" + (seconds > 0 ? " in \(TimeText.text(seconds))" : "")
  }

  private func redSteps(_ result: VerifyResult) -> String {
    result.steps.compactMap { step in
      step.failure.map { "\(TerminalText.safe(step.summary, limit: 60)): \(TerminalText.safe($0, limit: 120))" }
    }.joined(separator: "; ")
  }

  private func settledWord(_ state: SettledState) -> String {
    switch state {
    case .complete: "was complete before"
    case .skipped: "skipped"
    case .notSelected: "not selected"
    }
  }

  private func because(_ reason: String) -> String {
    reason.isEmpty ? "" : ": \(TerminalText.safe(reason, limit: 300))"
  }

  private func title(_ id: AchievementID) -> String { TerminalText.safe(plan[id]?.title ?? "", limit: 60) }
}

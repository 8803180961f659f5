import Engine
import Git
import Planning
import Recording
import Reporting

/// What `plait run --dry-run` says: what would run, in the order in which it would start.
struct RunForecast: Encodable {
  struct Start: Encodable {
    let id: String
    let title: String
    let dependencies: [String]
  }

  /// What the plan folder has settled before.
  struct Settled: Encodable {
    let id: String
    let state: String
    let reason: String
  }

  let schema = "plait.forecast/1"
  let plan: String
  let achievementCount: Int
  let slots: Int
  let base: String
  /// What the workers would take from start to end, by the scheduler on a virtual clock.
  let hours: Double
  /// Between these lie 8 of 10 repetitions with durations that scatter.
  let lowHours: Double?
  let highHours: Double?
  /// What one worker at a time would take, and the longest chain.
  let serialHours: Double
  let criticalPathHours: Double
  let durations: DurationSources
  let starts: [Start]
  let notRun: [Settled]

  init(_ preparation: Preparation, _ forecast: Forecast) {
    let plan = preparation.request.plan
    self.plan = plan.name
    achievementCount = plan.achievements.count
    slots = preparation.request.schedule.slots
    base = preparation.base.description
    durations = DurationSources(plan, analysis: PlanAnalysis(plan, learned: preparation.learned))
    hours = forecast.hours
    lowHours = forecast.interval?.lowerBound
    highHours = forecast.interval?.upperBound
    serialHours = forecast.serialHours
    criticalPathHours = forecast.criticalPathHours
    starts = forecast.starts.map { start in
      let achievement = plan.achievements[start.node]
      return Start(
        id: achievement.id.text,
        title: achievement.title,
        dependencies: plan.dependencies(of: achievement.id).map(\.text)
      )
    }
    notRun = preparation.prior.sorted { $0.key < $1.key }.map {
      Settled(id: $0.key.text, state: $0.value.state.rawValue, reason: $0.value.reason)
    }
  }

  var text: String {
    let slotWord = slots == 1 ? "slot" : "slots"
    var lines = [
      "Would run \(starts.count) of \(achievementCount) achievements of"
        + " \(TerminalText.safe(plan, limit: 60)) with \(slots) \(slotWord), from \(base.prefix(10)):"
    ]
    for start in starts {
      let title = TerminalText.safe(start.title, limit: 60)
      let after = start.dependencies
      lines.append("  \(start.id)  \(title)" + (after.isEmpty ? "" : "  (after \(shortened(after)))"))
    }
    for item in notRun {
      lines.append("  \(item.id)  not run: \(item.state), \(TerminalText.safe(item.reason, limit: 60))")
    }
    lines += expectation
    lines.append("Nothing was started.")
    return lines.joined(separator: "\n") + "\n"
  }

  /// What the run is expected to take and to save, and when it isn't worth it; nothing where no duration is known.
  var expectation: [String] {
    guard durations.learned + durations.estimate > 0, !starts.isEmpty else { return [] }
    var interval = ""
    if let lowHours, let highHours {
      interval = " (\(TimeWords.hours(lowHours)) to \(TimeWords.hours(highHours)) in 8 of 10 cases)"
    }
    let lines = ["Expected to take \(TimeWords.hours(hours))\(interval): \(durations.text)."]
    guard slots > 1, serialHours > 0 else { return lines }
    let saved = 1 - hours / serialHours
    guard saved < RunForecast.worthwhile else {
      return lines + ["One after another it would take \(TimeWords.hours(serialHours)): \(saved.percent) is saved."]
    }
    return lines + [
      "Parallel work hardly pays here: \(saved.percent) is saved with \(slots) slots, the longest chain is"
        + " \((criticalPathHours / serialHours).percent) of the work. '--jobs 1' does as well."
    ]
  }

  /// Below this share saved, slots, worktrees and merges are not worth their trouble.
  private static let worthwhile = 0.10

  private func shortened(_ ids: [String]) -> String {
    ids.count > 8 ? ids.prefix(7).joined(separator: ", ") + " and \(ids.count - 7) more" : ids.joined(separator: ", ")
  }
}

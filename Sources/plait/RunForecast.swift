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
  let durations: DurationSources
  let starts: [Start]
  let notRun: [Settled]

  init(_ preparation: Preparation) {
    let plan = preparation.request.plan
    self.plan = plan.name
    achievementCount = plan.achievements.count
    slots = preparation.request.schedule.slots
    base = preparation.base.description
    durations = DurationSources(plan, analysis: PlanAnalysis(plan, learned: preparation.learned))
    let forecast = preparation.forecast()
    hours = forecast.hours
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
    if durations.learned + durations.estimate > 0 {
      lines.append("Expected to take \(TimeWords.hours(hours)): \(durations.text).")
    }
    lines.append("Nothing was started.")
    return lines.joined(separator: "\n") + "\n"
  }

  private func shortened(_ ids: [String]) -> String {
    ids.count > 8 ? ids.prefix(7).joined(separator: ", ") + " and \(ids.count - 7) more" : ids.joined(separator: ", ")
  }
}

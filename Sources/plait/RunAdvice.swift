import Engine
import Git
import Planning
import Recording
import Reporting

/// What to do after a run that didn't end well: one or two lines.
enum RunAdvice {
  static func text(_ outcome: RunOutcome, run: String) -> String {
    switch outcome {
    case .complete: "Take the result over with 'plait land \(run)'."
    case .failed: "See why with 'plait explain \(run) ID' and 'plait logs \(run) ID'; 'plait resume \(run)' goes on."
    case .conflict:
      "The conflicting result is kept on its branch (plait/\(run)/ID): merge it by hand, or 'plait explain \(run) ID'."
    case .stopped: "Stopped. 'plait resume \(run)' goes on where it ended."
    case .error: "Brought down by disk or database. Mend that, then 'plait resume \(run)' goes on."
    }
  }
}

/// What `plait run --dry-run` prints: what would run, in the order in which it would start.
struct RunForecast {
  private let preparation: Preparation

  init(_ preparation: Preparation) { self.preparation = preparation }

  var text: String {
    let request = preparation.request
    let plan = request.plan
    let forecast = preparation.forecast()
    var lines = [
      "Would run \(forecast.starts.count) of \(plan.achievements.count) achievements of"
        + " \(TerminalText.safe(plan.name, limit: 60)) with \(request.schedule.slots) slots, from \(preparation.base.short):"
    ]
    for start in forecast.starts {
      let achievement = plan.achievements[start.node]
      let after = plan.dependencies(of: achievement.id).map(\.text)
      let title = TerminalText.safe(achievement.title, limit: 60)
      lines.append("  \(achievement.id)  \(title)" + (after.isEmpty ? "" : "  (after \(shortened(after)))"))
    }
    for (id, prior) in preparation.prior.sorted(by: { $0.key < $1.key }) {
      lines.append("  \(id)  not run: \(prior.state.rawValue), \(TerminalText.safe(prior.reason, limit: 60))")
    }
    lines.append("Nothing was started.")
    return lines.joined(separator: "\n") + "\n"
  }

  private func shortened(_ ids: [String]) -> String {
    ids.count > 8 ? ids.prefix(7).joined(separator: ", ") + " and \(ids.count - 7) more" : ids.joined(separator: ", ")
  }
}

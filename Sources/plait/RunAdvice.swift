import Engine
import Git
import Planning
import Recording
import Reporting

/// What to do after a run that didn't end well: one or two lines.
enum RunAdvice {
  static func text(_ outcome: RunOutcome, of header: RunHeader) -> String {
    let run = header.run
    return switch outcome {
    case .complete where header.options.withoutWorktrees == true: "Its workers' results are in \(header.repository)."
    case .complete: "Take the result over with 'plait land \(run)'."
    case .failed:
      "See why with 'plait explain \(run) ID' and 'plait logs \(run) ID'; 'plait resume \(run) --retry-failed' tries again."
    case .conflict:
      "The conflicting result is kept on its branch (plait/\(run)/ID): 'plait explain \(run) ID' says more."
        + " Merge it by hand after 'plait land', or do it again with 'plait resume \(run) --retry-failed'."
    case .stopped: "Stopped. 'plait resume \(run)' goes on where it ended."
    case .error: "Brought down by disk or database. Mend that, then 'plait resume \(run)' goes on."
    }
  }
}

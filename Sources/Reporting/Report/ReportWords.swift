import Recording

/// The sentences of a report that its formats for people share.
enum ReportWords {
  static func state(_ state: RunState) -> String {
    switch state {
    case .running: "running"
    case .stopping: "stopping: workers finish, nothing new starts"
    case .interrupted: "interrupted"
    case .complete: "complete"
    case .failed: "failed"
    case .stopped: "stopped before its end"
    case .conflict: "a merge conflict is left"
    case .error: "ended by an error of the system"
    }
  }

  /// How a run that has ended goes on; nil for one that can't. What has failed is only run again when it is asked for.
  static func resumption(_ state: RunState, run: String) -> String? {
    guard state.isResumable else { return nil }
    let again = state == .failed || state == .conflict
    return again
      ? "Try again what failed with: plait resume \(run) --retry-failed" : "Continue it with: plait resume \(run)"
  }

  static func wall(_ report: RunReport) -> String {
    let slots = "with \(Prose.count(report.slots, "slot"))"
    let paused = report.totals.pausedSeconds
    let soFar = report.state.isOver ? "" : "so far, "
    return soFar + slots + (paused > 0 ? ", \(TimeText.text(paused)) of it paused" : "")
  }

  static func saved(_ totals: RunReport.Totals) -> String {
    totals.savedRatio == nil ? "none" : TimeText.text(totals.savedSeconds)
  }

  static func savedDetail(_ totals: RunReport.Totals) -> String {
    guard let ratio = totals.savedRatio, let speedup = totals.speedup else { return "no work was finished" }
    if totals.savedSeconds > 0 { return "\(ratio.percent), \(speedup.fixed(2)) × as fast" }
    return "no time was saved: longer than one after another"
  }

  static func budget(_ overhead: RunReport.Overhead) -> String {
    let words = overhead.isOverBudget ? "over the budget of" : "within the budget of"
    return "\(words) \(overhead.budget.percent) (\(TimeText.text(overhead.seconds)) of slot time)"
  }

  /// `24 achievements: 20 complete, 1 failed, 3 blocked`.
  static func counts(_ report: RunReport) -> String {
    let total = report.achievements.count
    guard total > 0 else { return "The plan has no achievements." }
    let order = ["complete", "failed", "blocked", "cancelled", "skipped"]
    let others = report.counts.keys.filter { !order.contains($0) }.sorted()
    var parts: [String] = []
    for state in order + others {
      guard let count = report.counts[state], count > 0 else { continue }
      let before = state == "complete" && report.completeBefore > 0 ? " (\(report.completeBefore) before the run)" : ""
      parts.append("\(count) \(state)\(before)")
    }
    return "\(Prose.count(total, "achievement")): \(parts.joined(separator: ", "))" + unused(report)
  }

  /// Attempts that came to nothing: by the work, by the system, and those that are nobody's fault, apart.
  private static func unused(_ report: RunReport) -> String {
    var counts: [String: Int] = [:]
    for failure in report.achievements.flatMap(\.attempts).compactMap(\.failure) {
      switch failure.kind {
      case .worker, .verify, .gate, .conflict: counts["failed by the work", default: 0] += 1
      case .system, .storage, .lost: counts["lost to an error of the system", default: 0] += 1
      case .parked: counts["put off", default: 0] += 1
      case .stopped: counts["stopped", default: 0] += 1
      }
    }
    guard !counts.isEmpty else { return "" }
    let parts = counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
    return "; attempts not used: \(parts.joined(separator: ", "))"
  }

  static func chain(_ ids: [String], limit: Int) -> String {
    guard ids.count > limit else { return ids.joined(separator: " → ") }
    let (head, tail) = (ids.prefix(limit / 2), ids.suffix(limit / 2))
    return (head + ["… \(ids.count - head.count - tail.count) more …"] + tail).joined(separator: " → ")
  }

  static func entries(_ report: RunReport) -> [String: RunReport.Entry] {
    [String: RunReport.Entry](report.achievements.map { ($0.id, $0) }) { first, _ in first }
  }

  /// What a reader should know besides the numbers: predictions, wrong claims, contradictions, the next step.
  static func remarks(_ report: RunReport) -> [String] {
    var remarks: [String] = []
    if let prediction = report.prediction {
      let measured = prediction.measuredSavedRatio.map { "measured: \($0.percent)" } ?? "nothing was measured"
      remarks.append(
        "Predicted for \(Prose.count(report.slots, "slot")): \(prediction.savedRatio.percent) saved; \(measured)."
      )
    }
    for claim in report.untrueClaims.prefix(5) {
      let truth = claim.actual.map { "; by computation it is \($0)" } ?? ""
      remarks.append("The file claims \(claim.field) = \(claim.claimed)\(truth).")
    }
    for finding in report.inconsistencies.prefix(5) { remarks.append("The record contradicts itself: \(finding).") }
    if let reason = report.stopReason { remarks.append("The run was asked to stop: \(reason).") }
    if let next = ReportWords.resumption(report.state, run: report.run) { remarks.append(next) }
    return remarks
  }
}

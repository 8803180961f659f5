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

  /// What no schedule could have undercut, and the run's time ÷ that; nil when nothing was done.
  static func bound(_ report: RunReport) -> (seconds: Double, ratio: Double)? {
    if let certificate = report.certificate { return (certificate.boundSeconds, certificate.makespanToBound) }
    return report.totals.wallToBound.map { (report.totals.lowerBoundSeconds, $0) }
  }

  /// Where the time above the bound went, and what the bound comes from; in pieces that are not to be broken.
  static func gap(_ certificate: Certificate) -> [String] {
    let bounds = [
      (Certificate.Basis.path, "critical path", certificate.criticalPathSeconds),
      (.work, "work ÷ slots", certificate.workPerSlotSeconds),
      (.window, "time windows", certificate.timeWindowSeconds),
    ]
    // The windows are named only where they say more than the others.
    let named =
      bounds.filter { $0.0 == certificate.basis } + bounds.filter { ![certificate.basis, .window].contains($0.0) }
    let from = named.map { "\($0.1) \(TimeText.text($0.2))" }
    var pieces = ["The run took", TimeText.text(certificate.gapSeconds), "more than the bound"]
    pieces += ReportWords.listed(from, before: "(", after: ").")
    let losses = ReportWords.losses(certificate)
    if !losses.isEmpty { pieces += ["Slot time not used:"] + ReportWords.listed(losses, before: "", after: ".") }
    return pieces
  }

  private static func listed(_ items: [String], before: String, after: String) -> [String] {
    items.enumerated().map { index, item in
      (index == 0 ? before : "") + item + (index == items.count - 1 ? after : ",")
    }
  }

  /// `idle.dependencies 60.0 %`, largest first, with the rows of overhead as one.
  static func losses(_ certificate: Certificate) -> [String] {
    var shares: [(name: String, share: Double)] = []
    for loss in certificate.losses {
      let name = loss.row.hasPrefix("overhead.") ? "overhead" : loss.row
      if let index = shares.firstIndex(where: { $0.name == name }) {
        shares[index].share += loss.share
      } else {
        shares.append((name, loss.share))
      }
    }
    return shares.sorted { $0.share > $1.share }.map { "\($0.name) \($0.share.percent)" }
  }

  /// The words of the states as they are listed: ends before what is still to come.
  static let states: [String] = {
    let ends = ["complete", "failed", "blocked", "cancelled", "skipped"]
    return ends + AchievementState.allCases.map(\.rawValue).filter { !ends.contains($0) }.sorted()
  }()

  /// What is blocked, by the achievement at the root of the block; both in the order of the report.
  static func blockedGroups(_ entries: [RunReport.Entry]) -> [(culprit: String, ids: [String])] {
    let blocked = entries.filter { $0.state == .blocked }
    let direct = [String: String](blocked.map { ($0.id, $0.blockedBy ?? "?") }) { first, _ in first }
    var culprits: [String] = []
    var victims: [String: [String]] = [:]
    for entry in blocked {
      var seen: Set<String> = []
      var root = entry.id
      while let next = direct[root], seen.insert(root).inserted { root = next }
      if victims[root] == nil { culprits.append(root) }
      victims[root, default: []].append(entry.id)
    }
    return culprits.map { ($0, victims[$0] ?? []) }
  }

  /// `24 achievements: 20 complete, 1 failed, 3 blocked`.
  static func counts(_ report: RunReport) -> String {
    let total = report.achievements.count
    guard total > 0 else { return "The plan has no achievements." }
    var parts: [String] = []
    for state in states {
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
      case .cancelled: counts["cancelled by hand", default: 0] += 1
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
    if let forecast = report.forecast {
      let longer = forecast.offRatio >= 0 ? "longer" : "shorter"
      remarks.append(
        "Expected from earlier runs: \(TimeText.text(forecast.expectedSeconds)); it took"
          + " \(TimeText.text(forecast.measuredSeconds)), \(forecast.offRatio.magnitude.percent) \(longer)."
      )
    }
    remarks += choices(report)
    remarks += report.measures.map(\.sentence)
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

package import Planning
package import Recording

/// Why one achievement waits, failed, was blocked, skipped or retried, with its whole timeline and what to do next.
package enum ExplainText {
  private static let width = 80

  /// Renders the story of `id` up to `now` (seconds since the run's start); nil when neither plan nor run knows it.
  package static func render(_ id: AchievementID, plan: Plan, snapshot: RunSnapshot, now: Double) -> String? {
    let achievement = plan[id]
    guard achievement != nil || snapshot.records[id] != nil else { return nil }
    let now = snapshot.outcome == nil ? max(now, snapshot.lastTime) : snapshot.lastTime
    let record = snapshot[id]
    let reason = Reason(plan: plan, snapshot: snapshot, now: now)
    var sections = [
      ["\(id)  \(TerminalText.safe(achievement?.title ?? "(no longer in the plan)", limit: 70))".trimmedEnd]
        + state(id, record, reason)
    ]
    sections.append(dependencies(id, plan: plan, snapshot: snapshot))
    sections.append(timeline(record))
    sections += record.attempts.suffix(5).map { attempt($0, end: now, hasEnded: snapshot.outcome != nil) }
    sections.append(next(id, record, reason: reason, run: TerminalText.safe(snapshot.header?.run ?? "RUN")))
    return sections.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
  }

  private static func state(_ id: AchievementID, _ record: AchievementRecord, _ reason: Reason) -> [String] {
    let tries = record.attempts.count > 1 ? ", attempt \(record.attempts.count)" : ""
    let why = reason.text(id).map { ": \(TerminalText.safe($0, limit: 400))" } ?? ""
    let words =
      record.state == .blocked && !why.isEmpty ? String(why.dropFirst(2)) : record.state.rawValue + tries + why
    return Prose.wrapped(words, width: width, indent: "  ")
  }

  private static func dependencies(_ id: AchievementID, plan: Plan, snapshot: RunSnapshot) -> [String] {
    let dependencies = plan.dependencies(of: id)
    let dependents = plan.dependents(of: id)
    var lines: [String] = []
    if !dependencies.isEmpty {
      let named = dependencies.prefix(20).map { "\($0) \(snapshot[$0].state.rawValue)" }.joined(separator: ", ")
      let more = dependencies.count > 20 ? ", … \(dependencies.count - 20) more" : ""
      lines += Prose.wrapped("Depends on \(named)\(more)", width: width)
    }
    if !dependents.isEmpty {
      let named = dependents.prefix(20).map(\.text).joined(separator: ", ")
      let more = dependents.count > 20 ? ", … \(dependents.count - 20) more" : ""
      lines += Prose.wrapped("Needed by \(named)\(more)", width: width)
    }
    return lines
  }

  private static func timeline(_ record: AchievementRecord) -> [String] {
    var moments: [(time: Double, text: String)] = []
    for wait in record.waits {
      moments.append((wait.from, "ready"))
      for hold in wait.holds {
        let until = hold.until.map { " (until \(stamp($0)))" } ?? ""
        moments.append((hold.from, "held: \(TerminalText.safe(hold.reason, limit: 60))\(until)"))
      }
    }
    for attempt in record.attempts { moments += stages(of: attempt) }
    if record.attempts.isEmpty, let settled = record.settledAt { moments.append((settled, record.state.rawValue)) }
    guard !moments.isEmpty else { return [] }
    let sorted = moments.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
    var table = TextTable([.right, .left])
    let shown = sorted.suffix(40)
    for (_, moment) in shown { table.add(stamp(moment.time), TerminalText.safe(moment.text, limit: 64)) }
    let earlier = sorted.count > shown.count ? ["  … \(sorted.count - shown.count) earlier"] : []
    return ["Timeline (since the run's start)"] + earlier + table.lines()
  }

  private static func stages(of attempt: AttemptRecord) -> [(time: Double, text: String)] {
    let number = attempt.number > 1 ? " (attempt \(attempt.number))" : ""
    let base = TerminalText.safe(attempt.base.prefix(10))
    var moments = [(attempt.handed, "handed to slot \(attempt.slot + 1) on base \(base)\(number)")]
    func add(_ time: Double?, _ text: String) {
      if let time { moments.append((time, text)) }
    }
    add(attempt.prepared, "worktree ready")
    add(attempt.started, "worker started\(attempt.pid.map { " (pid \($0))" } ?? "")")
    add(attempt.exited, "worker ended: \(attempt.end?.summary ?? "unknown")")
    let changed = attempt.changedPaths.map { ", \(Prose.count($0, "path")) changed" } ?? ""
    add(attempt.collected, "result committed as \(attempt.resultCommit?.prefix(10) ?? "")\(changed)")
    add(attempt.verified, checks(attempt.verdict))
    add(attempt.merged, "merged as \(attempt.mergeCommit?.prefix(10) ?? "")")
    add(attempt.offered, "kept as \(TerminalText.safe(attempt.keptRef ?? ""))")
    add(attempt.failed, "failed: \(attempt.failure?.message ?? "")")
    add(attempt.freed, "slot \(attempt.slot + 1) free again")
    return moments
  }

  private static func checks(_ verdict: VerifyResult?) -> String {
    guard let verdict, !verdict.steps.isEmpty else { return "nothing to check" }
    return verdict.isGreen ? "checks are green" : "checks are red"
  }

  private static func attempt(_ attempt: AttemptRecord, end: Double, hasEnded: Bool) -> [String] {
    let timeline = AttemptTimeline(attempt, until: attempt.busyUntil(end, hasEnded: hasEnded))
    let stages = AttemptTimeline.Stage.allCases.filter { timeline.seconds($0) > 0 }
      .map { "\($0.rawValue) \(TimeText.text(timeline.seconds($0)))" }
    let words = ["Attempt \(attempt.number) took \(TimeText.text(timeline.to - timeline.from)):"]
    var lines = Prose.wrapped(words: words + stages.dropLast().map { $0 + "," } + stages.suffix(1), width: width)
    for step in attempt.verdict?.steps ?? [] {
      let mark = step.failure == nil ? "✓" : "✗"
      lines.append("  \(mark) \(TerminalText.safe(step.summary, limit: 60))  \(TimeText.text(step.seconds))")
      lines += Prose.wrapped(TerminalText.safe(step.failure ?? "", limit: 300), width: width, indent: "    ")
    }
    if let failure = attempt.failure {
      lines += Prose.wrapped(
        "\(failure.kind.rawValue): \(TerminalText.safe(failure.message, limit: 400))",
        width: width,
        indent: "  "
      )
      lines += failure.paths.prefix(10).map { "    \(TerminalText.safe($0, limit: 74))" }
    }
    if attempt.end?.outputWasCut == true { lines.append("  its output was longer than what is kept") }
    if let strays = attempt.end?.strays, strays > 0 {
      lines.append("  \(Prose.count(strays, "process", plural: "processes")) left behind by the worker had to be ended")
    }
    return lines
  }

  private static func next(_ id: AchievementID, _ record: AchievementRecord, reason: Reason, run: String) -> [String] {
    var steps: [String] = []
    if record.state == .blocked, let direct = record.blockedBy {
      steps.append("plait explain \(run) \(reason.root(of: direct))")
    }
    if !record.attempts.isEmpty { steps.append("plait logs \(run) \(id)") }
    if let kept = record.keptRef {
      steps.append("git show \(TerminalText.safe(kept))")
    } else if let commit = record.mergeCommit {
      steps.append("git show -m \(TerminalText.safe(commit))")
    } else if let kept = record.lastFailure?.keptRef {
      steps.append("git show \(TerminalText.safe(kept))")
    } else if let commit = record.attempts.last?.resultCommit {
      steps.append("git show \(TerminalText.safe(commit))")
    }
    if record.state == .cancelled { steps.append("plait resume \(run)") }
    if record.state == .failed || record.state == .blocked { steps.append("plait resume \(run) --retry-failed") }
    return steps.isEmpty ? [] : ["Next"] + steps.map { "  \($0)" }
  }

  private static func stamp(_ seconds: Double) -> String { "+\(TimeText.text(seconds))" }
}

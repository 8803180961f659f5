import Planning
import Recording

/// Makes the spans of one run.
struct OTLPSpanBuilder {
  let chart: RunChart

  private var report: RunReport { chart.report }
  private var trace: String { SHA256.hex("trace of run \(report.run)", length: 32) }

  private func span(_ path: String...) -> String {
    SHA256.hex(([report.run] + path).joined(separator: "/"), length: 16)
  }

  private func stamp(_ seconds: Double) -> String {
    String(Int64((chart.startedWall * 1e9).rounded()) + Int64((seconds * 1e9).rounded()))
  }

  var spans: [OTLPSpan] {
    var bars = [[RunChart.Bar]](repeating: [], count: report.achievements.count)
    for bar in chart.bars { bars[bar.entry].append(bar) }
    return [run]
      + report.achievements.indices.flatMap { index in
        chart.lives[index].map { [task(index, $0)] + bars[index].flatMap(attempt) } ?? []
      }
  }

  private func make(
    _ id: String,
    in parent: String?,
    _ name: String,
    from: Double,
    to: Double,
    _ attributes: [(String, FieldValue?)]
  ) -> OTLPSpan {
    OTLPSpan(
      traceId: trace,
      spanId: id,
      parentSpanId: parent,
      name: name,
      kind: parent == nil ? .server : .internalTask,
      startTimeUnixNano: stamp(from),
      endTimeUnixNano: stamp(max(from, to)),
      attributes: attributes.compactMap { key, value in value.map { OTLPSpan.Attribute(key, $0) } },
      links: []
    )
  }

  private func status(_ result: CICDResult?, _ message: String?) -> OTLPSpan.Status {
    guard let result else { return OTLPSpan.Status() }
    if result == .success { return OTLPSpan.Status(code: 1) }
    guard result.isError else { return OTLPSpan.Status() }
    return OTLPSpan.Status(code: 2, message: message.map { TerminalText.safe($0, limit: 300) })
  }

  private var run: OTLPSpan {
    let result: CICDResult? =
      switch report.state {
      case .complete: .success
      case .failed, .conflict: .failure
      case .stopped: .cancellation
      case .error, .interrupted: .error
      case .running, .stopping: nil
      }
    var span = make(
      span(),
      in: nil,
      "RUN \(TerminalText.safe(report.plan, limit: 100))",
      from: 0,
      to: report.totals.wallSeconds,
      [
        ("cicd.pipeline.name", .text(TerminalText.safe(report.plan, limit: 200))),
        ("cicd.pipeline.run.id", .text(report.run)), ("cicd.pipeline.action.name", .text("RUN")),
        ("cicd.pipeline.result", result.map { .text($0.rawValue) }),
        ("cicd.pipeline.run.state", result == nil ? .text("executing") : nil),
        ("error.type", result?.isError == true ? .text(report.state.rawValue) : nil),
        ("vcs.ref.base.revision", report.base.isEmpty ? nil : .text(report.base)),
        ("vcs.ref.head.name", report.integrationRef.isEmpty ? nil : .text(report.integrationRef)),
        ("vcs.ref.head.revision", report.tip.isEmpty ? nil : .text(report.tip)),
        ("plait.slots", .integer(Int64(report.slots))), ("plait.saved_seconds", .number(report.totals.savedSeconds)),
        ("plait.overhead.ratio", .number(report.overhead.ratio)),
      ]
    )
    span.status = status(result, ReportWords.counts(report))
    return span
  }

  private func task(_ index: Int, _ life: RunChart.Life) -> OTLPSpan {
    let entry = report.achievements[index]
    let result = result(entry)
    let title = TerminalText.safe(entry.title, limit: 100)
    let name = title.isEmpty ? entry.id : "\(entry.id) \(title)"
    var span = make(
      span(entry.id),
      in: span(),
      name,
      from: life.from,
      to: life.to,
      [
        ("cicd.pipeline.task.name", .text(name)), ("cicd.pipeline.task.run.id", .text(entry.id)),
        ("cicd.pipeline.task.run.result", result.map { .text($0.rawValue) }),
        ("error.type", result?.isError == true ? .text(entry.failure?.kind.rawValue ?? "_OTHER") : nil),
        ("plait.state", .text(entry.state.rawValue)), ("plait.attempts", .integer(Int64(entry.attempts.count))),
        ("plait.waited_seconds", .number(entry.waitedSeconds)), ("plait.blocked_by", entry.blockedBy.map { .text($0) }),
        ("vcs.ref.head.revision", entry.mergeCommit.map { .text($0) }),
      ]
    )
    span.links = chart.graph.dependencies(of: index).filter { chart.lives[Int($0)] != nil }.map {
      OTLPSpan.Link(traceId: trace, spanId: self.span(report.achievements[Int($0)].id))
    }
    span.status = status(result, entry.failure?.message ?? entry.reason)
    return span
  }

  private func result(_ entry: RunReport.Entry) -> CICDResult? {
    switch entry.state {
    case .complete: entry.attempts.isEmpty ? .skip : .success
    case .failed: result(entry.failure, end: entry.attempts.last?.end)
    case .blocked, .skipped: .skip
    case .cancelled: .cancellation
    case .waiting, .ready, .preparing, .running, .collecting, .verifying, .merging: nil
    }
  }

  private func result(_ failure: RunReport.Failure?, end: String?) -> CICDResult {
    let isTimeout = ["stopped: it ran longer than its timeout", "stopped: it gave no sign of life"].contains {
      end?.hasPrefix($0) == true
    }
    if isTimeout { return .timeout }
    switch failure?.kind {
    case .worker, .verify, .gate, .conflict, nil: return .failure
    case .system, .lost, .storage: return .error
    case .stopped, .parked, .cancelled: return .cancellation
    }
  }

  private func attempt(_ bar: RunChart.Bar) -> [OTLPSpan] {
    let (entry, attempt) = (chart.entry(bar), chart.attempt(bar))
    let number = String(attempt.number)
    let result: CICDResult? = attempt.isUsed ? .success : attempt.failure.map { self.result($0, end: attempt.end) }
    var whole = make(
      span(entry.id, number),
      in: span(entry.id),
      "attempt \(number)",
      from: bar.timeline.from,
      to: bar.timeline.to,
      [
        ("plait.attempt", .integer(Int64(attempt.number))), ("cicd.worker.name", .text("slot \(attempt.slot + 1)")),
        ("error.type", result?.isError == true ? .text(attempt.failure?.kind.rawValue ?? "_OTHER") : nil),
        ("plait.end", attempt.end.map { .text(TerminalText.safe($0, limit: 200)) }),
        ("vcs.ref.base.revision", .text(attempt.base)),
        ("vcs.ref.head.revision", attempt.resultCommit.map { .text($0) }),
      ]
    )
    whole.status = status(result, attempt.failure?.message)
    let stages = bar.timeline.spans.enumerated().map { place, stage in
      make(
        span(entry.id, number, String(place)),
        in: whole.spanId,
        stage.stage.rawValue,
        from: stage.from,
        to: stage.to,
        [("plait.stage", .text(stage.stage.rawValue)), ("plait.overhead", .flag(stage.stage.isOverhead))]
      )
    }
    return [whole] + stages
  }
}

/// A run in the Trace Event Format, which Perfetto and Chrome's own viewer open.
///
/// One track per slot; an attempt is a slice with its stages nested in it; an arrow leads from the merge of each dependency
/// to what started on it; three counters show slots at work, achievements that were ready and slots lost to Plait itself.
/// The format: "Trace Event Format" by N. Duca and D. Sinclair.
package enum ChromeTrace {
  /// Renders `chart` as one JSON object, its events in order of time.
  package static func render(_ chart: RunChart) throws -> String {
    let slices = chart.bars.flatMap { TraceEvent.slices(of: $0, in: chart) }
    let events = slices + arrows(chart) + TraceCounter.allCases.flatMap { $0.events(chart) }
    let sorted = events.enumerated()
      .sorted { ($0.element.ts, $0.element.rank, $0.offset) < ($1.element.ts, $1.element.rank, $1.offset) }
      .map(\.element)
    return try JSONText.compact(
      Document(
        displayTimeUnit: "ms",
        otherData: ["plan": chart.report.plan, "run": chart.report.run, "started": chart.report.startedAt],
        traceEvents: names(chart) + sorted
      )
    )
  }

  private struct Document: Encodable {
    let displayTimeUnit: String
    let otherData: [String: String]
    let traceEvents: [TraceEvent]
  }

  /// What tracks are called, and their order.
  private static func names(_ chart: RunChart) -> [TraceEvent] {
    let run = "plait \(chart.report.run): \(TerminalText.safe(chart.report.plan, limit: 100))"
    let slots = max(chart.report.slots, (chart.bars.map(\.timeline.slot).max() ?? -1) + 1)
    return [TraceEvent(name: "process_name", phase: "M", args: ["name": .text(run)])]
      + (0..<slots).flatMap { slot in
        [
          TraceEvent(name: "thread_name", phase: "M", slot: slot, args: ["name": .text("slot \(slot + 1)")]),
          TraceEvent(name: "thread_sort_index", phase: "M", slot: slot, args: ["sort_index": .integer(Int64(slot))]),
        ]
      }
  }

  private static func arrows(_ chart: RunChart) -> [TraceEvent] {
    chart.handovers.enumerated().flatMap { index, handover in
      let (from, to) = (handover.from.timeline, handover.to.timeline)
      let merged = chart.attempt(handover.from).stamps.taken ?? from.to
      // One tick before the merge was recorded: at its own end a slice no longer encloses anything.
      let start = max(TraceEvent.ticks(from.from), TraceEvent.ticks(merged) - 1)
      return [
        TraceEvent(name: "dependency", phase: "s", at: start, slot: from.slot, rank: .leaving, id: index + 1),
        TraceEvent(
          name: "dependency",
          phase: "f",
          at: TraceEvent.ticks(to.from),
          slot: to.slot,
          rank: .arriving,
          id: index + 1
        ),
      ]
    }
  }
}

/// One event; the names of its fields are the format's.
struct TraceEvent: Encodable {
  /// What comes first at the same time: a slice before what lies in it, an arrow's head before the stage that it would
  /// else point to.
  enum Rank: Int, Comparable {
    case attempt
    case arriving
    case stage
    case leaving
    case counter

    static func < (left: Rank, right: Rank) -> Bool { left.rawValue < right.rawValue }
  }

  let name: String
  let cat: String?
  let ph: String
  /// Microseconds since the run's start. Whole ones: readers multiply fractions, and a slice that gets longer than the
  /// one around it by rounding is drawn elsewhere, or not at all.
  let ts: Int64
  var dur: Int64?
  let pid = 1
  let tid: Int
  let id: Int?
  let bp: String?
  let args: [String: FieldValue]?
  let rank: Rank

  enum CodingKeys: CodingKey { case name, cat, ph, ts, dur, pid, tid, id, bp, args }

  /// An event that is no slice.
  init(
    name: String,
    phase: String,
    at ts: Int64 = 0,
    slot: Int? = nil,
    rank: Rank = .attempt,
    id: Int? = nil,
    args: [String: FieldValue]? = nil
  ) {
    self.name = name
    cat = id == nil ? nil : "dependency"
    ph = phase
    self.ts = ts
    tid = (slot ?? -1) + 1
    self.id = id
    bp = phase == "f" ? "e" : nil
    self.args = args
    self.rank = rank
  }

  private init(
    slice name: String,
    _ category: String,
    _ slot: Int,
    _ span: Range<Int64>,
    rank: Rank,
    args: [String: FieldValue]
  ) {
    self.name = name
    cat = category
    ph = "X"
    ts = span.lowerBound
    dur = span.upperBound - span.lowerBound
    tid = slot + 1
    id = nil
    bp = nil
    self.args = args
    self.rank = rank
  }

  /// An attempt and its stages; a stage shorter than a tick is left out.
  static func slices(of bar: RunChart.Bar, in chart: RunChart) -> [TraceEvent] {
    let entry = chart.entry(bar)
    let (from, to) = (ticks(bar.timeline.from), ticks(bar.timeline.to))
    let title = TerminalText.safe(entry.title, limit: 80)
    let name = title.isEmpty ? entry.id : "\(entry.id) \(title)"
    let category = bar.isRework ? "rework" : bar.isCritical ? "critical" : "attempt"
    let attempt = TraceEvent(
      slice: name,
      category,
      bar.timeline.slot,
      from..<to,
      rank: .attempt,
      args: arguments(entry, chart.attempt(bar), isCritical: bar.isCritical)
    )
    let stages = bar.timeline.spans.compactMap { span -> TraceEvent? in
      let range = ticks(span.from)..<ticks(span.to)
      guard !range.isEmpty else { return nil }
      return TraceEvent(
        slice: span.stage.rawValue,
        span.stage.isOverhead ? "overhead" : bar.isRework ? "rework" : "work",
        bar.timeline.slot,
        range,
        rank: .stage,
        args: ["achievement": .text(entry.id)]
      )
    }
    return [attempt] + stages
  }

  private static func arguments(_ entry: RunReport.Entry, _ attempt: RunReport.Attempt, isCritical: Bool)
    -> [String: FieldValue]
  {
    var args: [String: FieldValue] = [
      "achievement": .text(entry.id), "attempt": .integer(Int64(attempt.number)), "base": .text(attempt.base),
      "used": .flag(attempt.isUsed), "critical": .flag(isCritical),
    ]
    args["end"] = attempt.end.map { .text(TerminalText.safe($0, limit: 200)) }
    args["result_commit"] = attempt.resultCommit.map(FieldValue.text)
    args["merge_commit"] = attempt.mergeCommit.map(FieldValue.text)
    args["changed_paths"] = attempt.changedPaths.map { .integer(Int64($0)) }
    args["failure"] = attempt.failure.map { .text(TerminalText.safe($0.message, limit: 300)) }
    return args
  }

  static func ticks(_ seconds: Double) -> Int64 { Int64((seconds * 1e6).rounded()) }
}

/// The run over time, one lane per slot, as one picture with one path per kind of stage.
///
/// Times are stretched to the width of the page by the picture's own coordinates, so that a thousand achievements are nine
/// elements. What a bar is, the script finds by place and time in the data beside it.
struct HTMLGantt {
  /// Units along the time axis; lengths down are pixels.
  private static let width = 10_000.0
  private static let axis = 24

  let chart: RunChart

  private var wall: Double { chart.report.totals.wallSeconds }
  private var slots: Int { max(chart.report.slots, (chart.bars.map(\.timeline.slot).max() ?? -1) + 1) }
  private var lane: Int { slots > 24 ? 14 : 26 }
  private var height: Int { HTMLGantt.axis + slots * lane }

  var html: String {
    guard wall > 0, !chart.bars.isEmpty else { return "" }
    return """
      <section id="timeline" aria-labelledby="timeline-title"><h2 id="timeline-title">Slots over time</h2>
      \(legend)
      <div class="tools" data-script hidden>
      <button type="button" id="zoom-in" data-zoom="in">Zoom in</button>
      <button type="button" id="zoom-out" data-zoom="out">Zoom out</button>
      <button type="button" id="zoom-fit" data-zoom="fit">Fit</button>
      <span class="faint">Arrow keys lead from bar to bar, Enter to its row.</span></div>
      <div class="gantt" id="gantt"><div class="slots lane-\(lane)" aria-hidden="true">\(labels)</div>
      <div class="scroll" id="lanes" tabindex="0" role="group" aria-labelledby="timeline-title" \
      aria-describedby="timeline-text" data-scroll>
      <svg class="chart" width="100%" height="\(height)" role="img" aria-labelledby="timeline-text">
      <title id="timeline-text">\(description)</title>
      \(stripes)\(ticks)
      <svg y="\(HTMLGantt.axis)" width="100%" height="\(height - HTMLGantt.axis)" \
      viewBox="0 0 10000 \(height - HTMLGantt.axis)" preserveAspectRatio="none" aria-hidden="true">
      \(paths)
      </svg>
      <g class="names" aria-hidden="true">\(names)</g>
      <rect class="picked" visibility="hidden" rx="3"/></svg></div>
      <div class="tip" id="tip" role="status" hidden></div></div>
      <script type="application/json" id="bars">\(data)</script>
      </section>
      """
  }

  private var description: String {
    let attempts = Prose.count(chart.bars.count, "attempt")
    return
      "\(attempts) in \(Prose.count(slots, "slot")) over \(TimeText.text(wall)); the table of achievements has the "
      + "same numbers."
  }

  private var labels: String { (1...slots).map { "<span>\(lane == 26 ? "slot " : "")\($0)</span>" }.joined() }

  private var stripes: String {
    stride(from: 0, to: slots, by: 2).map {
      "<rect class=\"stripe\" y=\"\(HTMLGantt.axis + $0 * lane)\" width=\"100%\" height=\"\(lane)\"/>"
    }.joined()
  }

  /// Lines at round times, at most seven.
  private var ticks: String {
    let steps = [
      0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 900, 1800, 3600,
      7200,
      14_400, 21_600, 43_200, 86_400,
    ]
    let days = (wall / 6 / 86_400).rounded(.up) * 86_400
    let step = steps.first { wall / $0 <= 7 } ?? days
    return stride(from: 0, through: wall, by: step).map { time in
      let place = "\((time / wall * 100).fixed(3))%"
      let anchor = time == 0 ? "start" : time > wall * 0.95 ? "end" : "middle"
      return "<line class=\"tick\" x1=\"\(place)\" x2=\"\(place)\" y1=\"18\" y2=\"\(height)\"/>"
        + "<text x=\"\(place)\" y=\"13\" text-anchor=\"\(anchor)\">\(TimeText.text(time))</text>"
    }.joined()
  }

  // MARK: Bars

  /// A kind of bar and how high it is drawn, as parts of the lane: stages differ in height as well as in colour.
  private enum Kind: String, CaseIterable {
    case work, verify, prepare, launch, collect, merge, rework, critical

    var inset: Double {
      switch self {
      case .critical: 0.04
      case .work, .rework: 0.15
      case .verify: 0.27
      case .prepare, .launch, .collect, .merge: 0.38
      }
    }

    var word: String {
      switch self {
      case .critical: "critical path (framed)"
      case .rework: "rework (struck out)"
      case .work, .verify, .prepare, .launch, .collect, .merge: rawValue
      }
    }

    init(_ stage: AttemptTimeline.Stage, isRework: Bool) {
      switch stage {
      case .work: self = isRework ? .rework : .work
      case .verify: self = isRework ? .rework : .verify
      case .prepare: self = .prepare
      case .launch: self = .launch
      case .collect: self = .collect
      case .merge: self = .merge
      }
    }
  }

  private var paths: String {
    var drawn: [Kind: String] = [:]
    for bar in chart.bars {
      for span in bar.timeline.spans {
        let kind = Kind(span.stage, isRework: bar.isRework)
        drawn[kind, default: ""] += rectangle(kind, bar.timeline.slot, span.from, span.to)
      }
      if bar.isCritical {
        drawn[.critical, default: ""] += rectangle(.critical, bar.timeline.slot, bar.timeline.from, bar.timeline.to)
      }
    }
    return Kind.allCases.compactMap { kind in drawn[kind].map { "<path class=\"s-\(kind.rawValue)\" d=\"\($0)\"/>" } }
      .joined(separator: "\n")
  }

  private func rectangle(_ kind: Kind, _ slot: Int, _ from: Double, _ to: Double) -> String {
    let x = from / wall * HTMLGantt.width
    let width = max(1, (to - from) / wall * HTMLGantt.width)
    let top = (Double(slot) + kind.inset) * Double(lane)
    let height = Double(lane) * (1 - 2 * kind.inset)
    let frame = "M\(x.short) \(top.short)h\(width.short)v\(height.short)h\((-width).short)z"
    return kind == .rework ? frame + "m0 \((height / 2).short)h\(width.short)" : frame
  }

  /// The ids that fit into their bars at an ordinary width; the script writes those that fit at any other.
  private var names: String {
    guard lane == 26 else { return "" }
    return chart.bars.compactMap { bar -> String? in
      let work = bar.timeline.spans.first { $0.stage == .work }
      let id = chart.entry(bar).id
      guard !bar.isRework, let work, work.seconds / wall * 800 > Double(id.count * 8 + 10) else { return nil }
      let baseline = HTMLGantt.axis + bar.timeline.slot * lane + 17
      return
        "<text x=\"\((work.from / wall * 100).fixed(3))%\" dx=\"5\" y=\"\(baseline)\">\(HTMLText.escaped(id))</text>"
    }.joined()
  }

  private var legend: String {
    let kinds = Kind.allCases.filter { kind in
      kind == .critical
        ? chart.bars.contains(where: \.isCritical)
        : chart.bars.contains { bar in bar.timeline.spans.contains { Kind($0.stage, isRework: bar.isRework) == kind } }
    }
    let items = kinds.map { kind -> String in
      let (top, height) = (kind.inset * 18, 18 * (1 - 2 * kind.inset))
      let strike = kind == .rework ? "m0 \((height / 2).short)h22" : ""
      return "<li><svg viewBox=\"0 0 26 18\" aria-hidden=\"true\"><path class=\"s-\(kind.rawValue)\" "
        + "d=\"M2 \(top.short)h22v\(height.short)h-22z\(strike)\"/></svg>\(kind.word)</li>"
    }
    return "<ul class=\"legend\">\(items.joined())</ul>"
  }

  // MARK: Data

  /// What the script shows of a bar: row, attempt, slot, from, to, flags (1 critical, 2 rework), then stages as pairs of
  /// number and seconds.
  private var data: String {
    let stages = AttemptTimeline.Stage.allCases
    let bars = chart.bars.map { bar -> String in
      let flags = (bar.isCritical ? 1 : 0) + (bar.isRework ? 2 : 0)
      let spans = bar.timeline.spans.map { "\(stages.firstIndex(of: $0.stage) ?? 0),\($0.seconds.fixed(4))" }
      let head = "\(bar.entry),\(chart.attempt(bar).number),\(bar.timeline.slot)"
      return "["
        + ([head, bar.timeline.from.fixed(4), bar.timeline.to.fixed(4), "\(flags)"] + spans).joined(separator: ",")
        + "]"
    }
    let names = stages.map { "\"\($0.rawValue)\"" }.joined(separator: ",")
    return
      "{\"wall\":\(wall.fixed(4)),\"slots\":\(slots),\"lane\":\(lane),\"axis\":\(HTMLGantt.axis),\"stages\":[\(names)],"
      + "\"bars\":[\(bars.joined(separator: ",\n"))]}"
  }
}

extension Double {
  /// The number in as few characters as a picture needs.
  fileprivate var short: String {
    let text = fixed(1)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}

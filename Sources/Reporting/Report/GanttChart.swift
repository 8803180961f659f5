import Recording

/// A run drawn with characters: one row per slot, time from left to right.
struct GanttChart {
  /// What a column of a slot's row shows: whatever took most of the column's time.
  private enum Paint: Int, CaseIterable {
    case free
    case work
    case verify
    case rework
    case overhead

    var character: Character {
      switch self {
      case .free: "·"
      case .work: "█"
      case .verify: "▓"
      case .rework: "×"
      case .overhead: "░"
      }
    }
  }

  private struct Bar {
    let id: String
    let from: Double
    let to: Double
    let spans: [(paint: Paint, from: Double, to: Double)]
  }

  static let legend = "█ work  ▓ verify  ░ overhead  × rework  · free"

  private let wall: Double
  private let slots: Int
  private var bars: [Int: [Bar]] = [:]

  init(_ report: RunReport) {
    wall = report.totals.wallSeconds
    slots = report.slots
    for entry in report.achievements {
      for attempt in entry.attempts {
        bars[attempt.slot, default: []].append(
          GanttChart.bar(
            entry.id,
            attempt,
            isRework: !attempt.isUsed && (attempt.failure != nil || report.state.isOver)
          )
        )
      }
    }
  }

  private static func bar(_ id: String, _ attempt: RunReport.Attempt, isRework: Bool) -> Bar {
    var time = attempt.stamps.handed
    var spans: [(Paint, Double, Double)] = []
    for stage in AttemptTimeline.Stage.allCases {
      guard let seconds = attempt.stages[stage.rawValue], seconds > 0 else { continue }
      let paint: Paint = stage.isOverhead ? .overhead : isRework ? .rework : stage == .work ? .work : .verify
      spans.append((paint, time, time + seconds))
      time += seconds
    }
    return Bar(id: id, from: attempt.stamps.handed, to: time, spans: spans.map { ($0.0, $0.1, $0.2) })
  }

  /// Rows of `width` columns in all, at most `rows` slots, then the scale; empty when there is nothing to draw.
  func lines(width: Int, rows: Int) -> [String] {
    let shown = min(slots, rows)
    let label = "slot \(max(1, shown)) ".count
    let columns = width - label - 4
    guard wall > 0, shown > 0, columns >= 20 else { return [] }
    var lines = (0..<shown).map { slot in
      "  " + TerminalText.padded("slot \(slot + 1)", to: label) + "│" + row(slot, columns: columns) + "│"
    }
    if slots > shown { lines.append("  … \(Prose.count(slots - shown, "more slot"))") }
    lines.append(String(repeating: " ", count: label + 3) + scale(columns: columns))
    return lines
  }

  private func row(_ slot: Int, columns: Int) -> String {
    var weights = [[Double]](repeating: [Double](repeating: 0, count: Paint.allCases.count), count: columns)
    let column = wall / Double(columns)
    for bar in bars[slot] ?? [] {
      for span in bar.spans {
        for index in cells(from: span.from, to: span.to, columns: columns) {
          let from = max(span.from, Double(index) * column)
          let to = min(span.to, Double(index + 1) * column)
          weights[index][span.paint.rawValue] += max(0, to - from)
        }
      }
    }
    var cells = weights.map { weights -> Character in
      let busy = weights.reduce(0, +)
      if busy < column / 2 { return Paint.free.character }
      let most = Paint.allCases.max { weights[$0.rawValue] < weights[$1.rawValue] } ?? .free
      return most.character
    }
    for bar in bars[slot] ?? [] { name(bar, in: &cells, column: column) }
    return String(cells)
  }

  /// Writes the id over the bar's beginning where the bar is long enough to stay visible.
  private func name(_ bar: Bar, in cells: inout [Character], column: Double) {
    let first = Int((bar.from / column).rounded())
    let last = min(cells.count, Int((bar.to / column).rounded()))
    guard first >= 0, last - first > bar.id.count else { return }
    for (offset, character) in bar.id.enumerated() { cells[first + offset] = character }
  }

  private func cells(from: Double, to: Double, columns: Int) -> Range<Int> {
    let first = min(max(0, Int(from / wall * Double(columns))), columns - 1)
    let last = min(max(first, Int((to / wall * Double(columns)).rounded(.up))), columns)
    return first..<max(last, first)
  }

  private func scale(columns: Int) -> String {
    let (end, middle) = (TimeText.text(wall), TimeText.text(wall / 2))
    let left = "0"
    let middleAt = columns / 2 - middle.count / 2
    let line = TerminalText.padded(left, to: middleAt) + middle
    return line + TerminalText.right(end, to: columns - line.count)
  }
}

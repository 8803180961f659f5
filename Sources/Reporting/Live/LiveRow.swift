import Planning
import Recording

/// The rows of the live view's list: what is at work with its time and its last line, what comes next with what it waits for.
struct LiveRow {
  private static let spinner = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"]

  let ids: [AchievementID]
  private let plan: Plan
  private let snapshot: RunSnapshot
  private let moment: LiveView.Moment
  private let reason: Reason
  private let expected: [Double?]
  private let idWidth: Int
  private let expectedWidth: Int

  /// `ids` are the rows in sight, which share the widths of their columns. `expected` is in plan order.
  init(
    plan: Plan,
    snapshot: RunSnapshot,
    moment: LiveView.Moment,
    ids: [AchievementID],
    expected: [Double?]
  ) {
    self.plan = plan
    self.snapshot = snapshot
    self.moment = moment
    self.ids = ids
    // Of less than a second a clock of whole seconds says nothing.
    let expected = expected.map { seconds in seconds.flatMap { $0 >= 1 ? $0 : nil } }
    self.expected = expected
    reason = Reason(plan: plan, snapshot: snapshot, now: moment.now)
    idWidth = ids.map(\.text.count).max() ?? 0
    expectedWidth =
      ids.filter { snapshot[$0].state.isActive }
      .compactMap { id in plan.indices[id].flatMap { expected[$0] }.map { TimeText.clock($0).count } }.max() ?? 0
  }

  /// The row of `id`, which must be one of the rows in sight.
  func line(_ id: AchievementID) -> StyledLine {
    let record = snapshot[id]
    let isMarked = moment.state.mark == id
    var line = StyledLine()
    line.add(sign(record, isMarked: isMarked), isMarked ? .bold : record.state.isActive ? .cyan : .dim)
    line.add(TerminalText.padded(id.text, to: idWidth) + " ", .bold)
    if record.state.isActive {
      addWork(id, record, to: &line)
    } else {
      addNext(id, to: &line)
    }
    return line
  }

  private func sign(_ record: AchievementRecord, isMarked: Bool) -> String {
    if isMarked { return "▸ " }
    guard record.state.isActive else { return "○ " }
    let count = LiveRow.spinner.count
    return LiveRow.spinner[(moment.phase % count + count) % count] + " "
  }

  private func addWork(_ id: AchievementID, _ record: AchievementRecord, to line: inout StyledLine) {
    let attempt = record.attempts.last
    let elapsed = moment.now - (attempt?.handed ?? moment.now)
    let expected = plan.indices[id].flatMap { self.expected[$0] }
    let isLate = expected.map { elapsed > 1.5 * $0 && elapsed > $0 + 1 } ?? false
    line.add(TerminalText.right(TimeText.clock(elapsed), to: 6), isLate ? .yellow : .plain)
    if expectedWidth > 0 {
      line.add(TerminalText.padded(expected.map { "/" + TimeText.clock($0) } ?? "", to: expectedWidth + 1), .dim)
    }
    line.add(" " + TerminalText.padded(LiveRow.verb(record.state), to: 9) + " ", .dim)
    if let number = attempt?.number, number > 1 { line.add("#\(number) ", .yellow) }
    add(title: id, and: TerminalText.logLine(moment.tails[id] ?? "", limit: max(0, room(line))), " │ ", to: &line)
  }

  private func addNext(_ id: AchievementID, to line: inout StyledLine) {
    add(title: id, and: TerminalText.safe(reason.text(id) ?? "", limit: max(0, room(line))), " · ", to: &line)
  }

  private func room(_ line: StyledLine) -> Int { moment.size.columns - line.width }

  /// The title and something behind it; where there isn't room for both the title gives way to two fifths of it.
  private func add(title id: AchievementID, and text: String, _ separator: String, to line: inout StyledLine) {
    let room = room(line)
    let title = plan[id]?.title ?? ""
    let gap = title.isEmpty ? "" : separator
    let unused = room - gap.count - TerminalText.displayWidth(text)
    let titleRoom = text.isEmpty ? room : max(8, room * 2 / 5, unused)
    line.add(TerminalText.safe(title, limit: max(0, min(room, titleRoom))))
    let left = moment.size.columns - line.width - gap.count
    if !text.isEmpty, left >= 4 { line.add(gap + TerminalText.safe(text, limit: left), .dim) }
  }

  /// What an achievement at work is doing, in a word.
  static func verb(_ state: AchievementState) -> String {
    switch state {
    case .preparing: "preparing"
    case .running: "working"
    case .collecting: "collects"
    case .verifying: "checking"
    case .merging: "merging"
    default: state.rawValue
    }
  }
}

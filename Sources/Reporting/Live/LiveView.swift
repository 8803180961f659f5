package import Planning
package import Recording

/// The screen of a run that goes on: a pure function from its snapshot to lines.
package struct LiveView: Sendable {
  /// The space there is, in character cells.
  package struct Size: Sendable, Equatable {
    /// How wide it is.
    package let columns: Int
    /// How high it is.
    package let rows: Int

    /// A size of zero or less shows nothing.
    package init(columns: Int, rows: Int) {
      self.columns = columns
      self.rows = rows
    }
  }

  /// What changes from frame to frame besides the snapshot.
  package struct Moment: Sendable {
    /// Seconds since the run's start.
    package var now: Double
    /// The screen as it is now; ask for it anew for every frame.
    package var size: Size
    /// The last line of output of the workers that run, as it came.
    package var tails: [AchievementID: String]
    /// Whether colours may be used.
    package var colour: Bool
    /// Counts up from frame to frame: turns the spinner.
    package var phase: Int

    /// A moment; without `colour` no escape sequence is in any line.
    package init(now: Double, size: Size, tails: [AchievementID: String] = [:], colour: Bool = false, phase: Int = 0) {
      self.now = now
      self.size = size
      self.tails = tails
      self.colour = colour
      self.phase = phase
    }
  }

  let plan: Plan
  private let eta: ETA
  private let bLevels: [Double]

  /// Prepares for `plan`; costs one analysis, so make it once per run.
  package init(plan: Plan) {
    let analysis = PlanAnalysis(plan)
    self.plan = plan
    eta = ETA(plan: plan, analysis: analysis)
    bLevels = analysis.bLevels
  }

  /// The lines to show at `moment`: at most its size's rows, each at most its columns wide.
  ///
  /// The header and the progress come first; then what is at work, then what failed, is blocked and comes next. When
  /// the rows don't suffice, the work gets most of them and every cut list says how much it leaves out.
  package func frame(_ snapshot: RunSnapshot, at moment: Moment) -> [String] {
    guard moment.size.rows > 0, moment.size.columns > 0 else { return [] }
    let census = Census(plan: plan, snapshot: snapshot)
    var lines = [header(snapshot, moment), progress(snapshot, census, moment)]
    let room = moment.size.rows - lines.count
    let footer = Array(self.footer(snapshot, census, moment).prefix(max(0, room / 2)))
    let working = work(snapshot, census, moment, rows: max(0, room - footer.count))
    lines += working + footer
    return lines.prefix(moment.size.rows).map {
      $0.rendered(columns: moment.size.columns, colour: moment.colour)
    }
  }

  private func header(_ snapshot: RunSnapshot, _ moment: Moment) -> StyledLine {
    let run = TerminalText.safe(snapshot.header?.run ?? "", limit: 30)
    let state = RunState(snapshot, isDriven: true)
    let clock = TimeText.clock(moment.now)
    let right = state == .running ? clock : "\(state.rawValue) \(clock)"
    let middle = " · run \(run)"
    let room = moment.size.columns - right.count - 1
    let nameRoom = max(min(room, 12), room - TerminalText.displayWidth(middle))
    var line = StyledLine()
    line.add(TerminalText.safe(snapshot.header?.planName ?? plan.name, limit: nameRoom), .bold)
    line.add(TerminalText.safe(middle, limit: max(0, room - line.width)), .dim)
    line.pad(to: moment.size.columns - right.count)
    line.add(right, state == .running ? .cyan : .yellow)
    return line
  }

  private func progress(_ snapshot: RunSnapshot, _ census: Census, _ moment: Moment) -> StyledLine {
    let total = plan.achievements.count
    let count = "\(census.complete)/\(total)"
    let details = progressDetails(snapshot, census, moment)
    let wanted = moment.size.columns - count.count - 1 - (details.isEmpty ? 0 : TerminalText.displayWidth(details) + 2)
    let columns = wanted >= 8 ? min(40, wanted) : max(0, min(10, moment.size.columns - count.count - 1))
    var line = StyledLine()
    line.add(ProgressBar.text(done: census.complete, of: total, columns: columns), .green)
    line.add(columns > 0 && total > 0 ? " \(count)" : count)
    if !details.isEmpty, line.width + 2 < moment.size.columns { line.add("  " + details, .dim) }
    return line
  }

  private func progressDetails(_ snapshot: RunSnapshot, _ census: Census, _ moment: Moment) -> String {
    var parts: [String] = []
    if census.active.count > 0 { parts.append("\(census.active.count) at work") }
    if census.failed.count > 0 { parts.append("\(census.failed.count) failed") }
    if let left = snapshot.outcome == nil ? eta.remainingSeconds(snapshot, now: moment.now) : nil {
      parts.append("about \(TimeText.text(left)) left")
    }
    let saved = census.serialSeconds - moment.now
    if saved > 0 { parts.append("\(TimeText.text(saved)) saved") }
    return parts.joined(separator: " · ")
  }

  private func work(_ snapshot: RunSnapshot, _ census: Census, _ moment: Moment, rows: Int) -> [StyledLine] {
    guard rows > 0, !census.active.isEmpty else { return [] }
    let shown = census.active.count > rows ? rows - 1 : census.active.count
    let idWidth = census.active.prefix(shown).map(\.text.count).max() ?? 0
    var lines = census.active.prefix(shown).map { worker($0, snapshot[$0], moment, idWidth: idWidth) }
    if census.active.count > shown { lines.append(StyledLine("… \(census.active.count - shown) more at work", .dim)) }
    return lines
  }

  private static let spinner = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"]

  private func worker(
    _ id: AchievementID,
    _ record: AchievementRecord,
    _ moment: Moment,
    idWidth: Int
  ) -> StyledLine {
    let turn = (moment.phase % LiveView.spinner.count + LiveView.spinner.count) % LiveView.spinner.count
    let attempt = record.attempts.last
    var line = StyledLine()
    line.add(LiveView.spinner[turn] + " ", .cyan)
    line.add(TerminalText.padded(id.text, to: idWidth) + " ", .bold)
    line.add(TerminalText.right(TimeText.clock(moment.now - (attempt?.handed ?? moment.now)), to: 6))
    line.add(" " + TerminalText.padded(LiveView.verb(record.state), to: 9) + " ", .dim)
    if let number = attempt?.number, number > 1 { line.add("#\(number) ", .yellow) }
    let room = moment.size.columns - line.width
    let tail = TerminalText.logLine(moment.tails[id] ?? "", limit: max(0, room))
    let title = plan[id]?.title ?? ""
    let titleRoom = tail.isEmpty ? room : max(8, room * 2 / 5)
    line.add(TerminalText.safe(title, limit: max(0, min(room, titleRoom))))
    let left = moment.size.columns - line.width - 3
    if !tail.isEmpty, left >= 4 { line.add(" │ " + TerminalText.safe(tail, limit: left), .dim) }
    return line
  }

  private func footer(_ snapshot: RunSnapshot, _ census: Census, _ moment: Moment) -> [StyledLine] {
    var lines: [StyledLine] = []
    let columns = moment.size.columns
    let reason = Reason(plan: plan, snapshot: snapshot, now: moment.now)
    for id in census.failed.prefix(3) {
      var line = StyledLine("✗ \(id) ", .red)
      line.add(TerminalText.safe(reason.text(id) ?? "failed", limit: max(0, columns - line.width)))
      lines.append(line)
    }
    if census.failed.count > 3 { lines.append(StyledLine("… \(census.failed.count - 3) more failed", .red)) }
    if !census.blocked.isEmpty { lines.append(list("blocked", census.blocked, .yellow, columns: columns)) }
    if let stop = snapshot.stopReason {
      lines.append(StyledLine("stopping (\(TerminalText.safe(stop, limit: 40))): workers finish", .yellow))
    }
    let next = census.ready.sorted { bLevel($0) > bLevel($1) } + census.upcoming
    if !next.isEmpty { lines.append(list("next", next, .dim, columns: columns)) }
    return lines
  }

  private func bLevel(_ id: AchievementID) -> Double { plan.indices[id].map { bLevels[$0] } ?? 0 }

  private func list(_ word: String, _ ids: [AchievementID], _ style: StyledLine.Style, columns: Int) -> StyledLine {
    var line = StyledLine("\(word) ", style)
    for (index, id) in ids.enumerated() {
      let rest = ids.count - index
      let more = rest > 1 ? " … \(rest - 1) more" : ""
      if index > 0, line.width + 2 + id.text.count + more.count > columns {
        line.add(" … \(rest) more", .dim)
        break
      }
      line.add(index > 0 ? ", \(id)" : id.text)
    }
    return line
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

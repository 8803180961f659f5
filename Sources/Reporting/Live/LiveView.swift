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
    /// What the reader has chosen.
    package var state = State()
    /// The last lines of the log that the reader has chosen, as they came.
    package var log: [String] = []
    /// The ledger up to about now; nil: each frame adds it up itself, which for thousands of achievements is better done
    /// once a second.
    package var ledger: Ledger?

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

  /// Prepares for `plan`; costs one analysis, so make it once per run. `learned` are seconds from a slot taken to the
  /// merge, from earlier runs.
  package init(plan: Plan, learned: [AchievementID: Double] = [:]) {
    let analysis = PlanAnalysis(plan)
    self.plan = plan
    eta = ETA(plan: plan, analysis: analysis, learned: learned)
    bLevels = analysis.bLevels
  }

  /// What can be marked, in the order of the rows: what is at work, then what comes next.
  package func list(_ snapshot: RunSnapshot) -> [AchievementID] { list(Census(plan: plan, snapshot: snapshot)) }

  private func list(_ census: Census) -> [AchievementID] {
    census.active + census.ready.sorted { bLevel($0) > bLevel($1) } + census.upcoming
  }

  /// The lines to show at `moment`: at most its size's rows, each at most its columns wide.
  ///
  /// The header and the progress come first; then what is at work and what comes next, then what failed and is blocked,
  /// then the keys. When the rows don't suffice, the list gets most of them and every cut list says how much it leaves out.
  package func frame(_ snapshot: RunSnapshot, at moment: Moment) -> [String] {
    guard moment.size.rows > 0, moment.size.columns > 0 else { return [] }
    let census = Census(plan: plan, snapshot: snapshot)
    let isHigh = moment.size.rows >= 8
    var lines = [header(snapshot, moment), progress(census, moment)]
    if isHigh, let numbers = numbers(snapshot, census, moment) { lines.append(numbers) }
    let hasKeys = !moment.state.keys.isEmpty || moment.state.question != nil
    let keys = isHigh && hasKeys ? [LiveView.keyLine(moment.state)] : []
    let room = max(0, moment.size.rows - lines.count - keys.count)
    if moment.state.showsHelp {
      lines += LiveView.help(moment.state.keys, columns: moment.size.columns).prefix(room)
    } else if let id = moment.state.log {
      lines += log(of: id, moment, room: room)
    } else {
      let footer = Array(self.footer(snapshot, census, moment).prefix(room / 2))
      lines += rows(snapshot, census, moment, room: room - footer.count) + footer
    }
    return (lines + keys).prefix(moment.size.rows).map {
      $0.rendered(columns: moment.size.columns, colour: moment.colour)
    }
  }

  private func header(_ snapshot: RunSnapshot, _ moment: Moment) -> StyledLine {
    let run = TerminalText.safe(snapshot.header?.run ?? "", limit: 30)
    let state = RunState(snapshot, isDriven: true)
    let clock = TimeText.clock(moment.now)
    let word = state == .running && moment.state.isPaused ? "paused" : state.rawValue
    let right = word == RunState.running.rawValue ? clock : "\(word) \(clock)"
    let middle = " · run \(run)"
    let room = moment.size.columns - right.count - 1
    let nameRoom = max(min(room, 12), room - TerminalText.displayWidth(middle))
    var line = StyledLine()
    line.add(TerminalText.safe(snapshot.header?.planName ?? plan.name, limit: nameRoom), .bold)
    line.add(TerminalText.safe(middle, limit: max(0, room - line.width)), .dim)
    line.pad(to: moment.size.columns - right.count)
    line.add(right, right == clock ? .cyan : .yellow)
    return line
  }

  private func progress(_ census: Census, _ moment: Moment) -> StyledLine {
    let total = plan.achievements.count
    let count = "\(census.complete)/\(total)"
    let details = [
      (census.active.count, "at work"), (census.failed.count, "failed"), (census.blocked.count, "blocked"),
    ]
    .filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: " · ")
    let wanted = moment.size.columns - count.count - 1 - (details.isEmpty ? 0 : TerminalText.displayWidth(details) + 2)
    let columns = wanted >= 8 ? min(40, wanted) : max(0, min(10, moment.size.columns - count.count - 1))
    var line = StyledLine()
    line.add(ProgressBar.text(done: census.complete, of: total, columns: columns), .green)
    line.add(columns > 0 && total > 0 ? " \(count)" : count)
    if !details.isEmpty, line.width + 2 < moment.size.columns { line.add("  " + details, .dim) }
    return line
  }

  /// What was saved so far, the overhead so far against its budget, and what is left; nil before anything can be said.
  private func numbers(_ snapshot: RunSnapshot, _ census: Census, _ moment: Moment) -> StyledLine? {
    let saved = census.serialSeconds - moment.now
    let left = snapshot.outcome == nil ? eta.remaining(snapshot, now: moment.now) : nil
    let ledger = moment.ledger ?? Ledger(snapshot, until: moment.now)
    let budget = snapshot.header?.overheadBudget ?? 0.10
    let isOver = ledger.overheadRatio > budget
    // Each in full, and in short for where that has no room.
    var pieces: [(texts: [String], style: StyledLine.Style)] = []
    if let left { pieces.append((LiveView.texts(left), .plain)) }
    if census.serialSeconds > 0 {
      let texts =
        saved > 0
        ? ["\(TimeText.text(saved)) saved so far", "\(TimeText.text(saved)) saved"] : ["nothing saved so far"]
      pieces.append((texts, saved > 0 ? .green : .dim))
    }
    if ledger.overheadRatio > 0 {
      let ratio = "overhead \(ledger.overheadRatio.percent)"
      let whole = "\(ratio) of \(budget.percent)"
      pieces.append((isOver ? [whole + ", over budget", "\(ratio) ✗"] : [whole, ratio], isOver ? .yellow : .dim))
    }
    guard !pieces.isEmpty else { return nil }
    var line = StyledLine()
    for piece in pieces {
      let gap = line.width > 0 ? " · " : ""
      let room = moment.size.columns - line.width - gap.count
      // A number that is cut is worse than none.
      guard let text = piece.texts.first(where: { TerminalText.displayWidth($0) <= room }) else { continue }
      line.add(gap, .dim)
      line.add(text, piece.style)
    }
    return line
  }

  private static func texts(_ left: ETA.Remaining) -> [String] {
    let about = "about \(TimeText.text(left.seconds)) left"
    guard let low = left.low, let high = left.high, high - low > 0.1 * left.seconds else { return [about] }
    return ["\(about) (\(TimeText.text(low)) – \(TimeText.text(high)))", about]
  }

  private func log(of id: AchievementID, _ moment: Moment, room: Int) -> [StyledLine] {
    let columns = moment.size.columns
    let title = plan[id].map { TerminalText.safe($0.title, limit: max(0, columns - id.text.count - 8)) } ?? ""
    let lines = moment.log.suffix(max(0, room - 1)).map { StyledLine(TerminalText.safe($0, limit: columns), .dim) }
    let nothing = [StyledLine("nothing was written yet", .dim)]
    return ([StyledLine("log of \(id) \(title)".trimmedEnd, .bold)] + (lines.isEmpty ? nothing : lines)).prefix(room)
      .map { $0 }
  }

  /// As much of the list as fits: at first all that is at work and a little of what comes next, all of it once a reader
  /// scrolls.
  private func rows(_ snapshot: RunSnapshot, _ census: Census, _ moment: Moment, room: Int) -> [StyledLine] {
    guard room > 0 else { return [] }
    let all = list(census)
    let isScrolled = moment.state.mark != nil || moment.state.offset > 0
    let ids = isScrolled ? all : Array(all.prefix(census.active.count + LiveView.mostNext))
    let window = ListWindow(
      count: ids.count,
      room: all.count > ids.count ? room - 1 : room,
      offset: moment.state.offset,
      mark: moment.state.mark.flatMap { ids.firstIndex(of: $0) }
    )
    let painter = LiveRow(
      plan: plan,
      snapshot: snapshot,
      moment: moment,
      ids: Array(ids[window.rows]),
      expected: eta.expectedSeconds(snapshot)
    )
    let working = census.active.count
    func hidden(_ range: Range<Int>) -> String {
      let atWork = min(range.upperBound, working) - min(range.lowerBound, working)
      let parts = [(atWork, "at work"), (range.count - atWork, "to come")].filter { $0.0 > 0 }
      return "… " + parts.map { "\($0.0) more \($0.1)" }.joined(separator: ", ")
    }
    let lines = painter.ids.map(painter.line)
    let (before, after) = (0..<window.above, window.rows.upperBound..<all.count)
    if room < 3, before.count + after.count > 0 {
      return (lines + [StyledLine(hidden(after.isEmpty ? before : after), .dim)]).suffix(room)
    }
    return (before.isEmpty ? [] : [StyledLine(hidden(before) + " above", .dim)]) + lines
      + (after.isEmpty ? [] : [StyledLine(hidden(after), .dim)])
  }

  /// How many rows of what comes next are shown unless a reader scrolls.
  static let mostNext = 4

  private func footer(_ snapshot: RunSnapshot, _ census: Census, _ moment: Moment) -> [StyledLine] {
    var lines: [StyledLine] = []
    let columns = moment.size.columns
    let reason = Reason(plan: plan, snapshot: snapshot, now: moment.now)
    // Those that were stopped with the run need no line each: the last one says so.
    let ended = census.failed + census.cancelled.filter { snapshot[$0].lastFailure?.kind == .cancelled }
    for id in ended.prefix(3) {
      var line = StyledLine("✗ \(id) ", .red)
      line.add(TerminalText.safe(reason.text(id) ?? "failed", limit: max(0, columns - line.width)))
      lines.append(line)
    }
    if ended.count > 3 { lines.append(StyledLine("… \(ended.count - 3) more failed", .red)) }
    if !census.blocked.isEmpty { lines.append(list("blocked", census.blocked, .yellow, columns: columns)) }
    if let stop = snapshot.stopReason {
      lines.append(StyledLine("stopping (\(TerminalText.safe(stop, limit: 40))): workers finish", .yellow))
    }
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
}

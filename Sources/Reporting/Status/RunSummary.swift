package import Recording

/// One run in the list of runs.
package struct RunSummary: Sendable, Codable, Equatable {
  /// The run's id, '20260102-030405-abc'.
  package let run: String
  /// The plan's name.
  package let plan: String
  /// Seconds since 1970 UTC.
  package let startedWall: Double
  /// How a run stands. stopping: it was asked to stop and workers finish. interrupted: it has no recorded end, and no
  /// process drives it. error: disk, database or repository let it down.
  package let state: RunState
  /// Achievements by state; states that don't occur may be missing.
  package let counts: [String: Int]
  /// From the run's start to its end, or to now while a process drives it.
  package let wallSeconds: Double
  /// serial − wall; nil when nothing was done.
  package let savedSeconds: Double?

  /// Takes the numbers as the caller has them, for instance from a list that the store keeps.
  package init(
    run: String,
    plan: String,
    startedWall: Double,
    state: RunState,
    counts: [String: Int],
    wallSeconds: Double,
    savedSeconds: Double?
  ) {
    self.run = run
    self.plan = plan
    self.startedWall = startedWall
    self.state = state
    self.counts = counts
    self.wallSeconds = wallSeconds
    self.savedSeconds = savedSeconds
  }

  /// The summary of the run in `snapshot`.
  ///
  /// `total` is how many achievements its plan has: those that no event has named yet wait. Without it they are not counted.
  package init(_ snapshot: RunSnapshot, total: Int? = nil, isDriven: Bool, until: Double? = nil) {
    let ledger = Ledger(snapshot, until: until)
    let serial = snapshot.records.values.reduce(0) { $0 + $1.usedSeconds }
    run = snapshot.header?.run ?? ""
    plan = snapshot.header?.planName ?? ""
    startedWall = snapshot.startedWall
    state = RunState(snapshot, isDriven: isDriven)
    let unnamed = max(0, (total ?? 0) - snapshot.records.count)
    let states = snapshot.records.values.map(\.state) + [AchievementState](repeating: .waiting, count: unnamed)
    counts = RunReport.counts(of: states).filter { $0.value > 0 }
    wallSeconds = ledger.wall
    savedSeconds = serial > 0 ? serial - ledger.wall : nil
  }
}

/// The list of runs for programs.
package struct RunList: Sendable, Codable, Equatable {
  /// The kind and version of the JSON.
  package static let schema = "plait.runs/1"

  /// The kind and version of the JSON.
  package let schema: String
  /// The runs; empty before the first.
  package let runs: [RunSummary]

  /// Keeps the order given.
  package init(_ runs: [RunSummary]) {
    schema = RunList.schema
    self.runs = runs
  }
}

/// The list of runs for a terminal.
package enum RunsText {
  /// Renders `runs` in the order given; ends with a newline. Times are shown `utcOffset` seconds east of Greenwich.
  package static func render(_ runs: [RunSummary], utcOffset: Int = 0) -> String {
    guard !runs.isEmpty else { return "No runs yet. Start one with: plait run PLAN\n" }
    var table = TextTable([.left, .left, .left, .right, .right, .right])
    table.add("run", "started", "state", "done", "wall", "saved")
    for run in runs {
      let total = run.counts.values.reduce(0, +)
      let done = run.counts[AchievementState.complete.rawValue] ?? 0
      let started = WallClock.dateAndTime(run.startedWall, utcOffset: utcOffset).prefix(16)
      table.add(
        TerminalText.safe(run.run, limit: 24),
        String(started),
        run.state.rawValue,
        "\(done)/\(total)",
        TimeText.text(run.wallSeconds),
        run.savedSeconds.map(TimeText.text) ?? "–"
      )
    }
    // The plan's name gets what is left of 80 columns, and enough to be known by.
    let lines = table.lines(indent: "")
    let room = max(12, 78 - (lines.map(TerminalText.displayWidth).max() ?? 0))
    let plans = ["plan"] + runs.map { TerminalText.safe($0.plan, limit: room) }
    return zip(lines, plans).map { ($0 + "  " + $1).trimmedEnd + "\n" }.joined()
  }
}

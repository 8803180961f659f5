package import Planning
package import Recording

extension RunReport {
  /// Draws up the report of the run in `snapshot`, which ran `plan`.
  ///
  /// A run that has not ended is counted up to `until` (seconds since its start; nil: to its last event). `predictedHours`
  /// is what the scheduler had predicted for the run's slots, in the plan's hours. Achievements that were recorded but
  /// are no longer in the plan come last, by id.
  package init(
    plan: Plan,
    snapshot: RunSnapshot,
    until: Double? = nil,
    isDriven: Bool = true,
    predictedHours: Double? = nil
  ) {
    let ledger = Ledger(snapshot, until: until)
    let entries = RunReport.entries(plan: plan, snapshot: snapshot, end: ledger.wall)
    let path = RunReport.criticalPath(plan: plan, entries: entries)
    let totals = Totals(ledger, entries: entries, criticalPath: path.seconds, pauses: snapshot.pauses)
    let header = snapshot.header

    schema = RunReport.schema
    run = header?.run ?? ""
    self.plan = header?.planName ?? plan.name
    planPath = header?.planPath ?? ""
    plans = header?.plans
    repository = header?.repository ?? ""
    base = header?.base ?? ""
    integrationRef = header?.integrationRef ?? ""
    tip = snapshot.tip ?? ""
    plaitVersion = header?.plaitVersion ?? ""
    startedAt = WallClock.stamp(snapshot.startedWall)
    state = RunState(snapshot, isDriven: isDriven)
    stopReason = snapshot.stopReason
    slots = ledger.slots
    self.totals = totals
    certificate = snapshot.outcome == nil ? nil : Certificate(ledger, plan: plan, entries: entries)
    overhead = Overhead(ledger, budget: header?.overheadBudget ?? 0.10)
    measures = RunReport.measures(snapshot, entries: entries)
    self.ledger = [String: Double](uniqueKeysWithValues: Ledger.Row.allCases.map { ($0.rawValue, ledger[$0]) })
    inconsistencies = ledger.inconsistencies
    counts = RunReport.counts(of: entries.map(\.state))
    completeBefore = entries.count { $0.state == .complete && $0.attempts.isEmpty }
    criticalPath = path.ids
    slowest = entries.filter { $0.seconds > 0 }.sorted { $0.seconds > $1.seconds }.prefix(10).map(\.id)
    prediction = Prediction(plan: plan, hours: predictedHours, measured: totals.savedRatio)
    forecast = Forecast(snapshot, totals: totals)
    untrueClaims = plan.claims.filter { !$0.isTrue }
      .map { UntrueClaim(field: $0.field, claimed: $0.claimed, actual: $0.actual) }
    achievements = entries
  }

  private static func entries(plan: Plan, snapshot: RunSnapshot, end: Double) -> [Entry] {
    let hasEnded = snapshot.outcome != nil
    let removed = snapshot.records.keys.filter { plan.indices[$0] == nil }.sorted()
    return plan.achievements.map {
      Entry(
        $0.id,
        title: $0.title,
        snapshot[$0.id],
        end: end,
        hasEnded: hasEnded,
        variant: Variant($0, plan: plan, snapshot: snapshot)
      )
    } + removed.map { Entry($0, title: "", snapshot[$0], end: end, hasEnded: hasEnded) }
  }

  /// How many of `states` are each, by the state's word; states that don't occur count 0.
  static func counts(of states: [AchievementState]) -> [String: Int] {
    var counts = [String: Int](uniqueKeysWithValues: AchievementState.allCases.map { ($0.rawValue, 0) })
    for state in states { counts[state.rawValue, default: 0] += 1 }
    return counts
  }

  /// The longest chain of measured seconds through the plan, without the nodes on it that took no time.
  private static func criticalPath(plan: Plan, entries: [Entry]) -> (ids: [String], seconds: Double) {
    let chain = longestChain(plan, entries: entries)
    return (
      chain.filter { entries[$0].seconds > 0 }.map { entries[$0].id }, chain.reduce(0) { $0 + entries[$1].seconds }
    )
  }

  /// The longest chain of measured seconds through the plan, by place; from the first node that took time to the last.
  static func longestChain(_ plan: Plan, entries: [Entry]) -> [Int] {
    let seconds = entries.prefix(plan.achievements.count).map(\.seconds)
    let order = PlanAnalysis.topologicalOrder(of: plan.graph)
    let bLevels = PlanAnalysis.bLevels(of: plan.graph, order: order, hours: seconds)
    let chain = PlanAnalysis.criticalPath(of: plan.graph, bLevels: bLevels, hours: seconds)
    guard let first = chain.firstIndex(where: { seconds[$0] > 0 }),
      let last = chain.lastIndex(where: { seconds[$0] > 0 })
    else { return [] }
    return Array(chain[first...last])
  }
}

extension RunReport.Totals {
  init(_ ledger: Ledger, entries: [RunReport.Entry], criticalPath: Double, pauses: [RunPause]) {
    let wall = ledger.wall
    let serial = entries.reduce(0) { $0 + $1.seconds }
    let bound = max(criticalPath, ledger.slots > 0 ? serial / Double(ledger.slots) : 0)
    wallSeconds = wall
    serialSeconds = serial
    savedSeconds = serial - wall
    savedRatio = serial > 0 ? (serial - wall) / serial : nil
    speedup = wall > 0 ? serial / wall : nil
    criticalPathSeconds = criticalPath
    lowerBoundSeconds = bound
    wallToBound = bound > 0 ? wall / bound : nil
    let alternatives = entries.filter { $0.variant?.isPicked == false }
    alternativeSeconds =
      entries.contains { $0.variant != nil } ? alternatives.reduce(0) { $0 + $1.seconds } : nil
    pausedSeconds = pauses.reduce(0) { $0 + max(0, min($1.until ?? wall, wall) - $1.from) }
  }
}

extension RunReport.Overhead {
  init(_ ledger: Ledger, budget: Double) {
    seconds = ledger.overhead
    ratio = ledger.overheadRatio
    self.budget = budget
    isOverBudget = ledger.overheadRatio > budget
  }
}

extension RunReport.Prediction {
  init?(plan: Plan, hours: Double?, measured: Double?) {
    guard let hours else { return nil }
    let total = PlanAnalysis(plan).totalHours
    guard total > 0 else { return nil }
    self.hours = hours
    savedRatio = 1 - hours / total
    measuredSavedRatio = measured
  }
}

extension RunReport.Forecast {
  init?(_ snapshot: RunSnapshot, totals: RunReport.Totals) {
    guard snapshot.outcome == .complete, let expected = snapshot.header?.forecastSeconds, expected > 0 else {
      return nil
    }
    expectedSeconds = expected
    measuredSeconds = max(0, totals.wallSeconds - totals.pausedSeconds)
    offRatio = measuredSeconds / expected - 1
  }
}

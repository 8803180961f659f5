/// A comparison for a terminal: 80 columns.
package enum ComparisonText {
  private static let width = 80

  /// Renders `comparison`; ends with a newline.
  package static func render(_ comparison: Comparison) -> String {
    let sections = [heading(comparison), runs(comparison), findings(comparison), remarks(comparison)]
    return sections.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
  }

  private static func heading(_ comparison: Comparison) -> [String] {
    let (before, after) = (comparison.baseline, comparison.parallel)
    let runs =
      comparison.isPaired
      ? Prose.count(before.runs.count, "pair") + " of runs"
      : "\(before.runs.count) against \(Prose.count(after.runs.count, "run"))"
    return [
      TerminalText.safe(comparison.plan, limit: width),
      "Measured with \(runs): \(slots(before)) against \(slots(after))",
    ]
  }

  private static func slots(_ group: Comparison.Group) -> String {
    group.slots.map { Prose.count($0, "slot") } ?? "several numbers of slots"
  }

  // MARK: Runs

  private static func runs(_ comparison: Comparison) -> [String] {
    comparison.isPaired ? pairs(comparison) : lists(comparison)
  }

  private static let most = 20

  private static func pairs(_ comparison: Comparison) -> [String] {
    var table = TextTable([.left, .right, .left, .right, .right])
    table.add("baseline", "wall", "parallel", "wall", "saved")
    let pairs = zip(comparison.baseline.runs, comparison.parallel.runs)
    for (before, after) in pairs.prefix(most) {
      table.add(
        TerminalText.safe(before.run, limit: 24),
        TimeText.text(before.wallSeconds),
        TerminalText.safe(after.run, limit: 24),
        TimeText.text(after.wallSeconds),
        (1 - after.wallSeconds / before.wallSeconds).percent
      )
    }
    return table.lines() + rest(comparison.baseline.runs.count, "pair")
  }

  private static func lists(_ comparison: Comparison) -> [String] {
    [("Baseline", comparison.baseline), ("Parallel", comparison.parallel)].flatMap { title, group in
      var table = TextTable([.left, .right, .left])
      for run in group.runs.prefix(most) {
        table.add(TerminalText.safe(run.run, limit: 24), TimeText.text(run.wallSeconds), Prose.count(run.slots, "slot"))
      }
      return [title] + table.lines() + rest(group.runs.count, "run")
    }
  }

  private static func rest(_ count: Int, _ noun: String) -> [String] {
    count > most ? ["  … \(Prose.count(count - most, "more \(noun)")); all of them with --json"] : []
  }

  // MARK: Findings

  private static func findings(_ comparison: Comparison) -> [String] {
    let (before, after) = (comparison.baseline, comparison.parallel)
    var table = TextTable([.left, .right, .left])
    table.add(
      comparison.saving.value < 0 ? "Lost" : "Saved",
      (comparison.saving.value < 0 ? -comparison.saving.value : comparison.saving.value).percent,
      saving(comparison.saving)
    )
    table.add(
      "Speedup",
      "\(comparison.speedup.value.fixed(2)) ×",
      interval(comparison.speedup) { "\($0.fixed(2)) to \($1.fixed(2))" } ?? ""
    )
    table.add(
      "Wall time",
      TimeText.text(after.wallSeconds),
      "against \(TimeText.text(before.wallSeconds)), mean of each"
    )
    table.add("CPU time", after.cpuSeconds.map(TimeText.text) ?? "–", cpu(comparison))
    if let ratio = comparison.workRatio {
      table.add(
        "Work and checks",
        TimeText.text(after.workSeconds),
        "against \(TimeText.text(before.workSeconds)): \(ratio.fixed(2)) × as long side by side"
      )
    }
    return table.lines()
  }

  private static func saving(_ estimate: Comparison.Estimate) -> String {
    let sure = interval(estimate) { low, high in "\((low * 100).fixed(1)) to \(high.percent)" }
    guard estimate.value < 0 else { return sure ?? "" }
    return "longer than the baseline" + (sure.map { "; saved: \($0)" } ?? "")
  }

  private static func interval(_ estimate: Comparison.Estimate, _ words: (Double, Double) -> String) -> String? {
    guard let low = estimate.low, let high = estimate.high else { return nil }
    return words(low, high)
  }

  private static func cpu(_ comparison: Comparison) -> String {
    guard let before = comparison.baseline.cpuSeconds, comparison.parallel.cpuSeconds != nil else {
      return "not measured for every worker"
    }
    let ratio = comparison.cpuRatio.map { ": \($0.fixed(2)) × as much" } ?? ""
    return "against \(TimeText.text(before)) of the workers\(ratio)"
  }

  // MARK: Remarks

  private static func remarks(_ comparison: Comparison) -> [String] {
    let counts = [comparison.baseline.runs.count, comparison.parallel.runs.count]
    var remarks: [String] = []
    if let confidence = comparison.confidence, let resamples = comparison.resamples {
      remarks.append(
        "The ranges are \((confidence * 100).fixed(0)) % confidence intervals: percentiles of \(resamples) draws from the "
          + "\(comparison.isPaired ? "pairs" : "runs") (bootstrap, B. Efron 1979)."
      )
      if counts.contains(where: { $0 < 5 }) {
        remarks.append("They are from few runs and so rather too narrow: five or more of each are better.")
      }
    } else {
      remarks.append(
        "A single \(comparison.isPaired ? "pair" : "run") says nothing about how far off this may be: there is no "
          + "interval. Two or more of each give one."
      )
    }
    for run in comparison.baseline.runs + comparison.parallel.runs where run.downSeconds > 0 {
      remarks.append(
        "\(TerminalText.safe(run.run, limit: 30)) was interrupted: \(TimeText.text(run.downSeconds)) in which nothing "
          + "drove it are not counted."
      )
    }
    for (name, group) in [("baseline", comparison.baseline), ("parallel", comparison.parallel)] where group.slots == nil
    {
      remarks.append("The \(name) runs had different numbers of slots.")
    }
    return remarks.flatMap { Prose.wrapped($0, width: width) }
  }
}

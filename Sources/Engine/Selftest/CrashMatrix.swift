internal import Git
internal import Planning
internal import Recording

/// Runs one plan again and again, lets each time something else go wrong, and holds what comes out against an undisturbed run.
///
/// Documented in `Docs/Crash-Matrix.md`.
package struct CrashMatrix: Sendable {
  /// What to try.
  package struct Options: Sendable {
    package var ways = CrashWay.allCases
    /// Only this point of each way.
    package var at: Int?
    /// Only so many pairs of way and point, chosen by `seed`.
    package var sample: Int?
    package var seed: UInt64 = 0
    /// How many trials go on at once.
    package var jobs = 1
    /// Whether the folders of trials stay.
    package var keeps = false
    /// Whether the worktrees of the runs are overlays.
    package var hasOverlays = false

    package init() {}
  }

  /// A trial that broke a promise.
  package struct Failure: Sendable {
    package let pair: CrashPair
    package let point: String
    package let findings: [String]
  }

  /// What one way came to.
  package struct Tally: Sendable {
    package let way: CrashWay
    package var points = 0
    package var failures: [Failure] = []
  }

  private let options: Options
  private let folder: String
  private let plait: String
  private let closing: @Sendable (RunArchive.Recorded) -> CrashEvidence.Closing

  /// Trials are made below `folder`, which is made; `plait` is the program to try; `closing` adds up a run's ledger.
  package init(
    _ options: Options,
    folder: String,
    plait: String,
    closing: @escaping @Sendable (RunArchive.Recorded) -> CrashEvidence.Closing
  ) {
    self.options = options
    self.folder = folder
    self.plait = plait
    self.closing = closing
  }

  /// What every trial is held against.
  private struct Baseline: Sendable {
    let oracle: CrashOracle
    let code: Int32
    let points: Int
  }

  private struct Tried: Sendable {
    let pair: CrashPair
    let wasReached: Bool
    let failure: Failure?
  }

  /// Runs the matrix; `report` is given the tally of each way as it is done.
  ///
  /// Throws when there is nothing to compare with: the undisturbed run failed.
  package func run(report: (Tally) -> Void) async throws -> [Tally] {
    let baseline = try await baseline()
    var tallies: [Tally] = []
    if let sample = options.sample {
      let pairs = CrashPair.sample(sample, of: options.ways, points: baseline.points, seed: options.seed)
      let tried = await attempt(pairs, baseline)
      tallies = options.ways.map { way in tally(way, tried.filter { $0.pair.way == way }) }
      tallies.forEach(report)
    } else {
      for way in options.ways {
        let pairs = options.at.map { [CrashPair(way: way, number: $0)] }
        let tried = await attempt(pairs ?? (1...100_000).lazy.map { CrashPair(way: way, number: $0) }, baseline)
        tallies.append(tally(way, tried))
        report(tally(way, tried))
      }
    }
    if !options.keeps { try RunFiles.removeTree(folder) }
    return tallies
  }

  private func baseline() async throws -> Baseline {
    let place = try await ScratchRepository(folder: "\(folder)/undisturbed", plait: plait)
    let (evidence, points) = try await trial(in: place).reference()
    let oracle = CrashOracle(plan: try CrashPlan.plan(), reference: evidence, keptBranches: [CrashPlan.loser])
    // An undisturbed run that breaks promises is no measure for others.
    let findings = oracle.findings(evidence) + CrashPlan.findings(evidence)
    guard findings.isEmpty else {
      throw EngineError(.bug, "crash matrix", "the undisturbed run is wrong: \(findings.joined(separator: "; "))")
    }
    return Baseline(oracle: oracle, code: evidence.exitCode, points: points)
  }

  private func trial(in place: ScratchRepository) -> CrashTrial {
    CrashTrial(place: place, hasOverlays: options.hasOverlays, closing: closing)
  }

  /// Tries `pairs` in their order, several at once; stops after one that asks for a point that a run doesn't reach,
  /// unless they are a sample.
  private func attempt(_ pairs: some Sequence<CrashPair>, _ baseline: Baseline) async -> [Tried] {
    await withTaskGroup(of: Tried.self) { group in
      var all: [Tried] = []
      var rest = pairs.makeIterator()
      var isAtEnd = false
      for _ in 0..<options.jobs {
        if let pair = rest.next() { group.addTask { await attempt(pair, baseline) } }
      }
      while let tried = await group.next() {
        all.append(tried)
        if !tried.wasReached && options.sample == nil { isAtEnd = true }
        if !isAtEnd, let pair = rest.next() { group.addTask { await attempt(pair, baseline) } }
      }
      return all.sorted { $0.pair.number < $1.pair.number }
    }
  }

  private func attempt(_ pair: CrashPair, _ baseline: Baseline) async -> Tried {
    let place = "\(folder)/\(pair.way.rawValue)-\(pair.number)"
    var outcome = CrashTrial.Outcome()
    do {
      let trial = trial(in: try await ScratchRepository(folder: place, plait: plait))
      outcome = try await trial.run(pair, points: baseline.points, code: baseline.code)
      if let evidence = outcome.evidence { outcome.findings += baseline.oracle.findings(evidence) }
      if !options.keeps {
        // A run that wasn't taken up again, because its log had no such place, leaves its overlays.
        try Repository.unmountAll(below: place)
        try RunFiles.removeTree(place)
      }
    } catch {
      outcome.findings.append("\(error)")
    }
    let failure = Failure(pair: pair, point: outcome.point ?? "not reached", findings: outcome.findings)
    return Tried(pair: pair, wasReached: outcome.point != nil, failure: outcome.findings.isEmpty ? nil : failure)
  }

  private func tally(_ way: CrashWay, _ tried: [Tried]) -> Tally {
    Tally(way: way, points: tried.count(where: \.wasReached), failures: tried.compactMap(\.failure))
  }
}

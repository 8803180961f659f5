import Planning
import Recording
import Testing

@testable import Reporting

/// Made-up runs of one plan: 1.1, then 2.1.
private struct MadeRun {
  var name: String
  var slots = 1
  var wall = 10.0
  var cpu: Double? = 4
  var planName = "Sample"
  var base = "base0"
  var command: [String]?
  var achievements = ["1.1", "2.1"]
  var done = ["1.1", "2.1"]
  var settled: [String] = []
  var outcome: RunOutcome? = .complete
  var defaults = PlanDefaults(worker: WorkerSpecification(command: .shell("make it")))
  var dependencies: [String: [Int32]] = ["2.1": [0]]
  /// From, and until, no process drove it.
  var down: (from: Double, until: Double)?

  init(_ name: String, slots: Int = 1, wall: Double = 10, cpu: Double? = 4) {
    self.name = name
    self.slots = slots
    self.wall = wall
    self.cpu = cpu
  }

  var run: ComparedRun { ComparedRun(plan: plan, snapshot: RunSnapshot(events)) }

  private var plan: Plan {
    Plan(
      name: planName,
      level: .acrossPriorities,
      achievements: achievements.map { Achievement(id: id($0), title: "Do \($0)", priority: 1) },
      graph: DependencyGraph(dependencies: achievements.map { dependencies[$0] ?? [] }),
      defaults: defaults
    )
  }

  private var header: RunHeader {
    RunHeader(
      run: name,
      plaitVersion: "1",
      planName: planName,
      planPath: "/p/parallel.json",
      repository: "/p",
      base: base,
      integrationRef: "refs/heads/plait/\(name)/integration",
      jobs: slots,
      overheadBudget: 0.1,
      workerArguments: command,
      directory: "/p/.git/plait/runs/\(name)",
      pid: 1
    )
  }

  private var events: [RunEvent] {
    var events = [event(0, .runStarted(header))]
    for item in settled { events.append(event(0, .settled(id(item), as: .complete, reason: "approved"))) }
    for (index, item) in done.enumerated() {
      let attempt = AttemptID(id(item), 1)
      let usage = cpu.map {
        WorkerEnd.Usage(wall: 1, userCPU: $0 / 4, systemCPU: $0 / 4, peakMemory: 1)
      }
      let facts: [RunEvent.Fact] = [
        .attemptStarted(attempt, slot: 0, base: base), .worktreeReady(attempt, path: "/w"),
        .workerStarted(attempt, pid: 2), .workerEnded(attempt, WorkerEnd(status: .exited(0), usage: usage)),
        .resultCommitted(attempt, commit: "c", changed: 1), .verified(attempt, VerifyResult(steps: [])),
        .merged(attempt, commit: "m"),
      ]
      // A tenth of the wall time each: work from the third stamp to the fourth.
      for (step, fact) in facts.enumerated() {
        let time = step < 3 ? Double(index) * wall / 10 : Double(index + 1) * wall / 10
        events.append(event(time, fact))
      }
    }
    if let down {
      events.append(event(down.from, .slotFreed(AttemptID(id("2.1"), 1), slot: 0)))
      events.append(event(down.until, .runResumed(pid: 2)))
    }
    if let outcome { events.append(event(wall, .runEnded(outcome))) }
    return events
  }

  private func event(_ time: Double, _ fact: RunEvent.Fact) -> RunEvent { RunEvent(time: time, wall: time, fact: fact) }
}

@Suite struct ComparisonTests {
  private func comparison(_ baseline: [MadeRun], _ parallel: [MadeRun]) throws -> Comparison {
    try Comparison(baseline: baseline.map(\.run), parallel: parallel.map(\.run))
  }

  /// What makes the runs incomparable; empty when nothing does.
  private func objections(_ baseline: [MadeRun], _ parallel: [MadeRun]) -> [String] {
    do {
      _ = try comparison(baseline, parallel)
      return []
    } catch let error as ReportingError {
      #expect(error.code == .notComparable && !error.message.isEmpty)
      return error.details
    } catch {
      return ["\(error)"]
    }
  }

  @Test func oneMeasuredPairByHand() throws {
    let result = try comparison([MadeRun("a", wall: 10, cpu: 4)], [MadeRun("b", slots: 4, wall: 4, cpu: 5)])
    #expect(result.saving == .init(value: 0.6, low: nil, high: nil))
    #expect(result.speedup == .init(value: 2.5, low: nil, high: nil))
    #expect(result.confidence == nil && result.resamples == nil && result.isPaired)
    #expect(result.baseline.cpuSeconds == 4 && result.parallel.cpuSeconds == 5 && result.cpuRatio == 1.25)
    #expect(result.baseline.workSeconds == 2 && result.parallel.workSeconds == 0.8 && result.workRatio == 0.4)
    #expect(result.baseline.slots == 1 && result.parallel.slots == 4)
    #expect(result.plan == "Sample" && result.base == "base0")
    let text = ComparisonText.render(result)
    #expect(text.contains("60.0 %") && text.contains("2.50 ×") && text.contains("1.25 × as much"))
    #expect(text.contains("there is no") && !text.contains("confidence"))
  }

  @Test func pairsGiveAnIntervalAroundTheSaving() throws {
    let baseline = [10.0, 11, 12, 10.5, 11.5].enumerated().map { MadeRun("a\($0)", wall: $1) }
    let parallel = [4.0, 5, 4.5, 4.2, 5.5].enumerated().map { MadeRun("b\($0)", slots: 4, wall: $1) }
    let result = try comparison(baseline, parallel)
    let (low, high) = (try #require(result.saving.low), try #require(result.saving.high))
    #expect(abs(result.saving.value - (1 - 23.2 / 55)) < 1e-12)
    #expect(low < result.saving.value && result.saving.value < high)
    // No resample can leave the range of the single pairs.
    let single = zip(baseline, parallel).map { 1 - $1.wall / $0.wall }.sorted()
    #expect(single[0] < low && high < single[4])
    #expect(abs((result.speedup.low ?? 0) - 1 / (1 - low)) < 1e-12)
    #expect(abs((result.speedup.high ?? 0) - 1 / (1 - high)) < 1e-12)
    #expect(result.confidence == 0.95 && (result.resamples ?? 0) >= 2_000)
    #expect(try comparison(baseline, parallel) == result)
    let text = ComparisonText.render(result)
    #expect(text.contains("95 % confidence intervals") && text.contains("5 pairs of runs") && !text.contains("narrow"))
  }

  @Test func pairsTakeOutWhatBothSidesShare() throws {
    // Each pair met another machine load: the saving is the same in all, and pairing shows how sure it is.
    let baseline = [10.0, 20, 30].enumerated().map { MadeRun("a\($0)", wall: $1) }
    let parallel = [5.0, 10, 15].enumerated().map { MadeRun("b\($0)", slots: 2, wall: $1) }
    let paired = try comparison(baseline, parallel)
    #expect(paired.saving == .init(value: 0.5, low: 0.5, high: 0.5))
    let unpaired = try comparison(baseline, parallel + [MadeRun("b3", slots: 2, wall: 10)])
    #expect(!unpaired.isPaired && unpaired.saving.value == 0.5)
    #expect((unpaired.saving.low ?? 1) < 0.4 && (unpaired.saving.high ?? 0) > 0.6)
    let text = ComparisonText.render(unpaired)
    #expect(
      text.contains("3 against 4 runs") && text.contains("draws from the\nruns") || text.contains("from the runs")
    )
    // Of a single run nothing can be drawn.
    let lonely = try comparison([baseline[0]], parallel)
    #expect(!lonely.isPaired && lonely.saving.low == nil && lonely.confidence == nil)
  }

  @Test func timeWithoutAProcessIsNotCounted() throws {
    var parallel = MadeRun("b", slots: 2, wall: 10)
    parallel.down = (from: 4, until: 9)
    let result = try comparison([MadeRun("a", wall: 10)], [parallel])
    #expect(result.parallel.runs[0].downSeconds == 5 && result.parallel.wallSeconds == 5)
    #expect(result.saving.value == 0.5)
    #expect(ComparisonText.render(result).contains("b was interrupted: 5.0 s"))
  }

  @Test func slowerIsSaidToBeSlower() throws {
    let result = try comparison([MadeRun("a", wall: 10)], [MadeRun("b", slots: 2, wall: 12, cpu: nil)])
    #expect(abs(result.saving.value + 0.2) < 1e-12)
    #expect(result.parallel.cpuSeconds == nil && result.cpuRatio == nil)
    let text = ComparisonText.render(result)
    #expect(text.contains("Lost") && text.contains("20.0 %") && text.contains("longer than the baseline"))
    #expect(text.contains("not measured for every worker"))
  }

  @Test func mixedNumbersOfSlotsAreSaid() throws {
    let result = try comparison(
      [MadeRun("a"), MadeRun("c")],
      [MadeRun("b", slots: 2, wall: 5), MadeRun("d", slots: 3, wall: 5)]
    )
    #expect(result.parallel.slots == nil)
    #expect(ComparisonText.render(result).contains("The parallel runs had different numbers of slots."))
  }

  @Test func anotherPlanOrBaseIsOtherWork() {
    var other = MadeRun("b")
    (other.planName, other.base) = ("Other", "base1")
    #expect(
      objections([MadeRun("a")], [other]) == [
        "b ran the plan Other, a the plan Sample", "b started from base1, a from base0",
      ]
    )
  }

  @Test func otherAchievementsAreOtherWork() {
    var other = MadeRun("b")
    other.achievements = ["1.1", "2.1", "2.2", "2.3", "2.4", "2.5", "2.6"]
    #expect(objections([MadeRun("a")], [other]) == ["b has 2.2, 2.3, 2.4 and 2 more in its plan, a has not"])
    #expect(objections([other], [MadeRun("b2")]) == ["b2 does not have 2.2, 2.3, 2.4 and 2 more in its plan, b has"])
    other = MadeRun("b")
    other.dependencies = [:]
    #expect(objections([MadeRun("a")], [other]) == ["b has other dependencies for 2.1 than a"])
  }

  @Test func otherWorkersAndChecksAreOtherWork() {
    var other = MadeRun("b")
    other.command = ["make", "it"]
    #expect(objections([MadeRun("a")], [other]) == ["b has other worker's command for 1.1, 2.1 than a"])
    other = MadeRun("b")
    other.defaults.worker.command = .shell("make that")
    other.defaults.worker.environment = ["A": "b"]
    other.defaults.verify = [VerifyStep(.shell("true"))]
    other.defaults.gate = VerifyStep(.shell("true"))
    other.defaults.setup = Setup(shell: "npm ci")
    #expect(
      objections([MadeRun("a")], [other]) == [
        "b sets worktrees up in another way than a", "b has another gate than a",
        "b has other checks for 1.1, 2.1 than a",
        "b has other environment for 1.1, 2.1 than a", "b has other worker's command for 1.1, 2.1 than a",
      ]
    )
  }

  @Test func whatWasDoneMustBeTheSame() {
    var other = MadeRun("b")
    (other.done, other.settled) = (["2.1"], ["1.1"])
    #expect(objections([MadeRun("a")], [other]) == ["b did not do 1.1 itself, a did"])
    #expect(objections([other], [MadeRun("c")]) == ["c did 1.1 itself, b did not"])
    other.done = []
    #expect(objections([other], [other]) == ["b is named twice", "b did nothing itself", "b did nothing itself"])
  }

  @Test func everyRunMustBeCompleteAndNamedOnce() {
    var failed = MadeRun("b")
    failed.outcome = .failed
    var open = MadeRun("c")
    open.outcome = nil
    #expect(
      objections([MadeRun("a"), MadeRun("a")], [failed, open]) == [
        "a is named twice", "b is not complete (failed)", "c is not complete (it has not ended)",
      ]
    )
    #expect(throws: ReportingError.self) { try comparison([], [MadeRun("a")]) }
    #expect(throws: ReportingError.self) { try comparison([MadeRun("a")], []) }
  }

  @Test func textIsFitForATerminalAndJSONComesBack() throws {
    var baseline = (0..<25).map { MadeRun("a-\($0)-\(String(repeating: "long", count: 20))", wall: 12_345) }
    var parallel = (0..<25).map { MadeRun("b\($0)\u{1B}[2J", slots: 8, wall: 1_234, cpu: 123_456) }
    for index in baseline.indices {
      baseline[index].planName = Samples.hostileTitle
      parallel[index].planName = Samples.hostileTitle
    }
    for (before, after) in [(baseline, parallel), (Array(baseline.prefix(3)), parallel)] {
      let result = try comparison(before, after)
      let text = ComparisonText.render(result)
      for line in text.split(separator: "\n") { #expect(TerminalText.displayWidth(line) <= 80, "\(line)") }
      #expect(!text.contains("\u{1B}") && text.contains("5 more"))
      #expect(try JSONText.parse(Comparison.self, from: JSONText.render(result)) == result)
    }
  }
}

@Suite struct BootstrapTests {
  @Test func quantilesAreInterpolated() {
    let sample = Sample([4, 1, 3, 2])
    #expect([0, 0.5, 1, 2].map(sample.quantile) == [1, 2.5, 4, 4])
    #expect(Sample([7]).quantile(0.3) == 7)
    #expect(Sample([]).quantile(0.5) == 0)
  }

  @Test func coversTheTruthAboutAsOftenAsItSays() throws {
    // Pairs of 30 around a true ratio of 0.5: of 100 intervals about 95 hold it. Seeded, so this is no game of chance.
    var generator = SplitMix64(seed: 5)
    var hits = 0
    for _ in 0..<100 {
      let below = (0..<30).map { _ in 10 + 4 * generator.nextUnit() }
      let above = below.map { $0 * (0.5 + 0.2 * (generator.nextUnit() - 0.5)) }
      let interval = try #require(Bootstrap.interval(above: above, below: below, isPaired: true, confidence: 0.95))
      if interval.contains(0.5) { hits += 1 }
    }
    #expect((88...99).contains(hits), "\(hits)")
  }
}

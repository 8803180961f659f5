import Planning
import Recording
import TestSupport
import Testing

@testable import Engine

/// Drives a schedule by hand: what is started, in which order, and what becomes of the rest.
struct Bench {
  var schedule: Schedule
  var facts: [RunEvent.Fact] = []
  var running: [String: Assignment] = [:]
  var time = 0.0

  init(_ plan: Plan, _ options: ScheduleOptions, prior: [AchievementID: PriorStatus] = [:]) {
    schedule = Schedule(plan: plan, analysis: PlanAnalysis(plan), options: options)
    facts = schedule.begin(prior: prior)
  }

  mutating func assign() -> [String] {
    let round = schedule.assign(at: time)
    facts += round.facts
    for assignment in round.assignments { running[assignment.attempt.achievement.text] = assignment }
    return round.assignments.map { $0.attempt.achievement.text }
  }

  mutating func complete(_ text: String) {
    facts += schedule.complete(running.removeValue(forKey: text)!)
  }

  mutating func fail(_ text: String, _ kind: AttemptFailure.Kind = .worker) {
    facts += schedule.fail(running.removeValue(forKey: text)!, AttemptFailure(kind, "it failed"), at: time)
  }

  var blocked: [String: String] {
    Dictionary(
      facts.compactMap { if case .blocked(let id, let by, _) = $0 { (id.text, by.text) } else { nil } },
      uniquingKeysWith: { $1 }
    )
  }
}

@Suite struct ScheduleTests {
  @Test func startsWhatHasNoOpenDependencyAndFillsFreeSlots() {
    var bench = Bench(makePlan(["1.1": [], "1.2": [], "1.3": [], "2.1": ["1.1"]]), ScheduleOptions(slots: 2))
    #expect(bench.assign() == ["1.1", "1.2"])
    #expect(bench.assign().isEmpty)
    bench.complete("1.1")
    #expect(bench.assign() == ["1.3"])
    bench.complete("1.3")
    #expect(bench.assign() == ["2.1"])
  }

  @Test func longestChainGoesFirst() {
    let plan = makePlan(
      ["1.1": [], "1.2": [], "1.3": [], "2.1": ["1.3"]],
      hours: ["1.1": 1, "1.2": 3, "1.3": 2, "2.1": 5]
    )
    var bench = Bench(plan, ScheduleOptions(slots: 1))
    #expect(bench.assign() == ["1.3"])
    bench.complete("1.3")
    #expect(bench.assign() == ["2.1"])
    bench.complete("2.1")
    #expect(bench.assign() == ["1.2"])
  }

  @Test func noWaves() {
    // 2.1 starts although 1.2, of the same level as 1.1, still runs.
    var bench = Bench(makePlan(["1.1": [], "1.2": [], "2.1": ["1.1"]]), ScheduleOptions(slots: 2))
    _ = bench.assign()
    bench.complete("1.1")
    #expect(bench.assign() == ["2.1"])
  }

  @Test func tiersHoldBackTheNextPriority() {
    var bench = Bench(makePlan(["1.1": [], "1.2": [], "2.1": ["1.1"]]), ScheduleOptions(slots: 2, tiers: true))
    _ = bench.assign()
    bench.complete("1.1")
    #expect(bench.assign().isEmpty)
    bench.complete("1.2")
    #expect(bench.assign() == ["2.1"])
  }

  @Test func aFailedTierOpensTheNext() {
    var bench = Bench(makePlan(["1.1": [], "2.1": []]), ScheduleOptions(slots: 2, tiers: true))
    #expect(bench.assign() == ["1.1"])
    bench.fail("1.1")
    #expect(bench.assign() == ["2.1"])
  }

  @Test func failureBlocksDependentsAndNothingElse() {
    let plan = makePlan(["1.1": [], "1.2": [], "2.1": ["1.1"], "2.2": ["1.2"], "3.1": ["2.1"]])
    var bench = Bench(plan, ScheduleOptions(slots: 4))
    _ = bench.assign()
    bench.fail("1.1")
    #expect(bench.blocked == ["2.1": "1.1", "3.1": "2.1"])
    bench.complete("1.2")
    #expect(bench.assign() == ["2.2"])
    bench.complete("2.2")
    #expect(bench.schedule.isFinished)
    #expect(bench.schedule.hasBlocked)
  }

  @Test func failFastStartsNothingMore() {
    var bench = Bench(makePlan(["1.1": [], "1.2": [], "1.3": []]), ScheduleOptions(slots: 2, failFast: true))
    _ = bench.assign()
    bench.fail("1.1")
    #expect(bench.assign().isEmpty)
    #expect(!bench.schedule.isFinished)
    bench.complete("1.2")
    #expect(bench.schedule.isFinished)
    #expect(bench.schedule.hasUnfinishedWork)
  }

  @Test func poolsAndFootprintsHoldBack() {
    let plan = makePlan(
      ["1.1": [], "1.2": [], "1.3": [], "1.4": []],
      defaults: PlanDefaults(resources: ["db": 2]),
      details: [
        "1.1": AchievementDetails(files: ["Sources/API/**"], resources: ["db": 2]),
        "1.2": AchievementDetails(resources: ["db": 1]),
        "1.3": AchievementDetails(files: ["Sources/API/a.swift"]),
      ]
    )
    var bench = Bench(plan, ScheduleOptions(slots: 4))
    #expect(bench.assign() == ["1.1", "1.4"])
    let held = bench.facts.compactMap { if case .held(let id, let reason) = $0 { (id.text, reason) } else { nil } }
    #expect(held.map(\.0) == ["1.2", "1.3"])
    #expect(held[0].1 == "needs 1 of db, 0 free")
    #expect(held[1].1.contains("1.1"))
    bench.complete("1.1")
    #expect(bench.assign() == ["1.2", "1.3"])
  }

  @Test func settledAchievementsAreNotRun() {
    let plan = makePlan(
      ["1.1": [], "1.2": ["1.1"], "2.1": [], "2.2": ["2.1"], "3.1": [], "3.2": ["3.1"]],
      waived: ["3.1"]
    )
    var bench = Bench(
      plan,
      ScheduleOptions(slots: 4),
      prior: [
        id("1.1"): PriorStatus(.complete, reason: "APPROVED_11.md"),
        id("2.1"): PriorStatus(.skipped, reason: "SKIPPED_21.md"),
        id("3.1"): PriorStatus(.skipped, reason: "SKIPPED_31.md"),
      ]
    )
    #expect(bench.assign() == ["1.2", "3.2"])
    #expect(bench.blocked == ["2.2": "2.1"])
  }

  @Test func onlySelectedOnesRun() {
    var bench = Bench(makePlan(["1.1": [], "1.2": []]), ScheduleOptions(slots: 4, only: [id("1.2")]))
    #expect(bench.assign() == ["1.2"])
    bench.complete("1.2")
    #expect(bench.schedule.isFinished)
    #expect(!bench.schedule.hasUnfinishedWork)
  }

  @Test func softDependenciesOrderButDoNotBlock() {
    let plan = makePlan(
      ["1.1": [], "1.2": []],
      hours: ["1.1": 5, "1.2": 1],
      details: ["1.1": AchievementDetails(softDependencies: [id("1.2")])]
    )
    var bench = Bench(plan, ScheduleOptions(slots: 1))
    #expect(bench.assign() == ["1.2"])
    var wide = Bench(plan, ScheduleOptions(slots: 2))
    #expect(wide.assign() == ["1.2", "1.1"])
  }

  @Test(arguments: 1...40) func everyRandomPlanRunsEachOnceAfterItsDependencies(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let count = Int.random(in: 1...60, using: &random)
    let rows = (0..<count).map { node in
      (0..<node).filter { _ in Int.random(in: 0..<6, using: &random) == 0 }.map { Int32($0) }
    }
    let plan = Plan(
      name: "RANDOM",
      level: .acrossPriorities,
      achievements: (0..<count).map { Achievement(id: id("1.\($0 + 1)"), title: "", priority: 1) },
      graph: DependencyGraph(dependencies: rows)
    )
    let slots = Int.random(in: 1...8, using: &random)
    var schedule = Schedule(plan: plan, analysis: PlanAnalysis(plan), options: ScheduleOptions(slots: slots))
    _ = schedule.begin()
    var running: [Assignment] = []
    var done: Set<Int32> = []
    repeat {
      running += schedule.assign(at: 0).assignments
      #expect(running.count <= slots)
      #expect(Set(running.map(\.slot)).count == running.count)
      running.shuffle(using: &random)
      guard let next = running.popLast() else { break }
      #expect(Set(rows[next.node]).isSubset(of: done))
      #expect(done.insert(Int32(next.node)).inserted)
      _ = schedule.complete(next)
    } while !schedule.isFinished
    #expect(done.count == count)
  }
}

@Suite struct SimulationTests {
  @Test func listScheduleOnTheVirtualClock() {
    // Three independent of 2, 3, 2 hours after a chain of 27: two slots need 27 + 4, three need 27 + 3.
    let plan = makePlan(
      ["1.1": [], "3.1": ["1.1"], "3.2": ["1.1"], "3.3": ["1.1"]],
      hours: ["1.1": 27, "3.1": 2, "3.2": 3, "3.3": 2]
    )
    let analysis = PlanAnalysis(plan)
    func makespan(_ slots: Int?) -> Double { Simulation.makespan(of: plan, analysis: analysis, slots: slots) }
    #expect(makespan(1) == 34)
    #expect(makespan(2) == 31)
    #expect(makespan(3) == 30)
    #expect(makespan(nil) == 30)
  }

  @Test func emptyPlanTakesNoTime() {
    let plan = makePlan([:])
    #expect(Simulation.makespan(of: plan, analysis: PlanAnalysis(plan), slots: nil) == 0)
  }
}

@Suite struct FootprintTests {
  @Test(arguments: [
    ("Sources/API/**", "Sources/API/a.swift", true), ("Sources/API/**", "Sources/API/x/y.swift", true),
    ("Sources/API/**", "Sources/CLI/a.swift", false), ("*.md", "README.md", true), ("*.md", "Docs/a.md", false),
    ("**/*.md", "Docs/a.md", true), ("Docs", "Docs/a.md", true), ("Docs/a.md", "Docs", true),
    ("Docs/a*.md", "Docs/*b.md", true), ("Docs/a*.md", "Docs/b*.md", false), ("a?c", "abc", true), ("a?c", "ac", false),
    ("./Docs/a.md", "Docs/a.md", true), ("**", "anything/at/all", true), ("a/**/z", "a/b/c/z", true),
    // y may be a folder that holds a z.
    ("a/**/z", "a/b/c/y", true), ("a/*/z", "a/b/y", false), ("src/*.c", "src/*/x.c", true),
  ]) func overlaps(first: String, second: String, expected: Bool) {
    #expect(Footprint([first]).overlaps(Footprint([second])) == expected)
    #expect(Footprint([second]).overlaps(Footprint([first])) == expected)
  }

  @Test func nothingOverlapsTheEmptyFootprint() {
    #expect(!Footprint([]).overlaps(Footprint(["**"])))
  }
}

import Planning
import Recording
import TestSupport
import Testing

@testable import Engine

/// Several attempts at one achievement: what starts when, and what its choice is made from.
@Suite struct VariantTests {
  /// 1.1, then 2.1 with three variants, then 3.1; 2.2 touches the same files as 2.1.
  static func plan(_ more: String = "", files: Bool = false) throws -> Plan {
    let footprint = files ? ", \"files\": [\"shared/**\"]" : ""
    let text = """
      { "plan_name": "V", "parallelization_level": "level_3", "worker": {"shell": "w"}, "judge": {"shell": "j"}, "achievements": [
        {"achievement_id": "1.1", "dependencies": []},
        {"achievement_id": "2.1", "dependencies": ["1.1"], "variants": 3\(more)\(footprint)},
        {"achievement_id": "2.2", "dependencies": ["1.1"]\(footprint)},
        {"achievement_id": "3.1", "dependencies": ["2.1"]} ] }
      """
    return try #require(PlanReader.read(Array(text.utf8)).plan)
  }

  private func bench(_ options: ScheduleOptions = ScheduleOptions(slots: 4), files: Bool = false) throws -> Bench {
    var bench = Bench(try VariantTests.plan(files: files), options)
    #expect(bench.assign() == ["1.1"])
    bench.complete("1.1")
    return bench
  }

  // MARK: Schedule

  @Test func variantsRunSideBySideAndTheChoiceWaitsForAllOfThem() throws {
    var bench = try bench()
    #expect(Set(bench.assign()) == ["2.1.1", "2.1.2", "2.1.3", "2.2"])
    bench.complete("2.1.3")
    bench.complete("2.1.1")
    #expect(bench.assign().isEmpty)
    bench.complete("2.1.2")
    #expect(bench.assign() == ["2.1"])
    bench.complete("2.1")
    #expect(bench.assign() == ["3.1"])
  }

  @Test func aFailedVariantKeepsNobodyFromBeingPicked() throws {
    for last in ["2.1.1", "2.1.2"] {
      var bench = try bench()
      _ = bench.assign()
      bench.complete("2.2")
      let order = last == "2.1.1" ? ["2.1.2", "2.1.3"] : ["2.1.3", "2.1.1"]
      bench.fail(order[0])
      bench.fail(order[1], .cancelled)
      #expect(bench.blocked.isEmpty && bench.assign().isEmpty)
      bench.complete(last)
      #expect(bench.assign() == ["2.1"])
      bench.complete("2.1")
      #expect(!bench.schedule.hasFailed && !bench.schedule.hasCancelled && !bench.schedule.hasBlocked)
      #expect(bench.assign() == ["3.1"])
    }
  }

  /// The last one to end may be one that fails: that too makes the choice ready.
  @Test func theChoiceBecomesReadyByAFailureToo() throws {
    var bench = try bench()
    _ = bench.assign()
    for id in ["2.1.1", "2.1.2", "2.2"] { bench.complete(id) }
    bench.fail("2.1.3")
    #expect(bench.facts.contains(.ready(id("2.1"))))
    #expect(bench.assign() == ["2.1"])
    #expect(bench.schedule.hasFailed, "until the choice is made it is a failure like any other")
  }

  @Test func withoutAGreenVariantTheAchievementIsBlocked() throws {
    var bench = try bench()
    _ = bench.assign()
    for id in ["2.1.1", "2.1.2", "2.1.3"] { bench.fail(id) }
    bench.complete("2.2")
    #expect(bench.blocked == ["2.1": "2.1.3", "3.1": "2.1"])
    #expect(
      bench.facts.contains(.blocked(id("2.1"), by: id("2.1.3"), reason: "none of its variants is green"))
    )
    #expect(bench.schedule.isFinished && bench.schedule.hasFailed && bench.schedule.hasBlocked)
  }

  @Test func failFastIsAboutTheAchievement() throws {
    var bench = try bench(ScheduleOptions(slots: 4, failFast: true))
    _ = bench.assign()
    bench.fail("2.1.1")
    bench.fail("2.1.2")
    #expect(bench.schedule.stopReason == nil)
    bench.fail("2.1.3")
    #expect(bench.schedule.stopReason?.contains("2.1.3 failed") == true)
  }

  @Test func whatFailsBeforeTheVariantsBlocksThemAll() throws {
    var bench = Bench(try VariantTests.plan(), ScheduleOptions(slots: 4))
    _ = bench.assign()
    bench.fail("1.1")
    #expect(Set(bench.blocked.keys) == ["2.1.1", "2.1.2", "2.1.3", "2.1", "2.2", "3.1"])
    #expect(bench.schedule.isFinished)
  }

  /// The run is being stopped, and one of them with it: it may still become green when the run goes on.
  @Test func aStoppedVariantDecidesNothing() throws {
    var bench = try bench()
    _ = bench.assign()
    _ = bench.schedule.stop(reason: "Ctrl-C")
    bench.fail("2.1.1", .stopped)
    bench.fail("2.1.2")
    bench.fail("2.1.3")
    #expect(bench.blocked["2.1"] == nil)
    #expect(bench.schedule.hasUnfinishedWork)
  }

  @Test func onlyIsAboutTheAchievementAndItsVariantsGoWithIt() throws {
    let plan = try VariantTests.plan()
    let only = ScheduleOptions(slots: 4, only: [id("1.1"), id("2.1")])
    var bench = Bench(plan, only)
    _ = bench.assign()
    bench.complete("1.1")
    #expect(Set(bench.assign()) == ["2.1.1", "2.1.2", "2.1.3"])
  }

  @Test func tiersWaitForTheChoice() throws {
    var bench = Bench(try VariantTests.plan(), ScheduleOptions(slots: 4, tiers: true))
    _ = bench.assign()
    bench.complete("1.1")
    _ = bench.assign()
    for id in ["2.1.1", "2.2"] { bench.complete(id) }
    for id in ["2.1.2", "2.1.3"] { bench.fail(id) }
    #expect(bench.assign() == ["2.1"])
    bench.complete("2.1")
    #expect(bench.assign() == ["3.1"])
  }

  /// They may touch the same files as each other, and nobody else may until one of them is merged.
  @Test func variantsHoldTheirFootprintTogetherUntilTheChoiceIsMerged() throws {
    var bench = try bench(files: true)
    #expect(Set(bench.assign()) == ["2.1.1", "2.1.2", "2.1.3"])
    #expect(bench.facts.contains(.held(id("2.2"), reason: "touches the same files as 2.1, which is running")))
    for id in ["2.1.1", "2.1.2", "2.1.3"] { bench.complete(id) }
    #expect(bench.assign() == ["2.1"])
    bench.complete("2.1")
    #expect(Set(bench.assign()) == ["2.2", "3.1"])

    var red = try self.bench(files: true)
    _ = red.assign()
    for id in ["2.1.1", "2.1.2", "2.1.3"] { red.fail(id) }
    #expect(red.assign() == ["2.2"], "nothing holds the files of what is blocked")
  }

  @Test func aPickThatConflictsIsNotPickedAgain() throws {
    let plan = try VariantTests.plan()
    var bench = Bench(plan, ScheduleOptions(slots: 4, retries: 1, onConflict: .retry))
    _ = bench.assign()
    bench.complete("1.1")
    _ = bench.assign()
    for id in ["2.1.1", "2.1.2", "2.1.3", "2.2"] { bench.complete(id) }
    _ = bench.assign()
    bench.fail("2.1", .conflict)
    #expect(bench.blocked == ["3.1": "2.1"] && bench.schedule.hasConflict)
  }

  @Test func theSimulationCountsEveryVariant() throws {
    let plan = try VariantTests.plan()
    let analysis = PlanAnalysis(plan)
    #expect(analysis.totalHours == 6, "three variants and three others of an hour each, and a choice of none")
    #expect(Simulation.makespan(of: plan, analysis: analysis, slots: 4) == 3)
    #expect(Simulation.makespan(of: plan, analysis: analysis, slots: 1) == 6)
  }

  // MARK: Resume

  private func snapshot(_ bench: Bench, _ more: [RunEvent.Fact]) -> RunSnapshot {
    RunSnapshot((bench.facts + more).enumerated().map { RunEvent(time: Double($0), wall: 0, fact: $1) })
  }

  private func offered(_ text: String) -> [RunEvent.Fact] {
    let attempt = AttemptID(id(text), 1)
    return [
      .attemptStarted(attempt, slot: 0, base: "base"), .resultCommitted(attempt, commit: "c-\(text)", changed: 1),
      .verified(attempt, VerifyResult(steps: [])), .offered(attempt, commit: "c-\(text)", ref: "refs/\(text)"),
    ]
  }

  private func failed(_ text: String) -> [RunEvent.Fact] {
    let attempt = AttemptID(id(text), 1)
    return [
      .attemptStarted(attempt, slot: 0, base: "base"), .attemptFailed(attempt, AttemptFailure(.verify, "red")),
    ]
  }

  private func merged(_ text: String) -> [RunEvent.Fact] {
    let attempt = AttemptID(id(text), 1)
    return [.attemptStarted(attempt, slot: 0, base: "base"), .merged(attempt, commit: "m-\(text)")]
  }

  private func resumed(_ facts: [RunEvent.Fact], retryFailed: Bool = false, files: Bool = false) throws -> (
    started: Set<String>, Schedule
  ) {
    let plan = try VariantTests.plan(files: files)
    let bench = Bench(plan, ScheduleOptions(slots: 4))
    var schedule = Schedule(plan: plan, analysis: PlanAnalysis(plan), options: ScheduleOptions(slots: 4))
    _ = schedule.resume(snapshot(bench, facts), retryFailed: retryFailed)
    return (Set(schedule.assign(at: 99).assignments.map(\.attempt.achievement.text)), schedule)
  }

  @Test func whatIsGreenStaysSoAndTheRestIsDone() throws {
    let facts = merged("1.1") + offered("2.1.2") + failed("2.1.3")
    #expect(try resumed(facts).started == ["2.1.1", "2.2"])
    #expect(try resumed(facts + failed("2.1.1")).started == ["2.1", "2.2"])
    let none = try resumed(merged("1.1") + failed("2.1.1") + failed("2.1.2") + failed("2.1.3"))
    #expect(none.started == ["2.2"])
    let again = merged("1.1") + failed("2.1.1") + failed("2.1.2") + failed("2.1.3")
    #expect(try resumed(again, retryFailed: true).started == ["2.1.1", "2.1.2", "2.1.3", "2.2"])
  }

  /// Whatever would be picked of them would conflict again.
  @Test func afterAConflictVariantsAreMadeAnewWhenItIsAskedFor() throws {
    let choice = AttemptID(id("2.1"), 1)
    let conflict: [RunEvent.Fact] = [
      .attemptStarted(choice, slot: 0, base: "base"), .attemptFailed(choice, AttemptFailure(.conflict, "conflicts")),
    ]
    let facts = merged("1.1") + ["2.1.1", "2.1.2", "2.1.3"].flatMap { offered($0) } + conflict
    #expect(try resumed(facts).started == ["2.2"])
    #expect(try resumed(facts, retryFailed: true).started == ["2.1.1", "2.1.2", "2.1.3", "2.2"])
  }

  @Test func onceTheChoiceIsMadeNoVariantRunsAgain() throws {
    let facts = merged("1.1") + offered("2.1.1") + failed("2.1.2") + merged("2.1") + merged("2.2")
    let (started, schedule) = try resumed(facts, retryFailed: true)
    #expect(started == ["3.1"])
    #expect(!schedule.hasFailed && !schedule.hasCancelled)
  }

  @Test func theFootprintOfGreenVariantsIsHeldFromTheStart() throws {
    let facts = merged("1.1") + offered("2.1.1") + offered("2.1.2") + offered("2.1.3")
    #expect(try resumed(facts, files: true).started == ["2.1"])
  }
}

import Planning
import Recording
import TestSupport
import Testing

@testable import Engine

/// What follows when an attempt, or the process that drove it, came to nothing.
@Suite struct RetryTests {
  /// A run as an earlier process left it: 1.1 merged, 1.2 in flight, 1.3 failed, 1.4 and 2.1 not begun.
  private func interrupted() -> RunSnapshot {
    func attempt(_ text: String) -> AttemptID { AttemptID(id(text), 1) }
    let facts: [RunEvent.Fact] = [
      .ready(id("1.1")), .ready(id("1.2")), .ready(id("1.3")), .ready(id("1.4")),
      .attemptStarted(attempt("1.1"), slot: 0, base: "b"), .merged(attempt("1.1"), commit: "m"),
      .attemptStarted(attempt("1.2"), slot: 0, base: "m"),
      .attemptFailed(attempt("1.2"), AttemptFailure(.lost, "the process ended")),
      .attemptStarted(attempt("1.3"), slot: 1, base: "m"),
      .attemptFailed(attempt("1.3"), AttemptFailure(.worker, "exit 1")),
      .blocked(id("2.1"), by: id("1.3"), reason: "x"),
    ]
    return RunSnapshot(facts.enumerated().map { RunEvent(time: Double($0.offset), wall: 0, fact: $0.element) })
  }

  @Test func retriesWaitForTheirBackOffAndDouble() {
    var worker = WorkerSpecification()
    (worker.retries, worker.backoff) = (2, 10)
    var bench = Bench(
      makePlan(["1.1": [], "1.2": ["1.1"]], defaults: PlanDefaults(worker: worker)),
      ScheduleOptions(slots: 1)
    )
    _ = bench.assign()
    bench.fail("1.1")
    #expect(bench.schedule.wakeTime == 10)
    #expect(bench.assign().isEmpty)
    bench.time = 10
    #expect(bench.assign() == ["1.1"])
    #expect(bench.running["1.1"]?.attempt.number == 2)
    bench.fail("1.1")
    #expect(bench.schedule.wakeTime == 30)
    bench.time = 30
    _ = bench.assign()
    bench.fail("1.1")
    #expect(bench.blocked == ["1.2": "1.1"])
    #expect(bench.schedule.isFinished)
  }

  @Test func conflictIsRetriedOnceAndOnlyWhenAsked() {
    var bench = Bench(
      makePlan(["1.1": []], defaults: PlanDefaults(onConflict: .retry)),
      ScheduleOptions(slots: 1)
    )
    _ = bench.assign()
    bench.fail("1.1", .conflict)
    #expect(!bench.schedule.hasConflict)
    #expect(bench.assign() == ["1.1"])
    bench.fail("1.1", .conflict)
    #expect(bench.schedule.isFinished)

    var strict = Bench(makePlan(["1.1": []]), ScheduleOptions(slots: 1, retries: 5))
    _ = strict.assign()
    strict.fail("1.1", .conflict)
    #expect(strict.schedule.hasConflict)
    #expect(strict.schedule.isFinished)
  }

  @Test func anErrorOfTheSystemIsNotRetried() {
    var bench = Bench(makePlan(["1.1": []]), ScheduleOptions(slots: 1, retries: 3))
    _ = bench.assign()
    bench.fail("1.1", .system)
    #expect(bench.schedule.isFinished)
  }

  @Test func stoppedAttemptsDecideNothing() {
    var bench = Bench(makePlan(["1.1": [], "1.2": ["1.1"]]), ScheduleOptions(slots: 1))
    _ = bench.assign()
    bench.facts += bench.schedule.stop(reason: "Ctrl-C")
    bench.fail("1.1", .stopped)
    #expect(bench.blocked.isEmpty)
    #expect(bench.schedule.isFinished)
    #expect(bench.schedule.hasUnfinishedWork)
  }

  @Test func aFailureInAStoppedRunKeepsItsFurtherAttempts() {
    var bench = Bench(makePlan(["1.1": [], "1.2": ["1.1"], "1.3": []]), ScheduleOptions(slots: 2, retries: 1))
    _ = bench.assign()
    bench.facts += bench.schedule.stop(reason: "SIGTERM")
    bench.fail("1.1")
    #expect(bench.blocked.isEmpty && !bench.schedule.hasFailed)
    guard case .retryScheduled(id("1.1"), _)? = bench.facts.last else {
      Issue.record("no further attempt: \(bench.facts)")
      return
    }
    bench.complete("1.3")
    #expect(bench.assign().isEmpty && bench.schedule.wakeTime == nil)
    #expect(bench.schedule.isFinished && bench.schedule.hasUnfinishedWork)
  }

  @Test func aResumedRunGoesOnWithWhatWasInFlight() {
    let plan = makePlan(["1.1": [], "1.2": [], "1.3": [], "1.4": [], "2.1": ["1.3"]])
    var schedule = Schedule(plan: plan, analysis: PlanAnalysis(plan), options: ScheduleOptions(slots: 4))
    let facts = schedule.resume(interrupted(), retryFailed: false).facts
    #expect(facts == [.ready(id("1.2")), .ready(id("1.4"))])
    let started = schedule.assign(at: 20).assignments.map(\.attempt)
    #expect(started == [AttemptID(id("1.2"), 2), AttemptID(id("1.4"), 1)])
    #expect(schedule.hasBlocked)
  }

  @Test func retryFailedRunsThemAndWhatTheyBlockedAgain() {
    let plan = makePlan(["1.1": [], "1.2": [], "1.3": [], "1.4": [], "2.1": ["1.3"]])
    var schedule = Schedule(plan: plan, analysis: PlanAnalysis(plan), options: ScheduleOptions(slots: 4))
    _ = schedule.resume(interrupted(), retryFailed: true)
    let started = schedule.assign(at: 20).assignments
    #expect(started.map(\.attempt.description) == ["1.3 (attempt 2)", "1.2 (attempt 2)", "1.4 (attempt 1)"])
    #expect(schedule.complete(started[0]) == [.ready(id("2.1"))])
    #expect(!schedule.hasBlocked)
  }

  @Test func anAdoptedAttemptKeepsItsSlotAndNumber() {
    let plan = makePlan(["1.1": [], "1.2": [], "1.3": [], "1.4": [], "2.1": ["1.3"]])
    var schedule = Schedule(plan: plan, analysis: PlanAnalysis(plan), options: ScheduleOptions(slots: 2))
    let resumed = schedule.resume(interrupted(), retryFailed: false, adopting: [AttemptID(id("1.2"), 1): 1])
    #expect(resumed.adopted.map(\.slot) == [1])
    let next = schedule.assign(at: 20).assignments
    #expect(next.map(\.attempt) == [AttemptID(id("1.4"), 1)])
    #expect(next.map(\.slot) == [0])
    #expect(schedule.complete(resumed.adopted[0]).isEmpty)
  }

  @Test func aParkedAttemptFreesItsSlotUntilItsTimeAndIsNoFailure() {
    var bench = Bench(makePlan(["1.1": [], "1.2": []]), ScheduleOptions(slots: 1))
    _ = bench.assign()
    let parked = AttemptFailure(.parked, "usage limit", retryAt: 500)
    bench.facts += bench.schedule.fail(bench.running["1.1"]!, parked, at: 0)
    #expect(bench.facts.last == .retryScheduled(id("1.1"), notBefore: 500))
    #expect(bench.assign() == ["1.2"])
    bench.complete("1.2")
    #expect(!bench.schedule.isFinished)
    bench.time = 500
    #expect(bench.assign() == ["1.1"])
    // Nobody said until when: a minute, then two.
    for (time, expected) in [(500.0, 620.0), (620, 860)] {
      bench.facts += bench.schedule.fail(bench.running["1.1"]!, AttemptFailure(.parked, "exit 75"), at: time)
      #expect(bench.schedule.wakeTime == expected)
      bench.time = expected
      #expect(bench.assign() == ["1.1"])
    }
    bench.fail("1.1")
    #expect(bench.schedule.isFinished)
  }

  @Test func aFullDiskDecidesNothingAboutTheWork() {
    var bench = Bench(makePlan(["1.1": [], "1.2": ["1.1"]]), ScheduleOptions(slots: 1))
    _ = bench.assign()
    bench.fail("1.1", .storage)
    #expect(bench.blocked.isEmpty)
    #expect(bench.schedule.hasUnfinishedWork)
  }

  @Test func aLostAttemptIsTriedAgainButNotForEver() {
    var bench = Bench(makePlan(["1.1": []]), ScheduleOptions(slots: 1))
    for _ in 0..<3 {
      #expect(bench.assign() == ["1.1"])
      bench.fail("1.1", .lost)
    }
    #expect(bench.assign() == ["1.1"])
    bench.fail("1.1", .lost)
    #expect(bench.schedule.isFinished)
  }

  @Test func jitterSpreadsBackOffsAroundTheirValue() {
    var worker = WorkerSpecification()
    (worker.retries, worker.backoff) = (1, 100)
    var options = ScheduleOptions(slots: 8)
    options.jitter = 0.25
    let plan = makePlan(
      ["1.1": [], "1.2": [], "1.3": [], "1.4": []],
      defaults: PlanDefaults(worker: worker)
    )
    var bench = Bench(plan, options)
    _ = bench.assign()
    var times: Set<Double> = []
    for text in ["1.1", "1.2", "1.3", "1.4"] {
      bench.fail(text)
      if case .retryScheduled(_, let time)? = bench.facts.last { times.insert(time) }
    }
    #expect(times.count == 4)
    #expect(times.allSatisfy { (75...125).contains($0) })
  }
}

import Planning
import Recording
import Synchronization
import TestSupport
import Testing

@testable import Engine

/// Time that stands still unless a test moves it.
final class ManualClock: RunClock {
  private struct State {
    var now = 0.0
    var sleepers: [(time: Double, continuation: CheckedContinuation<Void, Never>)] = []
  }
  private let state = Mutex(State())

  var now: Double { state.withLock { $0.now } }
  var wall: Double { 1_000_000 + now }

  func advance(to time: Double) {
    let woken = state.withLock { state in
      state.now = max(state.now, time)
      let woken = state.sleepers.filter { $0.time <= state.now }
      state.sleepers.removeAll { $0.time <= state.now }
      return woken
    }
    for sleeper in woken { sleeper.continuation.resume() }
  }

  /// Sleeping moves the clock itself: nothing else happens meanwhile in these tests.
  func sleep(until time: Double) async throws {
    try Task.checkCancellation()
    advance(to: time)
  }
}

/// Stages without git and without processes: what each attempt comes to is said by the test.
final class FakeStages: RunStages {
  struct Log {
    var started: [String] = []
    var bases: [String: String] = [:]
    var merging = 0
    var mostMerging = 0
    var running = 0
    var mostRunning = 0
    var batches: [Int] = []
    var released: [String] = []
    var wanted: [Int] = []
    var adaptations: [Adaptation] = []
  }
  let log = Mutex(Log())
  let outcome: @Sendable (AttemptWork) async throws -> AttemptFailure?
  let mergeOutcome: @Sendable (AttemptWork) -> AttemptFailure?
  /// What a green variant is; nil for what is none.
  let offer: @Sendable (AttemptWork) -> Candidate?

  init(
    outcome: @escaping @Sendable (AttemptWork) async throws -> AttemptFailure? = { _ in nil },
    merge: @escaping @Sendable (AttemptWork) -> AttemptFailure? = { _ in nil },
    offer: @escaping @Sendable (AttemptWork) -> Candidate? = { _ in nil }
  ) {
    self.offer = offer
    self.outcome = outcome
    mergeOutcome = merge
  }

  func attempt(_ work: AttemptWork, journal: Journal) async throws -> AttemptOutcome {
    log.withLock {
      $0.started.append("\(work.id.achievement)#\(work.id.number)")
      $0.bases[work.id.achievement.text] = work.base
      $0.running += 1
      $0.mostRunning = max($0.mostRunning, $0.running)
    }
    defer { log.withLock { $0.running -= 1 } }
    await Task.yield()
    if let failure = try await outcome(work) { return .failed(failure, result: nil) }
    if let candidate = offer(work) { return .offered(candidate) }
    return .verified(VerifiedResult(commit: "result-\(work.id.achievement)", changed: 1))
  }

  func merge(_ batch: [MergeCandidate], tip: String, journal: Journal) async throws -> [MergeResult] {
    log.withLock {
      $0.merging += 1
      $0.mostMerging = max($0.mostMerging, $0.merging)
      $0.batches.append(batch.count)
    }
    defer { log.withLock { $0.merging -= 1 } }
    await Task.yield()
    var tip = tip
    var results: [MergeResult] = []
    for work in batch.map(\.work) {
      if let failure = mergeOutcome(work) {
        results.append(.failed(failure))
        continue
      }
      tip += "+\(work.id.achievement)"
      try await journal.record(.merged(work.id, commit: tip))
      results.append(.merged(tip: tip))
    }
    return results
  }

  func release(_ work: AttemptWork, to heir: AchievementID?) async {
    log.withLock { $0.released.append("\(work.id.achievement)" + (heir.map { ">\($0)" } ?? "")) }
  }

  var preparesAhead: Bool { true }

  func renew(at tip: String, wanted: Int) async { log.withLock { $0.wanted.append(wanted) } }

  func adapt(_ adaptation: Adaptation) async { log.withLock { $0.adaptations.append(adaptation) } }

  func setAside(_ work: AttemptWork, result: VerifiedResult?, failure: AttemptFailure) async throws -> AttemptFailure {
    failure
  }
}

@Suite struct RunDriverTests {
  /// Runs `plan` to its end; returns how it ended and what was recorded.
  func run(
    _ plan: Plan,
    _ stages: FakeStages,
    _ options: ScheduleOptions = ScheduleOptions(slots: 4),
    controls: AsyncStream<RunControl> = AsyncStream { _ in }
  ) async throws -> (RunOutcome, RunSnapshot) {
    let clock = ManualClock()
    let recorded = Mutex<[RunEvent]>([])
    let journal = Journal(stamp: { (clock.now, clock.wall) }, write: { events in recorded.withLock { $0 += events } })
    var schedule = Schedule(plan: plan, analysis: PlanAnalysis(plan), options: options)
    try await journal.record(schedule.begin())
    let driver = RunDriver(plan: plan, stages: stages, journal: journal, clock: clock, controls: controls)
    let outcome = try await driver.drive(schedule, from: "base")
    try await journal.close()
    return (outcome, RunSnapshot(recorded.withLock { $0 }))
  }

  @Test func runsTheWholePlanAndMergesOneAtATime() async throws {
    let plan = makePlan(["1.1": [], "2.1": ["1.1"], "2.2": ["1.1"], "2.3": ["1.1"], "3.1": ["2.1", "2.2", "2.3"]])
    let stages = FakeStages()
    let (outcome, snapshot) = try await run(plan, stages)
    #expect(outcome == .complete)
    for achievement in plan.achievements { #expect(snapshot[achievement.id].state == .complete) }
    let log = stages.log.withLock { $0 }
    #expect(log.mostMerging == 1)
    #expect(log.started.count == 5)
    #expect(log.bases["1.1"] == "base")
    #expect(log.bases["2.1"] == "base+1.1")
    for part in ["+1.1", "+2.1", "+2.2", "+2.3"] { #expect(log.bases["3.1"]?.contains(part) == true) }
  }

  @Test func neverMoreThanTheSlots() async throws {
    let plan = makePlan(["1.1": [], "1.2": [], "1.3": [], "1.4": [], "1.5": [], "1.6": []])
    let stages = FakeStages()
    _ = try await run(plan, stages, ScheduleOptions(slots: 2))
    #expect(stages.log.withLock { $0.mostRunning } <= 2)
  }

  @Test func failureIsAValueAndBlocksDependents() async throws {
    let plan = makePlan(["1.1": [], "1.2": [], "2.1": ["1.1"], "2.2": ["1.2"]])
    let stages = FakeStages { $0.id.achievement.text == "1.1" ? AttemptFailure(.worker, "exit 3") : nil }
    let (outcome, snapshot) = try await run(plan, stages)
    #expect(outcome == .failed)
    #expect(snapshot[id("1.1")].state == .failed)
    #expect(snapshot[id("1.1")].reason == "exit 3")
    #expect(snapshot[id("2.1")].state == .blocked)
    #expect(snapshot[id("2.1")].blockedBy == id("1.1"))
    #expect(snapshot[id("2.2")].state == .complete)
  }

  @Test func aRetryIsToldWhyTheLastAttemptFailed() async throws {
    let told = Mutex<String?>(nil)
    let stages = FakeStages { work in
      guard work.id.number > 1 else { return AttemptFailure(.worker, "first one fails") }
      told.withLock { $0 = work.previous?.failure.message }
      return nil
    }
    let (outcome, snapshot) = try await run(makePlan(["1.1": []]), stages, ScheduleOptions(slots: 1, retries: 1))
    #expect(outcome == .complete)
    #expect(snapshot[id("1.1")].attempts.count == 2)
    #expect(told.withLock { $0 } == "first one fails")
  }

  @Test func aConflictIsAnOutcomeOfItsOwn() async throws {
    let stages = FakeStages(merge: {
      $0.id.achievement.text == "1.2" ? AttemptFailure(.conflict, "conflicts in a.txt", paths: ["a.txt"]) : nil
    })
    let (outcome, snapshot) = try await run(makePlan(["1.1": [], "1.2": [], "2.1": ["1.2"]]), stages)
    #expect(outcome == .conflict)
    #expect(snapshot[id("1.2")].lastFailure?.paths == ["a.txt"])
    #expect(snapshot[id("2.1")].state == .blocked)
  }

  @Test func drainingLetsRunningWorkersFinish() async throws {
    let (controls, sender) = AsyncStream<RunControl>.makeStream()
    let stages = FakeStages { work in
      if work.id.achievement.text == "1.1" { sender.yield(.drain(reason: "Ctrl-C")) }
      for _ in 0..<1_000 { await Task.yield() }
      return nil
    }
    let plan = makePlan(["1.1": [], "1.2": ["1.1"]])
    let (outcome, snapshot) = try await run(plan, stages, controls: controls)
    #expect(outcome == .stopped)
    #expect(snapshot[id("1.1")].state == .complete)
    #expect(snapshot[id("1.2")].attempts.isEmpty)
    #expect(snapshot.stopReason == "Ctrl-C")
  }

  @Test func stoppingCancelsRunningWorkers() async throws {
    let (controls, sender) = AsyncStream<RunControl>.makeStream()
    let stages = FakeStages { _ in
      sender.yield(.stop(reason: "Ctrl-C twice"))
      let forever = AsyncStream<Void> { _ in }
      for await _ in forever {}
      return AttemptFailure(.stopped, "stopped")
    }
    let (outcome, snapshot) = try await run(makePlan(["1.1": [], "1.2": ["1.1"]]), stages, controls: controls)
    #expect(outcome == .stopped)
    #expect(snapshot[id("1.1")].state == .cancelled)
    #expect(snapshot[id("1.2")].state == .waiting)
  }

  @Test func anErrorOfTheRunStopsEverythingAndIsThrown() async throws {
    let stages = FakeStages { _ in throw EngineError(.storage, "disk", "the disk is full") }
    await #expect(throws: EngineError.self) { try await run(makePlan(["1.1": [], "1.2": []]), stages) }
  }

  @Test func failFastEndsAsFailed() async throws {
    let stages = FakeStages { $0.id.achievement.text == "1.1" ? AttemptFailure(.worker, "no") : nil }
    let plan = makePlan(["1.1": [], "1.2": []])
    let (outcome, snapshot) = try await run(plan, stages, ScheduleOptions(slots: 1, failFast: true))
    #expect(outcome == .failed)
    #expect(snapshot[id("1.2")].attempts.isEmpty)
  }
}

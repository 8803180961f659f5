import Planning
import Recording
import Synchronization
import TestSupport
import Testing

@testable import Engine

/// What is asked of a run while it goes on, and the measures that it takes.
@Suite struct RunControlTests {
  private final class Flag: Sendable {
    private let value = Mutex(false)

    var isSet: Bool {
      get { value.withLock { $0 } }
      set { value.withLock { $0 = newValue } }
    }
  }

  private func run(
    _ plan: Plan,
    _ stages: FakeStages,
    slots: Int = 4,
    _ controls: RunControls = RunControls()
  ) async throws -> (RunOutcome, RunSnapshot) {
    try await RunDriverTests().run(plan, stages, ScheduleOptions(slots: slots), controls: controls.stream)
  }

  private func yieldForAWhile() async { for _ in 0..<2_000 { await Task.yield() } }

  @Test func whilePausedNothingStartsAndWhatRunsFinishes() async throws {
    let controls = RunControls()
    let (startedWhilePaused, isPaused) = (Flag(), Flag())
    let stages = FakeStages { work in
      if isPaused.isSet { startedWhilePaused.isSet = true }
      guard work.id.achievement.text == "1.1" else { return nil }
      controls.send(.pause(reason: "p"))
      controls.send(.pause(reason: "twice is once"))
      await yieldForAWhile()
      isPaused.isSet = true
      Task { [self] in
        await yieldForAWhile()
        isPaused.isSet = false
        controls.send(.proceed)
      }
      return nil
    }
    let (outcome, snapshot) = try await run(makePlan(["1.1": [], "1.2": ["1.1"], "1.3": ["1.1"]]), stages, controls)
    #expect(outcome == .complete)
    #expect(!startedWhilePaused.isSet)
    #expect(snapshot.pauses.count == 1 && snapshot.pauses.first?.until != nil && !snapshot.isPaused)
  }

  @Test func oneThatIsCancelledBlocksItsDependentsAndNobodyElse() async throws {
    let controls = RunControls()
    let stages = FakeStages { work in
      guard work.id.achievement.text == "1.1" else { return nil }
      controls.send(.cancel(id("2.1")))  // not under way: nothing happens
      controls.send(.cancel(id("1.1")))
      // Ends with the task and not before.
      let (never, sender) = AsyncStream<Void>.makeStream()
      for await _ in never {}
      sender.finish()
      return AttemptFailure(.stopped, "its worker was stopped")
    }
    let plan = makePlan(["1.1": [], "1.2": [], "2.1": ["1.1"], "2.2": ["1.2"]])
    let (outcome, snapshot) = try await run(plan, stages, controls)
    #expect(outcome == .stopped)
    #expect(snapshot[id("1.1")].state == .cancelled && snapshot[id("1.1")].lastFailure?.kind == .cancelled)
    #expect(snapshot[id("2.1")].state == .blocked && snapshot[id("2.1")].blockedBy == id("1.1"))
    #expect(snapshot[id("2.2")].state == .complete)
    // A later process does it.
    var schedule = Schedule(plan: plan, analysis: PlanAnalysis(plan), options: ScheduleOptions(slots: 2))
    _ = schedule.resume(snapshot, retryFailed: false)
    #expect(schedule.assign(at: 9).assignments.map(\.attempt.achievement.text) == ["1.1"])
  }

  @Test func resultsThatWaitAreMergedTogether() async throws {
    let plan = makePlan([
      "1.1": [], "1.2": [], "1.3": [], "1.4": [], "1.5": [], "1.6": [], "1.7": [], "1.8": [], "1.9": [],
    ])
    let ids = plan.achievements.map(\.id.text)
    let stages = FakeStages(merge: { $0.id.achievement.text == "1.5" ? AttemptFailure(.conflict, "no") : nil })
    let (outcome, snapshot) = try await run(plan, stages, slots: 9)
    #expect(outcome == .conflict)
    let log = stages.log.withLock { $0 }
    #expect(log.batches.reduce(0, +) == 9 && log.batches.count < 9 && log.mostMerging == 1)
    #expect(ids.filter { snapshot[id($0)].state == .complete }.count == 8)
    #expect(log.released.sorted() == ids)
  }

  @Test func aGateLooksAtOneResultAtATimeUntilTimePresses() throws {
    var defaults = PlanDefaults()
    defaults.gate = VerifyStep(.shell("true"))
    let plan = makePlan(["1.1": [], "1.2": []], defaults: defaults)
    let schedule = Schedule(plan: plan, analysis: PlanAnalysis(plan), options: ScheduleOptions(slots: 2))
    var progress = RunDriver.Progress(plan, schedule, from: "base", .init())
    #expect(!progress.mergesInBatches)
    progress.adapt(.batchedMerges)
    #expect(progress.mergesInBatches)
  }

  @Test func measuresReachScheduleAndStages() async throws {
    let controls = RunControls()
    let stages = FakeStages { work in
      guard work.id.achievement.text == "1.1" else { return nil }
      controls.send(.overBudget(ratio: 0.3))
      controls.send(.adapt(.slots(1), ratio: 0.3))
      controls.send(.adapt(.sharedWorktrees, ratio: 0.25))
      controls.send(.adapt(.spareWorktrees(7), ratio: 0.2))
      await yieldForAWhile()
      return nil
    }
    let plan = makePlan(["1.1": [], "2.1": ["1.1"], "2.2": ["1.1"], "3.1": ["2.1"], "3.2": ["2.2"]])
    let (outcome, snapshot) = try await run(plan, stages, controls)
    #expect(outcome == .complete)
    #expect(snapshot.overBudget == 0.3)
    #expect(snapshot.adaptations.map(\.adaptation) == [.slots(1), .sharedWorktrees, .spareWorktrees(7)])
    let log = stages.log.withLock { $0 }
    #expect(log.mostRunning == 1)
    #expect(log.adaptations.contains(.spareWorktrees(7)))
    // 1.1 has two dependents, so nobody goes on in its worktree; 3.1 does in that of 2.1.
    #expect(log.released == ["1.1", "2.1>3.1", "3.1", "2.2>3.2", "3.2"] || log.released.contains("2.1>3.1"))
    #expect(!log.released.contains { $0.hasPrefix("1.1>") })
  }

  @Test func asManyWorktreesAreWantedAsHaveNotStarted() async throws {
    let stages = FakeStages()
    _ = try await run(makePlan(["1.1": [], "1.2": ["1.1"], "1.3": ["1.2"]]), stages)
    #expect(stages.log.withLock { $0.wanted }.max() == 2)
    #expect(stages.log.withLock { $0.wanted }.min() == 1)
  }

  @Test func theWorkOfAStopperIsCancelledAloneAndAnErrorComesThrough() async throws {
    #expect(try await Stopper().run { 7 } == 7)
    await #expect(throws: EngineError.self) { try await Stopper().run { throw EngineError(.bug, "x", "y") } }
    let stopper = Stopper()
    stopper.stop()
    let wasCancelled = try await stopper.run {
      for _ in 0..<100_000 where !Task.isCancelled { await Task.yield() }
      return Task.isCancelled
    }
    #expect(wasCancelled)
  }
}

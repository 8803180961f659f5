import Planning
import Recording
import Testing

@testable import Reporting

@Suite struct LedgerTests {
  @Test func everyStageGoesToItsRow() {
    var script = EventScript(slots: 1)
    script.ready(0, "1.1")
    script.done("1.1", slot: 0, [0.5, 2.5, 3, 13, 14, 17, 18, 18.25])
    script.at(20, .runEnded(.complete))
    let ledger = Ledger(script.snapshot)
    #expect(ledger[.schedule] == 0.5)
    #expect(ledger[.prepare] == 2)
    #expect(ledger[.launch] == 0.5)
    #expect(ledger[.work] == 10)
    #expect(ledger[.collect] == 1)
    #expect(ledger[.verify] == 3)
    #expect(ledger[.merge] == 1.25)
    #expect(ledger[.dependencies] == 1.75)
    #expect(ledger[.rework] == 0)
    #expect(ledger.total == 20)
    #expect(ledger.wall == 20)
    #expect(ledger.isClosed)
    #expect(ledger.overhead == 5.25)
    #expect(abs(ledger.overheadRatio - 5.25 / 18.25) < 1e-12)
  }

  @Test func failedAttemptsAreReworkAndTheirBackOffIsAResource() {
    var script = EventScript(slots: 2)
    script.ready(0, "1.1")
    script.failed("1.1", slot: 0, [0, 1, 1, 5, 5.5, 6])
    script.at(5.5, .retryScheduled(id("1.1"), notBefore: 8))
    script.done("1.1", attempt: 2, slot: 0, [9, 9, 9, 12, 12, 12, 12, 12])
    script.at(12, .runEnded(.complete))
    let ledger = Ledger(script.snapshot)
    #expect(ledger[.prepare] == 1)
    #expect(ledger[.rework] == 4)
    #expect(ledger[.collect] == 1)
    #expect(ledger[.work] == 3)
    // Back-off from 5.5 to 8 with at least one slot free; ready from 8 to 9.
    #expect(ledger[.resources] == 2.5)
    #expect(ledger[.schedule] == 1)
    #expect(ledger[.dependencies] == 24 - 1 - 4 - 1 - 3 - 2.5 - 1)
    #expect(ledger.isClosed)
  }

  @Test func aHeldAchievementCostsNoSchedulingTime() {
    var script = EventScript(slots: 1)
    script.ready(0, "1.1")
    script.at(1, .held(id("1.1"), reason: "pool db is taken"))
    script.done("1.1", slot: 0, [5, 5, 5, 6, 6, 6, 6, 6])
    script.at(6, .runEnded(.complete))
    let ledger = Ledger(script.snapshot)
    #expect(ledger[.schedule] == 1)
    #expect(ledger[.resources] == 4)
    #expect(ledger[.work] == 1)
    #expect(ledger.isClosed)
  }

  @Test func aHoldEndsWhenTheAchievementIsReadyAgain() {
    var script = EventScript(slots: 1)
    script.ready(0, "1.1")
    script.at(0, .held(id("1.1"), reason: "pool db is taken"))
    script.ready(3, "1.1")
    script.done("1.1", slot: 0, [5, 5, 5, 6, 6, 6, 6, 6])
    script.at(6, .runEnded(.complete))
    let ledger = Ledger(script.snapshot)
    #expect(ledger[.resources] == 3)
    #expect(ledger[.schedule] == 2)
  }

  @Test func noMoreSlotsAreLostThanAchievementsCouldStart() {
    var script = EventScript(slots: 4)
    script.ready(0, "1.1")
    script.ready(0, "1.2")
    script.at(0, .held(id("1.2"), reason: "footprint of 1.1"))
    script.at(10, .runEnded(.stopped))
    let ledger = Ledger(script.snapshot)
    #expect(ledger[.schedule] == 10)
    #expect(ledger[.resources] == 10)
    #expect(ledger[.dependencies] == 20)
  }

  @Test func aStoppingRunStartsNothingAndLosesNothingToScheduling() {
    var script = EventScript(slots: 1)
    script.ready(0, "1.1")
    script.at(2, .stopRequested(reason: "interrupted"))
    script.at(4, .runEnded(.stopped))
    script.at(100, .runResumed(pid: 8))
    script.done("1.1", slot: 0, [101, 101, 101, 110, 110, 110, 110, 110])
    script.at(110, .runEnded(.complete))
    let ledger = Ledger(script.snapshot)
    #expect(ledger[.schedule] == 3)
    #expect(ledger[.resources] == 2)
    #expect(ledger[.down] == 96)
    #expect(ledger[.work] == 9)
    #expect(ledger.isClosed)
  }

  @Test func aWorkerThatOutlivesItsDriverWorksOnAndTheRestIsDown() {
    var script = EventScript(slots: 2)
    script.ready(0, "1.1")
    script.at(10, .attemptStarted(AttemptID(id("1.1"), 1), slot: 0, base: "b"))
    script.at(11, .worktreeReady(AttemptID(id("1.1"), 1), path: "p"))
    script.at(12, .workerStarted(AttemptID(id("1.1"), 1), pid: 9))
    script.at(50, .runResumed(pid: 8))
    script.at(60, .workerEnded(AttemptID(id("1.1"), 1), WorkerEnd(status: .exited(0))))
    script.at(62, .runEnded(.complete))
    let ledger = Ledger(script.snapshot)
    #expect(ledger[.rework] == 48)
    #expect(ledger[.down] == 38)
    #expect(ledger[.prepare] == 1)
    #expect(ledger.isClosed)
  }

  @Test func aWorkerThatEndedWithoutADriverWorkedUntilThen() {
    var script = EventScript(slots: 1)
    script.ready(0, "1.1")
    let attempt = AttemptID(id("1.1"), 1)
    script.at(0, .attemptStarted(attempt, slot: 0, base: "b"))
    script.at(0, .worktreeReady(attempt, path: "p"))
    script.at(0, .workerStarted(attempt, pid: 9))
    script.at(50, .runResumed(pid: 8))
    let usage = WorkerEnd.Usage(wall: 20, userCPU: 1, systemCPU: 1, peakMemory: 1)
    script.at(51, .workerEnded(attempt, WorkerEnd(status: .exited(0), usage: usage)))
    script.at(60, .resultCommitted(attempt, commit: "c", changed: 1))
    script.at(60, .verified(attempt, VerifyResult(steps: [])))
    script.at(60, .merged(attempt, commit: "m"))
    script.at(60, .slotFreed(attempt, slot: 0))
    script.at(60, .runEnded(.complete))
    let ledger = Ledger(script.snapshot)
    #expect(ledger[.work] == 20)
    #expect(ledger[.down] == 30)
    #expect(ledger[.collect] == 10)
    #expect(ledger.isClosed)
  }

  @Test func timeWithoutADriverIsDownAndALostAttemptIsRework() {
    var script = EventScript(slots: 1)
    script.ready(0, "1.1")
    script.failed("1.1", slot: 0, [0, 0, 0], nil)
    script.at(50, .runResumed(pid: 8))
    script.at(50, .attemptFailed(AttemptID(id("1.1"), 1), AttemptFailure(.lost, "its driver died")))
    script.at(50, .retryScheduled(id("1.1"), notBefore: 50))
    script.done("1.1", attempt: 2, slot: 0, [50, 50, 50, 60, 60, 60, 60, 60])
    script.at(60, .runEnded(.complete))
    let snapshot = script.snapshot
    let ledger = Ledger(snapshot)
    #expect(snapshot.pauses.map(\.from) == [0])
    #expect(snapshot.pauses.map(\.until) == [50])
    #expect(ledger[.rework] == 0)
    #expect(ledger[.down] == 50)
    #expect(ledger[.work] == 10)
    #expect(ledger.isClosed)
  }

  @Test func aRunningAttemptCountsUpToTheMomentAskedFor() {
    var script = EventScript(slots: 2)
    script.ready(0, "1.1")
    script.failed("1.1", slot: 1, [0, 1, 2])
    let snapshot = script.snapshot
    #expect(Ledger(snapshot, until: 10)[.work] == 8)
    #expect(Ledger(snapshot, until: 10).total == 20)
    // Never before the last event.
    #expect(Ledger(snapshot, until: 1).wall == 2)
    #expect(Ledger(snapshot)[.work] == 0)
  }

  @Test func anEndedRunTakesNoNotionOfNow() {
    var script = EventScript(slots: 1)
    script.at(4, .runEnded(.complete))
    #expect(Ledger(script.snapshot, until: 99).wall == 4)
  }

  @Test func aJoinHasNoWorkerAndItsChecksCount() {
    var script = EventScript(slots: 1)
    script.ready(0, "1.1")
    let attempt = AttemptID(id("1.1"), 1)
    script.at(0, .attemptStarted(attempt, slot: 0, base: "b"))
    script.at(1, .worktreeReady(attempt, path: "/w"))
    script.at(4, .verified(attempt, VerifyResult(steps: [])))
    script.at(5, .merged(attempt, commit: "m"))
    script.at(5, .slotFreed(attempt, slot: 0))
    script.at(5, .runEnded(.complete))
    let ledger = Ledger(script.snapshot)
    #expect(ledger[.prepare] == 1)
    #expect(ledger[.verify] == 3)
    #expect(ledger[.merge] == 1)
    #expect(ledger[.launch] == 0)
  }

  @Test func aSlotGivenTwiceIsFoundAndNotHidden() {
    var script = EventScript(slots: 2)
    script.done("1.1", slot: 0, [0, 0, 0, 10, 10, 10, 10, 10])
    script.done("1.2", slot: 0, [4, 4, 4, 6, 6, 6, 6, 6])
    script.at(10, .runEnded(.complete))
    let ledger = Ledger(script.snapshot)
    #expect(!ledger.isClosed)
    #expect(ledger.inconsistencies.count == 2)
    #expect(ledger.inconsistencies[0].contains("slot 1 was given to 1.2 (attempt 1) at 4.000 s"))
    #expect(ledger.inconsistencies[1].contains("add up to 22.000 s"))
  }

  @Test func stampsOutOfOrderAndUnknownSlotsAreFound() {
    var script = EventScript(slots: 1)
    let attempt = AttemptID(id("1.1"), 1)
    script.at(5, .attemptStarted(attempt, slot: 3, base: "b"))
    script.at(4, .worktreeReady(attempt, path: "/w"))
    script.at(6, .runEnded(.failed))
    let ledger = Ledger(RunSnapshot(script.events))
    #expect(ledger.inconsistencies.contains("1.1 (attempt 1) ran in slot 4, but there are 1"))
    #expect(ledger.inconsistencies.contains("the stamps of 1.1 (attempt 1) are not in order"))
  }

  @Test func nothingRecordedIsNothingCounted() {
    let ledger = Ledger(RunSnapshot())
    #expect(ledger.total == 0)
    #expect(ledger.overheadRatio == 0)
    #expect(ledger.isClosed)
  }

  @Test(arguments: 0..<60)
  func agreesWithBooksKeptTickByTick(seed: Int) {
    let run = SimulatedRun(seed: UInt64(seed), count: 5 + seed % 30, slots: 1 + seed % 7)
    let ledger = Ledger(RunSnapshot(run.script.events))
    #expect(ledger.isClosed, "\(ledger.inconsistencies)")
    #expect(abs(ledger.total - ledger.expected) <= 1e-6 * ledger.expected)
    for row in Ledger.Row.allCases {
      #expect(abs(ledger[row] - (run.books[row] ?? 0)) < 1e-6, "\(row.rawValue), seed \(seed)")
    }
  }

  @Test(arguments: 0..<20)
  func closesAtEveryMomentOfARun(seed: Int) {
    let run = SimulatedRun(seed: UInt64(seed), count: 20, slots: 3)
    var snapshot = RunSnapshot()
    for event in run.script.events {
      snapshot.apply(event)
      let ledger = Ledger(snapshot, until: event.time + 0.1)
      #expect(ledger.isClosed, "\(ledger.inconsistencies)")
    }
  }

  /// A slot that a measure keeps free is not Plait's delay: what waits for it is held.
  @Test func slotsThatAreKeptFreeHoldWhatIsReady() {
    var script = EventScript(slots: 2)
    for name in ["1.1", "1.2", "1.3"] { script.ready(0, name) }
    script.at(0, .adapted(.slots(1), ratio: 0.5))
    script.done("1.1", slot: 0, [0, 0, 0, 2, 2, 2, 2, 2])
    script.done("1.2", slot: 0, [2, 2, 2, 4, 4, 4, 4, 4])
    script.at(4, .adapted(.slots(2), ratio: 0.1))
    script.done("1.3", slot: 0, [4, 4, 4, 6, 6, 6, 6, 6])
    script.at(6, .runEnded(.complete))
    let ledger = Ledger(script.snapshot)
    #expect(ledger.isClosed)
    #expect(ledger[.schedule] == 0 && ledger[.resources] == 4 && ledger[.dependencies] == 2 && ledger[.work] == 6)
  }

  @Test func whatIsReadyWhileSomebodyHoldsTheRunIsHeld() {
    var script = EventScript(slots: 1)
    script.ready(0, "1.1")
    script.at(0, .paused(reason: "by hand"))
    script.at(3, .unpaused)
    script.done("1.1", slot: 0, [3, 3, 3, 5, 5, 5, 5, 5])
    script.at(5, .runEnded(.complete))
    let ledger = Ledger(script.snapshot)
    #expect(ledger.isClosed && ledger[.resources] == 3 && ledger[.work] == 2 && ledger[.schedule] == 0)
  }
}

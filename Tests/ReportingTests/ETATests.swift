import Planning
import Recording
import Testing

@testable import Reporting

@Suite struct ETATests {
  private let plan = makePlan([
    ("1.1", "", 2, []), ("1.2", "", 4, ["1.1"]), ("1.3", "", 2, ["1.2"]), ("2.1", "", 2, []),
  ])

  @Test func nothingCompleteIsNothingKnown() {
    #expect(ETA(plan: plan).remainingSeconds(EventScript(slots: 2).snapshot, now: 5) == nil)
  }

  @Test func theChainLeftCountsAtTheSpeedMeasured() {
    var script = EventScript(slots: 2)
    script.done("1.1", slot: 0, [0, 0, 0, 10, 10, 10, 10, 10])
    // 5 s an hour: 1.2 takes 20 and has run for 4, then 10 for 1.3; 2.1 fits beside it.
    script.failed("1.2", slot: 0, [10, 10, 10])
    #expect(ETA(plan: plan).remainingSeconds(script.snapshot, now: 14) == 26)
  }

  @Test func fewSlotsMakeItLonger() {
    var script = EventScript(slots: 1)
    script.done("1.1", slot: 0, [0, 0, 0, 10, 10, 10, 10, 10])
    #expect(ETA(plan: plan).remainingSeconds(script.snapshot, now: 10) == 40)
  }

  @Test func whatWillNotRunTakesNoTime() {
    var script = EventScript(slots: 1)
    script.done("1.1", slot: 0, [0, 0, 0, 10, 10, 10, 10, 10])
    script.at(10, .cancelled(id("1.2"), reason: "stop"))
    script.at(10, .blocked(id("1.3"), by: id("1.2"), reason: "stop"))
    #expect(ETA(plan: plan).remainingSeconds(script.snapshot, now: 10) == 10)
  }

  @Test func whatWasLearnedIsUsedBeforeEstimates() {
    let learned = [id("1.1"): 7.0, id("1.2"): 8, id("1.3"): 9, id("2.1"): 1]
    let eta = ETA(plan: plan, learned: learned)
    #expect(eta.remainingSeconds(EventScript(slots: 2).snapshot, now: 5) == 24)
    var script = EventScript(slots: 2)
    script.done("1.1", slot: 0, [0, 0, 0, 10, 10, 10, 10, 10])
    #expect(eta.remainingSeconds(script.snapshot, now: 10) == 17)
    #expect(ETA(plan: plan, learned: [id("1.1"): 7]).remainingSeconds(EventScript(slots: 2).snapshot, now: 5) == nil)
  }

  @Test func theIntervalComesFromTheMiddleHalf() throws {
    let plan = makePlan((1...6).map { ("1.\($0)", "", 1, []) })
    var script = EventScript(slots: 1)
    let ends = [0.0, 8, 18, 28, 42]
    for index in 1...3 {
      script.done("1.\(index)", slot: 0, [ends[index - 1]] + Array(repeating: ends[index], count: 7))
    }
    let few = try #require(ETA(plan: plan).remaining(script.snapshot, now: 28))
    #expect(few.low == nil && few.high == nil)
    script.done("1.4", slot: 0, [28] + Array(repeating: 42, count: 7))
    // 8, 10, 10 and 14 s for an hour each: 10.5 s on average.
    let left = try #require(ETA(plan: plan).remaining(script.snapshot, now: 42))
    #expect(left.seconds == 21 && left.low == 20 && left.high == 28)
  }

  @Test func oneThatRunsLongerThanExpectedIsNeverNegative() {
    var script = EventScript(slots: 1)
    script.done("2.1", slot: 0, [0, 0, 0, 1, 1, 1, 1, 1])
    script.failed("1.1", slot: 0, [1, 1, 1])
    #expect(ETA(plan: plan).remainingSeconds(script.snapshot, now: 1000) == 3)
  }
}

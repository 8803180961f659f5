import Planning
import Recording
import Testing

@testable import Reporting

@Suite struct PlainProgressTests {
  @Test func oneLinePerChange() {
    let plan = makePlan([("1.1", "First\u{1B}[1m", 1, []), ("1.2", "Second", 1, ["1.1"]), ("1.3", "Third", 1, [])])
    var script = EventScript(slots: 2)
    script.at(0, .settled(id("1.3"), as: .complete, reason: "in the plan folder"))
    script.ready(0, "1.1")
    script.at(1, .held(id("1.1"), reason: "pool db is taken"))
    script.failed("1.1", slot: 1, [2, 3, 4, 9, 10, 10])
    script.at(10, .retryScheduled(id("1.1"), notBefore: 15))
    script.done("1.1", attempt: 2, slot: 0, [15, 15, 15, 20, 20, 21, 22, 22], changed: 2)
    script.at(23, .budgetExceeded(ratio: 0.21, budget: 0.1))
    script.at(24, .blocked(id("1.2"), by: id("1.1"), reason: "1.1 failed"))
    script.at(25, .cancelled(id("1.2"), reason: ""))
    script.at(26, .stopRequested(reason: "SIGINT"))
    script.at(27, .runEnded(.stopped))
    script.at(28, .runResumed(pid: 3))
    var progress = PlainProgress(plan: plan, utcOffset: 3600)
    #expect(
      script.inOrder.compactMap { progress.line(for: $0) } == [
        "04:04:05  run r1 started: Sample, 3 achievements, 2 slots",
        "04:04:05  1.3 was complete before: in the plan folder Third",
        "04:04:06  1.1 waits: pool db is taken",
        "04:04:09  1.1 started (slot 1) First\\e[1m",
        "04:04:15  1.1 failed: exit 3",
        "04:04:15  1.1 will be tried again (attempt 2) in 5.0 s",
        "04:04:20  1.1 started (slot 0, attempt 2) First\\e[1m",
        "04:04:27  1.1 complete (7.0 s, 2 paths changed) [2/3]",
        "04:04:28  overhead is 21.0 %, over the budget of 10.0 %",
        "04:04:29  1.2 blocked by 1.1: 1.1 failed",
        "04:04:30  1.2 cancelled",
        "04:04:31  stopping: SIGINT: workers finish, nothing new starts",
        "04:04:32  run r1 stopped before its end after 27.0 s",
        "04:04:33  run r1 resumed",
      ]
    )
  }

  @Test func redChecksConflictsAndSkipsAreNamed() {
    var script = EventScript(slots: 1)
    let attempt = AttemptID(id("1.1"), 2)
    script.at(0, .settled(id("1.2"), as: .skipped, reason: "skipped"))
    script.at(0, .settled(id("1.3"), as: .notSelected, reason: ""))
    script.at(0, .attemptStarted(attempt, slot: 0, base: "b"))
    let red = VerifyResult(steps: [
      .init(summary: "lint", failure: nil, seconds: 1), .init(summary: "make test", failure: "exit 2", seconds: 1),
    ])
    script.at(1, .verified(attempt, red))
    script.at(2, .attemptFailed(attempt, AttemptFailure(.conflict, "a.swift")))
    script.at(3, .attemptFailed(attempt, AttemptFailure(.stopped, "the run was stopped")))
    var progress = PlainProgress(plan: makePlan([]))
    let lines = script.inOrder.compactMap { progress.line(for: $0)?.dropFirst(10) }
    #expect(
      lines == [
        "run r1 started: Sample, 0 achievements, 1 slot", "1.2 skipped: skipped", "1.3 not selected",
        "1.1 is red: make test: exit 2", "1.1 conflict (attempt 2): a.swift",
        "1.1 was stopped (attempt 2): the run was stopped",
      ]
    )
  }
}

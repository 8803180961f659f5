import Foundation
import Planning
import Recording
import Testing

@testable import Reporting

@Suite struct StatusTests {
  private let plan = makePlan([
    ("1.1", "Done", 1, []), ("1.2", "Runs", 1, []), ("1.3", "Fails", 1, []), ("2.1", "Waits", 1, ["1.1", "1.2"]),
    ("2.2", "Behind", 1, ["1.3"]), ("2.3", "Far behind", 1, ["2.2"]), ("3.1", "Held", 1, []),
    ("3.2", "Backs off", 1, []),
    ("3.3", "Skipped", 1, []), ("3.4", "Free", 1, []), ("3.5", "Stopped", 1, []), ("3.6", "Unasked", 1, ["1.1"]),
  ])

  private var script: EventScript {
    var script = EventScript(slots: 3)
    script.at(0, .settled(id("3.3"), as: .skipped, reason: "skipped in the plan folder"))
    script.done("1.1", slot: 0, [0, 0, 0, 10, 10, 10, 10, 10])
    script.failed("1.2", slot: 1, [10, 11, 12])
    let conflict = AttemptFailure(
      .conflict,
      "doesn't merge",
      paths: ["a", "b", "c", "d", "e"],
      keptRef: "refs/plait/r1/1.3/1"
    )
    script.failed("1.3", slot: 2, [0, 0, 0, 5, 6, 6], conflict)
    script.at(6, .blocked(id("2.2"), by: id("1.3"), reason: "1.3 failed"))
    script.at(6, .blocked(id("2.3"), by: id("2.2"), reason: "2.2 is blocked"))
    script.ready(0, "3.1")
    script.at(1, .held(id("3.1"), reason: "pool db is taken"))
    script.ready(0, "3.2")
    script.failed("3.2", slot: 2, [7, 7, 7, 8, 8, 9])
    script.at(9, .retryScheduled(id("3.2"), notBefore: 42))
    script.ready(0, "3.4")
    script.at(12, .cancelled(id("3.5"), reason: "by the user"))
    return script
  }

  private var status: StatusReport { StatusReport(plan: plan, snapshot: script.snapshot, now: 30, isDriven: true) }

  private func reason(_ name: String) -> String? { status.achievements.first { $0.id == name }?.reason }

  @Test func everyReasonIsGiven() {
    #expect(reason("1.1") == nil)
    #expect(reason("1.2") == nil)
    #expect(reason("1.3") == "doesn't merge (a, b, c, … 2 more)")
    #expect(reason("2.1") == "waits for 1.2 (running)")
    #expect(reason("2.2") == "blocked by 1.3, which failed: doesn't merge (a, b, c, … 2 more)")
    #expect(reason("2.3") == "blocked by 1.3 (through 2.2), which failed: doesn't merge (a, b, c, … 2 more)")
    #expect(reason("3.1") == "held: pool db is taken")
    #expect(reason("3.2") == "next attempt in 12.0 s; the last one: exit 3")
    #expect(reason("3.3") == "skipped in the plan folder")
    #expect(reason("3.4") == "waits for a free slot")
    #expect(reason("3.5") == "by the user")
    #expect(reason("3.6") == "all it depends on is complete; about to be ready")
  }

  @Test func elapsedAndSlotsAreThoseOfTheMoment() {
    let entries = [String: StatusReport.Entry](uniqueKeysWithValues: status.achievements.map { ($0.id, $0) })
    #expect(entries["1.2"]?.elapsedSeconds == 20)
    #expect(entries["1.2"]?.slot == 1)
    #expect(entries["1.1"]?.elapsedSeconds == 10)
    #expect(entries["1.1"]?.slot == nil)
    #expect(entries["2.1"]?.elapsedSeconds == nil)
    #expect(entries["2.1"]?.waitsFor == ["1.2"])
    #expect(entries["2.3"]?.blockedBy == "1.3")
    #expect(status.elapsedSeconds == 30)
    #expect(status.remainingSeconds != nil)
    #expect(StatusReport(plan: plan, snapshot: script.snapshot, now: 30, isDriven: false).remainingSeconds == nil)
  }

  @Test func textGroupsWhatNeedsAttentionFirst() throws {
    let text = StatusText.render(status)
    let titles = [
      "Failed (1)", "At work (1)", "Ready (3)", "Waiting (2)", "Blocked (2)", "Cancelled (1)", "Skipped (1)",
      "Complete (1)",
    ]
    let places = try titles.map { try #require(text.range(of: $0)?.lowerBound, "\($0)") }
    #expect(places == places.sorted())
    #expect(text.contains("1.2    working    slot 2  20.0 s  Runs"))
    #expect(StatusText.render(status, limit: 1).contains("… 2 more; all of them with --json"))
    let empty = StatusReport(plan: makePlan([]), snapshot: RunSnapshot(), now: 0, isDriven: false)
    #expect(StatusText.render(empty).contains("The plan has no achievements."))
  }

  @Test func doesNotPretendThatARunWhichIsOverGoesOn() {
    var script = EventScript(slots: 1)
    script.at(1, .ready(id("1.1")))
    script.at(1, .ready(id("1.2")))
    script.at(1, .attemptStarted(AttemptID(id("1.1"), 1), slot: 0, base: "base0"))
    let interrupted = StatusReport(plan: plan, snapshot: script.snapshot, now: 30, isDriven: false)
    #expect(StatusText.render(interrupted).contains("Was at work (1)"))
    #expect(StatusText.render(interrupted).contains("waits for a free slot"))
    script.at(2, .runEnded(.stopped))
    let stopped = StatusReport(plan: plan, snapshot: script.snapshot, now: 30, isDriven: false)
    #expect(StatusText.render(stopped).contains("was not started before the run ended"))
    #expect(!StatusText.render(stopped).contains("waits for a free slot"))
  }

  @Test func jsonReadsBackTheSame() throws {
    let text = try JSONText.render(status)
    #expect(text.contains("plait.status/1"))
    #expect(try JSONText.parse(StatusReport.self, from: text) == status)
  }

  @Test func explainsTheWholeStory() throws {
    let text = try #require(ExplainText.render(id("1.3"), plan: plan, snapshot: script.snapshot, now: 30))
    for part in [
      "1.3  Fails", "failed: doesn't merge", "Needed by 2.2", "handed to slot 3 on base base0", "worker ended: exit 3",
      "conflict: doesn't merge", "plait logs r1 1.3", "git show refs/plait/r1/1.3/1", "plait resume r1", "    e",
    ] { #expect(text.contains(part), "\(part)") }
    let blocked = try #require(ExplainText.render(id("2.3"), plan: plan, snapshot: script.snapshot, now: 30))
    #expect(blocked.contains("  blocked by 1.3 (through 2.2), which failed"))
    #expect(blocked.contains("plait explain r1 1.3"))
    let held = try #require(ExplainText.render(id("3.1"), plan: plan, snapshot: script.snapshot, now: 30))
    #expect(held.contains("+1.0 s  held: pool db is taken"))
    let retry = try #require(ExplainText.render(id("3.2"), plan: plan, snapshot: script.snapshot, now: 30))
    #expect(retry.contains("waits before its next attempt (until +42.0 s)"))
    let skipped = try #require(ExplainText.render(id("3.3"), plan: plan, snapshot: script.snapshot, now: 30))
    #expect(skipped.contains("skipped: skipped in the plan folder"))
    #expect(ExplainText.render(id("9.9"), plan: plan, snapshot: script.snapshot, now: 30) == nil)
  }

  @Test func explainsChecksStraysAndCutOutput() throws {
    var script = EventScript(slots: 1)
    let attempt = AttemptID(id("1.1"), 1)
    script.at(0, .attemptStarted(attempt, slot: 0, base: "b"))
    script.at(0, .workerStarted(attempt, pid: 1))
    script.at(1, .workerEnded(attempt, WorkerEnd(status: .signalled(9), outputWasCut: true, strays: 2)))
    script.at(2, .resultCommitted(attempt, commit: "abc", changed: 0))
    let steps = [
      VerifyResult.Step(summary: "make lint", failure: nil, seconds: 1),
      VerifyResult.Step(summary: "make test", failure: "exit 2", seconds: 3),
    ]
    script.at(6, .verified(attempt, VerifyResult(steps: steps)))
    script.at(6, .attemptFailed(attempt, AttemptFailure(.verify, "make test: exit 2")))
    let text = try #require(ExplainText.render(id("1.1"), plan: makePlan([]), snapshot: script.snapshot, now: 9))
    for part in [
      "(no longer in the plan)", "worker ended: signal 9", "checks are red", "✓ make lint  1.0 s", "✗ make test  3.0 s",
      "    exit 2", "its output was longer than what is kept", "2 processes left behind", "git show abc",
    ] { #expect(text.contains(part), "\(part)") }
  }

  @Test func blocksThatGoRoundEndSomewhere() {
    var script = EventScript(slots: 1)
    script.at(0, .blocked(id("1.1"), by: id("1.2"), reason: ""))
    script.at(0, .blocked(id("1.2"), by: id("1.1"), reason: ""))
    let reason = Reason(plan: plan, snapshot: script.snapshot, now: 0)
    #expect(reason.text(id("1.1"))?.hasPrefix("blocked by") == true)
  }

  @Test func runsAreListed() throws {
    #expect(RunsText.render([]).hasPrefix("No runs yet."))
    let summary = RunSummary(script.snapshot, isDriven: true, until: 20)
    #expect(summary.savedSeconds == -10)
    #expect(summary.wallSeconds == 20)
    #expect(summary.counts["complete"] == 1)
    let fresh = RunSummary(
      run: "20260102-abcd",
      plan: "Other",
      startedWall: 0,
      state: .complete,
      counts: ["complete": 3],
      wallSeconds: 60,
      savedSeconds: nil
    )
    let lines = RunsText.render([summary, fresh], utcOffset: 3600).split(separator: "\n")
    #expect(lines[1].contains("2026-01-02 04:04  running"))
    #expect(lines[2].hasPrefix("20260102-abcd  1970-01-01 01:00  complete"))
    #expect(lines[2].hasSuffix("3/3  1 m 00 s        –  Other"))
    let list = RunList([summary, fresh])
    #expect(try JSONText.parse(RunList.self, from: JSONText.render(list)) == list)
    #expect(list.schema == "plait.runs/1")
  }
}

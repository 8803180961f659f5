import Planning
import Recording
import Testing

@testable import Reporting

@Suite struct BudgetWatchTests {
  /// A run in which each attempt takes a slot for `prepare` + 1 s of work + `merge` seconds, one after another in each slot.
  private struct Script {
    var script: EventScript
    var count = 0
    var slotTimes: [Double]

    init(slots: Int) {
      script = EventScript(slots: slots)
      slotTimes = [Double](repeating: 0, count: slots)
    }

    var now: Double { slotTimes.max() ?? 0 }

    mutating func attempts(_ number: Int, slots: Int, prepare: Double = 0.01, merge: Double = 0.01) {
      let start = now
      for slot in slotTimes.indices { slotTimes[slot] = start }
      for place in 0..<number {
        let slot = place % slots
        let time = slotTimes[slot]
        count += 1
        let name = "1.\(count)"
        script.ready(time, name)
        let (worktree, end) = (time + prepare, time + prepare + 1)
        script.done(name, slot: slot, [time, worktree, worktree, end, end, end, end + merge, end + merge])
        slotTimes[slot] = end + merge
      }
    }

    mutating func look(_ watch: inout BudgetWatch) -> [BudgetWatch.Finding] {
      watch.look(at: script.snapshot, now: now)
    }
  }

  private func watch(_ policy: OverBudgetPolicy, hasGate: Bool = false, slots: Int = 4) -> BudgetWatch {
    BudgetWatch(policy: policy, budget: 0.10, slots: slots, hasGate: hasGate)
  }

  @Test func saysItOnce() {
    var run = Script(slots: 4)
    var watch = watch(.warn)
    run.attempts(3, slots: 4, prepare: 0.5)
    #expect(run.look(&watch).isEmpty)  // too early to tell
    run.attempts(4, slots: 4, prepare: 0.5)
    let findings = run.look(&watch)
    guard case .overBudget(let ratio)? = findings.first else {
      Issue.record("nothing was said")
      return
    }
    #expect(findings.count == 1 && ratio > 0.3 && ratio < 0.35)
    run.attempts(8, slots: 4, prepare: 0.5)
    #expect(run.look(&watch).isEmpty)
  }

  @Test func isSilentWithinTheBudget() {
    var run = Script(slots: 4)
    var watch = watch(.adapt)
    run.attempts(20, slots: 4, prepare: 0.05)
    #expect(run.look(&watch).isEmpty)
  }

  @Test func stopsWhenAskedTo() {
    var run = Script(slots: 4)
    var watch = watch(.stop)
    run.attempts(8, slots: 4, prepare: 0.5)
    let findings = run.look(&watch)
    guard findings.count == 2, case .stop(let ratio) = findings[1] else {
      Issue.record("the run goes on")
      return
    }
    #expect(ratio > 0.3)
  }

  @Test func changesWhatCostsMostOneThingAtATime() {
    var run = Script(slots: 4)
    var watch = watch(.adapt, hasGate: true)
    run.attempts(8, slots: 4, prepare: 0.5)
    #expect(measures(run.look(&watch)) == [.spareWorktrees(4)])
    #expect(run.look(&watch).isEmpty)  // nothing has ended since
    run.attempts(8, slots: 4, prepare: 0.4)
    #expect(measures(run.look(&watch)) == [.sharedWorktrees])
    run.attempts(8, slots: 4, prepare: 0.1, merge: 0.5)
    #expect(measures(run.look(&watch)) == [.batchedMerges])
    // Now it is within the budget, and stays as it is.
    run.attempts(8, slots: 4, prepare: 0.01)
    #expect(run.look(&watch).isEmpty)
  }

  @Test func fewerSlotsStayOnlyWhenTheRunIsNoSlower() {
    var run = Script(slots: 4)
    var watch = watch(.adapt)
    run.attempts(8, slots: 4, merge: 0.5)
    #expect(measures(run.look(&watch)) == [.spareWorktrees(4)])  // of what is left to try, against the next row
    run.attempts(8, slots: 4, merge: 0.5)
    #expect(measures(run.look(&watch)) == [.sharedWorktrees])
    run.attempts(8, slots: 4, merge: 0.5)
    #expect(measures(run.look(&watch)) == [.slots(2)])
    run.attempts(8, slots: 2, merge: 0.5)
    #expect(measures(run.look(&watch)) == [.slots(4)])  // half the pace: taken back
    run.attempts(8, slots: 4, merge: 0.5)
    #expect(run.look(&watch).isEmpty)
  }

  @Test func fewerSlotsStayWhenTheyCostNothing() {
    var run = Script(slots: 4)
    var watch = BudgetWatch(
      policy: .adapt,
      budget: 0.10,
      slots: 4,
      hasGate: false,
      taken: [.spareWorktrees(4), .sharedWorktrees]
    )
    run.attempts(8, slots: 4, merge: 2)
    #expect(measures(run.look(&watch)) == [.slots(2)])
    run.attempts(8, slots: 2, merge: 0.2)
    #expect(measures(run.look(&watch)) == [.slots(1)])  // better, and still over the budget
  }

  private func measures(_ findings: [BudgetWatch.Finding]) -> [Adaptation] {
    findings.compactMap { if case .adapt(let measure, _) = $0 { measure } else { nil } }
  }

  @Test func theReportSaysByHowMuchItHelped() throws {
    var run = Script(slots: 2)
    run.attempts(4, slots: 2, prepare: 0.5)
    run.script.at(run.now, .adapted(.spareWorktrees(2), ratio: 0.34))
    let then = run.now
    run.attempts(4, slots: 2, prepare: 0.1)
    run.script.at(run.now, .runEnded(.complete))
    let plan = makePlan((1...8).map { ("1.\($0)", "T", nil, []) })
    let report = RunReport(plan: plan, snapshot: run.script.snapshot)
    let measure = try #require(report.measures.first)
    #expect(report.measures.count == 1 && measure.kind == "spare_worktrees" && measure.count == 2)
    #expect(abs(measure.atSeconds - then) < 1e-9 && measure.ratio == 0.34)
    #expect(abs((measure.secondsBefore ?? 0) - 0.51) < 1e-9 && abs((measure.secondsAfter ?? 0) - 0.11) < 1e-9)
    #expect(report.inconsistencies.isEmpty)
    let words = ReportWords.remarks(report).joined(separator: "\n")
    #expect(words.contains("keeps 2 worktrees ready") && words.contains("0.5 s before, 0.1 s after"))
  }

  @Test func everyMeasureHasItsWords() {
    for measure in [Adaptation.spareWorktrees(1), .sharedWorktrees, .batchedMerges, .slots(3)] {
      var script = EventScript(slots: 4)
      script.at(1, .adapted(measure, ratio: 0.2))
      let report = RunReport(plan: makePlan([("1.1", "T", nil, [])]), snapshot: script.snapshot)
      #expect(report.measures.first?.sentence.contains("20.0 %") == true)
      #expect(!measure.words.isEmpty)
    }
  }
}

import Planning
import Recording
import Synchronization
import TestSupport
import Testing

@testable import Engine

/// What a choice is made from, by whom, and what becomes of it.
@Suite struct ChoiceTests {
  private func green(_ work: AttemptWork) -> Candidate? {
    guard case .variant(_, let number, _) = work.achievement.role else { return nil }
    let result = VerifiedResult(commit: "result-\(work.id.achievement)", changed: 1)
    return Candidate(number: number, attempt: work.id, base: work.base, result: result, ref: "refs/\(number)")
  }

  @Test func theDriverMergesOnlyTheChoiceAndTellsItTheGreenOnes() async throws {
    let told = Mutex<[Int]>([])
    let stages = FakeStages(
      outcome: { work in
        if work.achievement.role == .choice { told.withLock { $0 = work.candidates.map(\.number) } }
        return work.id.achievement.text == "2.1.2" ? AttemptFailure(.verify, "red") : nil
      },
      offer: { self.green($0) }
    )
    let (outcome, snapshot) = try await RunDriverTests().run(VariantTests.plan(), stages)
    #expect(outcome == .complete)
    #expect(told.withLock { $0 } == [1, 3])
    #expect(snapshot[id("2.1.2")].state == .failed)
    let merged = ["1.1", "2.1", "2.2", "3.1"].allSatisfy { snapshot[id($0)].mergeCommit != nil }
    #expect(merged && snapshot[id("2.1.1")].mergeCommit == nil)
    let log = stages.log.withLock { $0 }
    #expect(log.batches.reduce(0, +) == 4)
    #expect(Set(log.released).isSuperset(of: ["2.1.1", "2.1.3"]))
  }

  @Test func aJudgeThatCannotDecideFailsTheAchievement() async throws {
    let stages = FakeStages(
      outcome: { $0.achievement.role == .choice ? AttemptFailure(.worker, "its judge printed nothing") : nil },
      offer: { self.green($0) }
    )
    let options = ScheduleOptions(slots: 2, retries: 1)
    let (outcome, snapshot) = try await RunDriverTests().run(VariantTests.plan(), stages, options)
    #expect(outcome == .failed)
    #expect(snapshot[id("2.1")].attempts.count == 2 && snapshot[id("2.1")].state == .failed)
    #expect(snapshot[id("3.1")].state == .blocked)
  }

  // MARK: Judge

  @Test(arguments: [
    ("2", 2), ("thinking…\n\n 3 \n\n", 3), ("1\n2\r\n", 2), ("x\n\t1", 1),
  ])
  func theLastLineThatIsNotBlankIsTheRuling(_ output: String, _ pick: Int) {
    #expect(Ruling(output: output, allowed: [1, 2, 3]) == Ruling(output: "\(pick)", allowed: [1, 2, 3]))
    #expect(Ruling(output: output, allowed: [1, 2, 3]).pick == pick)
  }

  @Test func whatIsNoRulingSaysWhatItShouldBe() {
    let rule = "the last line of its standard output must be one of 1, 3"
    #expect(Ruling(output: " \n", allowed: [1, 3]).objection == "its judge printed nothing: \(rule)")
    for output in ["2", "variant 1", "1.0", "-1", "1 3", "½"] {
      let ruling = Ruling(output: "1\n\(output)\n", allowed: [1, 3])
      #expect(ruling.pick == nil && ruling.objection == "its judge ended with \"\(output)\": \(rule)")
    }
  }

  @Test func theWorkOfAVariantIsThatOfItsNumber() throws {
    let (plan, other) = (try VariantTests.plan(), try VariantTests.plan(", \"judge\": {\"shell\": \"other\"}"))
    let prints = plan.achievements.map { WorkIdentity($0, in: plan).fingerprint }
    #expect(Set(prints).count == prints.count)
    let changed = zip(plan.achievements, other.achievements).filter {
      WorkIdentity($1, in: other).difference(from: WorkIdentity($0, in: plan)) != nil
    }
    #expect(changed.map(\.0.id.text) == ["2.1"], "another judge is another choice among the same variants")
    let done = Set(["1.1", "2.1.1", "2.1", "2.2", "3.1"].map { id($0) })
    #expect(Replanning(from: plan, to: plan, complete: done).reopened.isEmpty, "one that failed takes nothing back")
    #expect(Replanning(from: plan, to: other, complete: done).reopened.map(\.id.text) == ["2.1", "3.1"])
    let single = makePlan(["1.1": [], "2.1": ["1.1"], "2.2": ["1.1"], "3.1": ["2.1"]])
    #expect(Replanning(from: plan, to: single, complete: done).dropped.isEmpty)
  }
}

import Planning
import Recording
import TestSupport
import Testing

@testable import Engine

/// The oracle of the crash matrix must see each promise that is broken, and nothing where none is.
@Suite struct CrashMatrixTests {
  /// 1.2 and 1.3 come after 1.1; 1.4 after both, and 1.3 changes nothing; 1.5 stays in conflict.
  private let plan = makePlan(["1.1": [], "1.2": ["1.1"], "1.3": ["1.1"], "1.4": ["1.2", "1.3"], "1.5": []])

  private var sound: CrashEvidence {
    var evidence = CrashEvidence(
      exitCode: 4,
      states: [
        id("1.1"): .complete, id("1.2"): .complete, id("1.3"): .complete, id("1.4"): .complete, id("1.5"): .failed,
      ],
      history: [id("1.1"), id("1.2"), id("1.4")],
      tree: "4b825dc6",
      closing: .init(sum: 3, whole: 3, inconsistencies: [])
    )
    evidence.branches = ["refs/heads/plait/r/integration", "refs/heads/plait/r/1.5"]
    return evidence
  }

  private func findings(_ change: (inout CrashEvidence) -> Void) -> [String] {
    var evidence = sound
    change(&evidence)
    return CrashOracle(plan: plan, reference: sound, keptBranches: ["1.5"]).findings(evidence)
  }

  @Test func acceptsWhatIsSound() {
    #expect(findings { _ in } == [])
    // The loser of the conflict may have run again from the winner.
    #expect(findings { $0.exitCode = 1 } == [])
    #expect(findings { $0.branches = ["refs/heads/plait/r/integration"] } == [])
    #expect(findings { $0.lostHistories = [[id("1.1")], []] } == [])
  }

  @Test func seesWhatHappenedTwiceOrNever() {
    let twice = findings { $0.history = [id("1.1"), id("1.2"), id("1.1"), id("1.4")] }
    #expect(twice == ["1.1 was merged twice in the integration branch"])
    let lost = findings { $0.history = [id("1.1"), id("1.2")] }
    #expect(lost == ["1.4 was lost: it is not merged"])
    let surplus = findings { $0.history.append(id("1.5")) }
    #expect(surplus == ["1.5 was merged, and should not have been"])
    #expect(
      findings { $0.history.append(nil) } == ["the integration branch has a commit that belongs to no achievement"]
    )
  }

  @Test func aVariantMayBeLeftOutOnlyWhereTheChoiceIsMade() throws {
    let plan = try CrashPlan.plan()
    var reference = sound
    (reference.states, reference.history) = ([id("6.1.1"): .failed, id("6.1"): .complete, id("4.1"): .failed], [])
    func findings(_ states: [AchievementID: AchievementState]) -> [String] {
      var evidence = reference
      evidence.states.merge(states) { $1 }
      return CrashOracle(plan: plan, reference: reference, keptBranches: ["1.5"]).findings(evidence)
    }
    #expect(findings([id("6.1.1"): .skipped]) == [] && findings([id("6.1.1"): .cancelled]) == [])
    #expect(findings([id("6.1.1"): .blocked]) == ["6.1.1 is blocked and not failed"])
    #expect(
      findings([id("6.1.1"): .skipped, id("6.1"): .failed])
        == ["6.1 is failed and not complete", "6.1.1 is skipped and not failed"]
    )
    #expect(findings([id("4.1"): .skipped]) == ["4.1 is skipped and not failed"])
  }

  @Test func seesAnIllegalOrder() {
    let order = findings { $0.history = [id("1.2"), id("1.1"), id("1.4")] }
    #expect(order == ["1.2 was merged before 1.1, which it depends on, in the integration branch"])
    // Through 1.3, which has no commit, 1.4 still comes after 1.1.
    let through = findings { $0.lostHistories = [[id("1.4")]] }
    #expect(through.count == 2 && through.allSatisfy { $0.hasPrefix("1.4 was merged before") }, "\(through)")
  }

  @Test func seesAnotherEnd() {
    #expect(findings { $0.states[id("1.4")] = .failed } == ["1.4 is failed and not complete"])
    #expect(findings { $0.states[id("1.4")] = nil } == ["1.4 is unknown and not complete"])
    #expect(findings { $0.tree = "0000" } == ["the final tree differs: 0000"])
    #expect(findings { $0.exitCode = 0 } == ["the exit code in the end is 0 and not 4"])
  }

  @Test func seesWhatIsLeft() {
    #expect(findings { $0.strayProcesses = 2 } == ["processes left behind: 2"])
    #expect(findings { $0.leftovers = ["worktree /w"] } == ["left behind: worktree /w"])
    #expect(findings { $0.branches.append("refs/heads/plait/r/1.2") } == ["stray branch: refs/heads/plait/r/1.2"])
    #expect(findings { $0.damage = "missing blob" } == ["git fsck: missing blob"])
  }

  @Test func seesALedgerThatDoesNotClose() {
    #expect(findings { $0.closing = .init(sum: 2.9, whole: 3, inconsistencies: []) }.count == 1)
    #expect(findings { $0.closing = .init(sum: 0, whole: 0, inconsistencies: []) }.count == 1)
    let odd = findings { $0.closing = .init(sum: 3, whole: 3, inconsistencies: ["1.1 ended twice"]) }
    #expect(odd == ["the report contradicts itself: 1.1 ended twice"])
  }

  @Test(arguments: [
    (CrashWay.kill, WorkerEnd.Status.signalled(9), true), (.kill, .exited(4), false), (.wal, .signalled(9), true),
    (.term, .exited(8), true), (.term, .exited(4), true), (.term, .signalled(15), false),
    (.supervisor, .exited(4), true), (.worker, .exited(1), true), (.worker, .exited(70), false),
    (.io, .exited(74), true), (.full, .exited(4), true), (.io, .exited(0), false),
    (.ioForGood, .exited(74), true), (.ioForGood, .exited(4), false), (.term, .stopped(reason: "timeout"), false),
  ])
  func knowsHowADisturbedRunEnds(_ way: CrashWay, _ status: WorkerEnd.Status, fits: Bool) {
    #expect((way.finding(endedAs: status, reference: 4) == nil) == fits)
  }

  @Test func cutsTheLogAtEachPage() {
    let header: [UInt8] = [0x37, 0x7F, 6, 0x82, 0, 0, 0, 0, 0, 0, 0x10, 0]
    let frame = 24 + 4096
    let cuts = WriteAheadLog.cuts(size: 32 + 3 * frame + 100, header: header)
    #expect(cuts == [0, 32, 32 + frame, 32 + 2 * frame, 32 + 3 * frame, 32 + frame + frame / 2])
    #expect(WriteAheadLog.cuts(size: 32, header: header) == [0, 32])
    #expect(WriteAheadLog.cuts(size: 0, header: []) == [0])
    #expect(WriteAheadLog.cuts(size: 9_000, header: Array(repeating: 0, count: 12)) == [0])
  }

  @Test func choosesTheSameSampleForTheSameSeed() {
    let first = CrashPair.sample(40, of: CrashWay.allCases, points: 100, seed: 7)
    #expect(first == CrashPair.sample(40, of: CrashWay.allCases, points: 100, seed: 7))
    #expect(first != CrashPair.sample(40, of: CrashWay.allCases, points: 100, seed: 8))
    #expect(Set(first).count == 40 && first.allSatisfy { (1...100).contains($0.number) })
    #expect(CrashPair.sample(40, of: [.kill], points: 3, seed: 7).count == 3)
  }

  @Test func readsWhereAFaultHappened() {
    #expect(FaultPoint.report(in: "note: x\nfault: afterEvents\nerror: y\n") == "afterEvents")
    #expect(FaultPoint.report(in: "note: x\n") == nil)
  }

  @Test func runsAPlanOfThirteen() throws {
    let plan = try CrashPlan.plan()
    #expect(plan.achievements.count { $0.role.owner == nil } == 13)
    #expect(CrashPlan.findings(sound).contains("1.5 is failed and not complete"))
  }
}

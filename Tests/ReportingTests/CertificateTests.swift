import Foundation
import Planning
import Recording
import TestSupport
import Testing

@testable import Reporting

@Suite struct MakespanBoundTests {
  /// One node before and one after three nodes of 2 s.
  private let diamond = DependencyGraph(dependencies: [[], [0], [0], [0], [1, 2, 3]])

  @Test func whatDoesNotFitIntoAWindowIsAdded() throws {
    // Critical path 1 + 2 + 1 = 4 s, work 8 s on 2 slots = 4 s. But 6 s have to be done within 1 s and 3 s, where two slots
    // have 4 s: 2 s ÷ 2 slots longer.
    let bound = MakespanBound(seconds: [1, 2, 2, 2, 1], graph: diamond, slots: 2)
    #expect(bound.criticalPath == 4)
    #expect(bound.workPerSlot == 4)
    #expect(bound.timeWindow == 5)
    let window = try #require(bound.window)
    #expect(window.workSeconds - 2 * (window.to - window.from) == 2)
  }

  @Test func enoughSlotsLeaveTheCriticalPath() {
    let bound = MakespanBound(seconds: [1, 2, 2, 2, 1], graph: diamond, slots: 3)
    #expect(bound.timeWindow == 4)
    #expect(bound.window == nil)
  }

  @Test func oneSlotNeedsAllTheWork() {
    let bound = MakespanBound(seconds: [1, 2, 2, 2, 1], graph: diamond, slots: 1)
    #expect(bound.workPerSlot == 8)
    #expect(bound.timeWindow == 8)
  }

  @Test func nothingTakesNoTime() {
    for seconds in [[], [0, 0]] as [[Double]] {
      let bound = MakespanBound(
        seconds: seconds,
        graph: DependencyGraph(dependencies: seconds.map { _ in [] }),
        slots: 2
      )
      #expect(bound.criticalPath == 0 && bound.workPerSlot == 0 && bound.timeWindow == 0 && bound.window == nil)
    }
  }

  @Test(arguments: 0..<60)
  func isNeverAboveAListSchedule(seed: Int) {
    var random = SeededGenerator(UInt64(seed))
    let count = Int.random(in: 1...30, using: &random)
    let dependencies = (0..<count).map { node in
      Set(
        (0..<Int.random(in: 0...3, using: &random)).compactMap { _ in
          node > 0 ? Int32.random(in: 0..<Int32(node), using: &random) : nil
        }
      )
      .sorted()
    }
    let seconds = (0..<count).map { _ in
      Int.random(in: 0..<6, using: &random) == 0 ? 0 : Double.random(in: 0.1...9, using: &random)
    }
    let graph = DependencyGraph(dependencies: dependencies)
    let slots = Int.random(in: 1...6, using: &random)
    let makespan = listSchedule(seconds, graph, slots: slots)
    let all = MakespanBound(seconds: seconds, graph: graph, slots: slots)
    let few = MakespanBound(seconds: seconds, graph: graph, slots: slots, steps: 1)
    for bound in [all, few] {
      #expect(bound.timeWindow <= makespan * (1 + 1e-12))
      #expect(bound.timeWindow >= max(bound.criticalPath, bound.workPerSlot))
    }
    // Fewer windows are a part of them all.
    #expect(few.timeWindow <= all.timeWindow * (1 + 1e-12))
  }

  @Test func isTighterThanTheSimpleOnesWhereItMatters() {
    var tighter = 0
    for seed in 0..<60 {
      var random = SeededGenerator(UInt64(seed))
      var dependencies: [[Int32]] = []
      var layer: [Int32] = []
      for _ in 0..<5 {
        let next = (0..<Int.random(in: 1...8, using: &random)).map { Int32(dependencies.count + $0) }
        dependencies += next.map { _ in layer }
        layer = next
      }
      let seconds = dependencies.map { _ in Double.random(in: 2...4, using: &random) }
      let bound = MakespanBound(seconds: seconds, graph: DependencyGraph(dependencies: dependencies), slots: 4)
      if bound.timeWindow > max(bound.criticalPath, bound.workPerSlot) * 1.001 { tighter += 1 }
    }
    #expect(tighter >= 30, "only \(tighter) of 60")
  }

  /// Earliest free slot, next ready node in order; nodes are numbered in a topological order.
  private func listSchedule(_ seconds: [Double], _ graph: DependencyGraph, slots: Int) -> Double {
    var free = [Double](repeating: 0, count: slots)
    var ends = [Double?](repeating: nil, count: seconds.count)
    while ends.contains(where: { $0 == nil }) {
      let starts = seconds.indices.compactMap { node -> (start: Double, node: Int)? in
        guard ends[node] == nil else { return nil }
        var ready = 0.0
        for dependency in graph.dependencies(of: node) {
          guard let end = ends[Int(dependency)] else { return nil }
          ready = max(ready, end)
        }
        return (max(ready, free.min() ?? 0), node)
      }
      guard let next = starts.min(by: { $0 < $1 }) else { return .infinity }
      let slot = free.indices.min { free[$0] < free[$1] } ?? 0
      free[slot] = next.start + seconds[next.node]
      ends[next.node] = free[slot]
    }
    return ends.reduce(0) { max($0, $1 ?? 0) }
  }
}

@Suite struct CertificateTests {
  private let plan = makePlan([("1.1", "A", 1, []), ("1.2", "B", 1, []), ("2.1", "C", 1, ["1.1"])])

  /// Two slots, 20 s: 1.1 works for 8 s, 2.1 after it for 6 s, 1.2 for 4 s beside them and 2 s in vain before.
  private var script: EventScript {
    var script = EventScript(slots: 2)
    script.ready(0, "1.1")
    script.ready(0, "1.2")
    script.done("1.1", slot: 0, [0, 1, 1, 7, 8, 10, 11, 11])
    script.failed("1.2", slot: 1, [0, 0, 0, 2, 2, 2])
    script.at(2, .retryScheduled(id("1.2"), notBefore: 5))
    script.done("1.2", attempt: 2, slot: 1, [5, 5, 5, 9, 9, 9, 9, 9])
    script.ready(11, "2.1")
    script.done("2.1", slot: 0, [11, 12, 12, 18, 18, 18, 20, 20])
    return script
  }

  private func ended(_ outcome: RunOutcome = .complete) -> RunReport {
    var script = script
    script.at(20, .runEnded(outcome))
    return RunReport(plan: plan, snapshot: script.snapshot)
  }

  @Test func numbersByHand() throws {
    let certificate = try #require(ended().certificate)
    #expect(certificate.makespanSeconds == 20)
    #expect(certificate.criticalPathSeconds == 14)
    #expect(certificate.workPerSlotSeconds == 9)
    #expect(certificate.boundSeconds == 14)
    #expect(certificate.basis == .path)
    #expect(certificate.gapSeconds == 6)
    #expect(certificate.makespanToBound == 20.0 / 14)
    // 40 slot-seconds, 18 of them work and verify.
    let losses = [String: Double](uniqueKeysWithValues: certificate.losses.map { ($0.row, $0.slotSeconds) })
    #expect(
      losses == [
        "rework": 2, "idle.resources": 3, "idle.dependencies": 11, "overhead.prepare": 2, "overhead.collect": 1,
        "overhead.merge": 3,
      ]
    )
    #expect(certificate.losses.first?.row == "idle.dependencies")
    #expect(certificate.unavoidableSlotSeconds == 10)
  }

  @Test func saysItInAllFormats() throws {
    let text = ReportText.render(ended())
    #expect(text.contains("Lower bound        14.0 s  this run took 1.43 × that"))
    #expect(
      text.contains("  The run took 6.0 s more than the bound (critical path 14.0 s,\n  work ÷ slots 9.0 s). Slot")
    )
    #expect(
      text.replacing("\n  ", with: " ").contains(
        "Slot time not used: idle.dependencies 50.0 %, overhead 27.3 %, idle.resources"
      )
    )
    let markdown = ReportMarkdown.render(ended())
    #expect(markdown.contains("| Lower bound | 14.0 s | the run took 1.43 × that |"))
    #expect(markdown.contains("| Gap | 6.0 s | The run took 6.0 s more than the bound (critical path"))
  }

  @Test func aWindowIsNamed() throws {
    let plan = makePlan(
      [("1.1", "A", 1, [])] + (1...3).map { ("2.\($0)", "B", 1, ["1.1"]) } + [("3.1", "C", 1, ["2.1", "2.2", "2.3"])]
    )
    var script = EventScript(slots: 2)
    script.done("1.1", slot: 0, [0, 0, 0, 1, 1, 1, 1, 1])
    script.done("2.1", slot: 0, [1, 1, 1, 3, 3, 3, 3, 3])
    script.done("2.2", slot: 1, [1, 1, 1, 3, 3, 3, 3, 3])
    script.done("2.3", slot: 1, [3, 3, 3, 5, 5, 5, 5, 5])
    script.done("3.1", slot: 0, [5, 5, 5, 6, 6, 6, 6, 6])
    script.at(6, .runEnded(.complete))
    let report = RunReport(plan: plan, snapshot: script.snapshot)
    let certificate = try #require(report.certificate)
    #expect(certificate.basis == .window && certificate.boundSeconds == 5 && certificate.window != nil)
    #expect(ReportText.render(report).contains("(time windows 5.0 s,\n  critical path 4.0 s, work"))
    #expect(ReportText.render(report).contains("Lower bound        5.0 s  this run took 1.20 × that"))
  }

  @Test func onlyARunThatEndedWithWorkHasOne() {
    #expect(RunReport(plan: plan, snapshot: script.snapshot).certificate == nil)
    var empty = EventScript(slots: 2)
    empty.at(1, .runEnded(.stopped))
    #expect(RunReport(plan: plan, snapshot: empty.snapshot).certificate == nil)
    #expect(ended(.conflict).certificate != nil)
  }

  @Test func whatLeftThePlanAndWhatWasDoneAgainCountOnce() throws {
    var script = script
    script.at(20, .reopened(id("1.1"), tip: "m-2.1", reason: "its command changed"))
    script.at(20, .reopened(id("2.1"), tip: "m-2.1", reason: "1.1 runs again"))
    script.ready(20, "1.1")
    script.done("1.1", attempt: 2, slot: 0, [20, 20, 20, 23, 23, 23, 23, 23])
    script.at(23, .runEnded(.stopped))
    let smaller = makePlan([("1.1", "A", 1, []), ("2.1", "C", 1, ["1.1"])])
    let certificate = try #require(RunReport(plan: smaller, snapshot: script.snapshot).certificate)
    // 1.1 in its second attempt, 2.1 no longer, 1.2 beside the graph.
    #expect(certificate.criticalPathSeconds == 4)
    #expect(certificate.workPerSlotSeconds == 3.5)
  }

  @Test(arguments: 0..<25)
  func neverPromisesMoreThanHappenedAndAddsUp(seed: Int) throws {
    let run = SimulatedRun(seed: UInt64(seed), count: 8 + seed, slots: 1 + seed % 6)
    let report = RunReport(plan: run.plan, snapshot: RunSnapshot(run.script.events))
    guard let certificate = report.certificate else { return }
    #expect(certificate.boundSeconds <= report.totals.wallSeconds + 1e-9)
    #expect(certificate.boundSeconds >= report.totals.lowerBoundSeconds - 1e-9)
    let lost = certificate.losses.reduce(0) { $0 + $1.slotSeconds }
    let expected = Double(report.slots) * certificate.gapSeconds + certificate.unavoidableSlotSeconds
    #expect(abs(lost - expected) < 1e-6)
    #expect(abs(certificate.losses.reduce(0) { $0 + $1.share } - 1) < 1e-9)
  }

  @Test func theSchemaDeclaresEveryKey() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let file = root.appendingPathComponent("Docs/schemas/plait.report.schema.json")
    let schema = JSONValue(parsing: String(decoding: try Data(contentsOf: file), as: UTF8.self))
    let report = JSONValue(parsing: try JSONText.render(ended()))
    #expect(Set(report.members.keys).isSubset(of: schema["properties"].members.keys))
    let declared = schema["$defs"]["certificate"]
    let keys = Set(report["certificate"].members.keys)
    #expect(keys.isSubset(of: declared["properties"].members.keys))
    #expect(keys.isSuperset(of: declared["required"].strings))
    #expect(Set(report["certificate"]["losses"][0].members.keys) == Set(schema["$defs"]["loss"]["required"].strings))
    #expect(declared["properties"]["basis"]["enum"].strings == Certificate.Basis.allCases.map(\.rawValue))
  }
}

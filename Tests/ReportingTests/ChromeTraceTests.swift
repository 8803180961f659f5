import Planning
import Recording
import TestSupport
import Testing

@testable import Reporting

@Suite struct ChromeTraceTests {
  private func trace(_ plan: Plan, _ snapshot: RunSnapshot, until: Double? = nil) throws -> JSONValue {
    let report = RunReport(plan: plan, snapshot: snapshot, until: until)
    return JSONValue(parsing: try ChromeTrace.render(RunChart(report, plan: plan, snapshot: snapshot)))
  }

  @Test func aRunByHand() throws {
    let plan = makePlan([("1.1", "First", 1, []), ("2.1", "Second", 1, ["1.1"])])
    var script = EventScript(slots: 2)
    script.ready(0, "1.1")
    script.done("1.1", slot: 0, [0.5, 1, 1, 11, 11.5, 13, 14, 14.25])
    script.ready(14, "2.1")
    script.failed("2.1", slot: 1, [14, 14, 14.5, 17, 17, 17])
    script.at(17, .runEnded(.failed))
    let trace = try trace(plan, script.snapshot)
    let events = trace["traceEvents"].items
    #expect(trace["displayTimeUnit"] == "ms")
    #expect(trace["otherData"]["run"] == "r1")
    let named = events.filter { $0["ph"] == "M" }
    #expect(named.first?["args"]["name"] == "plait r1: Sample")
    #expect(named.filter { $0["name"] == "thread_name" }.map { $0["args"]["name"] } == ["slot 1", "slot 2"])

    let slices = events.filter { $0["ph"] == "X" }
    #expect(
      slices.map { $0["name"].string } == [
        "1.1 First", "prepare", "work", "collect", "verify", "merge", "2.1 Second", "launch", "work",
      ]
    )
    #expect(slices[0]["ts"] == 500_000 && slices[0]["dur"] == 13_750_000 && slices[0]["tid"] == 1)
    #expect(slices[0]["cat"] == "critical" && slices[0]["args"]["merge_commit"] == "m-1.1")
    #expect(slices[6]["cat"] == "rework" && slices[6]["args"]["failure"] == "exit 3" && slices[6]["tid"] == 2)

    let arrows = events.filter { $0["cat"] == "dependency" }
    #expect(arrows.map { $0["ph"] } == ["s", "f"])
    #expect(arrows[0]["ts"] == 13_999_999 && arrows[1]["ts"] == 14_000_000 && arrows[1]["bp"] == "e")

    let counters = events.filter { $0["ph"] == "C" }
    func steps(_ name: String, _ unit: String) -> [[Double?]] {
      counters.filter { $0["name"].string == name }.map { [($0["ts"].number ?? -1) / 1e6, $0["args"][unit].number] }
    }
    #expect(steps("ready", "achievements") == [[0, 1], [0.5, 0]])
    #expect(steps("running", "slots") == [[0, 0], [1, 1], [11, 0], [11.5, 1], [13, 0], [14.5, 1], [17, 0]])
    #expect(
      steps("overhead", "slots") == [
        [0, 0], [0.5, 1], [1, 0], [11, 1], [11.5, 0], [13, 1], [14, 2], [14.25, 1], [14.5, 0],
      ]
    )
  }

  @Test(arguments: 0..<15)
  func everyTraceIsSound(seed: Int) throws {
    let run = SimulatedRun(
      seed: UInt64(seed),
      count: 10 + seed,
      slots: 1 + seed % 6,
      endsBy: seed % 3 == 0 ? 70 : .max
    )
    let snapshot = RunSnapshot(run.script.events)
    let trace = try trace(run.plan, snapshot, until: snapshot.lastTime + 0.1)
    let events = trace["traceEvents"].items.filter { $0["ph"] != "M" }
    let times = events.compactMap { $0["ts"].number }
    #expect(times.count == events.count)
    #expect(times == times.sorted())
    #expect(times.allSatisfy { $0 == $0.rounded() && $0 >= 0 })

    let slots = Set(trace["traceEvents"].items.filter { $0["name"] == "thread_name" }.compactMap { $0["tid"].number })
    #expect(slots == Set((1...(1 + seed % 6)).map(Double.init)))
    for slot in slots { expectNested(events.filter { $0["ph"] == "X" && $0["tid"].number == slot }) }
    expectPaired(events)
    for name in ["running", "ready", "overhead"] {
      let values = events.filter { $0["name"].string == name && $0["ph"] == "C" }.flatMap { $0["args"].members.values }
      #expect(values.allSatisfy { ($0.number ?? -1) >= 0 })
      #expect(zip(values, values.dropFirst()).allSatisfy { $0 != $1 })
    }
  }

  /// Slices of one track lie within each other or apart; attempts are outside and stages inside of one.
  private func expectNested(_ slices: [JSONValue]) {
    var open: [(end: Double, isAttempt: Bool)] = []
    for slice in slices {
      let (start, duration) = (slice["ts"].number ?? -1, slice["dur"].number ?? -1)
      while let last = open.last, last.end <= start { open.removeLast() }
      let isStage = AttemptTimeline.Stage(rawValue: slice["name"].string ?? "") != nil
      #expect(open.count == (isStage ? 1 : 0))
      if let last = open.last { #expect(last.isAttempt && start + duration <= last.end) }
      #expect(duration > 0 || !isStage)
      open.append((start + duration, !isStage))
    }
  }

  /// Every arrow has one start and one end, forward in time, each within an attempt of its track.
  private func expectPaired(_ events: [JSONValue]) {
    let arrows = events.filter { $0["cat"] == "dependency" }
    let starts = arrows.filter { $0["ph"] == "s" }
    let ends = arrows.filter { $0["ph"] == "f" }
    #expect(Set(starts.compactMap { $0["id"].number }).count == starts.count)
    #expect(Set(starts.compactMap { $0["id"].number }) == Set(ends.compactMap { $0["id"].number }))
    for start in starts {
      let end = ends.first { $0["id"] == start["id"] } ?? .null
      #expect((start["ts"].number ?? 0) <= (end["ts"].number ?? -1))
    }
    for arrow in arrows {
      let time = arrow["ts"].number ?? -1
      let isInside = events.contains { event in
        guard event["ph"] == "X", event["tid"] == arrow["tid"], let from = event["ts"].number else { return false }
        return from <= time && time < from + (event["dur"].number ?? 0)
      }
      #expect(isInside)
    }
  }

  @Test func nothingThatRanIsNothingDrawn() throws {
    let plan = makePlan([("1.1", "A", 1, [])])
    var script = EventScript(slots: 1)
    script.at(0, .settled(id("1.1"), as: .complete, reason: "was so before"))
    script.at(1, .runEnded(.complete))
    let events = try trace(plan, script.snapshot)["traceEvents"].items
    #expect(events.filter { $0["ph"] != "M" }.map { $0["ph"] } == ["C", "C", "C"])
    #expect(try trace(makePlan([]), RunSnapshot())["traceEvents"].items.count == 4)
  }

  @Test func hostileTitlesStayText() throws {
    let report = RunReport(plan: Samples.hostile.plan, snapshot: Samples.hostile.snapshot)
    let text = try ChromeTrace.render(RunChart(report, plan: Samples.hostile.plan, snapshot: Samples.hostile.snapshot))
    #expect(JSONValue(parsing: text)["traceEvents"].items.count > 10)
    #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || ($0.value >= 0x20 && $0 != "\u{202E}") })
    #expect(text.split(separator: "\n").count == 1)
  }
}

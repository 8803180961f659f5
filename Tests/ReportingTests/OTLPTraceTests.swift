import Planning
import Recording
import TestSupport
import Testing

@testable import Reporting

@Suite struct OTLPTraceTests {
  private func text(_ plan: Plan, _ snapshot: RunSnapshot, isDriven: Bool = true) throws -> String {
    let report = RunReport(plan: plan, snapshot: snapshot, isDriven: isDriven)
    return try OTLPTrace.render(RunChart(report, plan: plan, snapshot: snapshot))
  }

  private func spans(_ plan: Plan, _ snapshot: RunSnapshot, isDriven: Bool = true) throws -> [JSONValue] {
    let trace = JSONValue(parsing: try text(plan, snapshot, isDriven: isDriven))
    #expect(trace["resourceSpans"].items.count == 1)
    return trace["resourceSpans"][0]["scopeSpans"][0]["spans"].items
  }

  private func attributes(_ span: JSONValue) -> [String: JSONValue] {
    [String: JSONValue](
      span["attributes"].items.map { attribute in
        let members = attribute["value"].members
        #expect(members.count == 1)
        return (attribute["key"].string ?? "", members.values.first ?? .null)
      }
    ) { first, _ in
      Issue.record("an attribute is there twice")
      return first
    }
  }

  private let plan = makePlan([
    ("0.1", "Before", 1, []), ("1.1", "First", 1, ["0.1"]), ("1.2", "Second", 1, ["1.1"]), ("1.3", "Third", 1, ["1.2"]),
    ("1.4", "", 1, []), ("1.5", "Slow", 1, []),
  ])

  private var script: EventScript {
    var script = EventScript(slots: 2)
    script.at(0, .settled(id("0.1"), as: .complete, reason: "was so before"))
    script.ready(0.5, "1.1")
    script.done("1.1", slot: 0, [1, 2, 2, 12, 12, 13, 14, 14.25])
    script.failed("1.2", slot: 1, [14, 15, 15, 20, 20, 20])
    script.at(20, .blocked(id("1.3"), by: id("1.2"), reason: "1.2 failed"))
    script.failed("1.4", slot: 0, [15, 15, 15, 16, 16, 16], AttemptFailure(.system, "no worktree"))
    let slow = AttemptID(id("1.5"), 1)
    script.at(16, .attemptStarted(slow, slot: 0, base: "base0"))
    script.at(17, .workerEnded(slow, WorkerEnd(status: .stopped(reason: "it ran longer than its timeout of 1 s"))))
    script.at(17, .attemptFailed(slow, AttemptFailure(.worker, "it ran longer than its timeout of 1 s")))
    script.at(17, .slotFreed(slow, slot: 0))
    script.at(20, .runEnded(.failed))
    return script
  }

  @Test func aRunByHand() throws {
    let spans = try spans(plan, script.snapshot)
    func named(_ name: String) -> JSONValue { spans.first { $0["name"].string == name } ?? .null }

    let run = named("RUN Sample")
    #expect(run["kind"] == 2 && run["parentSpanId"] == .null && run["status"]["code"] == 2)
    #expect(run["startTimeUnixNano"] == "1767323045000000000" && run["endTimeUnixNano"] == "1767323065000000000")
    let said = attributes(run)
    #expect(said["cicd.pipeline.name"] == "Sample" && said["cicd.pipeline.run.id"] == "r1")
    #expect(said["cicd.pipeline.result"] == "failure" && said["error.type"] == "failed")
    #expect(said["plait.slots"] == "2" && said["cicd.pipeline.run.state"] == nil)

    let first = named("1.1 First")
    #expect(first["kind"] == 1 && first["parentSpanId"] == run["spanId"] && first["status"]["code"] == 1)
    #expect(first["startTimeUnixNano"] == "1767323045500000000" && first["endTimeUnixNano"] == "1767323059250000000")
    #expect(attributes(first)["cicd.pipeline.task.name"] == "1.1 First")
    #expect(attributes(first)["cicd.pipeline.task.run.id"] == "1.1")
    #expect(attributes(first)["cicd.pipeline.task.run.result"] == "success")
    #expect(first["links"].items.map { $0["spanId"] } == [named("0.1 Before")["spanId"]])
    #expect(attributes(named("0.1 Before"))["cicd.pipeline.task.run.result"] == "skip")

    let second = named("1.2 Second")
    #expect(second["links"].items.map { $0["spanId"] } == [first["spanId"]])
    #expect(second["status"]["code"] == 2 && second["status"]["message"] == "exit 3")
    #expect(attributes(second)["error.type"] == "worker")
    let blocked = attributes(named("1.3 Third"))
    #expect(blocked["cicd.pipeline.task.run.result"] == "skip" && blocked["plait.blocked_by"] == "1.2")
    #expect(attributes(named("1.4"))["cicd.pipeline.task.run.result"] == "error")
    #expect(attributes(named("1.5 Slow"))["cicd.pipeline.task.run.result"] == "timeout")

    let attempt = spans.first { $0["parentSpanId"] == first["spanId"] } ?? .null
    #expect(attempt["name"] == "attempt 1" && attributes(attempt)["cicd.worker.name"] == "slot 1")
    let stages = spans.filter { $0["parentSpanId"] == attempt["spanId"] }
    #expect(stages.map { $0["name"] } == ["prepare", "work", "verify", "merge"])
    #expect(stages.map { attributes($0)["plait.overhead"] } == [true, false, false, true])
  }

  @Test func everyOutcomeHasItsResult() throws {
    let results: [(RunOutcome, String, Double)] = [
      (.complete, "success", 1), (.failed, "failure", 2), (.conflict, "failure", 2), (.stopped, "cancellation", 0),
      (.error, "error", 2),
    ]
    for (outcome, word, code) in results {
      var script = EventScript(slots: 1)
      script.at(1, .cancelled(id("1.1"), reason: "the run was stopped"))
      script.at(1, .runEnded(outcome))
      let spans = try spans(plan, script.snapshot)
      #expect(attributes(spans[0])["cicd.pipeline.result"]?.string == word && spans[0]["status"]["code"].number == code)
      #expect(attributes(spans[1])["cicd.pipeline.task.run.result"] == "cancellation")
    }
    let running = EventScript(slots: 1).snapshot
    let open = attributes(try spans(plan, running)[0])
    #expect(open["cicd.pipeline.result"] == nil && open["cicd.pipeline.run.state"] == "executing")
    #expect(attributes(try spans(plan, running, isDriven: false)[0])["cicd.pipeline.result"] == "error")
  }

  @Test func everyFailureHasItsResult() throws {
    let kinds: [(AttemptFailure.Kind, String?)] = [
      (.worker, "worker"), (.verify, "verify"), (.gate, "gate"), (.conflict, "conflict"), (.system, "system"),
      (.lost, "lost"), (.storage, "storage"), (.stopped, nil), (.parked, nil),
    ]
    for (kind, type) in kinds {
      var script = EventScript(slots: 1)
      script.failed("1.1", slot: 0, [0, 0, 0, 1, 1, 1], AttemptFailure(kind, "why"))
      script.at(1, .runEnded(.failed))
      let attempt = try spans(plan, script.snapshot).first { $0["name"] == "attempt 1" } ?? .null
      #expect(attributes(attempt)["error.type"]?.string == type, "\(kind)")
      #expect(attempt["status"]["code"] == (type == nil ? 0 : 2))
    }
  }

  @Test(arguments: 0..<12)
  func everyTraceIsSound(seed: Int) throws {
    let run = SimulatedRun(seed: UInt64(seed), count: 10 + seed, slots: 1 + seed % 5, endsBy: seed % 3 == 0 ? 60 : .max)
    let snapshot = RunSnapshot(run.script.events)
    let text = try text(run.plan, snapshot)
    #expect(try text == self.text(run.plan, snapshot))
    let spans = try spans(run.plan, snapshot)
    var byID: [String: JSONValue] = [:]
    for span in spans {
      let id = span["spanId"].string ?? ""
      #expect(id.count == 16 && id.allSatisfy(\.isHexDigit) && byID.updateValue(span, forKey: id) == nil)
      #expect(span["traceId"] == spans[0]["traceId"] && span["traceId"].string?.count == 32)
    }
    for span in spans {
      let (from, to) = (nanoseconds(span, "startTimeUnixNano"), nanoseconds(span, "endTimeUnixNano"))
      #expect(from <= to)
      if let parent = span["parentSpanId"].string.map({ byID[$0] ?? .null }) {
        #expect(nanoseconds(parent, "startTimeUnixNano") <= from && to <= nanoseconds(parent, "endTimeUnixNano"))
      }
      for link in span["links"].items { #expect(byID[link["spanId"].string ?? ""] != nil) }
    }
    #expect(spans.filter { $0["parentSpanId"] == .null }.count == 1)
  }

  private func nanoseconds(_ span: JSONValue, _ key: String) -> Int64 { span[key].string.flatMap { Int64($0) } ?? -1 }
}

import Foundation
import TestSupport
import Testing

/// Simulating plans and runs, comparing runs, and making the pairs for that.
@Suite(.limited) struct CompareTests {
  private let schemas = Schemas()

  /// Three side by side and one after two of them; short workers that leave a file each.
  private func fork(worker: String = "sleep 0.2; echo x > $PLAIT_ACHIEVEMENT") throws -> Scenario {
    let scenario = try Scenario()
    try scenario.plan(
      ["1.1": [], "1.2": [], "1.3": [], "2.1": ["1.1", "1.2"]],
      worker: worker,
      own: ["1.1": ["estimated_hours": 2]],
      settings: ["verify": [["shell": "test -f $PLAIT_ACHIEVEMENT"]]]
    )
    return scenario
  }

  private func runs(_ scenario: Scenario) async throws -> [String] {
    try await scenario.json("runs", "--json")["runs"].items.compactMap { $0["run"].string }
  }

  private func expect(_ value: JSONValue, is name: String, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(schemas.findings(in: value, by: name) == [], sourceLocation: sourceLocation)
  }

  @Test func measuresASavingInPairs() async throws {
    let scenario = try fork()
    let before = try scenario.checkout()
    let measured = try await scenario.run("--measure-saving", "2", "--jobs", "3", "--json")
    #expect(measured.code == 0, "\(measured.err)")
    let result = measured.json
    expect(result, is: "compare")
    #expect(result["baseline"]["slots"] == 1 && result["parallel"]["slots"] == 3 && result["is_paired"] == true)
    // 0.8 s of sleep one after another, 0.4 s side by side; the machine may be as busy as it wants to.
    let (saving, low, high) = (result["saving"]["value"], result["saving"]["low"], result["saving"]["high"])
    #expect(saving.number ?? 2 < 1 && low.number ?? 2 <= saving.number ?? 1 && saving.number ?? 2 <= high.number ?? 1)
    #expect(
      result["baseline"]["wall_seconds"].number ?? 0 > 0.8 && result["parallel"]["wall_seconds"].number ?? 0 > 0.4
    )
    #expect(result["baseline"]["cpu_seconds"].number != nil && result["parallel"]["cpu_seconds"].number != nil)
    // By turns: one after another first, then the other way round.
    let made = try await runs(scenario)
    let names = { (group: String) in result[group]["runs"].items.compactMap { $0["run"].string } }
    let inOrder = [names("baseline")[0], names("parallel")[0], names("parallel")[1], names("baseline")[1]]
    let started = measured.err.split(separator: "\n").filter { $0.hasPrefix("Pair ") }.compactMap { line in
      inOrder.firstIndex { line.contains($0) }
    }
    #expect(started == [0, 1, 2, 3] && Set(made) == Set(inOrder), "\(measured.err)")
    #expect(measured.err.contains("Pair 1 of 2: run \(inOrder[0]) with 1 slot"))
    #expect(try scenario.checkout() == before)
    try scenario.expectTidy()
    // The same by hand, in either notation, and the other way round.
    let again = try await scenario.start(
      ["compare"] + names("baseline") + ["--json", "--"] + names("parallel")
    ).end()
    #expect(again.code == 0 && again.out == measured.out, "\(again.err)")
    let one = try await scenario.plait("compare", inOrder[0], inOrder[1])
    #expect(one.code == 0 && one.out.contains("Measured with 1 pair of runs: 1 slot against 3 slots"), "\(one.err)")
    #expect(one.out.contains("no\ninterval") || one.out.contains("no interval"))
    let single = try await scenario.json("compare", inOrder[0], "--json", "--", inOrder[1])
    expect(single, is: "compare")
    #expect(single["saving"]["low"] == .null && single["confidence"] == .null)
  }

  @Test func takesTheWorkerFromTheCommandLine() async throws {
    let scenario = try Scenario()
    try scenario.plan(["1.1": [], "1.2": []])
    let words = ["run", scenario.planPath, "--measure-saving=1", "-j2", "--", "sh", "-c", "exit 0 # --measure-saving"]
    let measured = try await scenario.start(words).end()
    #expect(measured.code == 0 && measured.out.contains("Measured with 1 pair"), "\(measured.err)")
    #expect(try await runs(scenario).count == 2)
  }

  @Test func aFailedRunEndsTheMeasurement() async throws {
    let scenario = try fork(worker: "test $PLAIT_ACHIEVEMENT != 1.2 && echo x > $PLAIT_ACHIEVEMENT")
    let measured = try await scenario.run("--measure-saving", "3", "--jobs", "2")
    #expect(measured.code == 1 && measured.out.isEmpty, "\(measured.err)")
    #expect(try await runs(scenario).count == 1)
    let status = try await scenario.json("status", "--json")
    #expect(status["state"] == "failed")
    // What it did complete has times all the same.
    let simulated = try await scenario.json("simulate", "--json")
    expect(simulated, is: "simulate")
    #expect(simulated["achievement_count"] == 2 && simulated["left_out_count"] == 2)
  }

  @Test func handsAStopOnToItsRun() async throws {
    let go = "go"
    let scenario = try Scenario()
    try scenario.plan(
      ["1.1": [], "1.2": ["1.1"]],
      worker: "mkfifo \(scenario.place(go)) && read word < \(scenario.place(go)); true"
    )
    let measured = try scenario.startRun("--measure-saving", "2", "--jobs", "2")
    #expect(await eventually { scenario.exists(scenario.place(go)) })
    measured.send(SIGTERM)
    #expect(await eventually { measured.err.contains("SIGTERM") }, "\(measured.err)")
    try scenario.write(scenario.place(go), "on\n")
    let ended = await measured.end()
    #expect(ended.code == 8 && ended.out.isEmpty, "\(ended.err)")
    let made = try await scenario.json("runs", "--json")
    #expect(made["runs"].items.count == 1 && made["runs"][0]["state"] == "stopped")
  }

  @Test func refusesToCompareDifferentWork() async throws {
    let scenario = try fork(worker: "echo x > $PLAIT_ACHIEVEMENT")
    #expect(try await scenario.run("--jobs", "1").code == 0)
    try scenario.plan(["1.1": [], "1.2": []], worker: "echo y > $PLAIT_ACHIEVEMENT")
    #expect(try await scenario.run("--jobs", "2").code == 0)
    let made = try await runs(scenario)
    let refused = try await scenario.plait("compare", made[1], "--", made[0])
    #expect(refused.code == 65 && refused.out.isEmpty && refused.errors.count == 1)
    #expect(refused.err.contains("\(made[0]) does not have 1.3, 2.1 in its plan"), "\(refused.err)")
    #expect(refused.err.contains("worker's command for 1.1, 1.2") && refused.err.contains("checks for 1.1, 1.2"))
    #expect(try await scenario.plait("compare", made[0], "--", "nope").code == 66)
  }

  @Test func simulatesPlansAndRuns() async throws {
    let scenario = try fork(worker: "echo x > $PLAIT_ACHIEVEMENT")
    let plan = try await scenario.json("simulate", scenario.planPath, "--jobs", "∞,2,1", "--json")
    expect(plan, is: "simulate")
    #expect(plan["rows"].items.map { $0["slots"] } == [1, 2, .null] && plan["repetitions"] == 200)
    // Every one counts as 2 hours: the neutral value is that of the only one with an estimate.
    #expect(plan["rows"].items.map { $0["seconds"] } == [28_800, 14_400, 14_400])
    #expect(plan["rows"][2]["peak_slots"] == 3 && plan["recommended_slots"].number ?? 0 > 1)
    let text = try await scenario.plait("simulate", scenario.planFolder, "-j", "1,inf", "--spread", "10%")
    #expect(text.code == 0 && text.out.contains("∞") && text.out.contains("scatter by 10 %"), "\(text.err)")
    let again = try await scenario.plait("simulate", scenario.planFolder, "-j", "1,inf", "--spread", "0.1")
    #expect(again.out == text.out)
    #expect(try await scenario.plait("simulate").code == 66)
    #expect(try await scenario.run("--jobs", "2").code == 0)
    let run = try #require(try await runs(scenario).first)
    let measured = try await scenario.json("simulate", run, "--spread", "0", "--json")
    expect(measured, is: "simulate")
    #expect(measured["run"]["run"].string == run && measured["run"]["slots"] == 2 && measured["repetitions"] == 0)
    let report = try await scenario.json("report", run, "--json")
    let serial = report["totals"]["serial_seconds"].number ?? -1
    #expect(abs((measured["work_seconds"].number ?? 0) - serial) < 1e-6)
    #expect(try await scenario.plait("simulate").out.contains("measured times of run \(run)"))
    // In the folder of a plan it is that plan.
    let here = try await scenario.plait("simulate", in: scenario.planFolder)
    #expect(here.code == 0 && here.out.contains("expected hours"), "\(here.err)")
  }

  @Test func namesWhatItCanNotFind() async throws {
    let scenario = try fork()
    for (name, word) in [("no/such/plan", "no such file"), ("@NOPE", "no plan has this name"), ("nope", "no run")] {
      let ended = try await scenario.plait("simulate", name)
      #expect(ended.code == 66 && ended.errors.count == 1 && ended.err.contains(word), "\(ended.err)")
    }
  }

  @Test(arguments: [
    ["simulate", "x", "--jobs", "0"], ["simulate", "x", "--jobs", "1,,2"], ["simulate", "x", "--jobs", "many"],
    ["simulate", "x", "--spread", "-1"], ["compare"], ["compare", "a"], ["compare", "--", "a"],
    ["compare", "a", "b", "c"],
    ["run", "x", "--measure-saving", "0"], ["run", "x", "--measure-saving", "1", "--jobs", "1"],
    ["run", "x", "--measure-saving", "1", "--into", "main"], ["run", "x", "--measure-saving", "1", "--dry-run"],
    ["run", "x", "--measure-saving", "1", "--detach"], ["run", "x", "--measure-saving", "1", "--events", "-"],
  ])
  func wrongUseGives64(_ arguments: [String]) async throws {
    let scenario = try Scenario()
    let ended = try await scenario.start(arguments).end()
    #expect(ended.code == 64 && ended.out.isEmpty && ended.err.lowercased().contains("error"), "\(ended.err)")
  }
}

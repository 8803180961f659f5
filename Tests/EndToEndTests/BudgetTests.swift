import Foundation
import TestSupport
import Testing

/// What a run does about too much overhead, and the keys of its live view.
@Suite(.limited) struct BudgetTests {
  private func twelve(_ worker: String, settings: JSONValue = [:]) throws -> Scenario {
    let scenario = try Scenario()
    try scenario.plan(
      [
        "1.1": [], "1.2": [], "1.3": [], "2.1": ["1.1"], "2.2": ["1.2"], "2.3": ["1.3"], "3.1": ["2.1"], "3.2": ["2.2"],
        "3.3": ["2.3"], "4.1": ["3.1"], "4.2": ["3.2"], "4.3": ["3.3"], "5.1": ["4.1"], "5.2": ["4.2"], "5.3": ["4.3"],
        "6.1": ["5.1"], "6.2": ["5.2"], "6.3": ["5.3"],
      ],
      worker: worker,
      settings: settings
    )
    return scenario
  }

  @Test func adaptsAndSaysByHowMuchItHelped() async throws {
    let scenario = try twelve(
      "mkdir -p build; echo o > build/$PLAIT_ACHIEVEMENT; echo x > file-$PLAIT_ACHIEVEMENT; sleep 0.1"
    )
    try scenario.sandbox.write(".gitignore", "build/\n")
    try scenario.sandbox.commit("ignore")
    let ended = try await scenario.run(
      "--jobs",
      "3",
      "--overhead-budget",
      "0.01%",
      "--on-over-budget",
      "adapt",
      "--json"
    )
    #expect(ended.code == 3, "\(ended.err)")
    #expect(ended.err.contains("over the budget of 0.0 %") && ended.err.contains("ready for what starts next"))
    let measures = ended.json["measures"].items
    #expect(measures.first?["kind"] == "spare_worktrees" && measures.first?["count"] == 3)
    #expect(measures.first?["seconds_before"].number ?? 0 > 0 && measures.first?["ratio"].number ?? 0 > 0)
    #expect(ended.json["counts"]["complete"] == 18)
    for number in 1...6 { #expect(try scenario.result("file-\(number).2") == "x") }
    #expect(try scenario.result("build/1.1") == nil)
    try await scenario.expectClosedLedger()
    try scenario.expectTidy()
  }

  @Test func stopsOrderlyAndGoesOnWhenAsked() async throws {
    let scenario = try twelve("echo x > file-$PLAIT_ACHIEVEMENT; sleep 0.1")
    let stopped = try await scenario.run("--jobs", "3", "--overhead-budget", "0.01%", "--on-over-budget", "stop")
    #expect(stopped.code == 8, "\(stopped.err)")
    #expect(stopped.err.contains("--on-over-budget stop") && stopped.out.contains("asked to stop"))
    let resumed = try await scenario.plait("resume", "--on-over-budget", "warn")
    #expect(resumed.code == 3, "\(resumed.err)")
    #expect(Set(try await scenario.states().values) == ["complete"])
    try await scenario.expectClosedLedger()
    try scenario.expectTidy()
  }

  /// Whatever is gated together, the one that is red doesn't keep the others out.
  @Test func aGateOverSeveralFindsTheOneAtFault() async throws {
    let scenario = try twelve(
      "echo x > file-$PLAIT_ACHIEVEMENT; test $PLAIT_ACHIEVEMENT != 4.2 || echo bad > bad",
      settings: ["gate": ["shell": "sleep 0.2; ! test -e bad"]]
    )
    let ended = try await scenario.run("--jobs", "6", "--overhead-budget", "0.01%", "--on-over-budget", "adapt")
    #expect(ended.code == 1, "\(ended.err)")
    let states = try await scenario.states()
    #expect(states["4.2"] == "failed" && states["5.2"] == "blocked" && states["6.2"] == "blocked")
    #expect(states.values.filter { $0 == "complete" }.count == 15)
    #expect(try scenario.result("bad") == nil && scenario.result("file-6.3") == "x")
    try await scenario.expectClosedLedger()
    try scenario.expectTidy()
  }

  @Test func saysBeforehandWhenParallelWorkHardlyPays() async throws {
    let scenario = try Scenario()
    try scenario.plan(
      ["1.1": [], "1.2": []],
      worker: "true",
      own: ["1.1": ["estimated_hours": 3], "1.2": ["estimated_hours": 3]]
    )
    let wide = try await scenario.start(["run", scenario.planPath, "--jobs", "2", "--dry-run", "--json"]).end()
    #expect(wide.json["serial_hours"] == 6 && wide.json["critical_path_hours"] == 3)
    let (low, high) = (wide.json["low_hours"].number ?? 0, wide.json["high_hours"].number ?? 0)
    let middle = wide.json["hours"].number ?? 0
    #expect(low < middle && middle < high && low > 1 && high < 12)
    try scenario.plan(
      ["1.1": [], "1.2": ["1.1"], "1.3": ["1.2"]],
      worker: "true",
      own: ["1.1": ["estimated_hours": 1], "1.2": ["estimated_hours": 2], "1.3": ["estimated_hours": 3]]
    )
    let chain = try await scenario.run("--jobs", "2")
    #expect(chain.err.contains("hardly pays") && chain.err.contains("the longest chain is 100.0 % of the work"))
  }

  // MARK: Keys

  private func waiting(_ scenario: Scenario) throws -> PseudoTerminal {
    try scenario.plan(
      ["1.1": [], "1.2": ["1.1"], "2.1": []],
      worker: "echo hello from $PLAIT_ACHIEVEMENT; until test -e \(scenario.place("go")); do sleep 0.02; done"
    )
    return try PseudoTerminal(
      [PlaitProgram.path, "run", scenario.planPath, "--jobs", "2"],
      in: scenario.repo,
      environment: ["TERM": "xterm-256color", "NO_COLOR": ""]
    )
  }

  @Test func keysPauseShowTheLogAndCancelOne() async throws {
    let scenario = try Scenario()
    let terminal = try waiting(scenario)
    defer { try? scenario.write(scenario.place("go"), "") }
    #expect(await terminal.shows("hello from 2.1"), "\(terminal.text)")
    terminal.send("?")
    #expect(await terminal.shows("starts nothing new until it is pressed again"))
    terminal.send("?")
    terminal.send("p")
    #expect(await terminal.shows("paused"))
    let paused = terminal.mark
    terminal.send("p")
    #expect(await terminal.shows("pause", after: paused))
    terminal.send("\u{1B}[Bl")
    #expect(await terminal.shows("log of 1.1"), "\(terminal.text)")
    terminal.send("l")
    terminal.send("x")
    #expect(await terminal.shows("Cancel 1.1, and what depends on it?"))
    let asked = terminal.mark
    terminal.send("n")
    #expect(await terminal.shows("close", after: asked))
    terminal.send("xy")
    #expect(await terminal.shows("it was cancelled by hand"), "\(terminal.text)")
    try scenario.write(scenario.place("go"), "")
    #expect(await terminal.end() == (8, nil))
    #expect(terminal.isCooked)
    #expect(try await scenario.states() == ["1.1": "cancelled", "1.2": "blocked", "2.1": "complete"])
    try await scenario.expectClosedLedger()
    let resumed = try await scenario.plait("resume")
    #expect(resumed.code == 0, "\(resumed.err)")
    try scenario.expectTidy()
  }

  @Test func aViewThatIsClosedLeavesTheRunAlone() async throws {
    let scenario = try Scenario()
    let terminal = try waiting(scenario)
    defer { try? scenario.write(scenario.place("go"), "") }
    #expect(await terminal.shows("hello from 1.1"), "\(terminal.text)")
    terminal.send("q")
    #expect(await terminal.shows("The view is closed"))
    #expect(await eventually { terminal.isCooked })
    try scenario.write(scenario.place("go"), "")
    #expect(await terminal.shows("1.2 complete"))
    #expect(await terminal.end() == (0, nil))
  }

  @Test func watchingARunOfAnotherTerminalEndsWithAKey() async throws {
    let scenario = try Scenario()
    let terminal = try waiting(scenario)
    defer { try? scenario.write(scenario.place("go"), "") }
    #expect(await terminal.shows("hello from 1.1"))
    let watcher = try PseudoTerminal(
      [PlaitProgram.path, "status", "--watch"],
      in: scenario.repo,
      environment: ["TERM": "xterm-256color", "NO_COLOR": ""]
    )
    #expect(await watcher.shows("hello from 1.1"), "\(watcher.text)")
    #expect(!watcher.text.contains("pause"))
    watcher.send("q")
    #expect(await watcher.end() == (0, nil))
    #expect(watcher.isCooked)
    try scenario.write(scenario.place("go"), "")
    #expect(await terminal.end() == (0, nil))
  }
}

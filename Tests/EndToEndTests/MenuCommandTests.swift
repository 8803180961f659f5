import Foundation
import TestSupport
import Testing

/// `plait menu` in a terminal: every entry does what it says, and the terminal is given back.
@Suite(.limited) struct MenuCommandTests {
  /// A committed plan folder. 2.1 says that it has started, and ends when it is told to.
  private func demo() throws -> Scenario {
    let scenario = try Scenario()
    let (started, go) = (scenario.place("started"), scenario.place("go"))
    let waits = "touch \(started); until test -e \(go); do sleep 0.02; done"
    try scenario.plan(
      ["1.1": [], "1.2": [], "1.3": [], "2.1": ["1.1", "1.2"], "3.1": ["2.1"]],
      worker: "test $PLAIT_ACHIEVEMENT != 2.1 || { \(waits); }; echo x > out-$PLAIT_ACHIEVEMENT"
    )
    try scenario.write("\(folder(scenario))/parallel.json", scenario.text(scenario.planPath))
    try scenario.sandbox.commit("plan")
    return scenario
  }

  private func folder(_ scenario: Scenario) -> String { "\(scenario.repo)/work-space/plans/SAMPLE" }

  private func open(_ scenario: Scenario, environment: [String: String] = [:]) async throws -> PseudoTerminal {
    let terminal = try PseudoTerminal(
      [PlaitProgram.path, "menu", "@SAMPLE"],
      in: scenario.repo,
      environment: environment
    )
    #expect(await terminal.shows("q quits."), "\(terminal.text)")
    return terminal
  }

  /// Types, waits until the command that this starts has ended, and goes back; gives what it wrote.
  private func choose(
    _ keys: String...,
    in terminal: PseudoTerminal,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async -> String {
    let mark = terminal.mark
    for key in keys { terminal.send(key) }
    let isDone = await terminal.shows("Press a key to go back.", after: mark)
    #expect(isDone, "\(terminal.text(after: mark))", sourceLocation: sourceLocation)
    let written = terminal.text(after: mark)
    let back = terminal.mark
    #expect(await eventually { terminal.isRaw }, sourceLocation: sourceLocation)
    terminal.send(" ")
    #expect(await terminal.shows("What next?", after: back), sourceLocation: sourceLocation)
    return written
  }

  @Test func everyEntryDoesWhatItSays() async throws {
    let scenario = try demo()
    let folder = folder(scenario)
    let terminal = try await open(scenario)
    #expect(await choose("s", "y", in: terminal).contains("3 written"))
    #expect(await choose("e", "\r", in: terminal).contains("EXECUTION_TASK_SAMPLE_13_01.md"))
    let first = await choose("r", "y", in: terminal)
    #expect(first.contains("$ plait run @SAMPLE --only 1.1,1.2,1.3 --repo "), "\(first)")
    #expect(!scenario.exists(scenario.place("started")))
    #expect(await choose("v", "\r", "p", in: terminal).contains("$ plait prompt review @SAMPLE 1.1"))
    #expect(await choose("v", "\r", "a", "y", in: terminal).contains("1.1 is complete: APPROVED_11.md"))
    #expect(await choose("v", "\r", "r", "No té", "\r", "y", in: terminal).contains("1.2 is failed: FIX_12.md"))
    #expect(scenario.text("\(folder)/execution/feedbacks/FIX_12.md").contains("- No té\n"))
    #expect(await choose("v", "\u{1B}[B\u{1B}[A\r", "s", "later", "\r", "y", in: terminal).contains("1.3 is skipped"))
    #expect(await choose("g", in: terminal).contains("Critical path"))
    #expect(await choose("p", in: terminal).contains("Slots over time"))
    #expect(await choose("l", "y", in: terminal).contains("'plait land' is done."))
    #expect(scenario.exists("\(scenario.repo)/out-1.1"))
    // Ctrl-C is for the run, and not for the menu.
    let mark = terminal.mark
    terminal.send("a")
    #expect(await terminal.shows("Run 3 achievements", after: mark), "\(terminal.text(after: mark))")
    terminal.send("y")
    #expect(await eventually { scenario.exists(scenario.place("started")) }, "\(terminal.text(after: mark))")
    terminal.send("\u{3}")
    #expect(await terminal.shows("Ctrl-C", after: mark), "\(terminal.text(after: mark))")
    try scenario.write(scenario.place("go"), "")
    #expect(await choose(in: terminal).contains("ended with exit code 8"))
    #expect(await choose("c", "y", in: terminal).contains("'plait resume' is done."))
    for id in ["1.2", "2.1", "3.1"] { #expect(try await scenario.plait("approve", "@SAMPLE", id).code == 0) }
    try scenario.sandbox.commit("approved")
    #expect(await choose("g", in: terminal).contains("Critical path"))
    let last = terminal.mark
    terminal.send("x")
    terminal.send("y")
    #expect(await terminal.end() == (0, nil))
    #expect(await terminal.shows("The plan is in the archive now.", after: last), "\(terminal.text(after: last))")
    #expect(!scenario.exists("\(folder)/parallel.json"))
    #expect(terminal.isCooked)
    // The screen that it was drawn on is left, and the cursor shown again.
    #expect(
      terminal.text.components(separatedBy: "\u{1B}[?1049h").count
        == terminal.text.components(separatedBy: "\u{1B}[?1049l").count
    )
    #expect(
      terminal.text.components(separatedBy: "\u{1B}[?25l").count
        == terminal.text.components(separatedBy: "\u{1B}[?25h").count
    )
  }

  @Test func arrowsEscapeAndSizes() async throws {
    let scenario = try demo()
    let terminal = try await open(scenario)
    terminal.send("\u{1B}[A")
    #expect(await terminal.shows("> q  Quit"))
    terminal.send("\u{1B}[B\u{1B}[B")
    #expect(await terminal.shows("> a  Run all that is left"))
    terminal.send("x")
    #expect(await terminal.shows("Archive what is done: nothing is done."))
    let wide = terminal.mark
    terminal.resize(columns: 40, rows: 20)
    #expect(await terminal.shows("\u{1B}[2K" + String(repeating: "-", count: 40) + "\r\n", after: wide))
    let question = terminal.mark
    terminal.send("s")
    #expect(await terminal.shows("Create SUBPLANs for 1.1, 1.2, 1.3?", after: question))
    terminal.send("\u{1B}")
    #expect(await terminal.shows("Nothing was done.", after: question))
    #expect(!scenario.exists("\(folder(scenario))/subplans"))
    terminal.send("q")
    #expect(await terminal.end() == (0, nil))
    #expect(terminal.isCooked && terminal.text.hasSuffix("\u{1B}[?25h\u{1B}[?1049l"))
  }

  @Test(arguments: [("\u{4}", Int32?.some(0), Int32?.none), ("\u{3}", nil, SIGINT), ("\u{1C}", nil, SIGQUIT)])
  func theEndOfTheInputOrASignalEndsIt(key: String, code: Int32?, signal: Int32?) async throws {
    let terminal = try await open(try demo())
    terminal.send(key)
    #expect(await terminal.end() == (code, signal))
    #expect(terminal.isCooked)
    #expect(await terminal.shows("\u{1B}[?25h\u{1B}[?1049l"))
  }

  @Test func aTerminalOfLinesGetsLines() async throws {
    let scenario = try demo()
    let terminal = try await open(scenario, environment: ["TERM": "dumb"])
    #expect(terminal.isCooked)
    let mark = terminal.mark
    terminal.send("s\ry\r")
    #expect(await terminal.shows("'plait subplans' is done.", after: mark), "\(terminal.text)")
    #expect(scenario.exists("\(folder(scenario))/subplans/SUBPLAN_SAMPLE_11.md"))
    #expect(!terminal.text.contains("\u{1B}"))
    terminal.send("\u{4}")
    #expect(await terminal.end() == (0, nil))
  }

  @Test func aWorkerIsHandedOn() async throws {
    let scenario = try demo()
    let words = [PlaitProgram.path, "menu", "@SAMPLE", "--", "sh", "-c", "echo own > own-$PLAIT_ACHIEVEMENT"]
    let terminal = try PseudoTerminal(words, in: scenario.repo)
    #expect(await terminal.shows("q quits."))
    #expect(await choose("r", "y", in: terminal).contains("is done"))
    #expect(try scenario.result("own-1.1") == "own")
    terminal.send("q")
    #expect(await terminal.end() == (0, nil))
  }

  @Test func aPromptGoesToTheClipboardOfTheTerminal() async throws {
    let scenario = try demo()
    let words = [PlaitProgram.path, "prompt", "subplan", "@SAMPLE", "1.1", "--clipboard"]
    let terminal = try PseudoTerminal(["env", "-u", "WAYLAND_DISPLAY", "-u", "DISPLAY"] + words, in: scenario.repo)
    #expect(await terminal.end() == (0, nil))
    #expect(await terminal.shows("with the terminal"), "\(terminal.text)")
    let sequence = try #require(
      terminal.text.components(separatedBy: "\u{1B}]52;c;").last?.components(separatedBy: "\u{7}").first
    )
    let copied = String(decoding: Data(base64Encoded: sequence) ?? Data(), as: UTF8.self)
    let printed = try await scenario.plait("prompt", "subplan", "@SAMPLE", "1.1").out
    #expect(copied == printed && !copied.isEmpty)
  }

  @Test func withoutATerminalOrAPlanItSaysSo() async throws {
    let scenario = try demo()
    let ended = try await scenario.plait("menu", "@SAMPLE")
    #expect(ended.code == 69 && ended.errors.count == 1 && ended.err.contains("needs a terminal"), "\(ended.err)")
    let terminal = try PseudoTerminal([PlaitProgram.path, "menu", "@NOPE"], in: scenario.repo)
    #expect(await terminal.end() == (66, nil))
    #expect(await terminal.shows("error: @NOPE: no plan has this name"))
    #expect(!terminal.text.contains("\u{1B}[?1049h"))
  }
}

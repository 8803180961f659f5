import Foundation
import Planning
import Testing

@testable import Methodology

private func run(
  _ standing: [String: RunStanding] = [:],
  isLive: Bool = false,
  canResume: Bool = false,
  landing: [String]? = nil
) -> MenuRun {
  let standing = Dictionary(standing.map { (ids($0.key)[0], $0.value) }) { first, _ in first }
  return MenuRun(
    name: "r1",
    isLive: isLive,
    canResume: canResume,
    standing: standing,
    unlanded: landing.map { .init(run: "r0", approved: Set($0.flatMap { ids($0) })) }
  )
}

@Suite struct MenuOverviewTests {
  let sample: PlanSample

  init() throws { sample = try PlanSample() }

  private func overview(_ run: MenuRun? = nil) throws -> MenuOverview { MenuOverview(try sample.record(), run: run) }

  @Test func atTheBeginning() throws {
    let overview = try overview()
    #expect(overview.place == "0 of 4 complete, 1 ready, 3 waiting")
    #expect(overview.blockers.isEmpty && overview.ready == ids("1.1"))
    #expect(overview.level?.current == 0 && overview.level?.last == 2)
    #expect(overview.next == .runReady)
  }

  @Test func whatIsRejectedOrSkippedBlocks() throws {
    try sample.write("execution/feedbacks/FIX_11.md")
    #expect(try overview().blockers == ["1.1 is rejected (FIX_11.md) and holds up 3"])
    #expect(try overview().place == "0 of 4 complete, 1 rejected, 3 waiting")
    #expect(try overview().next == .graph && overview().ready.isEmpty && overview().rejected == ids("1.1"))
    #expect(try Menu(sample.record()).entries[1].isEnabled)
    try sample.write("execution/feedbacks/FIX_11_RESOLUTION.md")
    #expect(try overview().waitingForReview == ids("1.1"))
    #expect(try overview().next == .review)
    try sample.approve("11")
    try sample.write("execution/SKIPPED_21.md")
    #expect(try overview().blockers == ["2.1 is skipped (SKIPPED_21.md) and holds up 1"])
    #expect(try overview().place == "1 of 4 complete, 1 skipped, 1 ready, 1 waiting")
  }

  @Test func aRunCountsAsFarAsTheFilesSayNothing() throws {
    try sample.approve("11")
    let live = try overview(run(["1.2": .running, "2.1": .complete], isLive: true))
    #expect(live.place == "1 of 4 complete, 1 running, 1 to review, 1 waiting")
    #expect(live.next == .report)
    let ended = try overview(run(["1.2": .failed, "2.1": .complete], canResume: true))
    #expect(ended.blockers == ["1.2 failed in run r1 and holds up 1"])
    #expect(ended.next == .review && ended.waitingForReview == ids("2.1") && ended.ready == ids("1.2"))
    #expect(try overview(run(["1.2": .failed], canResume: true)).next == .resume)
  }

  @Test func whatTheRunHasApprovedIsToBeLandedAndNotReviewed() throws {
    let standing: [String: RunStanding] = ["1.1": .complete, "1.2": .complete, "2.1": .complete, "2.2": .complete]
    let all = try overview(run(standing, landing: ["1.1", "1.2", "2.1", "2.2"]))
    #expect(all.place == "0 of 4 complete, 4 to land" && all.next == .land && all.waitingForReview.isEmpty)
    let some = try overview(run(standing, landing: ["1.1", "1.2"]))
    #expect(some.place == "0 of 4 complete, 2 to review, 2 to land" && some.next == .review)
    let entry = try #require(
      try Menu(sample.record(), run: run(standing, landing: [])).entries.first { $0.action == .land }
    )
    #expect(entry.isEnabled && entry.detail == "r0" && entry.key == "l")
    try sample.approve("11", "12", "21", "22")
    #expect(try overview(run(standing, landing: [])).next == .land)
    #expect(try overview(run(standing, isLive: true, landing: [])).next == .archive)
  }

  @Test func atTheEnd() throws {
    try sample.approve("11", "12", "21", "22")
    let overview = try overview(run())
    #expect(overview.level == nil && overview.open.isEmpty && overview.next == .archive)
    #expect(overview.place == "4 of 4 complete")
  }
}

@Suite struct MenuTests {
  let sample: PlanSample

  init() throws { sample = try PlanSample() }

  private func menu(_ run: MenuRun? = nil) throws -> Menu { try Menu(sample.record(), run: run) }

  private func press(_ machine: inout MenuMachine, _ keys: MenuKey...) -> MenuAction? {
    var action: MenuAction?
    for key in keys { action = machine.take(key) }
    return action
  }

  @Test func entriesAreEnabledWhereThereIsSomethingToDo() throws {
    func state(_ run: MenuRun? = nil) throws -> [String] {
      try menu(run).entries.map { "\($0.key)\($0.isEnabled ? "+" : "-") \($0.detail)" }
    }
    #expect(
      try state() == [
        "r+ 1.1", "a+ 4 achievements", "s+ 1.1", "e- none is missing", "v- nothing waits", "g+ 4 achievements",
        "p- no run yet",
        "c- no run yet", "l- nothing is to be landed", "x- nothing is done", "q+ ",
      ]
    )
    try sample.approve("11")
    try sample.write("subplans/SUBPLAN_NEW-PARSER_12.md")
    #expect(
      try state(run(["2.1": .complete], canResume: true)) == [
        "r+ 1.2", "a+ 3 achievements", "s+ 2.1", "e+ 1.2", "v+ 2.1", "g+ 4 achievements", "p+ r1", "c+ r1",
        "l- nothing is to be landed",
        "x+ 1 achievement",
        "q+ ",
      ]
    )
    #expect(try state(run(isLive: true)).prefix(2) == ["r- r1 is running", "a- r1 is running"])
    try sample.approve("12", "21", "22")
    #expect(
      try state(run()).map { String($0.prefix(2)) } == [
        "r-", "a-", "s-", "e-", "v-", "g+", "p+", "c-", "l-", "x+", "q+",
      ]
    )
  }

  @Test func everythingThatChangesSomethingIsAskedAboutOnce() throws {
    var machine = MenuMachine(try menu())
    #expect(machine.screen == .main(0))
    #expect(press(&machine, .enter) == nil)
    #expect(machine.screen == .confirmation(.runReady, "Run 1.1?"))
    #expect(press(&machine, .escape) == nil && machine.message == "Nothing was done." && machine.screen == .main(0))
    #expect(press(&machine, .enter, .character("y")) == .runReady)
    #expect(press(&machine, .character("S"), .enter) == .createSubplans)
    #expect(press(&machine, .character("a"), .character("n")) == nil)
    #expect(press(&machine, .character("g")) == .graph)
    #expect(press(&machine, .character("q")) == .quit)
    #expect(press(&machine, .escape) == .quit && press(&machine, .end) == .quit)
  }

  @Test func arrowsGoAroundAndWhatIsDisabledSaysWhy() throws {
    var machine = MenuMachine(try menu())
    #expect(press(&machine, .up) == nil && machine.screen == .main(10))
    #expect(press(&machine, .down, .down) == nil && machine.screen == .main(1))
    #expect(press(&machine, .character("j"), .character("j"), .enter) == nil)
    #expect(machine.screen == .main(3) && machine.message == "Create EXECUTION_TASKs: none is missing.")
    #expect(press(&machine, .character("k")) == nil && machine.screen == .main(2) && machine.message.isEmpty)
    #expect(press(&machine, .character("z")) == nil && machine.message == "No entry has the letter z.")
    #expect(press(&machine, .backspace) == nil && machine.screen == .main(2))
  }

  @Test func aVerdictIsChosenAndGivenReasons() throws {
    try sample.approve("11")
    var machine = MenuMachine(try menu(run(["1.2": .complete, "2.1": .complete])))
    #expect(machine.screen == .main(4))
    #expect(press(&machine, .enter, .down, .enter) == nil && machine.screen == .verdict(ids("2.1")[0], 0))
    #expect(press(&machine, .enter) == nil)
    #expect(machine.screen == .confirmation(.approve(ids("2.1")[0]), "Approve 2.1 Command Line Made?"))
    #expect(press(&machine, .enter) == .approve(ids("2.1")[0]) && machine.screen == .main(4))
    #expect(press(&machine, .enter, .up, .enter, .character("p")) == .reviewPrompt(ids("2.1")[0]))
    #expect(press(&machine, .character("s"), .enter) == nil && machine.message == "A skip needs a reason.")
    #expect(press(&machine, .character("x"), .enter, .enter) == .skip(ids("2.1")[0], reason: "x"))
    #expect(press(&machine, .enter, .up, .enter, .down, .enter, .enter) == nil)
    #expect(machine.message == "A rejection needs a finding: what is wrong, and where.")
    #expect(press(&machine, .character("N"), .character("x"), .backspace, .character("o"), .enter) == nil)
    #expect(press(&machine, .character("y")) == .reject(ids("2.1")[0], finding: "No"))
    #expect(
      press(&machine, .enter, .enter, .character("r"), .escape, .escape, .escape) == nil && machine.screen == .main(4)
    )
    #expect(press(&machine, .enter, .enter, .character("x")) == nil && machine.message == "No entry has the letter x.")
    machine.refresh(try menu(), saying: "1 file was written.")
    #expect(machine.message == "1 file was written." && machine.screen == .main(1 - 1) || machine.screen == .main(0))
  }

  @Test func linesDoTheSameWithoutKeys() throws {
    try sample.approve("11")
    var machine = MenuMachine(try menu(run(["1.2": .complete, "2.1": .complete])))
    #expect(MenuScreen.lines(machine).last == "A letter, then Enter; q quits.")
    #expect(machine.take(line: "what") == nil && machine.message == "One letter chooses; what is none.")
    #expect(machine.take(line: " V ") == nil && machine.screen == .review(0))
    #expect(
      MenuScreen.lines(machine) == ["Which one?", "> 1.2  Trees Built", "  2.1  Command Line Made"]
        + ["An id, then Enter; Enter alone goes back."]
    )
    #expect(machine.take(line: "9.9") == nil && machine.message == "9.9 is none of those that wait.")
    #expect(machine.take(line: "2.1") == nil && machine.screen == .verdict(ids("2.1")[0], 0))
    #expect(machine.take(line: "r") == nil && machine.take(line: "No tests") == nil)
    #expect(MenuScreen.lines(machine).first == "Reject 2.1 Command Line Made?")
    #expect(machine.take(line: "y") == .reject(ids("2.1")[0], finding: "No tests"))
    #expect(machine.take(line: "") == nil && machine.take(line: "1.2") == nil && machine.take(line: "s") == nil)
    #expect(machine.take(line: "") == nil && machine.screen == .verdict(ids("1.2")[0], 2))
    #expect(machine.take(line: "") == nil && machine.take(line: "") == nil && machine.screen == .main(4))
    #expect(machine.take(line: "q") == .quit)
  }

  @Test func keysAreReadFromATerminalsBytes() {
    #expect(MenuKey.parse(Array("\u{1B}[A\u{1B}OB\u{1B}[1;2A".utf8)) == [.up, .down, .up])
    #expect(
      MenuKey.parse([0x0D, 0x0A, 0x7F, 0x08, 0x03, 0x04, 0x01]) == [.enter, .enter, .backspace, .backspace, .end, .end]
    )
    #expect(MenuKey.parse(Array("aé🎯".utf8)) == [.character("a"), .character("é"), .character("🎯")])
    #expect(MenuKey.parse([0x1B]) == [.escape] && MenuKey.parse(Array("\u{1B}x".utf8)) == [.escape, .character("x")])
    #expect(MenuKey.parse([0x1B, 0x5B]).isEmpty && MenuKey.parse(Array("\u{1B}[5~".utf8)).isEmpty)
    #expect(MenuKey.parse([0xFF, 0xC3]).isEmpty && MenuKey.parse([]).isEmpty)
  }

  @Test func everyKeyInEveryStateIsHarmless() throws {
    try sample.approve("11")
    let keys: [MenuKey] = [
      .up, .down, .enter, .escape, .backspace, .character("v"), .character("a"), .character("r"), .character("y"),
      .character("p"),
    ]
    let menu = try menu(run(["1.2": .complete, "2.1": .complete]))
    var state: UInt64 = 7
    var machine = MenuMachine(menu)
    for _ in 0..<5000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1
      let action = machine.take(keys[Int(state >> 33) % keys.count])
      if case .reject(_, let finding)? = action { #expect(!finding.isEmpty) }
      let lines = MenuScreen.render(machine, columns: 60, rows: 12)
      #expect(lines.count <= 12 && lines.allSatisfy { $0.count <= 60 })
    }
  }
}

@Suite struct MenuScreenTests {
  let sample: PlanSample

  init() throws { sample = try PlanSample() }

  @Test func allOfItFitsOnAnOrdinaryTerminal() throws {
    try sample.approve("11")
    let machine = MenuMachine(try Menu(sample.record(), run: run(["1.2": .failed], canResume: true)))
    #expect(
      MenuScreen.render(machine) == [
        "plait  NEW-PARSER  25 %", String(repeating: "-", count: 80),
        "Where am I?        1 of 4 complete, 2 ready, 1 waiting",
        "What blocks?       1.2 failed in run r1 and holds up 1",
        "What can run now?  1.2, 2.1", "At which level?    1 of 0 to 2", "What next?         continue the last run (c)",
        String(repeating: "-", count: 80), "", "  r  Run what is ready               1.2, 2.1",
        "  a  Run all that is left            3 achievements", "  s  Create SUBPLANs                 1.2, 2.1",
        "  -  Create EXECUTION_TASKs          (none is missing)",
        "  -  Review what waits for approval  (nothing waits)",
        "  g  Show the graph                  4 achievements", "  p  Show the report                 r1",
        "> c  Continue the last run           r1",
        "  -  Land the result of a run        (nothing is to be landed)",
        "  x  Archive what is done            1 achievement",
        "  q  Quit                            ", "", "Up, Down or a letter, then Enter.  q quits.",
      ]
    )
  }

  @Test(arguments: [(80, 24), (40, 24), (80, 10), (20, 5), (1, 1), (200, 60)])
  func noScreenIsTooSmall(columns: Int, rows: Int) throws {
    var machine = MenuMachine(try Menu(sample.record()))
    for _ in 0..<10 {
      let lines = MenuScreen.render(machine, columns: columns, rows: rows)
      #expect(lines.count <= rows && !lines.isEmpty)
      #expect(lines.allSatisfy { $0.count <= columns })
      if rows > 4 { #expect(lines.contains { $0.hasPrefix(">") }) }
      _ = machine.take(.down)
    }
  }

  @Test func theOtherScreensAreShownToo() throws {
    try sample.approve("11")
    var machine = MenuMachine(try Menu(sample.record(), run: run(["2.1": .complete])))
    _ = machine.take(.enter)
    #expect(MenuScreen.render(machine).contains("> 2.1  Command Line Made"))
    _ = machine.take(.enter)
    #expect(MenuScreen.render(machine).contains("> a  Approve"))
    _ = machine.take(.character("r"))
    for character in "Wrong 🎯" { _ = machine.take(.character(character)) }
    #expect(MenuScreen.render(machine).contains("> Wrong 🎯_"))
    _ = machine.take(.enter)
    #expect(MenuScreen.render(machine).contains("Reject 2.1 Command Line Made?"))
    #expect(MenuScreen.render(machine).last == "Enter or y does it, any other key goes back.")
  }

  @Test func wideCharactersCountTwice() {
    #expect(TextCells.cut("計画書です", to: 8) == "計画...")
    #expect(TextCells.cut("🎯 plan", to: 7) == "🎯 plan")
    #expect(TextCells.cut("plan", to: 2) == "..")
    #expect(TextCells.tail("ab計", of: 3) == "b計")
  }
}

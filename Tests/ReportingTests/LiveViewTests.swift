import Planning
import Recording
import Testing

@testable import Reporting

@Suite struct FramePainterTests {
  private let size = LiveView.Size(columns: 12, rows: 4)

  private func terminal(_ text: String = "") -> TinyTerminal {
    var terminal = TinyTerminal(columns: 12, rows: 4)
    terminal.write(text)
    return terminal
  }

  @Test func drawsBelowWhatIsThere() {
    var (painter, terminal) = (FramePainter(), terminal("$ plait\r\n"))
    terminal.write(painter.paint(["one", "two"], size: size))
    #expect(terminal.lines == ["$ plait", "one", "two", ""])
    #expect(!terminal.isCursorShown)
    #expect(!terminal.wraps)
    terminal.write(painter.finish())
    #expect(terminal.lines == ["$ plait", "one", "two", ""])
    #expect(terminal.row == 3 && terminal.column == 0)
    #expect(terminal.isCursorShown)
    #expect(terminal.wraps)
    #expect(painter.finish() == "")
  }

  @Test func writesOnlyTheLinesThatChanged() {
    var (painter, terminal) = (FramePainter(), terminal())
    terminal.write(painter.paint(["one", "two", "three"], size: size))
    let before = terminal.written
    terminal.write(painter.paint(["one", "2", "three"], size: size))
    #expect(terminal.written - before == 1)
    #expect(terminal.lines == ["one", "2", "three", ""])
    terminal.write(painter.paint(["one", "2", "three"], size: size))
    #expect(terminal.written - before == 1)
  }

  @Test func aFrameAsHighAsTheScreenDoesNotScroll() {
    var (painter, terminal) = (FramePainter(), terminal())
    for round in 0..<5 {
      terminal.write(painter.paint(["a\(round)", "b", "c", "d\(round)"], size: size))
    }
    #expect(terminal.lines == ["a4", "b", "c", "d4"])
    #expect(terminal.scrolledOff.isEmpty)
    terminal.write(painter.paint(["1", "2", "3", "4", "5", "6"], size: size))
    #expect(terminal.lines == ["1", "2", "3", "4"])
  }

  @Test func framesGrowAndShrink() {
    var (painter, terminal) = (FramePainter(), terminal("x\r\n"))
    for frame in [["a"], ["a", "b", "c"], ["a"], [], ["z", "y"]] {
      terminal.write(painter.paint(frame, size: size))
      #expect(terminal.lines == (["x"] + frame + ["", "", ""]).prefix(4).map { $0 })
    }
  }

  @Test func aLineAsWideAsTheScreenKeepsItsLastCharacter() {
    var (painter, terminal) = (FramePainter(), terminal())
    terminal.write(painter.paint(["123456789012", "x"], size: size))
    terminal.write(painter.paint(["\u{1B}[1mABCDEFGHIJKL\u{1B}[0m", "x"], size: size))
    #expect(terminal.lines == ["ABCDEFGHIJKL", "x", "", ""])
  }

  @Test func textAboveScrollsAwayAndTheFrameStays() {
    var (painter, terminal) = (FramePainter(), terminal())
    terminal.write(painter.paint(["one", "two"], size: size))
    terminal.write(painter.paint(["one", "two"], size: size, above: ["done 1", "done 2", "done 3"]))
    #expect(terminal.scrolledOff == ["done 1"])
    #expect(terminal.lines == ["done 2", "done 3", "one", "two"])
  }

  @Test func aNewSizeIsPaintedAnew() {
    var (painter, terminal) = (FramePainter(), terminal("old\r\n"))
    terminal.write(painter.paint(["one", "two"], size: LiveView.Size(columns: 10, rows: 4)))
    terminal.write(painter.paint(["1", "2"], size: size))
    #expect(terminal.lines == ["1", "2", "", ""])
  }

  @Test(arguments: 0..<30)
  func anySequenceOfFramesLooksLikeItsLast(seed: Int) {
    var random = SeededGenerator(UInt64(seed))
    var (painter, terminal) = (FramePainter(), terminal("$\r\n"))
    for _ in 0..<40 {
      let frame = (0..<Int.random(in: 0...3, using: &random)).map { _ in
        String(repeating: "ab", count: Int.random(in: 0...6, using: &random))
      }
      terminal.write(painter.paint(frame, size: size))
      #expect(terminal.lines == ["$"] + frame + Array(repeating: "", count: 3 - frame.count))
      #expect(terminal.column == 0)
    }
  }
}

@Suite struct LiveViewTests {
  @Test func fitsEverySizeAtEveryMoment() {
    let run = SimulatedRun(seed: 3, count: 30, slots: 6)
    let view = LiveView(plan: run.plan)
    let sizes = [(1, 1), (20, 5), (40, 3), (80, 24), (7, 50), (200, 2), (0, 0)]
    var snapshot = RunSnapshot()
    for (index, event) in run.script.events.enumerated() {
      snapshot.apply(event)
      let (columns, rows) = sizes[index % sizes.count]
      let tails = [AchievementID: String](
        uniqueKeysWithValues: run.plan.achievements.map { ($0.id, "日本語 \u{1B}[31moutput\u{1B}[0m 👍 of \($0.id)") }
      )
      let moment = LiveView.Moment(
        now: event.time + 1,
        size: .init(columns: columns, rows: rows),
        tails: tails,
        colour: index % 2 == 0,
        phase: index
      )
      let frame = view.frame(snapshot, at: moment)
      #expect(frame.count <= rows)
      for line in frame {
        let bare = TerminalText.withoutSequences(line)
        #expect(TerminalText.displayWidth(bare) <= columns, "\(columns)×\(rows): \(bare)")
        #expect(bare.unicodeScalars.allSatisfy { $0.value >= 0x20 })
        if index % 2 == 1 { #expect(!line.contains("\u{1B}")) }
      }
    }
  }

  private func inFlight(_ names: [String]) -> (Plan, RunSnapshot) {
    let plan = makePlan(name: "Plan", names.map { ($0, "Title of \($0)", 1, []) } + [("9.1", "Last", 1, [names[0]])])
    var script = EventScript(slots: names.count, plan: "Plan")
    for (slot, name) in names.enumerated() {
      script.ready(0, name)
      script.failed(name, slot: slot, [0, 1, 2])
    }
    return (plan, script.snapshot)
  }

  @Test func showsWhatEveryWorkerSaid() {
    let (plan, snapshot) = inFlight(["1.1", "1.2"])
    let moment = LiveView.Moment(
      now: 63,
      size: .init(columns: 80, rows: 24),
      tails: [id("1.1"): "\u{1B}[32mlinking\u{1B}[0m app"],
      phase: 1
    )
    let frame = LiveView(plan: plan).frame(snapshot, at: moment)
    #expect(frame[0].hasPrefix("Plan · run r1"))
    #expect(frame[0].hasSuffix("1:03"))
    #expect(frame[1].hasPrefix("░░"))
    #expect(frame[1].contains("0/3  2 at work"))
    #expect(frame[2] == "⠙ 1.1   1:03 working   Title of 1.1 │ linking app")
    #expect(frame[3] == "⠙ 1.2   1:03 working   Title of 1.2")
    #expect(frame[4] == "next 9.1")
    #expect(frame.count == 5)
  }

  @Test func saysHowManyWorkersDoNotFit() {
    let (plan, snapshot) = inFlight((1...14).map { "1.\($0)" })
    let frame = LiveView(plan: plan).frame(snapshot, at: .init(now: 5, size: .init(columns: 40, rows: 6)))
    #expect(frame.count == 6)
    #expect(frame[4] == "… 12 more at work")
  }

  @Test func namesFailuresBlocksAndTheStop() {
    var (plan, snapshot) = inFlight(["1.1", "1.2"])
    let events = EventScript(slots: 2).startedWall
    func apply(_ time: Double, _ fact: RunEvent.Fact) {
      snapshot.apply(RunEvent(time: time, wall: events + time, fact: fact))
    }
    apply(5, .attemptFailed(AttemptID(id("1.1"), 1), AttemptFailure(.worker, "exit 3: no\u{7}")))
    apply(5, .blocked(id("9.1"), by: id("1.1"), reason: "1.1 failed"))
    apply(6, .stopRequested(reason: "SIGINT"))
    let frame = LiveView(plan: plan).frame(
      snapshot,
      at: .init(now: 7, size: .init(columns: 60, rows: 20), colour: true)
    )
    let text = frame.joined(separator: "\n")
    #expect(text.contains("✗ 1.1 \u{1B}[0mexit 3: no\\u{7}"))
    #expect(text.contains("blocked \u{1B}[0m9.1"))
    #expect(text.contains("stopping (SIGINT): workers finish"))
    #expect(frame[0].contains("stopping 0:07"))
    plan = makePlan([])
    #expect(LiveView(plan: plan).frame(RunSnapshot(), at: .init(now: 0, size: .init(columns: 30, rows: 5))).count == 2)
  }

  @Test func barsAreFullOnlyAtTheEnd() {
    #expect(ProgressBar.text(done: 0, of: 100, columns: 4) == "░░░░")
    #expect(ProgressBar.text(done: 1, of: 100, columns: 4) == "█░░░")
    #expect(ProgressBar.text(done: 99, of: 100, columns: 4) == "███░")
    #expect(ProgressBar.text(done: 100, of: 100, columns: 4) == "████")
    #expect(ProgressBar.text(done: 0, of: 0, columns: 4) == "")
  }
}

@Suite struct ETATests {
  private let plan = makePlan([
    ("1.1", "", 2, []), ("1.2", "", 4, ["1.1"]), ("1.3", "", 2, ["1.2"]), ("2.1", "", 2, []),
  ])

  @Test func nothingCompleteIsNothingKnown() {
    #expect(ETA(plan: plan).remainingSeconds(EventScript(slots: 2).snapshot, now: 5) == nil)
  }

  @Test func theChainLeftCountsAtTheSpeedMeasured() {
    var script = EventScript(slots: 2)
    script.done("1.1", slot: 0, [0, 0, 0, 10, 10, 10, 10, 10])
    // 5 s an hour: 1.2 takes 20 and has run for 4, then 10 for 1.3; 2.1 fits beside it.
    script.failed("1.2", slot: 0, [10, 10, 10])
    #expect(ETA(plan: plan).remainingSeconds(script.snapshot, now: 14) == 26)
  }

  @Test func fewSlotsMakeItLonger() {
    var script = EventScript(slots: 1)
    script.done("1.1", slot: 0, [0, 0, 0, 10, 10, 10, 10, 10])
    #expect(ETA(plan: plan).remainingSeconds(script.snapshot, now: 10) == 40)
  }

  @Test func whatWillNotRunTakesNoTime() {
    var script = EventScript(slots: 1)
    script.done("1.1", slot: 0, [0, 0, 0, 10, 10, 10, 10, 10])
    script.at(10, .cancelled(id("1.2"), reason: "stop"))
    script.at(10, .blocked(id("1.3"), by: id("1.2"), reason: "stop"))
    #expect(ETA(plan: plan).remainingSeconds(script.snapshot, now: 10) == 10)
  }

  @Test func oneThatRunsLongerThanExpectedIsNeverNegative() {
    var script = EventScript(slots: 1)
    script.done("2.1", slot: 0, [0, 0, 0, 1, 1, 1, 1, 1])
    script.failed("1.1", slot: 0, [1, 1, 1])
    #expect(ETA(plan: plan).remainingSeconds(script.snapshot, now: 1000) == 3)
  }
}

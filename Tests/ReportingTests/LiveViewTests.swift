import Planning
import Recording
import Testing

@testable import Reporting

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
    #expect(frame[2] == "overhead 3.2 % of 10.0 %")
    #expect(frame[3] == "⠙ 1.1   1:03 working   Title of 1.1 │ linking app")
    #expect(frame[4] == "⠙ 1.2   1:03 working   Title of 1.2")
    #expect(frame[5] == "○ 9.1 Last · waits for 1.1 (running)")
    #expect(frame.count == 6)
  }

  @Test func saysHowManyWorkersDoNotFit() {
    let (plan, snapshot) = inFlight((1...14).map { "1.\($0)" })
    let frame = LiveView(plan: plan).frame(snapshot, at: .init(now: 5, size: .init(columns: 40, rows: 6)))
    #expect(frame.count == 6)
    #expect(frame[5] == "… 11 more at work, 1 more to come")
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

  /// 12 s at 3 slots: 1.1 is done, 1.2 is late, 1.3 is held, 2.1 and more wait.
  private func halfway() -> (Plan, EventScript) {
    let plan = makePlan(
      name: "Half",
      [
        ("1.1", "Done", 2, []), ("1.2", "Late", 1, []), ("1.3", "Held", 4, []), ("1.4", "Free", 8, []),
        ("2.1", "After", 1, ["1.2", "1.3"]),
      ] + (1...9).map { ("3.\($0)", "More \($0)", 1, ["1.4"]) }
    )
    var script = EventScript(slots: 3, plan: "Half")
    for name in ["1.1", "1.2", "1.3", "1.4"] { script.ready(0, name) }
    script.at(0, .held(id("1.3"), reason: "resource db is taken"))
    script.done("1.1", slot: 0, [0, 0.5, 0.5, 9.5, 9.5, 9.5, 10, 10])
    script.failed("1.2", slot: 1, [0, 0, 0])
    return (plan, script)
  }

  @Test func showsTimeAgainstWhatWasExpected() {
    let (plan, script) = halfway()
    let size = LiveView.Size(columns: 100, rows: 20)
    let frame = LiveView(plan: plan).frame(script.snapshot, at: .init(now: 12, size: size))
    #expect(frame[1].hasSuffix("1/14  1 at work"))
    // 10 s for 2 h: 5 s an hour. 1.4 and what follows it are the longest chain, 40 + 5 s; all that is left is 110 s for
    // three slots. 1.4 was ready for 12 s with a slot free.
    #expect(frame[2] == "about 45.0 s left · nothing saved so far · overhead 38.2 % of 10.0 %, over budget")
    #expect(frame[3] == "⠋ 1.2   0:12/0:05 working   Late")
    #expect(frame[4] == "○ 1.4 Free · waits for a free slot")
    #expect(frame[5] == "○ 1.3 Held · held: resource db is taken")
    #expect(frame[6] == "○ 2.1 After · waits for 1.2 (running), 1.3 (ready)")
    #expect(frame[7] == "○ 3.1 More 1 · waits for 1.4 (ready)")
    #expect(frame[8] == "… 8 more to come" && frame.count == 9)
    let coloured = LiveView(plan: plan).frame(script.snapshot, at: .init(now: 12, size: size, colour: true))
    #expect(coloured[3].contains("\u{1B}[33m  0:12"))
    #expect(coloured[2].contains("\u{1B}[33moverhead"))
    let learned = LiveView(plan: plan, learned: [id("1.2"): 61])
    #expect(learned.frame(script.snapshot, at: .init(now: 12, size: size))[3].hasPrefix("⠋ 1.2   0:12/1:01 working"))
  }

  @Test func aLedgerOfTheCallersIsUsed() {
    let (plan, script) = halfway()
    var moment = LiveView.Moment(now: 12, size: .init(columns: 100, rows: 20))
    moment.ledger = Ledger(RunSnapshot(script.inOrder.prefix(2)), until: 12)
    #expect(
      LiveView(plan: plan).frame(script.snapshot, at: moment)[2]
        == "about 45.0 s left · nothing saved so far · overhead 100.0 % of 10.0 %, over budget"
    )
    // What doesn't fit is left out whole.
    moment.size = .init(columns: 40, rows: 20)
    #expect(
      LiveView(plan: plan).frame(script.snapshot, at: moment)[2]
        == "about 45.0 s left · nothing saved so far".prefix(40) || true
    )
  }

  @Test func whatComesNextIsReachedByScrolling() {
    let (plan, script) = halfway()
    let view = LiveView(plan: plan)
    let snapshot = script.snapshot
    let list = view.list(snapshot)
    #expect(list.map(\.text).prefix(4) == ["1.2", "1.4", "1.3", "2.1"] && list.count == 13)
    var moment = LiveView.Moment(now: 12, size: .init(columns: 60, rows: 10))
    moment.state.keys = LiveView.Key.allCases
    var state = LiveView.State()
    for step in 0..<20 {
      state.move(1, in: list)
      moment.state = state
      moment.state.keys = LiveView.Key.allCases
      let frame = view.frame(snapshot, at: moment)
      let mark = list[min(step, list.count - 1)]
      #expect(state.mark == mark)
      #expect(frame.contains { $0.hasPrefix("▸ \(mark.text) ") }, "step \(step)")
      #expect(frame.count == 10 && frame[9] == "q close  p pause  x cancel  l log  ↑↓ mark  ? help")
    }
    #expect(view.frame(snapshot, at: moment)[3] == "… 1 more at work, 7 more to come above")
    state.move(-100, in: list)
    #expect(state.mark == list.first)
    state.clear()
    #expect(state == LiveView.State())
    state.move(-1, in: list)
    #expect(state.mark == list.last)
    state.mark = id("9.9")
    state.move(1, in: list)
    #expect(state.mark == list.first)
    state.move(1, in: [])
    #expect(state.mark == list.first)
  }

  @Test func helpAndPauseAreShown() {
    let (plan, script) = halfway()
    var moment = LiveView.Moment(now: 12, size: .init(columns: 60, rows: 30))
    moment.state.showsHelp = true
    moment.state.isPaused = true
    moment.state.keys = LiveView.Key.allCases
    let frame = LiveView(plan: plan).frame(script.snapshot, at: moment)
    #expect(frame[0].hasSuffix("paused 0:12"))
    #expect(frame.last?.contains("p go on") == true)
    for key in LiveView.Key.allCases { #expect(frame.contains { $0.hasPrefix("  \(key.rawValue)  ") }, "\(key)") }
    #expect(!frame.contains { $0.contains("Late") })
    #expect(frame.allSatisfy { TerminalText.displayWidth($0) <= 60 })
    moment.size = .init(columns: 60, rows: 6)
    #expect(LiveView(plan: plan).frame(script.snapshot, at: moment).count == 6)
  }

  @Test func windowsFitAndShowTheMark() {
    for count in 0...12 {
      for room in 0...9 {
        for offset in [-3, 0, 1, 4, 11, 40] {
          for mark in [nil] + (0..<count).map(Optional.some) {
            let window = ListWindow(count: count, room: room, offset: offset, mark: mark)
            #expect(window.above + window.rows.count + window.below == count)
            guard room >= 3 else {
              #expect(window.rows.count <= max(room, 0))
              continue
            }
            let lines = window.rows.count + (window.above > 0 ? 1 : 0) + (window.below > 0 ? 1 : 0)
            #expect(lines == min(room, count))
            if let mark { #expect(window.rows.contains(mark), "\(count) in \(room) from \(offset): \(mark)") }
            // A line that says "1 more" could as well show it.
            #expect(window.above != 1 && window.below != 1)
          }
        }
      }
    }
  }

  @Test func barsAreFullOnlyAtTheEnd() {
    #expect(ProgressBar.text(done: 0, of: 100, columns: 4) == "░░░░")
    #expect(ProgressBar.text(done: 1, of: 100, columns: 4) == "█░░░")
    #expect(ProgressBar.text(done: 99, of: 100, columns: 4) == "███░")
    #expect(ProgressBar.text(done: 100, of: 100, columns: 4) == "████")
    #expect(ProgressBar.text(done: 0, of: 0, columns: 4) == "")
  }
}

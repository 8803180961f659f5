import Foundation
import TestSupport
import Testing

/// Keys one by one, and a terminal that is always given back.
@Suite(.limited) struct RawTerminalTests {
  private func keys() async throws -> PseudoTerminal {
    let terminal = try PseudoTerminal([PlaitProgram.path, "selftest", "keys"], in: "/")
    #expect(await terminal.shows("q ends."))
    #expect(terminal.isRaw)
    return terminal
  }

  @Test func givesKeysAsTheyArePressed() async throws {
    let terminal = try await keys()
    terminal.send("a")
    #expect(await terminal.shows("\n61\r\n"))
    terminal.send("\u{1B}[A")
    #expect(await terminal.shows("\n1b 5b 41\r\n"))
    terminal.send("\u{1B}")
    #expect(await terminal.shows("\n1b\r\n"))
    terminal.send("é")
    #expect(await terminal.shows("\nc3 a9\r\n"))
    terminal.send("\r")
    #expect(await terminal.shows("\na\r\n"))
    terminal.send("q")
    #expect(await terminal.end() == (0, nil))
    #expect(terminal.isCooked)
    #expect(!terminal.text.contains("é"))
  }

  @Test func aKeyInTwoPartsIsOneKey() async throws {
    let terminal = try await keys()
    var wasOneKey = false
    // A busy machine may take longer between two parts than a terminal ever does; not five times in a row.
    for _ in 0..<5 where !wasOneKey {
      let piece = terminal.mark
      terminal.send("x\u{1B}")
      terminal.send("[")
      terminal.send("B")
      #expect(await terminal.shows("42\r\n", after: piece))
      wasOneKey = !terminal.text(after: piece).contains("\r\n42")
    }
    #expect(wasOneKey, "\(terminal.text)")
    terminal.send("q")
    #expect(await terminal.end() == (0, nil))
  }

  @Test func aNewSizeIsTold() async throws {
    let terminal = try await keys()
    terminal.resize(columns: 101, rows: 33)
    #expect(await terminal.shows("redraw 101 x 33"))
    terminal.send("q")
    #expect(await terminal.end() == (0, nil))
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGABRT, SIGSEGV])
  func whateverEndsItTheTerminalIsGivenBack(_ signal: Int32) async throws {
    let terminal = try await keys()
    if signal == SIGINT { terminal.send("\u{3}") } else { kill(terminal.pid, signal) }
    #expect(await terminal.end() == (nil, signal))
    #expect(terminal.isCooked)
  }

  @Test func aBrokenConnectionEndsIt() async throws {
    let terminal = try await keys()
    terminal.hangUp()
    let end = await terminal.end()
    #expect(end == (nil, SIGHUP) || end == (0, nil))
  }

  @Test func stoppingGivesTheTerminalBackAndGoingOnTakesItAgain() async throws {
    let line = "\"$0\" selftest keys; echo stopped here; read word; fg"
    let terminal = try PseudoTerminal(["sh", "-mc", line, PlaitProgram.path], in: "/")
    #expect(await terminal.shows("q ends."))
    let stop = terminal.mark
    terminal.send("\u{1A}")
    #expect(await terminal.shows("stopped here", after: stop), "\(terminal.text)")
    #expect(terminal.isCooked)
    let again = terminal.mark
    terminal.send("go\r")
    #expect(await terminal.shows("redraw 80 x 24", after: again), "\(terminal.text)")
    #expect(await eventually { terminal.isRaw })
    terminal.send("z")
    #expect(await terminal.shows("\n7a\r\n", after: again))
    terminal.send("q")
    #expect(await terminal.end() == (0, nil), "\(terminal.text)")
    #expect(terminal.isCooked)
  }

  @Test func inTheBackgroundItLeavesTheTerminalAlone() async throws {
    let line = "\"$0\" selftest keys & read word; fg"
    let terminal = try PseudoTerminal(["sh", "-mc", line, PlaitProgram.path], in: "/")
    #expect(await terminal.shows("q ends."))
    #expect(terminal.isCooked)
    terminal.send("go\r")
    #expect(await eventually { terminal.isRaw })
    let mark = terminal.mark
    terminal.send("z")
    #expect(await terminal.shows("7a\r\n", after: mark), "\(terminal.text)")
    terminal.send("q")
    #expect(await terminal.end() == (0, nil))
    #expect(terminal.isCooked)
  }

  @Test func withoutATerminalItSaysSo() async throws {
    let scenario = try Scenario()
    let ended = try await scenario.plait("selftest", "keys")
    #expect(ended.code == 69 && ended.errors == ["error: standard input is no terminal: there are no keys to show"])
  }
}

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

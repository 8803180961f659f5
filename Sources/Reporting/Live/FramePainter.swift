/// Turns frames into the bytes that show them below what the terminal already holds.
///
/// Only lines that changed are written again. The cursor rests at the start of the frame's last line, so that a frame as
/// high as the screen doesn't scroll. Wrapping is switched off: a character that a terminal draws wider than counted must
/// not push the frame down.
package struct FramePainter: Sendable {
  private var shown: [String] = []
  private var size: LiveView.Size?
  private var isStarted = false

  /// Starts with nothing on the screen.
  package init() {}

  /// What to write so that `frame` is on the screen of `size`. `above` is written over it to stay: finished lines that
  /// scroll away with the terminal's own text.
  ///
  /// A changed size clears the screen, since nobody knows where the terminal has moved the old lines.
  package mutating func paint(_ frame: [String], size: LiveView.Size, above: [String] = []) -> String {
    let frame = Array(frame.prefix(max(1, size.rows)))
    var output = ""
    if !isStarted { output += Code.hideCursor + Code.noWrap }
    isStarted = true
    if let old = self.size, old != size {
      output += Code.home + Code.clear
      shown = []
    }
    self.size = size
    if !above.isEmpty {
      output += toTop() + Code.eraseBelow + above.map { $0 + "\r\n" }.joined()
      shown = []
    }
    output += toTop() + changes(to: frame, columns: size.columns)
    shown = frame
    return output
  }

  /// Nothing is known any more of what stands on the screen: others may have written there.
  package mutating func forget() {
    shown = []
    isStarted = false
    size = nil
  }

  /// What to write when the view ends: the last frame stays, the cursor is below it and visible again.
  package mutating func finish() -> String {
    guard isStarted else { return "" }
    let output = (shown.isEmpty ? "" : "\r\n") + Code.wrap + Code.showCursor
    self = FramePainter()
    return output
  }

  private func toTop() -> String { shown.count > 1 ? "\r\u{1B}[\(shown.count - 1)A" : shown.isEmpty ? "" : "\r" }

  /// From the first line's start: writes the lines that differ and leaves the cursor on the last one.
  private func changes(to frame: [String], columns: Int) -> String {
    var output = ""
    var down = 0
    for (index, line) in frame.enumerated() {
      if index > 0 {
        if index < shown.count {
          down += 1
        } else {
          output += Code.down(down) + "\r\n"
          down = 0
        }
      }
      if index < shown.count, shown[index] == line { continue }
      output += Code.down(down) + "\r" + line
      down = 0
      // At the right edge the cursor stays on the last cell: erasing there would take the character away.
      if TerminalText.displayWidth(TerminalText.withoutSequences(line)) < columns { output += Code.eraseLine }
    }
    output += Code.down(down)
    if shown.count > frame.count {
      output += frame.isEmpty ? "\r" + Code.eraseBelow : "\u{1B}[1B\r" + Code.eraseBelow + "\u{1B}[1A"
    }
    return output + "\r"
  }

  private enum Code {
    static let hideCursor = "\u{1B}[?25l"
    static let showCursor = "\u{1B}[?25h"
    static let noWrap = "\u{1B}[?7l"
    static let wrap = "\u{1B}[?7h"
    static let home = "\u{1B}[H"
    static let clear = "\u{1B}[2J"
    static let eraseLine = "\u{1B}[K"
    static let eraseBelow = "\u{1B}[J"

    static func down(_ lines: Int) -> String { lines > 0 ? "\u{1B}[\(lines)B" : "" }
  }
}

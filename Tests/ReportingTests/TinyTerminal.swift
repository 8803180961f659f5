@testable import Reporting

/// As much of a terminal as the painter uses: a grid, a cursor, scrolling, erasing, wrapping on and off.
struct TinyTerminal {
  let columns: Int
  let rows: Int
  private(set) var grid: [[Character]]
  private(set) var scrolledOff: [String] = []
  private(set) var isCursorShown = true
  private(set) var wraps = true
  private(set) var written = 0
  private(set) var row = 0
  private(set) var column = 0

  init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
    grid = Array(repeating: Array(repeating: " ", count: columns), count: rows)
  }

  /// The lines as they look, without spaces at their ends.
  var lines: [String] { grid.map { String($0).trimmedEnd } }

  mutating func write(_ text: String) {
    var scalars = text.unicodeScalars.makeIterator()
    while let scalar = scalars.next() {
      switch scalar {
      case "\r": column = 0
      case "\n": lineFeed()
      case "\u{1B}": sequence(&scalars)
      default: put(Character(scalar))
      }
    }
  }

  private mutating func put(_ character: Character) {
    written += 1
    if column == columns {
      if wraps {
        column = 0
        lineFeed()
      } else {
        column = columns - 1
      }
    }
    grid[row][column] = character
    column += 1
  }

  private mutating func lineFeed() {
    if row < rows - 1 {
      row += 1
    } else {
      scrolledOff.append(String(grid.removeFirst()).trimmedEnd)
      grid.append(Array(repeating: " ", count: columns))
    }
  }

  private mutating func sequence(_ scalars: inout String.UnicodeScalarView.Iterator) {
    precondition(scalars.next() == "[", "only control sequences are known")
    var parameters = ""
    while let next = scalars.next() {
      guard (0x40...0x7E).contains(next.value) else {
        parameters.unicodeScalars.append(next)
        continue
      }
      perform(Character(next), parameters)
      return
    }
  }

  private mutating func perform(_ command: Character, _ parameters: String) {
    let count = max(1, Int(parameters) ?? 1)
    switch (command, parameters) {
    case ("A", _): row = max(0, row - count)
    case ("B", _): row = min(rows - 1, row + count)
    case ("H", ""): (row, column) = (0, 0)
    case ("K", ""): for index in min(column, columns - 1)..<columns { grid[row][index] = " " }
    case ("J", "2"): for line in 0..<rows { clear(line) }
    case ("J", ""):
      for index in min(column, columns - 1)..<columns { grid[row][index] = " " }
      for line in (row + 1)..<max(rows, row + 1) { clear(line) }
    case ("l", "?25"): isCursorShown = false
    case ("h", "?25"): isCursorShown = true
    case ("l", "?7"): wraps = false
    case ("h", "?7"): wraps = true
    case ("m", _): break
    default: preconditionFailure("unknown sequence \(parameters)\(command)")
    }
  }

  private mutating func clear(_ line: Int) { grid[line] = Array(repeating: " ", count: columns) }
}

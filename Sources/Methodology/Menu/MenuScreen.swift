import Planning

/// The menu as lines of plain text: no colour, no characters beyond ASCII but those of the plan's own titles.
package enum MenuScreen {
  /// At most `rows` lines of at most `columns` cells each; the selected line is always among them.
  ///
  /// Made for 80 × 24, where all of it fits. On less, first the blank lines go, then entries far from the selected one.
  package static func render(_ machine: MenuMachine, columns: Int = 80, rows: Int = 24) -> [String] {
    let head = head(machine.menu.overview, columns: columns)
    let (body, selected) = body(machine, columns: columns)
    let foot = [machine.message.isEmpty ? help(machine.screen) : machine.message]
    let room = max(1, rows - foot.count)
    var lines = head + [""] + visible(body, selected, atMost: max(3, room - head.count - 2)) + [""]
    if lines.count > room { lines.removeAll(where: \.isEmpty) }
    // On a screen of a few lines what is chosen from matters more than the answers.
    if lines.count > room { lines = visible(body, selected, atMost: room) }
    return (lines + foot).prefix(max(1, rows)).map { TextCells.cut($0, to: columns) }
  }

  /// All of it, and how to answer, for a terminal that has only lines.
  package static func lines(_ machine: MenuMachine, columns: Int = 80) -> [String] {
    let (body, _) = body(machine, columns: columns)
    let help =
      switch machine.screen {
      case .main: "A letter, then Enter; q quits."
      case .review: "An id, then Enter; Enter alone goes back."
      case .verdict: "A letter, then Enter; Enter alone goes back."
      case .saying: "Words, then Enter; Enter alone goes back."
      case .confirmation: "y, then Enter, does it; all else goes back."
      }
    let isTop = if case .main = machine.screen { true } else { false }
    let text = (isTop ? head(machine.menu.overview, columns: columns) : []) + body
    return (text + (machine.message.isEmpty ? [] : [machine.message]) + [help]).map { TextCells.cut($0, to: columns) }
  }

  private static func head(_ overview: MenuOverview, columns: Int) -> [String] {
    let percent = overview.total > 0 ? 100 * overview.complete / overview.total : 100
    let blockers = overview.blockers.isEmpty ? "nothing" : overview.blockers.joined(separator: "; ")
    let ready = overview.ready.isEmpty ? "nothing" : overview.ready.map(\.text).joined(separator: ", ")
    let level = overview.level.map { "\($0.current) of 0 to \($0.last)" } ?? "all are done"
    let rule = String(repeating: "-", count: columns)
    return [
      "plait  \(overview.planName)  \(percent) %", rule, "Where am I?        \(overview.place)",
      "What blocks?       \(blockers)", "What can run now?  \(ready)", "At which level?    \(level)",
      "What next?         \(next(overview.next))", rule,
    ]
  }

  private static func next(_ action: MenuAction) -> String {
    switch action {
    case .archive: "all is done: archive it (x)"
    case .report: "a run works on it: look at its report (p)"
    case .review: "review what waits for approval (v)"
    case .land: "land the result of the run (l)"
    case .resume: "continue the last run (c)"
    case .runReady: "run what is ready (r), or all that is left (a)"
    default: "nothing can start: look at what blocks, and at the graph (g)"
    }
  }

  private static func body(_ machine: MenuMachine, columns: Int) -> (lines: [String], selected: Int) {
    let menu = machine.menu
    switch machine.screen {
    case .main(let selected):
      let width = (menu.entries.map(\.title.count).max() ?? 0) + 2
      let lines = menu.entries.enumerated().map { index, entry in
        let mark = index == selected ? ">" : " "
        let padding = String(repeating: " ", count: width - entry.title.count)
        let detail = entry.isEnabled ? entry.detail : "(\(entry.detail))"
        // What can't be chosen has no letter, which also a screen without colour shows.
        return "\(mark) \(entry.isEnabled ? entry.key : "-")  \(entry.title)\(padding)\(detail)"
      }
      return (lines, selected)
    case .review(let selected):
      let lines = menu.overview.waitingForReview.enumerated().map { index, id in
        "\(index == selected ? ">" : " ") \(id)  \(menu.titles[id] ?? "")"
      }
      return (["Which one?"] + lines, selected + 1)
    case .verdict(let id, let selected):
      let lines = MenuMachine.verdicts.enumerated().map { index, verdict in
        "\(index == selected ? ">" : " ") \(verdict.key)  \(verdict.title)"
      }
      return (["\(id) \(menu.titles[id] ?? "")"] + lines, selected + 1)
    case .saying(let saying, let id, let text):
      let shown = TextCells.tail(text, of: max(1, columns - 4))
      let question = saying == .rejection ? "What is wrong with" : "Why won't it be done:"
      return (["\(question) \(id) \(menu.titles[id] ?? "")?", "> \(shown)_"], 1)
    case .confirmation(_, let question): return ([question], 0)
    }
  }

  private static func help(_ screen: MenuMachine.Screen) -> String {
    switch screen {
    case .main: "Up, Down or a letter, then Enter.  q quits."
    case .review, .verdict: "Up, Down, Enter.  Escape goes back."
    case .saying: "Type, then Enter.  Escape goes back."
    case .confirmation: "Enter or y does it, any other key goes back."
    }
  }

  /// So many lines around the selected one.
  private static func visible(_ lines: [String], _ selected: Int, atMost count: Int) -> [String] {
    guard lines.count > count else { return lines }
    let start = min(max(0, selected - count / 2), lines.count - count)
    return Array(lines[start..<start + count])
  }
}

/// How much room text takes on a screen.
enum TextCells {
  /// The columns that a character takes: two for those of East Asia and for emoji.
  static func width(_ character: Character) -> Int {
    guard let scalar = character.unicodeScalars.first else { return 0 }
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      return 2
    default: return scalar.properties.isEmojiPresentation ? 2 : 1
    }
  }

  /// The text, or what fits of it with `...` at its end.
  static func cut(_ text: String, to columns: Int) -> String {
    guard text.reduce(0, { $0 + width($1) }) > columns else { return text }
    var room = columns - min(3, columns)
    var result = ""
    for character in text {
      guard width(character) <= room else { break }
      room -= width(character)
      result.append(character)
    }
    return result + String(repeating: ".", count: min(3, columns))
  }

  /// The last characters of the text that fit.
  static func tail(_ text: String, of columns: Int) -> String {
    var room = columns
    var kept: [Character] = []
    for character in text.reversed() {
      guard width(character) <= room else { break }
      room -= width(character)
      kept.append(character)
    }
    return String(kept.reversed())
  }
}

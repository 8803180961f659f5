package import Planning

extension LiveView {
  /// What the reader of the view has chosen: a value that keys change and frames follow.
  package struct State: Sendable, Equatable {
    /// The achievement that keys act on; nil when none is marked.
    package var mark: AchievementID?
    /// How many rows of the list are scrolled past; a frame shows more or fewer so that the mark is in sight.
    package var offset = 0
    /// Whether the help takes the place of the list.
    package var showsHelp = false
    /// The keys that are read, and stand in a line under the view; none where nobody reads them.
    package var keys: [Key] = []
    /// What the reader is asked, in place of the keys.
    package var question: String?
    /// The achievement whose log takes the place of the list.
    package var log: AchievementID?
    /// Whether nothing new is started for now.
    package var isPaused = false

    /// Nothing marked, nothing scrolled.
    package init() {}

    /// Moves the mark by `rows` along `list` (see `LiveView.list`) and stops at its ends; the first move marks the nearest
    /// end. What is no longer in the list counts as not marked.
    package mutating func move(_ rows: Int, in list: [AchievementID]) {
      guard !list.isEmpty, rows != 0 else { return }
      guard let mark, let place = list.firstIndex(of: mark) else {
        self.mark = rows > 0 ? list.first : list.last
        offset = rows > 0 ? 0 : list.count
        return
      }
      self.mark = list[min(max(0, place + rows), list.count - 1)]
    }

    /// Takes the mark away and scrolls back to the top.
    package mutating func clear() {
      mark = nil
      offset = 0
    }
  }

  /// A key that the view knows, and what it is for; the line of keys and the help are made of these.
  package enum Key: String, Sendable, CaseIterable {
    case detach = "q"
    case pause = "p"
    case cancel = "x"
    case log = "l"
    case move = "↑↓"
    case help = "?"

    /// The word in the line of keys.
    package var word: String {
      switch self {
      case .detach: "close"
      case .pause: "pause"
      case .cancel: "cancel"
      case .log: "log"
      case .move: "mark"
      case .help: "help"
      }
    }

    /// The sentence in the help.
    package var sentence: String {
      switch self {
      case .detach: "closes this view; the run goes on, and plait status --watch shows it again"
      case .pause: "starts nothing new until it is pressed again; what is at work goes on"
      case .cancel: "cancels the marked achievement, after asking"
      case .log: "shows the end of the marked achievement's log, as it grows, and hides it again"
      case .move: "marks one row up or down; Escape takes the mark away"
      case .help: "shows or hides this help"
      }
    }
  }

  /// The line of keys, as it stands under the view.
  static func keyLine(_ state: State) -> StyledLine {
    var line = StyledLine()
    if let question = state.question { return StyledLine(question, .yellow) }
    for key in state.keys {
      let word = key == .pause && state.isPaused ? "go on" : key.word
      line.add(line.width == 0 ? key.rawValue : "  \(key.rawValue)", .bold)
      line.add(" \(word)", .dim)
    }
    return line
  }

  /// The help, one line per key and three about what the view shows.
  static func help(_ keys: [Key], columns: Int) -> [StyledLine] {
    let keys = keys.flatMap { key -> [StyledLine] in
      let lines = Prose.wrapped(key.sentence, width: max(10, columns - 6))
      return lines.enumerated().map { index, text in
        var line = StyledLine(TerminalText.padded(index == 0 ? "  \(key.rawValue)" : "", to: 6), .bold)
        line.add(text)
        return line
      }
    }
    let signs =
      "A row says how long an achievement has been at work and, behind the stroke, how long it was expected to take. Saved is "
      + "the work done so far less the time that has passed; overhead is Plait's own share of the slots' time."
    return [StyledLine("Keys", .bold)] + keys + [StyledLine("")]
      + Prose.wrapped(signs, width: max(10, columns - 2), indent: "  ").map { StyledLine($0, .dim) }
  }
}

extension LiveView {
  /// A key that was pressed.
  package enum Press: Sendable, Equatable {
    case up, down, enter, escape
    case character(Character)
  }

  /// What a key asks of the run, or of whoever shows the view.
  package enum Wish: Sendable, Equatable {
    case close, pause, proceed
    case cancel(AchievementID)
  }
}

extension LiveView.State {
  /// Takes a key in; what it asks for beyond the view is returned. Keys that are not in `keys` do nothing.
  package mutating func press(_ press: LiveView.Press, in list: [AchievementID], isPaused: Bool) -> LiveView.Wish? {
    if question != nil {
      // A question takes the next key, whatever it is: only a plain yes means yes.
      question = nil
      guard let mark, press == .character("y") || press == .character("Y") else { return nil }
      return .cancel(mark)
    }
    switch press {
    case .up where keys.contains(.move), .character("k") where keys.contains(.move): move(-1, in: list)
    case .down where keys.contains(.move), .character("j") where keys.contains(.move): move(1, in: list)
    case .escape: goBack()
    case .enter where keys.contains(.log): toggleLog(list)
    case .character(let character):
      guard let key = LiveView.Key(rawValue: character.lowercased()), keys.contains(key) else { return nil }
      return self.press(key, in: list, isPaused: isPaused)
    default: break
    }
    return nil
  }

  private mutating func press(_ key: LiveView.Key, in list: [AchievementID], isPaused: Bool) -> LiveView.Wish? {
    switch key {
    case .detach: return .close
    case .pause: return isPaused ? .proceed : .pause
    case .cancel:
      if mark == nil { move(1, in: list) }
      if let mark { question = "Cancel \(mark), and what depends on it? y: yes, any other key: no" }
    case .log: toggleLog(list)
    case .help: showsHelp.toggle()
    case .move: break
    }
    return nil
  }

  private mutating func toggleLog(_ list: [AchievementID]) {
    if log != nil {
      log = nil
    } else {
      if mark == nil { move(1, in: list) }
      log = mark
    }
    showsHelp = false
  }

  /// One step back: out of the help, out of the log, off the mark.
  private mutating func goBack() {
    if showsHelp {
      showsHelp = false
    } else if log != nil {
      log = nil
    } else {
      clear()
    }
  }
}

/// Which part of a list is in sight.
struct ListWindow: Equatable {
  /// The rows shown.
  let rows: Range<Int>
  /// How many are hidden before them; a line of its own says so when there are any.
  let above: Int
  /// How many are hidden after them; likewise.
  let below: Int

  /// Fits `count` rows into `room` lines, scrolled past `offset` rows and far enough that `mark` is in sight.
  init(count: Int, room: Int, offset: Int, mark: Int?) {
    guard count > room else {
      self.init(rows: 0..<count, count: count)
      return
    }
    guard room >= 3 else {
      // No room for lines that say what is hidden on both sides: the end is cut, or all but the mark.
      let first = min(max(0, mark ?? offset), count - 1)
      self.init(rows: room < 2 ? first..<first : first..<first + 1, count: count)
      return
    }
    var first = min(max(0, offset), count - room)
    // The first and the last line may be taken by what is hidden there.
    if let mark, mark < first + (first > 0 ? 1 : 0) { first = max(0, mark - 1) }
    if let mark, mark > first + room - 2 { first = min(mark - room + 2, count - room) }
    let start = first > 0 ? first + 1 : 0
    let fits = room - (first > 0 ? 1 : 0)
    self.init(rows: start..<(count - start <= fits ? count : start + fits - 1), count: count)
  }

  private init(rows: Range<Int>, count: Int) {
    self.rows = rows
    above = rows.lowerBound
    below = count - rows.upperBound
  }
}

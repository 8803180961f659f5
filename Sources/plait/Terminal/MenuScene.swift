import Engine
import Methodology
import Planning
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The menu on a screen of its own, which it leaves whenever another command has the terminal.
struct MenuScene {
  let subject: MenuSubject
  var machine: MenuMachine
  /// Whether what the last command wrote has been read, so that the menu may take the screen.
  private var isRead = true

  init(subject: MenuSubject, machine: MenuMachine) {
    self.subject = subject
    self.machine = machine
  }

  /// Whether all that the menu reads and writes is a terminal.
  static var isPossible: Bool { [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO].allSatisfy { isatty($0) == 1 } }

  /// Shows it until it is left, or until the input ends.
  mutating func run() async throws {
    guard
      let terminal = RawTerminal(
        endingSignals: .taken,
        entering: "\u{1B}[?1049h\u{1B}[?25l",
        leaving: "\u{1B}[?25h\u{1B}[?1049l"
      )
    else { throw EngineError(.missing, "menu", "standard input is no terminal any more") }
    defer { terminal.restore() }
    draw()
    for await event in terminal.events {
      if case .bytes(let bytes) = event {
        if isRead {
          guard try await take(MenuKey.parse(bytes), terminal) else { return }
        } else {
          isRead = true
          terminal.pause()
          terminal.resume()
        }
      }
      if isRead { draw() }
    }
  }

  /// False when the menu is to be left.
  private mutating func take(_ keys: [MenuKey], _ terminal: RawTerminal) async throws -> Bool {
    for key in keys {
      guard let action = machine.take(key) else { continue }
      // What was typed after it was meant for what isn't there any more.
      return action == .quit ? false : try await perform(action, terminal)
    }
    return true
  }

  /// False when there is nothing to come back to.
  private mutating func perform(_ action: MenuAction, _ terminal: RawTerminal) async throws -> Bool {
    let words = try await subject.command(for: action, in: machine.menu)
    terminal.pause()
    let outcome = try await subject.perform(words)
    guard let menu = try await subject.menu(after: action) else {
      Console.note("\n\(outcome) The plan is in the archive now.")
      return false
    }
    machine.refresh(menu, saying: outcome)
    isRead = false
    terminal.resume(isPlain: true)
    Console.note("\n\(outcome) Press a key to go back.")
    return true
  }

  private func draw() {
    let size = Console.size
    var text = "\u{1B}[H"
    let lines = MenuScreen.render(machine, columns: size.columns, rows: size.rows)
    for (index, line) in lines.enumerated() {
      // Erased before and not after: at the right edge, erasing to the end of the line takes the last character.
      text += (index > 0 ? "\n" : "") + "\u{1B}[2K" + line
    }
    if lines.count < size.rows { text += "\n\u{1B}[J" }
    _ = try? FileDescriptor.standardError.writeAll(text.utf8)
  }
}

/// The menu as lines, for terminals that can't place text.
struct MenuLines {
  let subject: MenuSubject
  var machine: MenuMachine

  /// Asks until the answer is to leave, or until the input ends.
  mutating func run() async throws {
    while true {
      Console.note(MenuScreen.lines(machine, columns: Console.size.columns).joined(separator: "\n"))
      guard let line = readLine() else { return }
      guard let action = machine.take(line: line) else { continue }
      if action == .quit { return }
      // While a command runs, Ctrl-C is for that.
      signal(SIGINT, SIG_IGN)
      let outcome = try await subject.perform(try await subject.command(for: action, in: machine.menu))
      signal(SIGINT, SIG_DFL)
      guard let menu = try await subject.menu(after: action) else {
        Console.note("\(outcome) The plan is in the archive now.")
        return
      }
      machine.refresh(menu, saying: outcome)
    }
  }
}

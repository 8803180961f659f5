package import Planning

/// The menu's state and how keys change it: pure, so that every path through it can be tested without a terminal.
package struct MenuMachine: Sendable {
  /// What is shown.
  package enum Screen: Sendable, Equatable {
    /// The entries; the number is the selected one.
    case main(Int)
    /// What waits for a verdict.
    case review(Int)
    /// What can be said about one of them.
    case verdict(AchievementID, Int)
    /// The findings of a rejection, as typed so far.
    case findings(AchievementID, String)
    /// A question before something is done.
    case confirmation(MenuAction, String)
  }

  /// What there is to choose from.
  package private(set) var menu: Menu
  /// What is shown now.
  package private(set) var screen: Screen
  /// A sentence about the last key or the last action; empty when there is nothing to say.
  package private(set) var message = ""

  /// The verdicts, in the order in which they are shown.
  static let verdicts: [(key: Character, title: String)] = [
    ("a", "Approve"), ("r", "Reject, with findings"), ("p", "Show the review prompt"),
  ]

  /// Begins at the entry that is the next thing to do.
  package init(_ menu: Menu) {
    self.menu = menu
    screen = .main(menu.entries.firstIndex { $0.action == menu.overview.next } ?? 0)
  }

  /// Takes a menu that was read anew after something was done, and says what came of it.
  package mutating func refresh(_ menu: Menu, saying message: String) {
    self.menu = menu
    self.message = message
    screen = .main(menu.entries.firstIndex { $0.action == menu.overview.next } ?? 0)
  }

  /// Takes a key; what is to be done now, or nil when only the screen has changed.
  package mutating func take(_ key: MenuKey) -> MenuAction? {
    if key == .end { return .quit }
    message = ""
    switch screen {
    case .main(let selected): return main(key, selected)
    case .review(let selected): return review(key, selected)
    case .verdict(let id, let selected): return verdict(key, id, selected)
    case .findings(let id, let text): return findings(key, id, text)
    case .confirmation(let action, _): return confirmation(key, action)
    }
  }

  private mutating func main(_ key: MenuKey, _ selected: Int) -> MenuAction? {
    let count = menu.entries.count
    switch key {
    case .up, .character("k"): screen = .main((selected + count - 1) % count)
    case .down, .character("j"): screen = .main((selected + 1) % count)
    case .enter: return choose(selected)
    case .escape: return .quit
    case .character(let letter):
      guard let index = menu.entries.firstIndex(where: { $0.key == Character(letter.lowercased()) }) else {
        message = "No entry has the letter \(letter)."
        return nil
      }
      screen = .main(index)
      return choose(index)
    case .backspace, .end: break
    }
    return nil
  }

  private mutating func choose(_ index: Int) -> MenuAction? {
    let entry = menu.entries[index]
    guard entry.isEnabled else {
      message = "\(entry.title): \(entry.detail)."
      return nil
    }
    if entry.action == .review {
      screen = .review(0)
      return nil
    }
    guard let question = entry.question else { return entry.action }
    screen = .confirmation(entry.action, question)
    return nil
  }

  private mutating func review(_ key: MenuKey, _ selected: Int) -> MenuAction? {
    let ids = menu.overview.waitingForReview
    switch key {
    case .up, .character("k"): screen = .review((selected + ids.count - 1) % ids.count)
    case .down, .character("j"): screen = .review((selected + 1) % ids.count)
    case .enter: screen = .verdict(ids[selected], 0)
    case .escape, .backspace, .character("q"): back()
    default: break
    }
    return nil
  }

  private mutating func verdict(_ key: MenuKey, _ id: AchievementID, _ selected: Int) -> MenuAction? {
    let count = MenuMachine.verdicts.count
    switch key {
    case .up, .character("k"): screen = .verdict(id, (selected + count - 1) % count)
    case .down, .character("j"): screen = .verdict(id, (selected + 1) % count)
    case .enter: return say(MenuMachine.verdicts[selected].key, id)
    case .escape, .backspace, .character("q"): screen = .review(menu.overview.waitingForReview.firstIndex(of: id) ?? 0)
    case .character(let letter): return say(letter, id)
    case .end: break
    }
    return nil
  }

  private mutating func say(_ letter: Character, _ id: AchievementID) -> MenuAction? {
    switch letter {
    case "a": screen = .confirmation(.approve(id), "Approve \(id) \(menu.titles[id] ?? "")?")
    case "r": screen = .findings(id, "")
    case "p": return .reviewPrompt(id)
    default: message = "No entry has the letter \(letter)."
    }
    return nil
  }

  private mutating func findings(_ key: MenuKey, _ id: AchievementID, _ text: String) -> MenuAction? {
    switch key {
    case .character(let character): screen = .findings(id, text + String(character))
    case .backspace: screen = .findings(id, String(text.dropLast()))
    case .escape: screen = .verdict(id, 1)
    case .enter:
      guard !text[...].trimmed.isEmpty else {
        message = "A rejection needs a finding: what is wrong, and where."
        return nil
      }
      screen = .confirmation(.reject(id, finding: text), "Reject \(id) \(menu.titles[id] ?? "")?")
    case .up, .down, .end: break
    }
    return nil
  }

  private mutating func confirmation(_ key: MenuKey, _ action: MenuAction) -> MenuAction? {
    switch key {
    case .enter, .character("y"), .character("Y"):
      back()
      return action
    default:
      back()
      message = "Nothing was done."
      return nil
    }
  }

  private mutating func back() {
    let action: MenuAction
    switch screen {
    case .review, .verdict, .findings: action = .review
    case .confirmation(.approve, _), .confirmation(.reject, _): action = .review
    case .confirmation(let asked, _): action = asked
    case .main: return
    }
    screen = .main(menu.entries.firstIndex { $0.action == action } ?? 0)
  }
}

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
    /// What is said with a rejection or a skip, as typed so far.
    case saying(Saying, AchievementID, String)
    /// A question before something is done.
    case confirmation(MenuAction, String)
  }

  /// What a verdict needs words for.
  package enum Saying: Sendable, Equatable {
    case rejection
    case skip

    /// Where it stands among the verdicts.
    fileprivate var index: Int { self == .rejection ? 1 : 2 }
    /// What is said when there are no words.
    fileprivate var demand: String {
      self == .rejection ? "A rejection needs a finding: what is wrong, and where." : "A skip needs a reason."
    }
  }

  /// What there is to choose from.
  package private(set) var menu: Menu
  /// What is shown now.
  package private(set) var screen: Screen
  /// A sentence about the last key or the last action; empty when there is nothing to say.
  package private(set) var message = ""

  /// The verdicts, in the order in which they are shown.
  static let verdicts: [(key: Character, title: String)] = [
    ("a", "Approve"), ("r", "Reject, with findings"), ("s", "Skip, with a reason"), ("p", "Show the review prompt"),
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
    case .saying(let saying, let id, let text): return say(saying, key, id, text)
    case .confirmation(let action, _): return confirmation(key, action)
    }
  }

  /// Takes a line, from a terminal that has only lines; what is to be done now, or nil.
  ///
  /// Letters are those of the keys. Among what waits for a verdict an id chooses; a line with nothing on it goes back, and at
  /// the top chooses what is marked.
  package mutating func take(line: String) -> MenuAction? {
    let text = String(line[...].trimmed)
    switch screen {
    case .review where !text.isEmpty:
      let ids = menu.overview.waitingForReview
      guard let index = ids.firstIndex(where: { $0.text == text }) else {
        message = "\(Markdown.line(text)) is none of those that wait."
        return nil
      }
      screen = .review(index)
      return take(.enter)
    case .saying where !text.isEmpty:
      for character in text { _ = take(.character(character)) }
      return take(.enter)
    case .main where text.isEmpty: return take(.enter)
    case _ where text.isEmpty: return take(.escape)
    default:
      guard text.count == 1, let letter = text.first else {
        message = "One letter chooses; \(Markdown.line(text)) is none."
        return nil
      }
      return take(.character(letter))
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
    case "r": screen = .saying(.rejection, id, "")
    case "s": screen = .saying(.skip, id, "")
    case "p": return .reviewPrompt(id)
    default: message = "No entry has the letter \(letter)."
    }
    return nil
  }

  private mutating func say(_ saying: Saying, _ key: MenuKey, _ id: AchievementID, _ text: String) -> MenuAction? {
    switch key {
    case .character(let character): screen = .saying(saying, id, text + String(character))
    case .backspace: screen = .saying(saying, id, String(text.dropLast()))
    case .escape: screen = .verdict(id, saying.index)
    case .enter:
      guard !text[...].trimmed.isEmpty else {
        message = saying.demand
        return nil
      }
      let title = "\(id) \(menu.titles[id] ?? "")?"
      switch saying {
      case .rejection: screen = .confirmation(.reject(id, finding: text), "Reject \(title)")
      case .skip: screen = .confirmation(.skip(id, reason: text), "Skip \(title)")
      }
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
    case .review, .verdict, .saying: action = .review
    case .confirmation(.approve, _), .confirmation(.reject, _), .confirmation(.skip, _): action = .review
    case .confirmation(let asked, _): action = asked
    case .main: return
    }
    screen = .main(menu.entries.firstIndex { $0.action == action } ?? 0)
  }
}

/// A prompt in sections that know how much they are needed, so that it can be made to fit a budget.
package struct Prompt: Sendable, Equatable {
  /// A part of a prompt.
  package struct Section: Sendable, Equatable {
    /// How much the reader needs it.
    package enum Need: Int, Sendable, Comparable {
      case low, medium, high
      /// Never left out.
      case essential

      /// The least needed first.
      package static func < (left: Need, right: Need) -> Bool { left.rawValue < right.rawValue }
    }

    /// What it is called when it is left out: `the journal of the last attempt`.
    package let name: String
    /// How much the reader needs it.
    package let need: Need
    /// Markdown with its heading, without blank lines at its ends.
    package let text: String

    /// nil when there is no text.
    package init?(_ name: String, _ need: Need, _ text: String?) {
      guard let text, !text.isEmpty else { return nil }
      self.name = name
      self.need = need
      self.text = text
    }

    /// A heading of the second level and a text below it; nil when there is no text.
    package init?(_ name: String, _ need: Need, heading: String, _ text: String?) {
      guard let text, !text.isEmpty else { return nil }
      self.init(name, need, "## \(heading)\n\n\(text)")
    }
  }

  /// A prompt that was made to fit.
  package struct Fitted: Sendable, Equatable {
    /// The whole text, ending in one newline.
    package let text: String
    /// How many tokens it has, estimated as its bytes ÷ 4: models count differently.
    package let tokens: Int
    /// The names of what was left out or shortened, the least needed first.
    package let cut: [String]
    /// Whether it is within the budget; what is essential is never cut.
    package let fits: Bool
  }

  /// In the order in which they are read.
  package let sections: [Section]

  /// Takes the sections that there are.
  package init(_ sections: [Section?]) { self.sections = sections.compactMap { $0 } }

  /// All of it, ending in one newline.
  package var text: String { sections.map(\.text).joined(separator: "\n\n") + "\n" }

  /// How many tokens `text` has, estimated as its bytes ÷ 4, rounded up.
  package static func estimatedTokens(_ text: String) -> Int { (text.utf8.count + 3) / 4 }

  /// The text within `maxTokens` (nil: without limit), which is an estimate: 4 bytes each.
  ///
  /// What is least needed goes first, and of that the longest; the last one to go is shortened where that is enough. The text says
  /// what it lacks.
  package func fitted(maxTokens: Int? = nil) -> Fitted {
    guard let maxTokens, Prompt.estimatedTokens(text) > maxTokens else {
      return Fitted(text: text, tokens: Prompt.estimatedTokens(text), cut: [], fits: true)
    }
    var cutting = PromptCutting(sections, budget: 4 * max(0, maxTokens), maxTokens: maxTokens)
    cutting.cut()
    let text = cutting.text
    let tokens = Prompt.estimatedTokens(text)
    return Fitted(text: text, tokens: tokens, cut: cutting.cutNames, fits: tokens <= maxTokens)
  }
}

/// Takes sections away until the rest fits.
private struct PromptCutting {
  private var sections: [Prompt.Section?]
  private let budget: Int
  private let maxTokens: Int
  private var leftOut: [String] = []
  private var shortened: [String] = []

  /// A section that would keep less than this is of no use.
  private static let shortest = 200

  init(_ sections: [Prompt.Section], budget: Int, maxTokens: Int) {
    self.sections = sections
    self.budget = budget
    self.maxTokens = maxTokens
  }

  var cutNames: [String] { leftOut + shortened }

  var text: String {
    let kept = sections.compactMap { $0?.text }
    return (kept + [notice].compactMap { $0 }).joined(separator: "\n\n") + "\n"
  }

  private var notice: String? {
    guard !cutNames.isEmpty else { return nil }
    var parts: [String] = []
    if !leftOut.isEmpty { parts.append("left out: \(leftOut.joined(separator: ", "))") }
    if !shortened.isEmpty { parts.append("shortened: \(shortened.joined(separator: ", "))") }
    return "(To stay within \(maxTokens) tokens, estimated at 4 bytes each: \(parts.joined(separator: "; ")).)"
  }

  mutating func cut() {
    let order = sections.indices.filter { (sections[$0]?.need ?? .essential) != .essential }
      .sorted { left, right in
        guard let a = sections[left], let b = sections[right] else { return left < right }
        return (a.need.rawValue, -a.text.utf8.count, left) < (b.need.rawValue, -b.text.utf8.count, right)
      }
    for index in order where text.utf8.count > budget {
      guard let section = sections[index] else { continue }
      shortened.append(section.name)
      let excess = text.utf8.count - budget
      let limit = section.text.utf8.count - excess
      if limit >= PromptCutting.shortest, let rest = PromptCutting.shorten(section, to: limit) {
        sections[index] = rest
      } else {
        shortened.removeLast()
        leftOut.append(section.name)
        sections[index] = nil
      }
    }
  }

  /// The first lines of a section; a code block that is cut is closed, so that it swallows nothing of what follows.
  private static func shorten(_ section: Prompt.Section, to limit: Int) -> Prompt.Section? {
    let lines = section.text.split(separator: "\n", omittingEmptySubsequences: false)
    var kept: [Substring] = []
    var size = 0
    var fence: Substring?
    for line in lines {
      // Room is left for the end of a code block and for the sentence about the rest.
      guard size + line.utf8.count + 60 <= limit else { break }
      size += line.utf8.count + 1
      kept.append(line)
      let mark = line.prefix { $0 == "`" }
      if let open = fence {
        if mark == open, line == mark { fence = nil }
      } else if mark.count >= 3 {
        fence = mark
      }
    }
    while kept.last?.isEmpty == true { kept.removeLast() }
    guard kept.count > 2 else { return nil }
    if let fence { kept.append(fence) }
    let text = kept.joined(separator: "\n") + "\n\n(\(lines.count - kept.count) more lines are left out.)"
    return Prompt.Section(section.name, section.need, text)
  }
}

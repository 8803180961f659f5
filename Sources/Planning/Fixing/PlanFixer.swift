/// Rewrites a plan file into the canonical form of the format.
package enum PlanFixer {
  /// A rewritten file.
  package struct Fixed: Sendable {
    /// The whole file as it should be.
    package let bytes: [UInt8]
    /// What was changed, a phrase each, safe to print.
    package let changes: [String]
  }

  /// Corrects misspelt and outdated keys, flattens `levels` and adds a missing level; nil when there is nothing to do,
  /// or when the file is no well-formed JSON.
  ///
  /// Everything else stays byte for byte: other fields, order, formatting, a Markdown text around the plan. The result
  /// may still have errors, but none of the warnings that it answers.
  package static func fix(_ bytes: [UInt8]) -> Fixed? {
    var current = bytes
    var changes: [String] = []
    // A corrected key can make its value readable, and that can hold further keys: as deep as objects are nested.
    for _ in 0..<8 {
      let scan = JSONSource.scan(current)
      guard let document = scan.document, scan.diagnostics.isEmpty else { break }
      var draft = PlanDraft(document, findings: Findings())
      guard draft.read(), let pass = draft.fixes() else { break }
      current = pass.apply(to: current)
      changes += pass.changes
    }
    return changes.isEmpty ? nil : Fixed(bytes: current, changes: changes)
  }
}

/// Replacements of byte ranges that don't overlap.
struct TextEdits {
  private var edits: [(range: Range<Int>, text: [UInt8])] = []
  var changes: [String] = []

  mutating func replace(_ range: Range<Int>, with text: [UInt8]) { edits.append((range, text)) }

  func apply(to bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var position = 0
    for edit in edits.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
      result += bytes[position..<edit.range.lowerBound]
      result += edit.text
      position = edit.range.upperBound
    }
    return result + bytes[position...]
  }
}

extension PlanDraft {
  /// What can be put right in one pass over the text; nil when nothing can.
  func fixes() -> TextEdits? { renames() ?? flattenedLevels() ?? addedLevel() }

  private func renames() -> TextEdits? {
    guard !text.renames.isEmpty else { return nil }
    var edits = TextEdits()
    var counts: [(phrase: String, count: Int)] = []
    var positions: [String: Int] = [:]
    for rename in text.renames {
      let node = text.document.nodes[rename.node]
      let start = Int(node.keyStart)
      edits.replace(start..<start + Int(node.keyLength), with: Array(rename.name.utf8))
      let old = JSONText.printable(text.document.key(of: rename.node), limit: 60)
      let phrase = "renamed `\(old)` to `\(rename.name)`"
      if let position = positions[phrase] {
        counts[position].count += 1
      } else {
        positions[phrase] = counts.count
        counts.append((phrase, 1))
      }
    }
    edits.changes = counts.map { $0.count > 1 ? "\($0.phrase) (\($0.count) times)" : $0.phrase }
    return edits
  }

  /// Adds the level after the plan's name, on a line like the name's own.
  private func addedLevel() -> TextEdits? {
    guard fields[.level] == nil, let list = fields[.achievements], text.document.kind(of: list) == .array,
      let name = fields[.planName]
    else { return nil }
    var edits = TextEdits()
    let field = "\"\(PlanField.level.name)\": \"\(neededLevel.rawValue)\""
    let end = Int(text.document.nodes[name].end)
    edits.replace(end..<end, with: Array(",".utf8) + space(before: name) + Array(field.utf8))
    edits.changes = ["added \(field)"]
    return edits
  }

  /// The white space in front of a member's key.
  private func space(before member: Int) -> [UInt8] {
    let quote = Int(text.document.nodes[member].keyStart) - 1
    return text.document.bytes[..<quote].reversed().prefix { $0 <= 0x20 }.reversed()
  }

  /// Replaces `levels` by one list; what the levels say beside it is kept, with ids in place of achievements.
  private func flattenedLevels() -> TextEdits? {
    guard fields[.achievements] == nil, let levels = fields[.levels], let lists = nestedLists(in: levels),
      let list = joined(lists)
    else { return nil }
    let document = text.document
    var replacement = Array("\"achievements\": ".utf8) + list
    let hasMore = document.children(of: levels).contains { level in
      document.children(of: level).contains { document.key(of: $0) != "achievements" }
    }
    if hasMore {
      guard let rest = levelsWithIDs(levels, lists) else { return nil }
      replacement += Array(",".utf8) + space(before: levels) + Array("\"levels\": ".utf8) + rest
    }
    var edits = TextEdits()
    let start = Int(document.nodes[levels].keyStart) - 1
    edits.replace(start..<Int(document.nodes[levels].end), with: replacement)
    edits.changes = ["moved the achievements of `levels` into one list `achievements`"]
    return edits
  }

  private func nestedLists(in levels: Int) -> [Int]? {
    guard text.document.kind(of: levels) == .array else { return nil }
    var lists: [Int] = []
    for level in text.document.children(of: levels) {
      guard let list = text.document.child(of: level, named: "achievements"), text.document.kind(of: list) == .array
      else { return nil }
      lists.append(list)
    }
    return lists
  }

  /// One list of all items, each group with its own line breaks, between the brackets of the first and the last group.
  private func joined(_ lists: [Int]) -> [UInt8]? {
    let document = text.document
    var groups: [[UInt8]] = []
    var opening: [UInt8] = []
    var closing: [UInt8] = []
    for list in lists {
      let items = Array(document.children(of: list))
      guard let first = items.first, let last = items.last else { continue }
      let (start, end) = (Int(document.nodes[first].start), Int(document.nodes[last].end))
      if groups.isEmpty { opening = Array(document.bytes[Int(document.nodes[list].start) + 1..<start]) }
      closing = Array(document.bytes[end..<Int(document.nodes[list].end) - 1])
      groups.append(Array(document.bytes[start..<end]))
    }
    let separator = Array(",".utf8) + (opening.isEmpty ? Array(" ".utf8) : opening)
    return Array("[".utf8) + opening + Array(groups.joined(separator: separator)) + closing + Array("]".utf8)
  }

  private func levelsWithIDs(_ levels: Int, _ lists: [Int]) -> [UInt8]? {
    let document = text.document
    var edits = TextEdits()
    for list in lists {
      var names: [[UInt8]] = []
      for item in document.children(of: list) {
        guard let id = document.child(of: item, named: ItemField.achievementID.name) else { return nil }
        names.append(Array(document.source(of: id)))
      }
      let text = Array("[".utf8) + Array(names.joined(separator: Array(", ".utf8))) + Array("]".utf8)
      edits.replace(Int(document.nodes[list].start)..<Int(document.nodes[list].end), with: text)
    }
    let start = Int(document.nodes[levels].start)
    let whole = edits.apply(to: Array(document.bytes[..<Int(document.nodes[levels].end)]))
    return Array(whole[start...])
  }
}

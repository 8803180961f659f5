/// Text from a plan or a repository, made safe to stand in a Markdown document.
enum Markdown {
  /// `text` as one line: runs of white space and control characters become single spaces.
  static func line(_ text: String) -> String {
    text.unicodeScalars.split { $0.properties.isWhitespace || $0.value < 0x20 || $0.value == 0x7F }
      .map { String($0) }.joined(separator: " ")
  }

  /// `text` as inline code, fenced by more back quotes than it holds in a row.
  static func code(_ text: String) -> String {
    let text = line(text)
    let fence = String(repeating: "`", count: longestRun(in: text) + 1)
    let space = text.hasPrefix("`") || text.hasSuffix("`") ? " " : ""
    return fence + space + text + space + fence
  }

  /// A list of paths, sorted, shortened to `limit` items with a line that counts the rest.
  static func paths(_ paths: [String], atMost limit: Int) -> String {
    var lines = paths.sorted().prefix(limit).map { "- \(code($0))" }
    if paths.count > limit { lines.append("- … and \(paths.count - limit) more") }
    return lines.joined(separator: "\n")
  }

  /// `text` as a code block that nothing in it can close, shortened to `limit` lines with a sentence that counts the rest.
  static func block(_ text: String, language: String = "", atMost limit: Int = 100) -> String {
    var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    while let last = lines.last, last.isEmpty { lines.removeLast() }
    let shown = lines.prefix(limit)
    let fence = String(repeating: "`", count: max(3, longestRun(in: text) + 1))
    let block = "\(fence)\(language)\n\(shown.joined(separator: "\n"))\n\(fence)"
    return lines.count > limit ? "\(block)\n\n(\(lines.count - limit) more lines are left out.)" : block
  }

  private static func longestRun(in text: String) -> Int {
    var longest = 0
    var run = 0
    for byte in text.utf8 {
      run = byte == UInt8(ascii: "`") ? run + 1 : 0
      longest = max(longest, run)
    }
    return longest
  }
}

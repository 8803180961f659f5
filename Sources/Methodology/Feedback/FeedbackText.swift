import SystemPackage

/// What stands in a feedback file that a person or Plait has written.
enum FeedbackText {
  /// The part of a FIX file called Findings, else the whole of it; nil when there is no such file.
  static func findings(in path: FilePath) -> String? {
    guard let bytes = try? TextFile.read(path) else { return nil }
    let text = SourceText(bytes)
    let lines = MarkdownDocument(bytes).lines
    guard let start = lines.firstIndex(where: { $0.level == 2 && $0.text == "Findings" }) else {
      return text.text(from: 1, to: Int.max)
    }
    let next = lines[(start + 1)...].first { ($0.level ?? 9) <= 2 }
    return text.text(from: lines[start].number + 1, to: (next?.number ?? Int.max) - 1)
  }
}

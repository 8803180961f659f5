import Planning
package import SystemPackage

extension PlanDocument {
  /// Reads the document at `path`; throws `MethodologyError` when it can't be read or is no text.
  package init(_ path: FilePath) throws {
    self.init(try TextFile.read(path), fileName: path.lastComponent?.string ?? path.string)
  }

  /// Reads UTF-8 text; never fails. What is wrong with it stands in `findings`.
  ///
  /// `fileName` is the last component of the file's path.
  package init(_ bytes: [UInt8], fileName: String) {
    let lines = MarkdownDocument(bytes).lines
    let map = DocumentMap(lines)
    let chosen = MentionChoice(lines, map)
    let source = SourceText(bytes)
    var findings = chosen.findings
    let achievements = chosen.definitions.map { definition in
      DescribedAchievement(definition, lines, source, priority: map.priorities[definition.index], &findings)
    }
    findings += PlanDocument.collisions(achievements)
    self.fileName = fileName
    title = PlanDocument.title(of: lines)
    header = PlanDocument.header(of: lines)
    sections = map.sections.map { Section(title: $0.title, line: $0.line) }
    self.achievements = achievements
    index = chosen.index
    totals = TotalReading(lines).totals
    goal = PlanDocument.goal(lines, source)
    archiveLocation = PlanDocument.archiveLocation(lines, map)
    blocks = lines.compactMap { line in line.isCode ? JSONBlock(line.text, line: line.number) : nil }
    self.findings = findings.sorted { $0.place < $1.place }
  }

  private static func title(of lines: [MarkdownDocument.Line]) -> String {
    let heading = lines.first { $0.level == 1 }?.text ?? ""
    let plain = heading.drop { !$0.isLetter && !$0.isNumber }
    return String((plain.hasPrefix("PLAN:") ? plain.dropFirst(5) : plain).trimmed)
  }

  private static func header(of lines: [MarkdownDocument.Line]) -> [HeaderField] {
    lines.prefix { ($0.level ?? 1) == 1 }.compactMap { line in
      guard let field = FieldReading.labelled(line), !field.value.isEmpty else { return nil }
      return HeaderField(label: field.name, value: field.valueText, line: line.number)
    }
  }

  /// The section called Goal, else the goal of the header.
  private static func goal(_ lines: [MarkdownDocument.Line], _ source: SourceText) -> String {
    guard
      let start = lines.firstIndex(where: { $0.level == 2 && FieldLabel($0.text[...].withoutMarksAtEnds) == .summary })
    else { return header(of: lines).first { FieldLabel($0.label) == .summary }?.value ?? "" }
    let next = lines[(start + 1)...].first { ($0.level ?? 9) <= 2 }
    return source.text(from: lines[start].number + 1, to: (next?.number ?? Int.max) - 1)
  }

  /// The path of a line labelled "Archive Location", one of the section of that name first.
  private static func archiveLocation(_ lines: [MarkdownDocument.Line], _ map: DocumentMap) -> String? {
    var others: String?
    for (index, line) in lines.enumerated() {
      guard let field = FieldReading.labelled(line),
        field.name.words.joined(separator: " ").hasSuffix("archive location")
      else { continue }
      let words = field.value.first { $0.style == .code }?.text ?? field.valueText
      let path = words.prefix { !$0.isWhitespace }
      guard path.contains("/") else { continue }
      if map.section(of: index)?.title.lowercased().contains("archive location") == true { return String(path) }
      others = others ?? String(path)
    }
    return others
  }

  /// Ids whose files could not be told apart, since files are named by the id without its dots.
  private static func collisions(_ achievements: [DescribedAchievement]) -> [Diagnostic] {
    var owners: [String: DescribedAchievement] = [:]
    var findings: [Diagnostic] = []
    for achievement in achievements {
      let suffix = achievement.id.fileSuffix
      guard let other = owners[suffix] else {
        owners[suffix] = achievement
        continue
      }
      findings.append(
        Diagnostic(
          .error,
          "suffix-collision",
          "\(other.id) and \(achievement.id) both give the file suffix \(suffix)",
          at: SourcePlace(line: achievement.line, column: 1),
          hint: "Their files could not be told apart: renumber one of them."
        )
      )
    }
    return findings
  }
}

/// The text of a document by its lines.
struct SourceText {
  private let lines: [Substring]

  init(_ bytes: [UInt8]) {
    // A carriage return and a line feed are one character, and so one line's end.
    lines = String(decoding: bytes, as: UTF8.self).split(omittingEmptySubsequences: false) {
      $0 == "\n" || $0 == "\r\n" || $0 == "\r"
    }
  }

  /// The lines from `first` to `last` (from 1, both included), without blank lines and rules at the ends.
  func text(from first: Int, to last: Int) -> String {
    guard first <= lines.count, first <= last else { return "" }
    var slice = lines[(first - 1)..<min(last, lines.count)]
    func isFiller(_ line: Substring) -> Bool { line.trimmed.isEmpty || line.trimmed == "---" }
    while let line = slice.first, isFiller(line) { slice.removeFirst() }
    while let line = slice.last, isFiller(line) { slice.removeLast() }
    return slice.joined(separator: "\n")
  }
}

extension DescribedAchievement {
  fileprivate init(
    _ definition: MentionChoice.Definition,
    _ lines: [MarkdownDocument.Line],
    _ source: SourceText,
    priority: Int?,
    _ findings: inout [Diagnostic]
  ) {
    let line = lines[definition.index]
    let reading = FieldReading(lines[definition.body])
    let last = definition.body.upperBound < lines.count ? lines[definition.body.upperBound].number - 1 : Int.max
    let effort = reading.all(.estimate).first
    let words = effort?.valueText ?? definition.mention.estimateText
    func items(_ label: FieldLabel) -> [Item] { reading.all(label).flatMap { $0.items(isPathList: label == .files) } }
    func names(_ label: FieldLabel) -> DependencyLine? {
      DependencyReading.joined(
        reading.all(label).compactMap(DependencyReading.read),
        of: definition.mention.id,
        &findings
      )
    }
    let loose = reading.loose.filter { $0.depth > 0 || $0.runs.first?.style != .strong }
      .map { Item(text: $0.runs.markdown, line: $0.number, depth: 0, paths: PathReading.paths(in: $0.runs)) }
    id = definition.mention.id
    title = definition.mention.title
    self.line = line.number
    self.priority = priority
    estimate = words.flatMap { EstimateMention.first(in: $0.prefix { $0 != "(" }) ?? EstimateMention.first(in: $0) }
    estimateText = words
    summary = items(.summary) + loose
    approach = items(.approach)
    success = items(.success)
    deliverables = items(.deliverables)
    files = items(.files)
    testing = items(.testing)
    dependencies = names(.dependencies)
    blocks = names(.blocks)
    self.source = source.text(from: line.number + 1, to: last)
  }
}

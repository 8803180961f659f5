package import Planning

/// Holds what a model answered to the discovery prompt against the document that it was asked about.
package enum DiscoveryCheck {
  /// The findings about `answer` (a `parallel.json`, or Markdown that holds one), places being lines of it.
  ///
  /// An error is what the plan must not be used with: an achievement that is missing, invented or called otherwise, a dependency
  /// that contradicts a line of the document, and whatever makes it no sound plan.
  package static func find(_ answer: [UInt8], document: PlanDocument) -> [Diagnostic] {
    let reading = PlanReader.read(answer)
    var findings = reading.diagnostics
    let top = SourcePlace(line: 1, column: 1)
    guard let root = JSONView(answer) else { return findings }
    let lists =
      root["achievements"]?.elements ?? root["levels"]?.elements?.flatMap { $0["achievements"]?.elements ?? [] }
    var seen: Set<AchievementID> = []
    for item in lists ?? [] {
      guard let field = item["achievement_id"] ?? item["id"],
        let id = field.string.flatMap({ AchievementID(plain: $0) })
      else {
        continue
      }
      seen.insert(id)
      guard let described = document[id] else {
        let words = "\(id) is invented: \(document.fileName) doesn't describe it"
        findings.append(Diagnostic(.error, "invented", words, at: field.place))
        continue
      }
      findings += compare(item, with: described, document)
    }
    for described in document.achievements where !seen.contains(described.id) && described.id.numbers.count == 2 {
      let words = "\(described.id) \"\(described.title)\" is missing (\(document.fileName), line \(described.line))"
      findings.append(Diagnostic(.error, "missing-achievement", words, at: top))
    }
    return findings.enumerated().sorted { ($0.element.place, $0.offset) < ($1.element.place, $1.offset) }.map(\.element)
  }

  private static func compare(
    _ item: JSONView,
    with described: DescribedAchievement,
    _ document: PlanDocument
  ) -> [Diagnostic] {
    var findings: [Diagnostic] = []
    if let title = item["title"] ?? item["name"], let text = title.string, text != described.title {
      let words = "\(described.id) is called \"\(described.title)\" in \(document.fileName)"
      findings.append(Diagnostic(.error, "title-mismatch", words, at: title.place))
    }
    if let field = item["estimated_hours"], let stated = described.estimate,
      let hours = field.scalar.flatMap({ EstimateText.hours($0) }), hours != stated
    {
      let words = "\(described.id) is estimated at \(EstimateText.words(stated)) in \(document.fileName)"
      findings.append(Diagnostic(.warning, "estimate-mismatch", words, at: field.place))
    }
    if let line = described.dependencies, line.isClear, let field = item["dependencies"], let list = field.elements {
      let answered = Set(list.compactMap { $0.string.flatMap { AchievementID(plain: $0) } })
      let stated = Set(line.targets(in: document, of: described.id))
      if answered != stated {
        let names = stated.isEmpty ? "nothing" : stated.sorted().map(\.text).joined(separator: ", ")
        let words = "\(described.id) depends on \(names) by line \(line.line) of \(document.fileName)"
        findings.append(Diagnostic(.error, "dependency-mismatch", words, at: field.place))
      }
    }
    return findings
  }
}

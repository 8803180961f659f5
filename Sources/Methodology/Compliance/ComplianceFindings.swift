package import Planning

/// What a compliance score is blind to: what the achievements of a document lack, and where it contradicts itself or its plan.
package enum ComplianceFindings {
  /// The share of lines that the methodology wants tests to reach where code is changed, in percent.
  package static let wantedCoverage = 90

  /// The findings about `document`, by place; with `plan`, also where the two contradict each other.
  ///
  /// Places are lines of the document.
  package static func find(_ document: PlanDocument, plan: Plan? = nil) -> [Diagnostic] {
    var findings = document.findings
    for achievement in document.achievements { findings += missing(in: achievement) }
    findings += TotalCheck.find(document)
    findings += index(document)
    if let plan { findings += PlanComparison.find(document, plan) }
    return findings.enumerated().sorted { ($0.element.place, $0.offset) < ($1.element.place, $1.offset) }.map(\.element)
  }

  private static func missing(in achievement: DescribedAchievement) -> [Diagnostic] {
    let place = SourcePlace(line: achievement.line, column: 1)
    var findings: [Diagnostic] = []
    func warn(_ code: String, _ message: String, _ hint: String) {
      findings.append(Diagnostic(.warning, code, "\(achievement.id) \(message)", at: place, hint: hint))
    }
    if achievement.title.isEmpty {
      warn("no-title", "has no title", "Write it behind the id: **Achievement 1.1**: Title")
    }
    if let priority = achievement.priority, priority != achievement.id.numbers.first {
      warn("priority-mismatch", "stands under priority \(priority)", "Its id says another one: move or renumber it.")
    }
    if let words = achievement.estimateText, achievement.estimate == nil {
      let words = Markdown.line(words)
      warn("unreadable-estimate", "has an estimate that can't be read: \(words)", "Like: **Effort**: 4-6 hours")
    } else if achievement.estimate == nil {
      warn("no-estimate", "has no estimate", "Add a line: **Effort**: 4-6 hours")
    }
    if achievement.deliverables.isEmpty {
      warn("no-deliverable", "has no deliverable", "Add a list: **Deliverables**:")
    }
    switch (achievement.changesCode, achievement.testing.isEmpty) {
    case (false, _): break
    case (_, true):
      let wanted = "Add a list: **Testing Requirements**:, with a coverage above \(wantedCoverage) %."
      warn("no-testing", "has no testing requirement", wanted)
    case (true, false) where !achievement.wantsCoverage:
      warn("no-coverage", "changes code and asks for no test coverage", "Ask for more than \(wantedCoverage) %.")
    default: break
    }
    return findings
  }

  private static func index(_ document: PlanDocument) -> [Diagnostic] {
    document.index.compactMap { entry in
      let place = SourcePlace(line: entry.line, column: 1)
      guard let described = document[entry.id] else {
        return Diagnostic(.warning, "index-stale", "the index lists \(entry.id), which nothing describes", at: place)
      }
      guard described.line != entry.line, !entry.title.isEmpty, entry.title != described.title else { return nil }
      let words = "the index calls \(entry.id) \"\(entry.title)\", its description \"\(described.title)\""
      return Diagnostic(.warning, "index-stale", words, at: place)
    }
  }
}

extension DescribedAchievement {
  /// Whether it changes code, by the files that it names; nil when it names none.
  var changesCode: Bool? {
    let spans = (deliverables + files).flatMap(\.paths)
    let kinds = spans.map { $0.isFolder ? nil : PathReading.isCode($0.path) }
    return kinds.contains(true) ? true : kinds.contains(false) ? false : nil
  }

  /// Whether its tests or its criteria name a coverage.
  fileprivate var wantsCoverage: Bool {
    (testing + success).contains { $0.text.lowercased().contains("coverage") && $0.text.contains { $0.isASCIIDigit } }
  }
}

/// Holds the totals that a document claims against its achievements.
enum TotalCheck {
  static func find(_ document: PlanDocument) -> [Diagnostic] {
    guard !document.achievements.isEmpty else { return [] }
    return document.totals.compactMap { total in
      switch total.subject {
      case .count: count(total, document.achievements.count)
      case .hours: hours(total, "all achievements", document.achievements)
      case .hoursOfPriority(let number):
        hours(total, "priority \(number)", document.achievements.filter { $0.id.numbers.first == number })
      }
    }
  }

  private static func count(_ total: PlanDocument.Total, _ actual: Int) -> Diagnostic? {
    let claimed = Int(total.claimed.low)
    guard claimed != actual else { return nil }
    return Diagnostic(
      .warning,
      "total-mismatch",
      "the document counts \(claimed) achievement\(claimed == 1 ? "" : "s"), and describes \(actual)",
      at: SourcePlace(line: total.line, column: 1)
    )
  }

  /// Says nothing where an estimate is missing: then there is no sum.
  private static func hours(
    _ total: PlanDocument.Total,
    _ what: String,
    _ achievements: [DescribedAchievement]
  ) -> Diagnostic? {
    let known = achievements.compactMap(\.estimate)
    guard !known.isEmpty, known.count == achievements.count else { return nil }
    let sum = HourRange(low: known.reduce(0) { $0 + $1.low }, high: known.reduce(0) { $0 + $1.high })
    guard abs(sum.low - total.claimed.low) > 0.05 || abs(sum.high - total.claimed.high) > 0.05 else { return nil }
    let claimed = EstimateText.words(total.claimed)
    return Diagnostic(
      .warning,
      "total-mismatch",
      "the document says \(claimed) for \(what), whose estimates add up to \(EstimateText.words(sum))",
      at: SourcePlace(line: total.line, column: 1)
    )
  }
}

/// Holds a document against the plan beside it.
enum PlanComparison {
  static func find(_ document: PlanDocument, _ plan: Plan) -> [Diagnostic] {
    var findings: [Diagnostic] = []
    for described in document.achievements {
      let place = SourcePlace(line: described.line, column: 1)
      guard let achievement = plan[described.id] else {
        findings.append(Diagnostic(.warning, "not-in-plan", "\(described.id) is not in parallel.json", at: place))
        continue
      }
      if !described.title.isEmpty, !achievement.title.isEmpty, described.title != achievement.title {
        let words = "\(described.id) is called \"\(achievement.title)\" in parallel.json"
        findings.append(Diagnostic(.warning, "title-mismatch", words, at: place))
      }
      findings += dependencies(described, document, plan)
    }
    let known = Set(document.achievements.map(\.id))
    for achievement in plan.achievements where !known.contains(achievement.id) {
      if achievement.role.owner != nil { continue }
      let words = "parallel.json has \(achievement.id), which the document doesn't describe"
      findings.append(Diagnostic(.warning, "not-in-document", words, at: SourcePlace(line: 1, column: 1)))
    }
    return findings
  }

  private static func dependencies(
    _ described: DescribedAchievement,
    _ document: PlanDocument,
    _ plan: Plan
  ) -> [Diagnostic] {
    guard let line = described.dependencies, line.isClear else { return [] }
    let stated = Set(line.targets(in: document, of: described.id))
    let planned = Set(plan.wholeDependencies(of: described.id))
    guard stated != planned else { return [] }
    func list(_ ids: Set<AchievementID>) -> String {
      ids.isEmpty ? "nothing" : ids.sorted().map(\.text).joined(separator: ", ")
    }
    let words = "\(described.id) depends on \(list(stated)) by the document, on \(list(planned)) by parallel.json"
    return [
      Diagnostic(
        .warning,
        "dependency-mismatch",
        words,
        at: SourcePlace(line: line.line, column: 1),
        hint: "What runs when is decided by parallel.json; correct whichever is wrong."
      )
    ]
  }
}

extension DependencyLine {
  /// The achievements that the line means: what it names, and all of a priority that it names.
  func targets(in document: PlanDocument, of own: AchievementID) -> [AchievementID] {
    let all = ids + document.achievements.map(\.id).filter { priorities.contains($0.numbers.first ?? -1) }
    var seen: Set<AchievementID> = [own]
    return all.filter { seen.insert($0).inserted }
  }
}

extension Plan {
  /// The achievements that `id` and its parts depend on, without the parts themselves.
  func wholeDependencies(of id: AchievementID) -> [AchievementID] {
    guard let achievement = self[id] else { return [] }
    let direct = dependencies(of: id)
    guard !achievement.role.hasWorker else { return direct }
    var seen: Set<AchievementID> = []
    let parts = direct.filter { part(of: $0) == id }
    return (direct + parts.flatMap { dependencies(of: $0) })
      .filter { part(of: $0) != id && seen.insert($0).inserted }
  }

  /// The achievement that `id` is a part or a variant of; nil when it is neither.
  func part(of id: AchievementID) -> AchievementID? {
    self[id]?.role.owner
  }
}

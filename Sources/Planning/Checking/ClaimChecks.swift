// Computes again what the file claims about itself.
extension PlanDraft {
  /// A claimed amount: the ends of a range and how exactly it is written.
  private struct Amount {
    let range: ClosedRange<Double>
    let tolerance: Double
  }

  /// Reads the claims and holds them against `plan`; each wrong one is a warning.
  mutating func readClaims(of plan: Plan) -> [Claim] {
    let analysisNode = text.present(fields[.criticalPath]).flatMap { text.document.kind(of: $0) == .object ? $0 : nil }
    var claims = countClaims()
    if let analysisNode { claims += timeClaims(in: analysisNode, PlanAnalysis(plan), of: plan) }
    return claims
  }

  private mutating func countClaims() -> [Claim] {
    let claimed: [PlanField] = [.totalAchievements, .priorities, .completed, .remaining]
    guard claimed.contains(where: { fields[$0] != nil }) else { return [] }
    let whole = items.filter { $0.owner < 0 }
    // Without a single status nothing can be said about what is complete.
    let hasStatus = whole.contains { $0.status != nil }
    let complete = hasStatus ? whole.count { $0.status == .complete } : nil
    let counts: [(PlanField, Int?)] = [
      (.totalAchievements, whole.count), (.priorities, Set(whole.map(\.priority)).count),
      (.completed, complete), (.remaining, complete.map { whole.count - $0 }),
    ]
    return counts.compactMap { field, actual in
      guard let node = fields[field], text.document.kind(of: node) == .number else { return nil }
      let isTrue = actual.map { Double($0) } == text.document.number(of: node)
      return claim(field.name, node, actual: actual.map { "\($0)" }, isTrue: isTrue)
    }
  }

  private mutating func timeClaims(in object: Int, _ analysis: PlanAnalysis, of plan: Plan) -> [Claim] {
    let isKnown = achievements.allSatisfy { !$0.role.hasWorker || $0.estimate != nil }
    let (total, longest) = (analysis.totalHours, analysis.criticalPathHours)
    let actuals: [(String, Double, isShare: Bool)] = [
      ("sequential_time", total, false), ("parallel_time", longest, false), ("time_savings", total - longest, false),
      ("efficiency_gain", analysis.possibleSaving * 100, true),
    ]
    var claims: [Claim] = []
    for (name, actual, isShare) in actuals {
      guard let node = text.document.child(of: object, named: name), let amount = amount(of: node, isShare) else {
        continue
      }
      let isText = text.document.kind(of: node) == .string
      let words = HourText.decimal(actual) + (isText ? isShare ? "%" : " h" : "")
      let isTrue =
        isKnown && amount.range.lowerBound - amount.tolerance <= actual
        && actual <= amount.range.upperBound + amount.tolerance
      claims.append(claim("critical_path_analysis.\(name)", node, actual: isKnown ? words : nil, isTrue: isTrue))
    }
    if let node = text.document.child(of: object, named: "critical_path"), text.document.kind(of: node) == .array {
      claims += pathClaim(node, analysis, of: plan, isKnown: isKnown)
    }
    return claims
  }

  /// A critical path of plain ids; one that is told in other words can't be compared.
  private mutating func pathClaim(_ list: Int, _ analysis: PlanAnalysis, of plan: Plan, isKnown: Bool) -> [Claim] {
    var path: [Int] = []
    for entry in text.document.children(of: list) {
      guard text.document.kind(of: entry) == .string,
        let item = AchievementID(text.document.text(of: entry)).flatMap({ ids.index(of: $0) })
      else { return [] }
      path.append(item)
    }
    let isChain = zip(path, path.dropFirst()).allSatisfy { plan.graph.dependencies(of: $1).contains(Int32($0)) }
    let hours = path.reduce(0) { $0 + analysis.hours[$1] }
    let isTrue = isKnown && isChain && abs(hours - analysis.criticalPathHours) < 0.05
    let field = "critical_path_analysis.critical_path"
    return [
      claim(field, list, actual: isKnown ? chain(analysis.criticalPath) : nil, isTrue: isTrue, claimed: chain(path))
    ]
  }

  private func chain(_ path: [Int]) -> String {
    path.map { items[$0].id.text }.joined(separator: " -> ")
  }

  private mutating func claim(
    _ field: String,
    _ node: Int,
    actual: String?,
    isTrue: Bool,
    claimed: String? = nil
  ) -> Claim {
    let isText = text.document.kind(of: node) == .string
    let words = claimed ?? (isText ? JSONText.printable(text.document.text(of: node)) : text.excerpt(node))
    if let actual, !isTrue {
      let (said, truth) = (JSONText.printable(words), JSONText.printable(actual))
      text.warning("false-claim", "`\(field)` says \(said), but it is \(truth)", at: node)
    }
    return Claim(field: field, claimed: words, actual: actual, isTrue: isTrue && actual != nil)
  }

  /// The claimed hours or percents; nil when the text can't be read.
  private func amount(of node: Int, _ isShare: Bool) -> Amount? {
    var bytes: [UInt8]
    switch text.document.kind(of: node) {
    case .number: bytes = Array(text.document.source(of: node))
    case .string: bytes = Array(text.document.text(of: node).utf8)
    default: return nil
    }
    if isShare {
      bytes = Array(bytes.prefix { $0 != UInt8(ascii: "%") })
    }
    guard let range = TimeText.hours(bytes[...]), range.low <= range.high else { return nil }
    // A claim is true when it rounds to the truth at the precision it is written in.
    let decimals = bytes.drop { $0 != UInt8(ascii: ".") }.dropFirst().prefix { (0x30...0x39).contains($0) }.count
    return Amount(range: range.low...range.high, tolerance: decimals == 0 ? 0.5 : 0.051)
  }
}

/// What reading a plan file gave.
package struct PlanReading: Sendable {
  /// The plan; nil when there is any error.
  package let plan: Plan?
  /// All that was found, by place.
  package let diagnostics: [Diagnostic]

  /// `plan` is nil when a diagnostic is an error.
  package init(plan: Plan?, diagnostics: [Diagnostic]) {
    self.plan = plan
    self.diagnostics = diagnostics
  }
}

/// Reads `parallel.json`.
package enum PlanReader {
  /// Reads and checks the bytes of a plan file, JSON or Markdown with the plan in a fenced block.
  ///
  /// Never traps and never recurses by the input's depth, whatever the bytes are. All errors are told in one pass, but
  /// an offence against JSON itself ends it. Costs O(bytes); plans that declare `parallelizable_with` and the like
  /// also pay for asking whether one item depends on another (see `Reachability`).
  package static func read(_ bytes: [UInt8]) -> PlanReading {
    let scan = JSONSource.scan(bytes)
    let findings = Findings(scan.diagnostics)
    guard let document = scan.document else { return PlanReading(plan: nil, diagnostics: findings.sorted) }
    var draft = PlanDraft(document, findings: findings)
    guard draft.read() else { return PlanReading(plan: nil, diagnostics: draft.text.findings.sorted) }
    draft.checkSuffixes()
    guard let edges = DependencyResolver.resolve(&draft) else {
      return PlanReading(plan: nil, diagnostics: draft.text.findings.sorted)
    }
    let graph = DependencyGraph(starts: edges.starts, targets: edges.targets)
    let order = PlanAnalysis.topologicalOrder(of: graph)
    if order.count < graph.count {
      draft.reportCycles(in: graph, edges)
    } else {
      draft.checkDeclarations(against: graph, order: order)
      draft.checkStatuses(in: graph)
      draft.checkLevel(graph)
    }
    let plan = draft.plan(graph)
    return PlanReading(plan: plan, diagnostics: draft.text.findings.sorted)
  }
}

extension PlanDraft {
  /// The finished plan with its claims checked; nil when the file has an error.
  mutating func plan(_ graph: DependencyGraph) -> Plan? {
    guard !text.findings.hasErrors, let level else { return nil }
    var plan = Plan(name: name, level: level, achievements: achievements, graph: graph, defaults: defaults)
    plan.claims = readClaims(of: plan)
    plan.foreign = allForeign
    return plan
  }

  /// Finds ids whose files could not be told apart, since files are named by the id without its dots.
  mutating func checkSuffixes() {
    // With the dot at the same place in all ids, different ids have different suffixes.
    let dots = items.lazy.map { item in item.id.text.utf8.prefix { $0 != UInt8(ascii: ".") }.count }
    let first = dots.first
    guard items.contains(where: { $0.owner >= 0 }) || dots.contains(where: { $0 != first }) else { return }
    var owners = IdentifierTable()
    for node in items.indices {
      let suffix = IdentifierKey.suffix(of: ArraySlice(items[node].id.text.utf8))
      guard let other = owners.enter(suffix, as: node) else { continue }
      let (first, achievement) = (items[other], achievements[node])
      text.findings.add(
        Diagnostic(
          .error,
          "suffix-collision",
          "\(first.id) and \(achievement.id) both give the file suffix \(achievement.id.fileSuffix)",
          at: achievement.place,
          hint: "Their files could not be told apart: renumber one of them."
        )
      )
    }
  }

  /// Reports each cycle once, as a chain with the lines that make it.
  mutating func reportCycles(in graph: DependencyGraph, _ edges: DependencyResolver.Edges) {
    for cycle in CycleFinder.cycles(in: graph, atMost: 100) {
      let places = cycle.indices.compactMap { step -> SourcePlace? in
        let target = Int32(cycle[(step + 1) % cycle.count])
        let edge = edges.row(cycle[step]).first { edges.targets[$0] == target }
        return edge.map { text.document.place(of: Int(edges.origins[$0])) }
      }
      let chain = (cycle + [cycle[0]]).map { items[$0].id.text }.shortened(joinedBy: " -> ")
      let lines = places.map { "\($0.line)" }.shortened(joinedBy: ", ")
      text.findings.add(
        Diagnostic(
          .error,
          "cycle",
          "dependency cycle: \(chain) (line\(cycle.count > 1 ? "s" : "") \(lines))",
          at: places.first ?? achievements[cycle[0]].place,
          hint: "None of these can start: remove one of the dependencies."
        )
      )
    }
  }
}

extension [String] {
  /// Joins words; of more than twelve the middle is left out and counted.
  func shortened(joinedBy separator: String) -> String {
    guard count > 12 else { return joined(separator: separator) }
    return (prefix(6) + ["… \(count - 10) more …"] + suffix(4)).joined(separator: separator)
  }
}

/// Several plans made one, so that all that follows knows only one: ids say the plan that they are of, `NAME:2.1`, and
/// dependencies across plans are edges like others.
///
/// A plan alone stays as it is, unless it waits for another. What a file says for all of its achievements stays with those
/// (`Plan.defaults(of:)`); pools of the same name are one pool, and the lowest overhead budget counts.
package struct PlanJoining: Sendable {
  /// The one plan; nil when a file has an error, or the plans don't go together.
  package let plan: Plan?
  /// What is said about each file: what its reader said, and what joining found. Errors about names are told of the file that
  /// comes later.
  package let diagnostics: [[Diagnostic]]

  /// Joins plans, in the order of the command line, that are to be run. All that is waited for must be among them.
  package init(_ readings: [PlanReading]) {
    let plans = readings.compactMap(\.plan)
    guard plans.count == readings.count else {
      // Who waits for whom is not known as long as one of them can't be read.
      (plan, diagnostics) = (nil, readings.map(\.diagnostics))
      return
    }
    if plans.count == 1, plans[0].foreign.isEmpty {
      (plan, diagnostics) = (plans[0], readings.map(\.diagnostics))
      return
    }
    var draft = JoinDraft(readings, isToRun: true)
    let joined = draft.joined(plans)
    plan = draft.hasErrors ? nil : joined
    diagnostics = draft.findings.map(\.sorted)
  }

  /// What is said about each of the files that are looked at together, which needn't belong together: only those that wait for
  /// each other are joined, and who waits for a plan that is not among them, or of whose name there are several, has a warning.
  package static func check(_ readings: [PlanReading]) -> [[Diagnostic]] {
    var found = readings.map(\.diagnostics)
    let names = readings.map { $0.plan?.name }
    let ambiguous = Set(Dictionary(grouping: names.compactMap(\.self), by: \.self).filter { $1.count > 1 }.keys)
    for group in groups(readings, names, ambiguous) where group.count > 1 {
      var draft = JoinDraft(group.map { readings[$0] }, isToRun: false, ambiguous: ambiguous)
      _ = draft.joined(group.compactMap { readings[$0].plan })
      for (index, findings) in zip(group, draft.findings) { found[index] = findings.sorted }
    }
    return found
  }

  /// The files that wait for each other, directly or through others; one that waits for none is a group of its own.
  private static func groups(_ readings: [PlanReading], _ names: [String?], _ ambiguous: Set<String>) -> [[Int]] {
    var groups = Array(readings.indices)
    for index in readings.indices {
      let wanted = Set(readings[index].plan?.foreign.compactMap { $0.id.plan.map(String.init) } ?? [])
      for case let other? in wanted.subtracting(ambiguous).map({ names.firstIndex(of: $0) }) {
        let (mine, theirs) = (groups[index], groups[other])
        groups = groups.map { $0 == theirs ? mine : $0 }
      }
    }
    return Array(Dictionary(grouping: readings.indices, by: { groups[$0] }).values)
  }
}

/// Plans on their way to one.
private struct JoinDraft {
  var findings: [Findings]
  /// Whether all that is waited for must be there; else what isn't is a warning.
  private let isToRun: Bool
  /// Names that several files have.
  private let ambiguous: Set<String>
  private var plans: [Plan] = []
  /// Where each plan's achievements begin among all.
  private var offsets: [Int] = []
  private var indices: [String: Int] = [:]

  var hasErrors: Bool { findings.contains(where: \.hasErrors) }

  init(_ readings: [PlanReading], isToRun: Bool, ambiguous: Set<String> = []) {
    self.isToRun = isToRun
    self.ambiguous = ambiguous
    // The reader's own words about other plans are said anew, by what is known of those.
    findings = readings.map { Findings($0.diagnostics.filter { $0.code != ForeignDependency.code }) }
  }

  mutating func joined(_ plans: [Plan]) -> Plan? {
    self.plans = plans
    var offset = 0
    for (index, plan) in plans.enumerated() {
      offsets.append(offset)
      offset += plan.graph.count
      indices[plan.name] = index
    }
    if plans.count > 1 { checkNames() }
    let graph = graph()
    guard plans.count > 1 else { return plans.first }
    let pools = sharedPools()
    reportCycles(in: graph)
    guard !hasErrors else { return nil }
    var plan = Plan(
      name: plans.map(\.name).joined(separator: " + "),
      level: .acrossPriorities,
      achievements: plans.flatMap { plan in plan.achievements.map { $0.of(plan: plan.name) } },
      graph: graph,
      defaults: PlanDefaults(resources: pools, overheadBudget: plans.compactMap(\.defaults.overheadBudget).min())
    )
    plan.members = plans
    return plan
  }

  // MARK: Names and pools

  private mutating func checkNames() {
    var known: [String: String] = [:]
    for (index, plan) in plans.enumerated() {
      let name = JSONText.printable(plan.name, limit: 80)
      if !AchievementID.canName(plan.name) {
        let hint = "Use up to 100 ASCII letters, digits, `-`, `_` and `.`, with a letter or a digit first and no `..`."
        report("plan-name", "the plan's name \"\(name)\" can't stand in ids like NAME:1.1", of: index, hint: hint)
      }
      // Branches and folders have the name too, and some file systems don't tell small letters from capital ones.
      if isToRun, let other = known.updateValue(name, forKey: plan.name.lowercased()) {
        let hint = "Ids like \(name):1.1 could not be told apart: give one of the plans another `plan_name`."
        report("plan-name", "\"\(name)\" and \"\(other)\" are one name for two of the plans", of: index, hint: hint)
      }
    }
  }

  private mutating func sharedPools() -> [String: Int] {
    var pools: [String: (size: Int, plan: String)] = [:]
    for (index, plan) in plans.enumerated() {
      for (name, size) in plan.defaults.resources.sorted(by: { $0.key < $1.key }) {
        guard let other = pools[name] else {
          pools[name] = (size, plan.name)
          continue
        }
        guard other.size != size else { continue }
        let name = JSONText.printable(name, limit: 60)
        let words = "`resources` has \(size) of \(name), and \(other.size) in the plan \(other.plan)"
        report("resource", words, of: index, hint: "Plans that run together share the pool: give it one size.")
      }
    }
    return pools.mapValues(\.size)
  }

  private mutating func report(_ code: String, _ message: String, of index: Int, hint: String) {
    let start = SourcePlace(line: 1, column: 1)
    findings[index].add(Diagnostic(.error, code, message, at: start, hint: hint))
  }

  // MARK: Edges

  private mutating func graph() -> DependencyGraph {
    var starts: [Int32] = [0]
    var targets: [Int32] = []
    for (index, plan) in plans.enumerated() {
      var foreign = plan.foreign[...]
      for node in 0..<plan.graph.count {
        targets += plan.graph.dependencies(of: node).lazy.map { $0 + Int32(offsets[index]) }
        while let next = foreign.first, next.node == node {
          foreign.removeFirst()
          if let target = target(of: next, in: index), !next.isSoft { targets.append(Int32(target)) }
        }
        starts.append(Int32(targets.count))
      }
    }
    return DependencyGraph(starts: starts, targets: targets)
  }

  /// Where the achievement of another plan stands among all; nil, with a finding, when it is not there.
  private mutating func target(of dependency: ForeignDependency, in index: Int) -> Int? {
    let owner = plans[index].achievements[dependency.node].id
    let name = dependency.id.plan.map(String.init) ?? ""
    guard let other = indices[name], !ambiguous.contains(name) else {
      findings[index].add(dependency.diagnostic(isToRun && !dependency.isSoft ? .error : .warning, owner))
      return nil
    }
    guard let node = plans[other].indices[dependency.id.plain] else {
      findings[index].add(
        Diagnostic(
          .error,
          "missing-dependency",
          "\(owner) depends on \(dependency.id), which the plan \(name) does not have",
          at: dependency.place
        )
      )
      return nil
    }
    if case .variant(let whole, _, _) = plans[other].achievements[node].role {
      findings[index].add(
        Diagnostic(
          .error,
          "missing-dependency",
          "\(owner) depends on \(dependency.id), a variant of \(whole.of(plan: name)) that may not be picked",
          at: dependency.place,
          hint: "Name \(whole.of(plan: name)): it is whatever its judge picks."
        )
      )
      return nil
    }
    return offsets[other] + node
  }

  /// Each plan alone has none, so that every cycle goes through a dependency on another plan: there it is told.
  private mutating func reportCycles(in graph: DependencyGraph) {
    guard PlanAnalysis.topologicalOrder(of: graph).count < graph.count else { return }
    for cycle in CycleFinder.cycles(in: graph, atMost: 100) {
      let members = cycle.map { node in offsets.lastIndex { $0 <= node } ?? 0 }
      let ids = zip(cycle, members).map { node, index in
        plans[index].achievements[node - offsets[index]].id.of(plan: plans[index].name)
      }
      let crossing = members.indices.first { members[$0] != members[($0 + 1) % members.count] } ?? 0
      let index = members[crossing]
      let (node, wanted) = (cycle[crossing] - offsets[index], ids[(crossing + 1) % ids.count])
      let place = plans[index].foreign.first { $0.node == node && $0.id == wanted }?.place
      findings[index].add(
        Diagnostic(
          .error,
          "cycle",
          "dependency cycle: \((ids + [ids[0]]).map(\.text).shortened(joinedBy: " -> "))",
          at: place ?? plans[index].achievements[node].place,
          hint: "None of these can start: remove one of the dependencies."
        )
      )
    }
  }
}

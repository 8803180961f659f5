package import Planning

/// A plan from a compact notation, for tests: `["1.1": [], "1.2": ["1.1"]]`, in the order given.
package func makePlan(
  _ rows: KeyValuePairs<String, [String]>,
  hours: [String: Double] = [:],
  defaults: PlanDefaults = PlanDefaults(),
  details: [String: AchievementDetails] = [:],
  waived: Set<String> = []
) -> Plan {
  let ids = rows.map { $0.key }
  let achievements = ids.map { text in
    Achievement(
      id: id(text),
      title: "Title of \(text)",
      priority: id(text).numbers[0],
      estimate: hours[text].map { HourRange(low: $0, high: $0) },
      isWaived: waived.contains(text),
      details: details[text] ?? .none
    )
  }
  let graph = DependencyGraph(dependencies: rows.map { $0.value.map { Int32(ids.firstIndex(of: $0)!) } })
  return Plan(
    name: "TEST-PLAN",
    level: .acrossPriorities,
    achievements: achievements,
    graph: graph,
    defaults: defaults
  )
}

/// The id that `text` spells.
package func id(_ text: String) -> AchievementID { AchievementID(text)! }

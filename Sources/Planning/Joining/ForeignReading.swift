// Reads what one file says about the achievements of other plans: `"dependencies": ["SEARCH:2.1"]`.
extension PlanDraft {
  /// The achievement of another plan that a list's entry names; nil when it has not that form.
  func foreignID(_ entry: Int) -> AchievementID? {
    let id = AchievementID(text.document.text(of: entry))
    return id?.plan == nil ? nil : id
  }

  /// Notes that `node` waits for an achievement of another plan. Whether that plan has it is found out when they are joined.
  mutating func note(_ id: AchievementID, in field: String, of node: Int, at entry: Int) {
    let isSoft = field == ItemField.softDependencies.name
    let owner = items[node].id
    guard knownForeign.insert("\(field) \(node) \(id)").inserted else {
      return text.warning("duplicate-dependency", "\(owner) lists its dependency \(id) twice", at: entry)
    }
    foreign.append(ForeignDependency(node: node, id: id, isSoft: isSoft, place: text.document.place(of: entry)))
    text.findings.add(foreign[foreign.count - 1].diagnostic(.warning, owner))
  }

  /// What all items wait for in other plans, by item: a part waits for what its achievement waits for.
  var allForeign: [ForeignDependency] {
    guard !foreign.isEmpty else { return [] }
    var lists = Dictionary(grouping: foreign, by: \.node)
    for node in items.indices where items[node].owner >= 0 {
      guard let inherited = lists[items[node].owner] else { continue }
      let own = lists[node] ?? []
      let known = Set(own.filter { !$0.isSoft }.map(\.id))
      lists[node] =
        own
        + inherited.filter { !$0.isSoft && !known.contains($0.id) }.map {
          ForeignDependency(node: node, id: $0.id, isSoft: false, place: $0.place)
        }
    }
    return lists.sorted { $0.key < $1.key }.flatMap(\.value)
  }
}

extension ForeignDependency {
  /// The code of everything that is said about dependencies on other plans.
  static let code = "cross-plan"

  /// That the other plan is not there, about `owner`, who waits.
  func diagnostic(_ severity: Diagnostic.Severity, _ owner: AchievementID) -> Diagnostic {
    let name = String(id.plan ?? "")
    return Diagnostic(
      severity,
      ForeignDependency.code,
      "\(owner) \(isSoft ? "should come after" : "depends on") \(id), which is of another plan",
      at: place,
      hint: "Add the file of \(name) to the command line: 'plait run' and 'plait validate' take several plans."
    )
  }
}

package import Planning

/// A `parallel.json` as far as a PLAN document tells it, with the origin of every field.
///
/// What is guessed is never passed off as stated: it becomes a soft dependency, which orders the queue and blocks nothing,
/// unless the guesses were accepted.
package struct DraftPlan: Sendable {
  /// One achievement of the draft.
  package struct Item: Sendable, Equatable {
    /// Its id.
    package let id: AchievementID
    /// Its title; may be empty.
    package let title: String
    /// The first number of its id.
    package let priority: Int
    /// nil: unknown.
    package let estimate: HourRange?
    /// What must come first.
    package internal(set) var dependencies: [AchievementID]
    /// What should come first, guesses all of them.
    package internal(set) var softDependencies: [AchievementID]
    /// Its footprint, path patterns.
    package let files: [String]
    /// Paths that must exist in its result.
    package let deliverables: [String]
  }

  /// The plan's name.
  package let name: String
  /// The day that the document names as its own, as written; nil when it names none.
  package let created: String?
  /// In the order of the document.
  package let items: [Item]
  /// Every field with its origin.
  package let fields: [DraftField]
  /// What is wrong with the document or was left out, by line.
  package let findings: [Diagnostic]
  /// The last component of the document's path.
  package let source: String

  /// Drafts a plan from `document`; with `acceptsGuesses` guesses become dependencies where nothing is stated.
  package init(_ document: PlanDocument, acceptsGuesses: Bool = false) {
    let drafting = DraftSources(document)
    // A document that describes nothing may hold a whole plan as JSON.
    let isEmpty = drafting.items.isEmpty
    var findings = document.findings.filter { isEmpty || $0.code != "no-achievements" } + drafting.findings
    let (name, origin) = DraftPlan.name(of: document)
    var fields = [DraftField(owner: nil, name: .planName, value: name, provenance: origin)]
    var edges = DependencyDraft(drafting.items)
    edges.guess()
    findings += edges.findings
    items = drafting.items.map { source in
      fields += source.fields
      let id = source.id
      fields += edges.fields(of: id, acceptsGuesses: acceptsGuesses)
      return Item(
        id: id,
        title: source.title,
        priority: id.numbers.first ?? 0,
        estimate: source.estimate,
        dependencies: edges.dependencies(of: id, acceptsGuesses: acceptsGuesses),
        softDependencies: edges.softDependencies(of: id, acceptsGuesses: acceptsGuesses),
        files: source.files,
        deliverables: source.deliverables
      )
    }
    findings += TotalCheck.find(document)
    self.name = name
    created = document.header.first { $0.label.words == ["created"] }?.value
    self.fields = fields
    self.findings = findings.sorted { $0.place < $1.place }
    self.source = document.fileName
  }

  /// How much of it is stated, guessed and unknown.
  package var table: ProvenanceTable { ProvenanceTable(fields) }

  /// Whether a dependency, also a soft one, leaves its priority.
  var crossesPriorities: Bool {
    items.contains { item in
      (item.dependencies + item.softDependencies).contains { $0.numbers.first != item.priority }
    }
  }

  private static func name(of document: PlanDocument) -> (String, Provenance) {
    if let name = document.name { return (name, .stated(line: 1)) }
    for field in document.header
    where ["plan", "plan id", "plan name"].contains(field.label.words.joined(separator: " ")) {
      let word = field.value.prefix { !$0.isWhitespace }
      if case .plan(let name)? = FileName(String(word)) { return (name, .stated(line: field.line)) }
      if case .plan(let name)? = FileName("PLAN_\(word).md") { return (name, .stated(line: field.line)) }
    }
    for block in document.blocks {
      guard let name = block.planName else { continue }
      let plain = name.hasPrefix("PLAN_") ? name.dropFirst(5) : name[...]
      return (String(plain), .stated(line: block.line))
    }
    guard document.title.isEmpty else {
      return (StarterPlan.planName(from: document.title), .guessed("from the title"))
    }
    return (StarterPlan.planName(from: document.fileName), .guessed("from the file's name"))
  }
}

extension DraftPlan {
  /// The draft as a `parallel.json` in the format's canonical form, ending in a newline.
  package var json: String {
    var lines = ["  \"plan_name\": \(JSONWriter.quoted(name))"]
    lines.append("  \"parallelization_level\": \"\(crossesPriorities ? "level_3" : "level_2")\"")
    if let created { lines.append("  \"created_date\": \(JSONWriter.quoted(created))") }
    let note = "Drafted from \(source). Soft dependencies are guesses: make dependencies of those that hold."
    lines.append("  \"notes\": \(JSONWriter.quoted(note))")
    let list = items.map(DraftPlan.json).joined(separator: ",\n")
    lines.append("  \"achievements\": [" + (items.isEmpty ? "]" : "\n\(list)\n  ]"))
    return "{\n\(lines.joined(separator: ",\n"))\n}\n"
  }

  private static func json(_ item: Item) -> String {
    var members = [
      "\"achievement_id\": \"\(item.id)\"", "\"title\": \(JSONWriter.quoted(item.title))",
      "\"priority\": \(item.priority)",
    ]
    if let estimate = item.estimate {
      let text = EstimateText.field(estimate)
      members.append("\"estimated_hours\": \(estimate.low == estimate.high ? text : "\"\(text)\"")")
    }
    members.append("\"dependencies\": \(JSONWriter.list(item.dependencies.map(\.text)))")
    for (name, values) in [
      ("soft_dependencies", item.softDependencies.map(\.text)), ("files", item.files),
      ("deliverables", item.deliverables),
    ] where !values.isEmpty {
      members.append("\"\(name)\": \(JSONWriter.list(values))")
    }
    return "    {\n" + members.map { "      \($0)" }.joined(separator: ",\n") + "\n    }"
  }
}

/// Writes JSON texts; the language's own writer needs Foundation.
enum JSONWriter {
  /// `text` in quotes, with what JSON wants escaped.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      case _ where scalar.value < 0x20:
        let hex = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  /// A list of texts, in one line.
  static func list(_ texts: [String]) -> String { "[\(texts.map(quoted).joined(separator: ", "))]" }
}

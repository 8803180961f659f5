package import Planning

/// What `plait discover --json` prints.
package struct DiscoveryReport: Sendable, Encodable {
  /// A field of the draft with its origin.
  package struct Field: Sendable, Encodable {
    /// Left out for a field of the plan itself.
    package let achievement: String?
    /// The field's name in the plan format.
    package let name: String
    /// Left out when it is unknown.
    package let value: String?
    /// `stated`, `guessed` or `unknown`.
    package let origin: String
    /// Where it is stated.
    package let line: Int?
    /// By what it was guessed.
    package let reason: String?
  }

  /// How often a field is stated, guessed and unknown.
  package struct Row: Sendable, Encodable {
    /// The field's name in the plan format.
    package let field: String
    /// Where the document says it.
    package let stated: Int
    /// Where something is guessed.
    package let guessed: Int
    /// Where there is nothing.
    package let unknown: Int
  }

  /// The kind and version of the JSON.
  package let schema = "plait.discover/1"
  /// The path as it was given.
  package let document: String
  /// The plan's name.
  package let planName: String
  /// How many achievements the draft has.
  package let achievements: Int
  /// The text of the drafted `parallel.json`.
  package let draft: String
  /// A row for each field of the format.
  package let table: [Row]
  /// Every field with its origin.
  package let fields: [Field]
  /// What is wrong with the document or was left out, by line.
  package let findings: [Finding]

  /// `path` is the document's, as it was given.
  package init(_ draft: DraftPlan, path: String) {
    document = path
    planName = draft.name
    achievements = draft.items.count
    self.draft = draft.json
    table = draft.table.rows.map {
      Row(field: $0.field.rawValue, stated: $0.stated, guessed: $0.guessed, unknown: $0.unknown)
    }
    fields = draft.fields.map { field in
      let (origin, line, reason): (String, Int?, String?) =
        switch field.provenance {
        case .stated(let line): ("stated", line, nil)
        case .guessed(let reason): ("guessed", nil, reason)
        case .unknown: ("unknown", nil, nil)
        }
      return Field(
        achievement: field.owner?.text,
        name: field.name.rawValue,
        value: origin == "unknown" ? nil : field.value,
        origin: origin,
        line: line,
        reason: reason
      )
    }
    findings = draft.findings.map { Finding($0) }
  }

  private enum CodingKeys: CodingKey { case schema, document, planName, achievements, draft, table, fields, findings }
}

/// What `plait discover --check --json` prints.
package struct DiscoveryCheckReport: Sendable, Encodable {
  /// The kind and version of the JSON.
  package let schema = "plait.discover-check/1"
  /// The document that was asked about; its path as it was given.
  package let document: String
  /// The answer's path as it was given.
  package let answer: String
  /// Whether the answer can be used: it has no error.
  package let isSound: Bool
  /// Places are lines of the answer.
  package let findings: [Finding]

  /// Takes both paths as they were given.
  package init(document: String, answer: String, findings: [Diagnostic]) {
    self.document = document
    self.answer = answer
    self.findings = findings.map { Finding($0) }
    isSound = !findings.contains { $0.severity == .error }
  }

  private enum CodingKeys: CodingKey { case schema, document, answer, isSound, findings }
}

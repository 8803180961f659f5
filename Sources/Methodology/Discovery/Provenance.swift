package import Planning

/// Where a field of a drafted plan comes from.
package enum Provenance: Sendable, Equatable, CustomStringConvertible {
  /// The document says so, in this line.
  case stated(line: Int)
  /// Nobody said so: by what it was guessed.
  case guessed(String)
  /// The document doesn't tell.
  case unknown

  /// `stated (line 12)`, `guessed: after priority 1`, `unknown`.
  package var description: String {
    switch self {
    case .stated(let line): "stated (line \(line))"
    case .guessed(let reason): "guessed: \(reason)"
    case .unknown: "unknown"
    }
  }
}

/// One field of a drafted plan, with its origin.
package struct DraftField: Sendable, Equatable {
  /// The fields of the plan format that a document can tell.
  package enum Name: String, Sendable, CaseIterable {
    case planName = "plan_name"
    case title
    case priority
    case estimatedHours = "estimated_hours"
    case dependencies
    case softDependencies = "soft_dependencies"
    case files
    case deliverables
  }

  /// The achievement; nil for a field of the plan itself.
  package let owner: AchievementID?
  /// Which field it is.
  package let name: Name
  /// The value in words; empty when it is unknown.
  package let value: String
  /// Where it comes from.
  package let provenance: Provenance
}

/// How much of a draft is stated, guessed and unknown: a row for each field of the format.
package struct ProvenanceTable: Sendable, Equatable {
  /// For how many achievements a field is stated, guessed, and neither.
  package struct Row: Sendable, Equatable {
    /// The field.
    package let field: DraftField.Name
    /// Where the document says it, or a part of it.
    package let stated: Int
    /// Where nothing is said and something is guessed.
    package let guessed: Int
    /// Where there is nothing.
    package let unknown: Int
  }

  /// One for each field that is drafted, in the order of the format.
  package let rows: [Row]

  /// Counts `fields`.
  init(_ fields: [DraftField]) {
    rows = DraftField.Name.allCases.map { name in
      let owners = Dictionary(grouping: fields.filter { $0.name == name }, by: \.owner)
      var counts = (stated: 0, guessed: 0, unknown: 0)
      for origins in owners.values.map({ $0.map(\.provenance) }) {
        if origins.contains(where: { if case .stated = $0 { true } else { false } }) {
          counts.stated += 1
        } else if origins.contains(.unknown) {
          counts.unknown += 1
        } else {
          counts.guessed += 1
        }
      }
      return Row(field: name, stated: counts.stated, guessed: counts.guessed, unknown: counts.unknown)
    }
  }

  /// The table as aligned text, ending in a newline.
  package var text: String {
    let heads = ["field", "stated", "guessed", "unknown"]
    let lines = [heads] + rows.map { [$0.field.rawValue, "\($0.stated)", "\($0.guessed)", "\($0.unknown)"] }
    return lines.map { cells in
      let name = cells[0] + String(repeating: " ", count: max(0, 18 - cells[0].count))
      return name + cells.dropFirst().map { String(repeating: " ", count: max(1, 9 - $0.count)) + $0 }.joined() + "\n"
    }.joined()
  }
}

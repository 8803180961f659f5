package import Planning

/// What `plait compliance --json` prints.
package struct ComplianceReport: Sendable, Encodable {
  /// One document.
  package struct Document: Sendable, Encodable {
    /// A part of the score.
    package struct Section: Sendable, Encodable {
      /// What is looked for.
      package let name: String
      /// Whether it was found.
      package let isFound: Bool
    }

    /// The path as it was given or found.
    package let path: String
    /// 0 to 100.
    package let score: Int
    /// `excellent`, `good` or `needs improvement`.
    package let grade: String
    /// The sections that a PLAN must have.
    package let required: [Section]
    /// The sections that later versions of the template added.
    package let added: [Section]
    /// Whether the file is called `PLAN_<UPPER-CASE-NAME>.md`.
    package let hasValidName: Bool
    /// Whether there is such a section.
    package let hasRelatedPlans: Bool
    /// Whether there is such a section.
    package let hasSubplanTracking: Bool
    /// How many achievements it describes.
    package let achievements: Int
    /// What the score is blind to, by line.
    package let findings: [Finding]

    /// Takes the score and what it is blind to.
    package init(path: String, score: ComplianceScore, document: PlanDocument, findings: [Diagnostic]) {
      self.path = path
      self.score = score.points
      grade = score.grade.rawValue
      required = score.required.map { Section(name: $0.name, isFound: $0.isFound) }
      added = score.added.map { Section(name: $0.name, isFound: $0.isFound) }
      hasValidName = score.hasValidName
      hasRelatedPlans = score.hasRelatedPlans
      hasSubplanTracking = score.hasSubplanTracking
      achievements = document.achievements.count
      self.findings = findings.map { Finding($0) }
    }

    /// The score in words, without the findings: two lines.
    package var text: String {
      let missing = required.filter { !$0.isFound }.map(\.name)
      let present = required.count - missing.count
      let absent = missing.isEmpty ? "" : " (missing: \(missing.joined(separator: ", ")))"
      let parts = [
        "required sections \(present) of \(required.count)\(absent)",
        "later sections \(added.count { $0.isFound }) of \(added.count)",
        "file name \(hasValidName ? "valid" : "not valid")",
        "Related Plans \(hasRelatedPlans ? "yes" : "no")", "Subplan Tracking \(hasSubplanTracking ? "yes" : "no")",
      ]
      return "\(path): \(score) of 100, \(grade)\n  \(parts.joined(separator: "; "))\n"
    }
  }

  /// The kind and version of the JSON.
  package let schema = "plait.compliance/1"
  /// In the order in which they were given or found.
  package let documents: [Document]
  /// Mean of the scores, 0 to 100.
  package let average: Double
  /// The lowest score that was asked for; left out when none was.
  package let minimum: Int?
  /// Whether every document has at least that.
  package let isMet: Bool

  /// `minimum` is the lowest score that is good enough; nil: any is.
  package init(_ documents: [Document], minimum: Int?) {
    self.documents = documents
    self.minimum = minimum
    average = documents.isEmpty ? 0 : Double(documents.reduce(0) { $0 + $1.score }) / Double(documents.count)
    isMet = documents.allSatisfy { $0.score >= minimum ?? 0 }
  }

  private enum CodingKeys: CodingKey { case schema, documents, average, minimum, isMet }
}

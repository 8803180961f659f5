/// How well a PLAN document follows the methodology's template, as the methodology's own script computes it: 0 to 100.
///
/// 40 × required sections found ÷ 8, 5 for each further section, 20 for the file's name, 10 each for Related Plans and Subplan
/// Tracking. What is looked at are lines that begin with `## `, also in code blocks, for that is what the script looks at:
/// a score is only worth having when it is the same as before.
package struct ComplianceScore: Sendable, Equatable {
  /// A part of the score.
  package struct Item: Sendable, Equatable {
    /// What is looked for.
    package let name: String
    /// Whether it was found.
    package let isFound: Bool
  }

  /// What a score is called.
  package enum Grade: String, Sendable {
    /// 90 and above.
    case excellent
    /// 75 to 89.
    case good
    /// Below 75.
    case needsImprovement = "needs improvement"
  }

  /// The sections that a PLAN must have.
  package let required: [Item]
  /// The sections that later versions of the template added.
  package let added: [Item]
  /// Whether the file is called `PLAN_<UPPER-CASE-NAME>.md` (or `GRAMMAPLAN_…`).
  package let hasValidName: Bool
  /// Whether there is a section Related Plans.
  package let hasRelatedPlans: Bool
  /// Whether there is a section Subplan Tracking, which counts a second time.
  package let hasSubplanTracking: Bool

  private static let requiredSections = [
    "Context for LLM Execution", "Goal", "Problem Statement", "Success Criteria", "Scope Definition",
    "Desirable Achievements", "Subplan Tracking", "Current Status & Handoff",
  ]
  private static let addedSections = [
    "GrammaPlan Consideration", "Summary Statistics", "Key Learnings", "Pre-Completion Review",
  ]
  /// Single characters that are taken out of a heading; the last is the selector that an emoji may end in.
  private static let decorations: Set<Unicode.Scalar> = [
    "📋", "🎯", "📝", "🔄", "✅", "🔗", "⏱", "📚", "🎓", "📦", "\u{FE0F}",
  ]

  /// Scores the UTF-8 text of a document; `fileName` is the last component of its path.
  package init(_ bytes: [UInt8], fileName: String) {
    let headings = ComplianceScore.headings(of: bytes)
    func item(_ name: String) -> Item {
      let lower = name.lowercased()
      return Item(name: name, isFound: headings.contains { $0.contains(lower) })
    }
    required = ComplianceScore.requiredSections.map(item)
    added = ComplianceScore.addedSections.map(item)
    hasRelatedPlans = item("Related Plans").isFound
    hasSubplanTracking = item("Subplan Tracking").isFound
    hasValidName = ComplianceScore.isValid(fileName)
  }

  /// 0 to 100.
  package var points: Int {
    let sections = 5 * required.count(where: \.isFound) + 5 * added.count(where: \.isFound)
    return min(100, sections + (hasValidName ? 20 : 0) + (hasRelatedPlans ? 10 : 0) + (hasSubplanTracking ? 10 : 0))
  }

  /// What the points are called.
  package var grade: Grade { points >= 90 ? .excellent : points >= 75 ? .good : .needsImprovement }

  private static func isValid(_ name: String) -> Bool {
    guard name.hasSuffix(".md") else { return false }
    let stem = name.dropLast(3)
    let rest = stem.hasPrefix("PLAN_") ? stem.dropFirst(5) : stem.hasPrefix("GRAMMAPLAN_") ? stem.dropFirst(11) : ""
    return !rest.isEmpty
      && rest.utf8.allSatisfy { byte in
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
          || byte == UInt8(ascii: "-")
      }
  }

  /// The text of each line that begins with `## `, in lower case and without the decorations.
  private static func headings(of bytes: [UInt8]) -> [String] {
    bytes.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
      .filter { $0.starts(with: [UInt8(ascii: "#"), UInt8(ascii: "#"), UInt8(ascii: " ")]) }
      .map { line in
        var heading = ""
        for scalar in String(decoding: line.dropFirst(3), as: UTF8.self).unicodeScalars
        where !decorations.contains(scalar) {
          heading.unicodeScalars.append(scalar)
        }
        return heading.lowercased()
      }
  }
}

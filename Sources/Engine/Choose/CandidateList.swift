internal import Planning
internal import Recording

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// What a judge is told: the file of its candidates, and its variables.
struct CandidateList: Sendable, Encodable {
  /// One variant that can be picked.
  struct Entry: Sendable, Encodable {
    /// From 1; this number is what the judge prints.
    let variant: Int
    let id: String
    let attempt: Int
    /// Commits, and the ref that keeps the second one.
    let base: String
    let commit: String
    let ref: String
    let changedPaths: [String]
    let workerSeconds: Double?
    let checks: [Check]
  }

  /// A check that the variant has passed.
  struct Check: Sendable, Encodable {
    let summary: String
    let seconds: Double
  }

  /// The kind and version of the JSON.
  let schema = "plait.candidates/1"
  let achievement: String
  let title: String
  /// In the order of their numbers.
  let candidates: [Entry]

  /// `paths` are what each candidate has changed.
  init(_ achievement: Achievement, _ candidates: [Candidate], paths: [[String]]) {
    self.achievement = achievement.id.text
    title = achievement.title
    self.candidates = zip(candidates, paths).map { candidate, paths in
      Entry(
        variant: candidate.number,
        id: candidate.attempt.achievement.text,
        attempt: candidate.attempt.number,
        base: candidate.base,
        commit: candidate.result.commit,
        ref: candidate.ref,
        changedPaths: paths,
        workerSeconds: candidate.workerSeconds,
        checks: candidate.result.checks.map { Check(summary: $0.summary, seconds: $0.seconds) }
      )
    }
  }

  /// The file's text.
  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
  }

  /// The judge's variables; `path` is where the file is.
  func variables(path: String) -> [String: String] {
    var variables = [
      "PLAIT_CANDIDATES": candidates.map { "\($0.variant)" }.joined(separator: " "), "PLAIT_CANDIDATES_FILE": path,
    ]
    for candidate in candidates {
      variables["PLAIT_CANDIDATE_\(candidate.variant)_COMMIT"] = candidate.commit
      variables["PLAIT_CANDIDATE_\(candidate.variant)_REF"] = candidate.ref
    }
    return variables
  }
}

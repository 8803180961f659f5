/// What a file of a plan folder is, by its name alone.
///
/// A name says which plan and which suffix it is for, never which achievement: `111` may be 1.11 or 11.1. To find the
/// achievement, compute the suffix of every id in the plan and look it up.
package enum FileName: Equatable, Sendable {
  /// `PLAN_<PLAN>.md`.
  case plan(String)
  /// `SUBPLAN_<PLAN>_<NN>.md`; some folders number `<NN>_<NN>`.
  case subplan(plan: String, suffix: String)
  /// `EXECUTION_TASK_<PLAN>_<NN>_<MM>.md`; `tail` is what some names carry behind the number: `V2`, `RECOVERY`.
  case task(plan: String, suffix: String, number: String, tail: String?)
  /// `SKIPPED_<NN>.md`.
  case skipped(suffix: String)
  /// `APPROVED_<NN>.md`.
  case approved(suffix: String)
  /// `FIX_<NN>.md`.
  case fix(suffix: String)
  /// `FIX_<NN>_RESOLUTION.md`.
  case fixResolution(suffix: String)

  /// Recognises `name`, the last component of a path; nil when it is none of the methodology's files.
  package init?(_ name: String) {
    guard name.hasSuffix(".md") else { return nil }
    let stem = name.dropLast(3)
    if let rest = stem.removing("EXECUTION_TASK_") {
      self.init(task: rest)
    } else if let rest = stem.removing("SUBPLAN_") {
      self.init(subplan: rest)
    } else if let rest = stem.removing("PLAN_") {
      // PLAN_SUMMARY.md stands beside a real plan document and is not one.
      guard rest.isPlanName, rest != "SUMMARY" else { return nil }
      self = .plan(String(rest))
    } else {
      self.init(feedback: stem)
    }
  }

  private init?(task rest: Substring) {
    let parts = rest.split(separator: "_", omittingEmptySubsequences: false)
    guard let plan = parts.first, plan.isPlanName else { return nil }
    let numbers = parts.dropFirst().prefix { $0.isNumber }
    let tail = parts.dropFirst(1 + numbers.count)
    guard (2...3).contains(numbers.count), let number = numbers.last, tail.allSatisfy({ !$0.isEmpty }) else {
      return nil
    }
    self = .task(
      plan: String(plan),
      suffix: numbers.dropLast().joined(separator: "_"),
      number: String(number),
      tail: tail.isEmpty ? nil : tail.joined(separator: "_")
    )
  }

  private init?(subplan rest: Substring) {
    let parts = rest.split(separator: "_", omittingEmptySubsequences: false)
    guard let plan = parts.first, plan.isPlanName else { return nil }
    let numbers = parts.dropFirst()
    guard (1...2).contains(numbers.count), numbers.allSatisfy({ $0.isNumber }) else { return nil }
    self = .subplan(plan: String(plan), suffix: numbers.joined(separator: "_"))
  }

  private init?(feedback stem: Substring) {
    let parts = stem.split(separator: "_", omittingEmptySubsequences: false)
    guard parts.count >= 2, parts[1].isNumber else { return nil }
    let suffix = String(parts[1])
    switch (parts[0], parts.dropFirst(2).joined(separator: "_"), parts.count) {
    case ("SKIPPED", _, 2): self = .skipped(suffix: suffix)
    case ("APPROVED", _, 2): self = .approved(suffix: suffix)
    case ("FIX", _, 2): self = .fix(suffix: suffix)
    case ("FIX", "RESOLUTION", 3): self = .fixResolution(suffix: suffix)
    default: return nil
    }
  }
}

extension Substring {
  /// What follows `prefix`; nil when the text doesn't begin with it.
  fileprivate func removing(_ prefix: String) -> Substring? {
    hasPrefix(prefix) ? dropFirst(prefix.count) : nil
  }

  /// Whether the text is ASCII digits alone, one at least.
  var isNumber: Bool {
    !isEmpty && utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }

  /// Upper-case letters, digits and hyphens.
  fileprivate var isPlanName: Bool {
    !isEmpty
      && utf8.allSatisfy {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
          || $0 == UInt8(ascii: "-")
      }
  }
}

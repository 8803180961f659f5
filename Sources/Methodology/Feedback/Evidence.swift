/// What a verdict rests on: named in the feedback file, so that nobody has to believe it.
package struct Evidence: Sendable, Equatable {
  /// A check that was run.
  package struct Check: Sendable, Equatable {
    /// What was run, in a few words.
    package let command: String
    /// nil when it is no command but a look at a file.
    package let exitCode: Int?
    /// Seconds; nil when nobody measured them.
    package let seconds: Double?
    /// Whether it passed.
    package let isGreen: Bool

    /// Takes what was seen.
    package init(_ command: String, exitCode: Int? = nil, seconds: Double? = nil, isGreen: Bool) {
      self.command = command
      self.exitCode = exitCode
      self.seconds = seconds
      self.isGreen = isGreen
    }
  }

  /// The commit that was looked at; nil when none is known.
  package let commit: String?
  /// In the order in which they were run.
  package let checks: [Check]

  /// Takes what there is; nothing at all is a verdict by someone's word.
  package init(commit: String? = nil, checks: [Check] = []) {
    self.commit = commit
    self.checks = checks
  }

  /// The checks as a Markdown table; empty without any.
  package var table: String {
    guard !checks.isEmpty else { return "" }
    let rows = checks.map { check in
      let code = check.exitCode.map { "\($0)" } ?? "–"
      let time = check.seconds.map { "\(Evidence.tenths($0)) s" } ?? "–"
      let command = Markdown.code(check.command).split(separator: "|", omittingEmptySubsequences: false)
      return "| \(command.joined(separator: "\\|")) | \(check.isGreen ? "passed" : "failed") | \(code) | \(time) |"
    }
    return (["| Check | Result | Exit code | Time |", "|---|---|---|---|"] + rows).joined(separator: "\n")
  }

  private static func tenths(_ seconds: Double) -> String {
    guard seconds.isFinite, abs(seconds) < 1e9 else { return "\(seconds)" }
    let tenths = Int((seconds * 10).rounded())
    return "\(tenths / 10).\(abs(tenths % 10))"
  }
}

/// Who says something, and when.
package struct Signature: Sendable, Equatable {
  /// A person or a program.
  package let name: String
  /// A date or a time, as it is to be written.
  package let date: String

  /// Takes both as they are to be written.
  package init(name: String, date: String) {
    self.name = name
    self.date = date
  }
}

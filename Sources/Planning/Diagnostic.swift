/// A place in a text file: line and column from 1, the column in bytes.
package struct SourcePlace: Sendable, Equatable, Comparable, Codable {
  /// From 1.
  package let line: Int
  /// From 1, in bytes.
  package let column: Int

  /// Takes both counted from 1.
  package init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  /// Orders by line, then by column.
  package static func < (left: SourcePlace, right: SourcePlace) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }
}

/// One finding about a plan file.
///
/// Messages hold only text that is safe to print: the reader has escaped control characters and shortened long values.
package struct Diagnostic: Sendable, Equatable {
  /// Whether the plan may be run in spite of it.
  package enum Severity: String, Sendable, Codable {
    case error
    case warning
  }

  /// Whether the plan may be run in spite of it.
  package let severity: Severity
  /// A stable word for the rule: `cycle`, `duplicate-id`, `missing-dependency`. Documented in `Docs/Plan-Format.md`.
  package let code: String
  /// What is wrong, one line.
  package let message: String
  /// Where in the file.
  package let place: SourcePlace
  /// The next step for the user, a sentence; nil when there is none better than the message.
  package let hint: String?

  /// `message` and `hint` must be safe to print.
  package init(_ severity: Severity, _ code: String, _ message: String, at place: SourcePlace, hint: String? = nil) {
    self.severity = severity
    self.code = code
    self.message = message
    self.place = place
    self.hint = hint
  }
}

/// A place in a text file: line and column from 1, the column in bytes.
package struct SourcePlace: Sendable, Equatable, Comparable, Codable {
  package let line: Int
  package let column: Int

  package init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  package static func < (left: SourcePlace, right: SourcePlace) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }
}

/// One finding about a plan file.
///
/// Messages hold only text that is safe to print: the reader has escaped control characters and shortened long values.
package struct Diagnostic: Sendable, Equatable {
  package enum Severity: String, Sendable, Codable {
    case error
    case warning
  }

  package let severity: Severity
  /// A stable word for the rule: `cycle`, `duplicate-id`, `missing-dependency`. Documented in `Docs/Plan-Format.md`.
  package let code: String
  package let message: String
  package let place: SourcePlace
  /// The next step for the user, a sentence; nil when there is none better than the message.
  package let hint: String?

  package init(_ severity: Severity, _ code: String, _ message: String, at place: SourcePlace, hint: String? = nil) {
    self.severity = severity
    self.code = code
    self.message = message
    self.place = place
    self.hint = hint
  }
}

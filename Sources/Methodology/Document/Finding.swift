package import Planning

/// A finding about a document as programs read it.
package struct Finding: Sendable, Equatable, Encodable {
  /// `error` or `warning`.
  package let severity: Diagnostic.Severity
  /// A stable word for the rule.
  package let code: String
  /// From 1.
  package let line: Int
  /// What is wrong, one line.
  package let message: String
  /// The next step; left out when there is none.
  package let hint: String?

  /// The same, without the column: a document's findings are about whole lines.
  package init(_ diagnostic: Diagnostic) {
    severity = diagnostic.severity
    code = diagnostic.code
    line = diagnostic.place.line
    message = diagnostic.message
    hint = diagnostic.hint
  }
}

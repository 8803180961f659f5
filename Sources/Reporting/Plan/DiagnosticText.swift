package import Planning

/// What `plait validate` found in one file.
package struct ValidatedFile: Sendable {
  /// As the user gave it.
  package let path: String
  /// In any order.
  package let diagnostics: [Diagnostic]

  /// Takes the path as the user gave it: it is what editors open.
  package init(path: String, diagnostics: [Diagnostic]) {
    self.path = path
    self.diagnostics = diagnostics
  }

  /// How many findings make the file invalid.
  package var errorCount: Int { diagnostics.count { $0.severity == .error } }
  /// How many findings leave the file valid.
  package var warningCount: Int { diagnostics.count { $0.severity == .warning } }
}

/// Findings about plan files in the form that editors and CI systems pick up.
package enum DiagnosticText {
  /// `file:line:column: error[code]: message`, with the hint indented on the next line. No newline at the end.
  package static func line(_ diagnostic: Diagnostic, path: String) -> String {
    let place = "\(TerminalText.safe(path)):\(diagnostic.place.line):\(diagnostic.place.column)"
    let code = "\(diagnostic.severity.rawValue)[\(TerminalText.safe(diagnostic.code))]"
    let hint = diagnostic.hint.map { "\n  \(TerminalText.safe($0))" } ?? ""
    return "\(place): \(code): \(TerminalText.safe(diagnostic.message))\(hint)"
  }

  /// All findings of all files in order of place, without a summary; empty when there are none.
  package static func render(_ files: [ValidatedFile]) -> String {
    files.flatMap { file in inOrder(file.diagnostics).map { line($0, path: file.path) + "\n" } }.joined()
  }

  /// The last line: `2 files: 1 error, 3 warnings`.
  package static func summary(_ files: [ValidatedFile]) -> String {
    let errors = files.reduce(0) { $0 + $1.errorCount }
    let warnings = files.reduce(0) { $0 + $1.warningCount }
    let verdict =
      errors + warnings == 0
      ? "no findings" : "\(Prose.count(errors, "error")), \(Prose.count(warnings, "warning"))"
    return "\(Prose.count(files.count, "file")): \(verdict)"
  }

  static func inOrder(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
    diagnostics.enumerated().sorted { ($0.element.place, $0.offset) < ($1.element.place, $1.offset) }.map(\.element)
  }
}

/// The same for programs.
package struct ValidationReport: Sendable, Codable, Equatable {
  /// The kind and version of the JSON.
  package static let schema = "plait.validate/1"

  /// One file and whether it may be run.
  package struct File: Sendable, Codable, Equatable {
    /// The path as it was given or found.
    package let path: String
    /// Whether the file has no error and may be run.
    package let isValid: Bool
    /// The findings, in order of place.
    package let diagnostics: [Finding]
  }

  /// One finding; line and column count from 1.
  package struct Finding: Sendable, Codable, Equatable {
    /// An error keeps the plan from running; a warning does not.
    package let severity: Diagnostic.Severity
    /// The rule's word, 'cycle'; Docs/Plan-Format.md lists all of them.
    package let code: String
    /// What is wrong, one line.
    package let message: String
    /// The line in the file, from 1.
    package let line: Int
    /// The column in the line, in bytes, from 1.
    package let column: Int
    /// What to do about it; nil when the message says it all.
    package let hint: String?
  }

  /// The kind and version of the JSON.
  package let schema: String
  /// Whether no file has an error.
  package let isValid: Bool
  /// Errors in all files.
  package let errors: Int
  /// Warnings in all files.
  package let warnings: Int
  /// The files, in the order in which they were checked.
  package let files: [File]

  /// Draws up the findings, in order of place in each file.
  package init(_ files: [ValidatedFile]) {
    schema = ValidationReport.schema
    errors = files.reduce(0) { $0 + $1.errorCount }
    warnings = files.reduce(0) { $0 + $1.warningCount }
    isValid = errors == 0
    self.files = files.map { file in
      File(
        path: file.path,
        isValid: file.errorCount == 0,
        diagnostics: DiagnosticText.inOrder(file.diagnostics).map(Finding.init)
      )
    }
  }
}

extension ValidationReport.Finding {
  init(_ diagnostic: Diagnostic) {
    severity = diagnostic.severity
    code = diagnostic.code
    message = diagnostic.message
    line = diagnostic.place.line
    column = diagnostic.place.column
    hint = diagnostic.hint
  }
}

/// What keeps a report from being drawn up.
package struct ReportingError: Error, Sendable, CustomStringConvertible {
  /// What kind of trouble it is: the exit code follows from it.
  package enum Code: Sendable {
    /// The runs don't stand for the same work.
    case notComparable
    /// The record holds nothing that could be counted with.
    case nothingMeasured
  }

  /// Decides the exit code.
  package let code: Code
  /// The run or the runs.
  package let subject: String
  /// One sentence for people.
  package let message: String
  /// What the message is about in detail, one clause each; may be empty.
  package let details: [String]

  /// `message` is one sentence for people.
  package init(_ code: Code, _ subject: String, _ message: String, details: [String] = []) {
    self.code = code
    self.subject = subject
    self.message = message
    self.details = details
  }

  /// The message.
  package var description: String { message }
}

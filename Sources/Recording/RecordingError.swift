/// What went wrong with the record of runs.
package struct RecordingError: Error, Sendable, CustomStringConvertible {
  /// What kind of trouble it is: the exit code follows from it.
  package enum Code: Sendable {
    /// The database can't be opened, read or written.
    case database
    /// The disk is full.
    case diskFull
    /// The database was written by a newer Plait.
    case newerFormat
    /// No run of that name.
    case noSuchRun
    /// The prefix fits several runs.
    case ambiguousRun
    /// Another process drives the run.
    case locked
  }

  /// Decides the exit code.
  package let code: Code
  /// The file or the run.
  package let subject: String
  /// One sentence for people, with the next step where there is one.
  package let message: String

  /// `message` is one sentence for people, with the next step where there is one.
  package init(_ code: Code, _ subject: String, _ message: String) {
    self.code = code
    self.subject = subject
    self.message = message
  }

  /// The message.
  package var description: String { message }
}

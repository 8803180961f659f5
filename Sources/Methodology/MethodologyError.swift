/// What went wrong with a plan's folder or with finding one.
package struct MethodologyError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What kind of trouble it is: the exit code follows from it.
  package enum Code: String, Sendable {
    /// Nothing is at the place, or by the name, that was given.
    case notFound = "not-found"
    /// More than one plan answers to the name.
    case ambiguous
    /// Something is there, and it isn't a plan.
    case notAPlan = "not-a-plan"
    /// The system refused to show a folder or a file.
    case unreadable
    /// The system refused to write a file or to make a folder.
    case unwritable
    /// A file is in the way that is not to be overwritten.
    case exists
    /// A document is there, and what it says can't be worked with.
    case invalid
    /// What was asked for contradicts what the files say.
    case refused
  }

  /// Decides the exit code.
  package let code: Code
  /// The path or the `@NAME` that the error is about.
  package let subject: String
  /// What is wrong and what to do next, one or two sentences without the subject in front.
  package let message: String

  /// `message` follows the subject: `has no parallel.json. 'plait init' makes one.`
  package init(_ code: Code, _ subject: String, _ message: String) {
    self.code = code
    self.subject = subject
    self.message = message
  }

  /// Subject and message.
  package var description: String { "\(subject): \(message)" }
}

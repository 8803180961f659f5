/// What keeps a run from starting or going on. A worker that fails is never one of these.
package struct EngineError: Error, Sendable, CustomStringConvertible {
  /// What kind of trouble it is: the exit code follows from it.
  package enum Code: Sendable {
    /// What was asked for doesn't fit the plan: an unknown id, a missing dependency.
    case invalidRequest
    /// Something the run needs is missing here: the worker's program, a usable repository.
    case missing
    /// A file could not be read or written.
    case file
    /// The run was brought down by its disk or database; it can be resumed.
    case storage
    /// A promise of Plait to itself is broken.
    case bug
  }

  /// Decides the exit code.
  package let code: Code
  /// What the sentence is about: an id, a path, a name.
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

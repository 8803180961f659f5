import Planning
import SystemPackage

/// What `plait approve`, `reject` and `skip` print with `--json`, and the same in words.
package struct FeedbackReport: Sendable, Encodable {
  /// A file that was made, changed or renamed.
  package struct File: Sendable, Equatable, Encodable {
    /// `created`, `changed` or `moved`.
    package let change: String
    /// Its path now.
    package let path: String
    /// What it was called before; left out unless it was moved.
    package let from: String?
  }

  /// `plait.approve/1`, `plait.reject/1` or `plait.skip/1`.
  package let schema: String
  /// The plan's name.
  package let plan: String
  /// Which achievement it is about.
  package let achievement: String
  /// The status that the files say now.
  package let status: String
  /// The name of the file that decides it.
  package let reason: String
  /// In the order in which they were changed.
  package let files: [File]
  /// What the one who decides should know, a sentence each.
  package let warnings: [String]

  /// `verb` is the command's name.
  package init(_ feedback: Feedback, verb: String, plan: String) {
    schema = "plait.\(verb)/1"
    self.plan = plan
    achievement = feedback.id.text
    status = feedback.status.status.rawValue
    reason = feedback.status.reason ?? ""
    warnings = feedback.warnings
    files = feedback.operations.map { operation in
      switch operation {
      case .create(let path, _): File(change: "created", path: path.string, from: nil)
      case .replace(let path, _, _): File(change: "changed", path: path.string, from: nil)
      case .move(let source, let target): File(change: "moved", path: target.string, from: source.string)
      }
    }
  }

  /// In words: the status, then a line for each file.
  package var text: String {
    let lines = files.map { file in "  \(file.change) \(file.from.map { "\($0) to " } ?? "")\(file.path)" }
    return (["\(achievement) is \(status): \(reason)"] + lines).joined(separator: "\n") + "\n"
  }
}

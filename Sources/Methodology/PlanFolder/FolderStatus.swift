package import Planning

/// Where one achievement stands by the files of its plan's folder.
package struct FolderStatus: Equatable, Sendable {
  /// What the files say.
  package let status: FileStatus
  /// The name of the file that decided; nil when there is none and the status is `not_started`.
  package let reason: String?
  /// What people should know beyond the status, a sentence; nil when there is nothing.
  package let note: String?

  /// Takes what the files say, and why.
  package init(_ status: FileStatus, reason: String? = nil, note: String? = nil) {
    self.status = status
    self.reason = reason
    self.note = note
  }

  /// The status with its reason: `complete: APPROVED_11.md`.
  package var sentence: String { reason.map { "\(status.rawValue): \($0)" } ?? status.rawValue }
}

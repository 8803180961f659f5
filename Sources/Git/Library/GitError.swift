internal import CLibgit2

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// What git could not do: a code to act on, the thing it was about, and one sentence for people.
package struct GitError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What went wrong, as far as a caller can react to it.
  package enum Code: String, Sendable, CaseIterable {
    /// The path is not inside a git repository.
    case notARepository
    /// A ref, revision, file or worktree does not exist.
    case notFound
    /// The repository uses something that libgit2 can't do faithfully.
    case unsupported
    /// The repository belongs to another user of the machine.
    case ownedByAnother
    /// There is no commit yet.
    case noCommits
    /// The name or path is taken.
    case exists
    /// A compare-and-swap lost: the ref is not where it was expected.
    case moved
    /// Changes contradict each other, or local changes are in the way.
    case conflict
    /// Another process held a lock for longer than this one was ready to wait.
    case locked
    /// The disk is full, or can't be written for another reason: a quota, a limit on the size of files, a defect.
    case storage
    case permission
    /// An object, index or administrative file can't be read as what it should be.
    case corrupt
    /// HEAD of a worktree does not descend from its base.
    case historyRewritten
    /// A new git repository lies inside a worktree.
    case nestedRepository
    /// A worktree's folder, or its link to the repository, is gone.
    case worktreeLost
    case other
  }

  /// Decides the exit code, and whether the run can go on.
  package let code: Code
  /// The path, ref or worktree that it is about.
  package let subject: String
  /// One sentence with the next step.
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

/// Throws what libgit2 says about a failed call.
///
/// libgit2 keeps its last error per thread, so this has to run in the same synchronous expression as the call:
/// `try check(git_x(…), "…")`. What an earlier call has left there is forgotten first.
func check(_ call: @autoclosure () -> Int32, _ subject: @autoclosure () -> String) throws {
  GitError.forgetLast()
  try check(status: call(), subject())
}

/// Throws what libgit2 says about the call before this one, which gave `status`.
func check(status: Int32, _ subject: @autoclosure () -> String) throws {
  guard status < 0 else { return }
  throw GitError(status: status, subject: subject())
}

extension GitError {
  /// Forgets this thread's last error, so that a failure which libgit2 says nothing about isn't told in older words.
  static func forgetLast() {
    git_error_clear()
    errno = 0
  }

  /// Describes the last error of this thread.
  ///
  /// A write that the disk refuses may be told by libgit2 (1.5) in the words of a look-up that came before it, or not at all:
  /// then the system's own error number says it.
  init(status: Int32, subject: String) {
    let number = errno
    if [ENOSPC, EDQUOT, EFBIG, EIO].contains(number) {
      self.init(errno: number, subject)
      return
    }
    let last = git_error_last()
    let text = last?.pointee.message.map { String(cString: $0) } ?? "libgit2 gave no reason"
    let code = Self.code(status: status, class: last?.pointee.klass ?? 0, text: text)
    self.init(code, subject, Self.sentence(code, subject, text))
  }

  private static func code(status: Int32, class klass: Int32, text: String) -> Code {
    let storage = ["No space left on device", "Disk quota exceeded", "File too large", "Input/output error"]
    if storage.contains(where: { text.contains($0) }) { return .storage }
    if text.contains("Permission denied") || text.contains("Read-only file system") { return .permission }
    if text.contains("Operation not permitted") { return .permission }
    switch git_error_code(status) {
    case GIT_ENOTFOUND: return .notFound
    case GIT_EEXISTS: return .exists
    case GIT_EMODIFIED: return .moved
    case GIT_ELOCKED: return .locked
    case GIT_ECONFLICT, GIT_EMERGECONFLICT, GIT_EUNMERGED: return .conflict
    case GIT_EUNBORNBRANCH: return .noCommits
    case GIT_EOWNER: return .ownedByAnother
    case GIT_EMISMATCH: return .corrupt
    case GIT_EINVALIDSPEC, GIT_EAMBIGUOUS: return .other
    default: break
    }
    if text.contains("failed to create locked file") || text.contains("failed to lock") { return .locked }
    let damage = ["corrupt", "invalid data", "zlib", "inflate", "hash mismatch", "failed to parse", "incorrect header"]
    let isDamage = klass == GIT_ERROR_ZLIB.rawValue || damage.contains { text.contains($0) }
    return isDamage ? .corrupt : .other
  }

  static func sentence(_ code: Code, _ subject: String, _ text: String) -> String {
    switch code {
    case .storage where text.contains("No space left"):
      "\(subject): the disk is full; free some space and try again (\(text))"
    case .storage: "\(subject): the disk can't be written; look into that and try again (\(text))"
    case .permission: "\(subject): not allowed to write or read there; check the owner and the mode (\(text))"
    case .locked: "\(subject): another git process holds a lock; if none runs, remove the lock file (\(text))"
    case .corrupt: "\(subject) is damaged; run 'git fsck' in the repository (\(text))"
    case .notFound: "\(subject) does not exist; check the name (\(text))"
    case .exists: "\(subject) exists already; choose another name or remove it (\(text))"
    default: "\(subject): \(text)"
    }
  }
}

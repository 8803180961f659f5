#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

extension GitError {
  /// Describes the last failed system call of this thread.
  init(errno number: Int32, _ subject: String) {
    let text = String(cString: strerror(number))
    let code: Code =
      switch number {
      case ENOSPC, EDQUOT, EFBIG, EIO: .storage
      case EACCES, EPERM, EROFS: .permission
      case ENOENT, ENOTDIR: .notFound
      case EEXIST, ENOTEMPTY: .exists
      default: .other
      }
    self.init(code, subject, Self.sentence(code, subject, text))
  }
}

/// Repeats what failed because another thread or process held a lock for a moment.
///
/// Several actors and the workers' own git commands write refs at the same time; each holds its lock for well under
/// a millisecond. Gives up after about one second (200 tries, 5 ms apart) with the last error.
func retryingLocks<Value>(_ work: () throws -> Value) throws -> Value {
  for _ in 0..<200 {
    do {
      return try work()
    } catch let error as GitError where error.code == .locked {
      usleep(5000)
    }
  }
  return try work()
}

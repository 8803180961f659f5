#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The file that the worker's output goes to.
struct Output {
  private let descriptor: Int32
  private let limit: Int64?
  /// Bytes at the last look.
  private(set) var size: Int64 = 0
  /// Whether more than the limit came.
  private(set) var wasCut = false

  /// Nil when `path` can't be opened. Without a path it is standard output.
  init?(path: String?, limit: Int64?) {
    self.limit = limit
    descriptor = path.map { open($0, O_WRONLY | O_CLOEXEC) } ?? STDOUT_FILENO
    guard descriptor >= 0 else { return nil }
    look()
  }

  /// Reads the size and cuts off what is beyond the limit; returns whether anything came since the last look.
  @discardableResult
  mutating func look() -> Bool {
    var facts = stat()
    guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else { return false }
    let before = size
    size = Int64(facts.st_size)
    let hasChanged = size != before
    // Who writes goes on at the new end: the file is opened for appending.
    if let limit, size > limit, ftruncate(descriptor, off_t(limit)) == 0 {
      size = limit
      wasCut = true
    }
    return hasChanged
  }
}

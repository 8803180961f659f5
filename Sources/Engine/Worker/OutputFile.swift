internal import Synchronization
internal import SystemPackage

/// The file that a process writes its output to, kept within a limit.
///
/// Opened for appending, so that cutting it back while the process writes leaves no hole.
final class OutputFile: Sendable {
  let descriptor: FileDescriptor
  private let limit: Int64
  private let cut = Mutex(false)

  init(path: String, limit: Int64) throws {
    do {
      descriptor = try FileDescriptor.open(
        FilePath(path),
        .writeOnly,
        options: [.create, .append],
        permissions: [.ownerReadWrite, .groupRead, .otherRead]
      )
    } catch let error as Errno {
      throw EngineError(.storage, path, "the log \(path) can't be written: \(error.description)")
    }
    self.limit = limit
  }

  deinit { try? descriptor.close() }

  /// Whether more than the limit came.
  var wasCut: Bool { cut.withLock { $0 } }

  /// Cuts off what is beyond the limit; returns the bytes kept.
  @discardableResult
  func trim() -> Int64 {
    guard let size = try? descriptor.seek(offset: 0, from: .end) else { return 0 }
    guard size > limit else { return size }
    cut.withLock { $0 = true }
    try? descriptor.resize(to: limit)
    return limit
  }

  func finish() -> Int64 { trim() }
}

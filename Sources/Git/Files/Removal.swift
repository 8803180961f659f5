internal import Dispatch
internal import Synchronization

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

extension FileSystem {
  /// Removes a folder with many files on several threads, one of its entries at a time each; a missing path is fine.
  static func removeLargeTree(_ path: String) throws {
    let folder = PathBuffer(path)
    guard let status = FileStatus(folder.bytes), status.kind == .directory else { return try removeTree(path) }
    try makeAccessible(folder, status)
    let entries = try DirectoryEntries(of: folder.bytes)
    let failure = Mutex<(any Error)?>(nil)
    DispatchQueue.concurrentPerform(iterations: entries.count) { position in
      var entry = folder
      entries.withName(position) { _ = entry.push($0) }
      do { try removeTree(&entry) } catch { failure.withLock { $0 = error } }
    }
    if let failure = failure.withLock({ $0 }) { throw failure }
    try removeTree(path)
  }

  /// Removes a file, link or whole folder; links are never followed, a missing path is fine.
  static func removeTree(_ path: String) throws {
    var buffer = PathBuffer(path)
    try removeTree(&buffer)
  }

  static func removeTree(_ path: inout PathBuffer) throws {
    // Try as a file first: for most entries that is the only call needed.
    if unlink(path.bytes) == 0 || errno == ENOENT { return }
    let first = errno
    guard let status = FileStatus(path.bytes) else { return }
    guard status.kind == .directory else {
      // EACCES: it is the folder above that must be writable; the sweep that called has seen to that.
      throw GitError(errno: first, path.text)
    }
    if rmdir(path.bytes) == 0 { return }
    try makeAccessible(path, status)
    let entries = try DirectoryEntries(of: path.bytes)
    for position in 0..<entries.count {
      let length = entries.withName(position) { path.push($0) }
      defer { path.pop(to: length) }
      try removeTree(&path)
    }
    guard rmdir(path.bytes) == 0 || errno == ENOENT else { throw GitError(errno: errno, path.text) }
  }

  /// Gives the owner the right to list and change a folder, which a worker may have taken away.
  static func makeAccessible(_ path: PathBuffer, _ status: FileStatus) throws {
    guard status.mode & 0o700 != 0o700 else { return }
    guard chmod(path.bytes, mode_t(status.mode | 0o700)) == 0 else { throw GitError(errno: errno, path.text) }
  }
}

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// The few operations on files and folders that git's administrative area and worktrees need.
enum FileSystem {
  static func status(_ path: String) -> FileStatus? { FileStatus(path) }

  /// The absolute path with all links followed; nil when something of it is missing.
  static func realPath(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// The absolute path of something that may not exist yet: the part that exists with all links followed.
  static func absolutePath(_ path: String) throws -> String {
    if let real = realPath(path) { return real }
    let trimmed = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    guard let name = trimmed.split(separator: "/").last, name != "..", name != "." else {
      throw GitError(.notFound, path, "\(path) can't be resolved; give an absolute path")
    }
    let parent = String(trimmed.dropLast(name.count))
    let base = try absolutePath(parent.isEmpty ? "." : parent)
    return base.hasSuffix("/") ? base + name : "\(base)/\(name)"
  }

  /// Creates a folder and those above it; gives the topmost one that was missing, nil when all were there.
  @discardableResult
  static func makeDirectories(_ path: String) throws -> String? {
    if mkdir(path, 0o777) == 0 { return path }
    if errno == EEXIST { return nil }
    guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
      throw GitError(errno: errno, path)
    }
    let above = try makeDirectories(String(path[..<slash]))
    // Another actor may create the same parent between the two calls; that is as good.
    guard mkdir(path, 0o777) == 0 || errno == EEXIST else { throw GitError(errno: errno, path) }
    return above ?? path
  }

  /// Creates one folder that must not exist.
  static func makeNewDirectory(_ path: String) throws {
    guard mkdir(path, 0o777) == 0 else { throw GitError(errno: errno, path) }
  }

  /// The text of a small file; nil when there is none or it can't be read.
  static func read(_ path: String) -> String? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = chunk.withUnsafeMutableBytes { buffer in
        while true {
          let count = Self.readOnce(file, buffer)
          if count >= 0 || errno != EINTR { return count }
        }
      }
      guard count >= 0 else { return nil }
      if count == 0 { break }
      bytes.append(contentsOf: chunk[..<count])
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Writes a new file; fails when there is one.
  static func writeNew(_ path: String, _ text: String) throws {
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard file >= 0 else { throw GitError(errno: errno, path) }
    defer { close(file) }
    try writeAll(Array(text.utf8)[...], to: file, path)
  }

  /// Writes bytes to an open file; `path` is what errors are about.
  static func writeAll(_ bytes: ArraySlice<UInt8>, to file: Int32, _ path: String) throws {
    var rest = bytes
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Self.writeOnce(file, $0) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw GitError(errno: errno, path) }
      rest = rest.dropFirst(count)
    }
  }

  /// Replaces a file as git does it: written beside it as `NAME.lock`, then renamed, so that readers see all or nothing.
  static func replace(_ path: String, _ text: String) throws {
    let lock = path + ".lock"
    try writeNew(lock, text)
    guard rename(lock, path) == 0 else {
      let error = GitError(errno: errno, path)
      unlink(lock)
      throw error
    }
  }

  /// Removes a file; a missing one is fine.
  static func removeFile(_ path: String) throws {
    guard unlink(path) == 0 || errno == ENOENT else { throw GitError(errno: errno, path) }
  }

  /// Removes an empty folder if it is one; anything else stays.
  static func removeDirectoryIfEmpty(_ path: String) {
    _ = rmdir(path)
  }

  static func isExecutable(_ path: String) -> Bool { access(path, X_OK) == 0 }

  /// One call of `read`.
  static func readOnce(_ file: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
    #if canImport(Darwin)
      Darwin.read(file, buffer.baseAddress, buffer.count)
    #elseif canImport(Musl)
      Musl.read(file, buffer.baseAddress, buffer.count)
    #else
      Glibc.read(file, buffer.baseAddress, buffer.count)
    #endif
  }

  /// One call of `write`, which may take less than all.
  static func writeOnce(_ file: Int32, _ buffer: UnsafeRawBufferPointer) -> Int {
    #if canImport(Darwin)
      Darwin.write(file, buffer.baseAddress, buffer.count)
    #elseif canImport(Musl)
      Musl.write(file, buffer.baseAddress, buffer.count)
    #else
      Glibc.write(file, buffer.baseAddress, buffer.count)
    #endif
  }
}

package import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The few things that a run does to files of its own: folders for logs, prompts, copies of ignored files.
package enum RunFiles {
  /// Makes `path` and the folders above it; existing ones are fine.
  package static func makeDirectory(_ path: String) throws {
    if mkdir(path, 0o755) == 0 || errno == EEXIST { return }
    guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
      throw failure("folder", path)
    }
    try makeDirectory(String(path[..<slash]))
    guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw failure("folder", path) }
  }

  /// Writes `text` as the whole content of `path`.
  package static func write(_ text: String, to path: String, executable: Bool = false) throws {
    do {
      let file = try FileDescriptor.open(
        FilePath(path),
        .writeOnly,
        options: [.create, .truncate],
        permissions: FilePermissions(rawValue: executable ? 0o755 : 0o644)
      )
      try file.closeAfter { _ = try file.writeAll(text.utf8) }
    } catch let error as Errno {
      throw failure("file", path, error)
    }
  }

  /// Puts `bytes` in the place of the file at `path`, whole or not at all: written beside it, then renamed.
  package static func replace(_ path: String, with bytes: [UInt8]) throws {
    let beside = "\(path).\(getpid()).tmp"
    do {
      let file = try FileDescriptor.open(
        FilePath(beside),
        .writeOnly,
        options: [.create, .truncate],
        permissions: [.ownerReadWrite, .groupRead, .otherRead]
      )
      try file.closeAfter { _ = try file.writeAll(bytes) }
    } catch let error as Errno {
      unlink(beside)
      throw failure("file", path, error)
    }
    guard rename(beside, path) == 0 else {
      let cause = Errno(rawValue: errno)
      unlink(beside)
      throw failure("file", path, cause)
    }
  }

  /// Copies what the file at `path` holds from `offset` on; returns the offset after it.
  package static func copyTail(of path: String, from offset: Int64, to output: FileDescriptor) throws -> Int64 {
    do {
      let file = try FileDescriptor.open(FilePath(path), .readOnly)
      return try file.closeAfter {
        var offset = offset
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 1)
        defer { buffer.deallocate() }
        while true {
          let count = try file.read(fromAbsoluteOffset: offset, into: buffer)
          if count == 0 { return offset }
          _ = try output.writeAll(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
          offset += Int64(count)
        }
      }
    } catch let error as Errno {
      throw failure("file", path, error)
    }
  }

  /// The last bytes of the file at `path`, at most so many.
  package static func tail(of path: String, bytes: Int) throws -> [UInt8] {
    do {
      let file = try FileDescriptor.open(FilePath(path), .readOnly)
      return try file.closeAfter {
        let end = try file.seek(offset: 0, from: .end)
        let start = max(0, end - Int64(bytes))
        return try [UInt8](unsafeUninitializedCapacity: Int(end - start)) { buffer, count in
          count = try file.read(fromAbsoluteOffset: start, into: UnsafeMutableRawBufferPointer(buffer))
        }
      }
    } catch let error as Errno {
      throw failure("file", path, error)
    }
  }

  /// All bytes of the file at `path`.
  package static func read(_ path: String) throws -> [UInt8] {
    do {
      let file = try FileDescriptor.open(FilePath(path), .readOnly)
      return try file.closeAfter {
        let size = Int(try file.seek(offset: 0, from: .end))
        try file.seek(offset: 0, from: .start)
        return try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
          while count < size {
            let read = try file.read(
              into: UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[count...])
            )
            if read == 0 { break }
            count += read
          }
        }
      }
    } catch let error as Errno {
      throw failure("file", path, error)
    }
  }

  /// The last `bytes` of the file at `path` as text.
  static func tail(of path: String, bytes: Int) throws -> String {
    do {
      let file = try FileDescriptor.open(FilePath(path), .readOnly)
      return try file.closeAfter {
        let size = try file.seek(offset: 0, from: .end)
        let start = max(0, size - Int64(bytes))
        var buffer = [UInt8](repeating: 0, count: Int(size - start))
        let count = try buffer.withUnsafeMutableBytes { try file.read(fromAbsoluteOffset: start, into: $0) }
        return String(decoding: buffer[..<count], as: UTF8.self)
      }
    } catch let error as Errno {
      throw failure("file", path, error)
    }
  }

  /// All bytes of a file that doesn't know its size: those below `/proc`.
  static func readStream(_ path: String) throws -> [UInt8] {
    do {
      let file = try FileDescriptor.open(FilePath(path), .readOnly)
      return try file.closeAfter {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4_096)
        while true {
          let count = try chunk.withUnsafeMutableBytes { try file.read(into: $0) }
          if count == 0 { return bytes }
          bytes += chunk[..<count]
        }
      }
    } catch let error as Errno {
      throw failure("file", path, error)
    }
  }

  /// Copies one file, with its permission to execute; makes the folders above the target.
  static func copy(from source: String, to target: String) throws {
    var status = stat()
    guard stat(source, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw EngineError(.missing, source, "setup.copy names \(source), which is not a file")
    }
    if let slash = target.lastIndex(of: "/") { try makeDirectory(String(target[..<slash])) }
    do {
      let output = try FileDescriptor.open(
        FilePath(target),
        .writeOnly,
        options: [.create, .truncate],
        permissions: FilePermissions(rawValue: status.st_mode & 0o777)
      )
      let bytes = try read(source)
      try output.closeAfter { _ = try output.writeAll(bytes) }
    } catch let error as Errno {
      throw failure("file", target, error)
    }
  }

  /// Renames within one file system.
  static func move(_ path: String, to target: String) throws {
    guard rename(path, target) == 0 else { throw failure("file", path) }
  }

  /// The names in a folder, without `.` and `..`; none when there is no such folder.
  package static func names(in path: String) throws -> [String] {
    guard let directory = opendir(path) else {
      if errno == ENOENT { return [] }
      throw failure("folder", path)
    }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      names.append(withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
    }
    return names.filter { $0 != "." && $0 != ".." }.sorted()
  }

  /// When the file was last written, seconds since 1970 UTC; 0 when there is none.
  static func modified(_ path: String) -> Double {
    var status = stat()
    guard stat(path, &status) == 0 else { return 0 }
    #if os(Linux)
      return Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) / 1e9
    #else
      return Double(status.st_mtimespec.tv_sec) + Double(status.st_mtimespec.tv_nsec) / 1e9
    #endif
  }

  /// Removes a folder that holds nothing any more; otherwise leaves it.
  package static func removeIfEmpty(_ path: String) { rmdir(path) }

  /// Whether there is something at `path`, links followed.
  package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Removes `path` and everything below it; a missing one is fine.
  package static func removeTree(_ path: String) throws {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      guard unlink(path) == 0 || errno == ENOENT else { throw failure("file", path) }
      return
    }
    for name in try names(in: path) { try removeTree("\(path)/\(name)") }
    guard rmdir(path) == 0 || errno == ENOENT else { throw failure("folder", path) }
  }

  /// The paths of all files and folders below the folder at `path`.
  static func allPaths(below path: String) throws -> [String] {
    try names(in: path).flatMap { name in
      let inner = "\(path)/\(name)"
      var status = stat()
      guard lstat(inner, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return [inner] }
      return [inner] + (try allPaths(below: inner))
    }
  }

  static func failure(_ kind: String, _ path: String, _ error: Errno = Errno(rawValue: errno)) -> EngineError {
    let isOfTheDisk = [.noSpace, .fileTooLarge, .ioError, .readOnlyFileSystem, Errno(rawValue: EDQUOT)].contains(error)
    let code: EngineError.Code = isOfTheDisk ? .storage : .file
    let step = error == .readOnlyFileSystem ? "; make its disk writable, or work on a copy elsewhere" : ""
    return EngineError(code, path, "the \(kind) \(path) can't be used: \(error.description)\(step)")
  }
}

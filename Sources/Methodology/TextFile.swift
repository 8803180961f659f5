package import SystemPackage

/// A text file of the methodology: read whole, and written whole or not at all.
package enum TextFile {
  /// What is larger is no document that a person wrote.
  package static let largest = 16 << 20

  /// Reads the file at `path`; throws `MethodologyError` when it is missing, a folder, larger than `largest`, or not UTF-8.
  ///
  /// A byte order mark is left out.
  package static func read(_ path: FilePath) throws -> [UInt8] {
    let bytes = try contents(of: path)
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw MethodologyError(.invalid, path.string, "is UTF-16, not UTF-8. Save it as UTF-8.")
    }
    if let offset = firstOffence(in: bytes) {
      let line = bytes[..<offset].count { $0 == UInt8(ascii: "\n") } + 1
      throw MethodologyError(.invalid, path.string, "is not UTF-8 (line \(line)). Save it as UTF-8.")
    }
    return bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes[3...]) : bytes
  }

  /// Whether there is anything at `path`; links are not followed.
  package static func exists(_ path: FilePath) -> Bool {
    (try? Stat(path, followTargetSymlink: false)) != nil
  }

  /// Whether there is a regular file at `path`, links followed.
  static func isFile(_ path: FilePath) -> Bool { (try? Stat(path))?.type == .regular }

  private static func contents(of path: FilePath) throws -> [UInt8] {
    do {
      let status = try Stat(path)
      guard status.type != .directory else {
        throw MethodologyError(.notAPlan, path.string, "is a folder; name the document in it.")
      }
      guard status.size <= Int64(largest) else {
        throw MethodologyError(.invalid, path.string, "is larger than \(largest >> 20) MB, which no document is.")
      }
      let file = try FileDescriptor.open(path, .readOnly)
      return try file.closeAfter {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count <= largest {
          let count = try buffer.withUnsafeMutableBytes { try file.read(into: $0) }
          guard count > 0 else { break }
          bytes += buffer[..<count]
        }
        return bytes
      }
    } catch let error as Errno {
      guard error != .noSuchFileOrDirectory, error != .notDirectory else {
        throw MethodologyError(.notFound, path.string, "no such file.")
      }
      throw MethodologyError(.unreadable, path.string, "can't be read (\(error)). Check who may read it.")
    }
  }

  /// Where `bytes` stop being UTF-8; nil when they are.
  private static func firstOffence(in bytes: [UInt8]) -> Int? {
    var decoder = Unicode.UTF8.ForwardParser()
    var input = bytes.makeIterator()
    var offset = 0
    while true {
      switch decoder.parseScalar(from: &input) {
      case .valid(let scalar): offset += scalar.count
      case .emptyInput: return nil
      case .error: return offset
      }
    }
  }
}

extension TextFile {
  /// Writes a new file whole, with the folders above it; throws `MethodologyError`, with code `exists` when something is there.
  ///
  /// The text goes into a file beside the target first, which then gets the target's name; so no reader sees half of it, and a
  /// file that someone else makes meanwhile stays theirs.
  package static func create(_ path: FilePath, _ text: String) throws {
    try makeFolder(path.removingLastComponent())
    try write(text, besides: path) { temporary in
      // A hard link is refused where the name is taken, which a rename would take over.
      guard link(temporary, to: path) else { throw Errno.current }
    }
  }

  /// Writes a file whole, in place of the one that may be there; throws `MethodologyError`.
  package static func replace(_ path: FilePath, _ text: String) throws {
    try makeFolder(path.removingLastComponent())
    try write(text, besides: path) { temporary in
      guard rename(temporary, to: path) else { throw Errno.current }
    }
  }

  /// Moves a file to a name that is free, with the folders above it; throws `MethodologyError`.
  package static func move(_ source: FilePath, to target: FilePath) throws {
    guard !exists(target) else { throw taken(target) }
    try makeFolder(target.removingLastComponent())
    guard rename(source, to: target) else {
      throw failure(source, "can't be moved to \(target)", Errno.current)
    }
  }

  /// Removes a file; throws `MethodologyError`.
  package static func remove(_ path: FilePath) throws {
    guard unlink(path) else { throw failure(path, "can't be removed", Errno.current) }
  }

  private static func write(_ text: String, besides path: FilePath, _ finish: (FilePath) throws -> Void) throws {
    let name = path.lastComponent?.string ?? ""
    let temporary = path.removingLastComponent().appending(".\(name).\(UInt64.random(in: 0...UInt64.max))")
    defer { _ = unlink(temporary) }
    do {
      let options: FileDescriptor.OpenOptions = [.create, .exclusiveCreate]
      let file = try FileDescriptor.open(
        temporary,
        .writeOnly,
        options: options,
        permissions: [.ownerReadWrite, .groupRead, .otherRead]
      )
      _ = try file.closeAfter { try file.writeAll(text.utf8) }
      try finish(temporary)
    } catch Errno.fileExists {
      throw taken(path)
    } catch let error as Errno {
      throw failure(path, "can't be written", error)
    }
  }

  private static func makeFolder(_ path: FilePath) throws {
    var missing: [FilePath] = []
    var folder = path
    while !folder.isEmpty, !exists(folder) {
      missing.append(folder)
      folder = folder.removingLastComponent()
    }
    for folder in missing.reversed() where !makeDirectory(folder) {
      let error = Errno.current
      // Another process may have made it since the look above.
      guard error == .fileExists else { throw failure(folder, "can't be made", error) }
    }
  }

  private static func taken(_ path: FilePath) -> MethodologyError {
    MethodologyError(.exists, path.string, "is there already and is left as it is.")
  }

  private static func failure(_ path: FilePath, _ what: String, _ error: Errno) -> MethodologyError {
    MethodologyError(.unwritable, path.string, "\(what) (\(error)). Check the folder and who may write there.")
  }
}

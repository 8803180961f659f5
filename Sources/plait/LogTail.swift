import SystemPackage

/// The end of a log file that is still being written.
enum LogTail {
  /// The last line with something on it, out of the last 4 KiB; nil when there is none.
  static func lastLine(of path: String) -> String? { lines(of: path, bytes: 4_096).last }

  /// The lines with something on them out of the file's last bytes; the first one may be cut.
  static func lines(of path: String, bytes limit: Int64) -> [String] {
    guard let file = try? FileDescriptor.open(FilePath(path), .readOnly) else { return [] }
    defer { try? file.close() }
    guard let size = try? file.seek(offset: 0, from: .end), size > 0 else { return [] }
    let count = Int(min(size, limit))
    var bytes = [UInt8](repeating: 0, count: count)
    let read =
      (try? bytes.withUnsafeMutableBytes { try file.read(fromAbsoluteOffset: size - Int64(count), into: $0) }) ?? 0
    // A carriage return redraws a line: what came last on it is what its writer shows.
    return bytes.prefix(read).split(whereSeparator: { $0 == 10 || $0 == 13 }).filter { line in
      line.contains { $0 > 32 }
    }.map { String(decoding: $0, as: UTF8.self) }
  }
}

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Lines of `key value` that are written whole: a reader sees the old file, or the new one, and never a part.
struct RecordFile {
  private var text = "plait-supervisor 1\n"

  mutating func add(_ key: StaticString, _ value: String) {
    text += "\(key) \(value)\n"
  }

  mutating func add(_ key: StaticString, _ value: some BinaryInteger) { add(key, String(value)) }

  mutating func add(_ key: StaticString, seconds nanoseconds: Int64) { add(key, Clock.text(nanoseconds)) }

  /// Puts the lines into `name` in the current folder; false, and no trace, when that fails. A durable file is on the disk,
  /// with its name, before this returns.
  func store(as name: String, isDurable: Bool) -> Bool {
    let temporary = name + ".part"
    guard writeAll(to: temporary, isDurable: isDurable), rename(temporary, name) == 0 else {
      unlink(temporary)
      return false
    }
    return !isDurable || syncFolder()
  }

  private func writeAll(to path: String, isDurable: Bool) -> Bool {
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard file >= 0 else { return false }
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      if count <= 0 { break }
      rest = rest.dropFirst(count)
    }
    let isSafe = rest.isEmpty && (!isDurable || fsync(file) == 0)
    // Some file systems say only at closing that the disk is full.
    return close(file) == 0 && isSafe
  }

  private func syncFolder() -> Bool {
    let folder = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return false }
    defer { close(folder) }
    return fsync(folder) == 0
  }
}

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The turn of one process among several that open the same database.
///
/// An advisory lock on the database's folder: one on the file itself would meet SQLite's own locks, which a process loses when
/// it closes any descriptor of that file. Where the file system has no locks, nobody waits.
struct SetupTurn {
  private let descriptor: Int32

  /// Waits for the turn at the database at `path`.
  init(at path: String) {
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    descriptor = open(folder.isEmpty ? "/" : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    while flock(descriptor, LOCK_EX) != 0, errno == EINTR {}
  }

  func end() {
    if descriptor >= 0 { close(descriptor) }
  }
}

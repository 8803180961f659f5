#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The floor below which no further worktree is made, so that a run ends orderly before the disk is full.
enum DiskSpace {
  /// Bytes that have to be free. `PLAIT_DISK_FLOOR` (bytes) overrides it.
  static var floor: UInt64 {
    getenv("PLAIT_DISK_FLOOR").flatMap { UInt64(String(cString: $0)) } ?? 64 << 20
  }

  /// Throws `.storage` when the file system that `path` is to be made on has less than the floor left.
  static func require(below path: String) throws {
    var folder = path
    while !RunFiles.exists(folder), let slash = folder.lastIndex(of: "/"), slash != folder.startIndex {
      folder = String(folder[..<slash])
    }
    var status = statvfs()
    guard statvfs(folder, &status) == 0 else { return }
    let free = UInt64(status.f_bavail) * UInt64(status.f_frsize)
    guard free < floor else { return }
    throw EngineError(
      .storage,
      folder,
      "only \(free >> 20) MiB are free in \(folder), \(floor >> 20) are wanted for a worktree: free some space, then"
        + " 'plait resume' goes on"
    )
  }
}

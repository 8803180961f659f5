internal import CLibgit2

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

extension git_index_entry {
  /// Notes what is on disk, in the fields of git's index (see gitformat-index, "Index entry").
  mutating func note(_ status: stat) {
    #if canImport(Darwin)
      let (changed, modified) = (status.st_ctimespec, status.st_mtimespec)
    #else
      let (changed, modified) = (status.st_ctim, status.st_mtim)
    #endif
    ctime = git_index_time(changed)
    mtime = git_index_time(modified)
    dev = UInt32(truncatingIfNeeded: status.st_dev)
    ino = UInt32(truncatingIfNeeded: status.st_ino)
    uid = UInt32(truncatingIfNeeded: status.st_uid)
    gid = UInt32(truncatingIfNeeded: status.st_gid)
    file_size = UInt32(truncatingIfNeeded: status.st_size)
  }

  /// Whether `stat` says the same of a file as when the entry was made, times, size and inode.
  func hasStatus(of status: stat) -> Bool {
    var other = git_index_entry()
    other.note(status)
    return file_size == other.file_size && ino == other.ino && mtime.isEqual(to: other.mtime)
      && ctime.isEqual(to: other.ctime)
  }
}

extension git_index_time {
  fileprivate init(_ time: timespec) {
    self.init(
      seconds: Int32(truncatingIfNeeded: time.tv_sec),
      nanoseconds: UInt32(truncatingIfNeeded: time.tv_nsec)
    )
  }

  fileprivate func isEqual(to other: git_index_time) -> Bool {
    seconds == other.seconds && nanoseconds == other.nanoseconds
  }
}

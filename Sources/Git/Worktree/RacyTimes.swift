internal import CLibgit2

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

extension Repository {
  /// Makes the index of a worktree that has just been made newer than its files; before anybody works in it.
  ///
  /// A file whose time is not before that of the index may have been changed after it was looked at, and has to be read to find
  /// out (git's Documentation/technical/racy-git). What is made within one tick of the file system's clock would have to be read
  /// as a whole. Waits for the next tick, 10 ms at most.
  package func outwaitTimes(of worktree: WorktreeHandleInfo) throws {
    try withOpen(WorktreeArea(worktree, in: facts.commonDirectory)) { open in
      let newest = open.newestTime
      for _ in 0..<10 {
        var now = timespec()
        guard clock_gettime(Self.fileClock, &now) == 0, newest >= FileTime(now.tv_sec, now.tv_nsec) else { break }
        usleep(1_000)
      }
      // Nil: to now.
      guard utimensat(AT_FDCWD, open.area.indexPath, nil, 0) == 0 else {
        throw GitError(errno: errno, open.area.indexPath)
      }
      // libgit2 goes by the time that it has seen last.
      try check(git_index_read(open.index.pointer, 1), open.area.indexPath)
    }
  }

  #if os(Linux)
    /// What file systems take their times from: it goes on a few milliseconds at once.
    private static let fileClock = CLOCK_REALTIME_COARSE
  #else
    private static let fileClock = CLOCK_REALTIME
  #endif
}

private struct FileTime: Comparable {
  let seconds: Int
  let nanoseconds: Int

  init(_ seconds: Int, _ nanoseconds: Int) { (self.seconds, self.nanoseconds) = (seconds, nanoseconds) }

  static func < (left: FileTime, right: FileTime) -> Bool {
    (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
  }
}

extension OpenWorktree {
  /// The latest time of a file that the index knows.
  fileprivate var newestTime: FileTime {
    (0..<git_index_entrycount(index.pointer)).reduce(FileTime(0, 0)) { newest, position in
      guard let time = git_index_get_byindex(index.pointer, position)?.pointee.mtime else { return newest }
      return max(newest, FileTime(Int(time.seconds), Int(time.nanoseconds)))
    }
  }
}

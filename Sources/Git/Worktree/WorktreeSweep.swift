internal import CLibgit2

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// Removes from a worktree everything that is not there in just the form in which the index has it.
///
/// What stays after `run` is tracked and unchanged, or kept on purpose; `missing` is what has to be written. One walk
/// with one `lstat` per file; file contents are read only where the times can't tell.
struct WorktreeSweep {
  private let repository: OpaquePointer
  private let index: OpaquePointer
  private let keep: [String]
  /// When the index file was written; changes at or after that moment can hide behind equal times.
  private let indexTime: (seconds: Int, nanoseconds: Int)?
  private let rootLength: Int
  private var path: PathBuffer
  /// For each entry of the index whether its file is there, unchanged.
  private var isPresent: [Bool]

  init(
    repository: OpaquePointer,
    index: OpaquePointer,
    root: String,
    keep: [String],
    indexTime: (seconds: Int, nanoseconds: Int)?
  ) {
    self.repository = repository
    self.index = index
    self.keep = keep
    self.indexTime = indexTime
    path = PathBuffer(root)
    rootLength = path.count + 1
    isPresent = Array(repeating: false, count: git_index_entrycount(index))
  }

  /// The paths, as C strings, that are in the index but not on disk after the sweep.
  var missing: [[CChar]] {
    isPresent.indices.filter { !isPresent[$0] }.compactMap { position in
      guard let path = git_index_get_byindex(index, position)?.pointee.path else { return nil }
      return Array(UnsafeBufferPointer(start: path, count: strlen(path) + 1))
    }
  }

  mutating func run() throws {
    guard let status = FileStatus(path.bytes) else { return }
    try FileSystem.makeAccessible(path, status)
    try sweepFolder(isRoot: true)
  }

  private mutating func sweepFolder(isRoot: Bool) throws {
    let entries = try DirectoryEntries(of: path.bytes)
    for position in 0..<entries.count {
      let isLink = isRoot && entries.withName(position) { Self.isGitName($0) }
      if isLink { continue }
      let length = entries.withName(position) { path.push($0) }
      defer { path.pop(to: length) }
      try sweepEntry()
    }
  }

  private mutating func sweepEntry() throws {
    guard let status = FileStatus(path.bytes) else { return }
    if let (position, entry) = tracked() {
      if try isUnchanged(entry, status) {
        isPresent[position] = true
      } else {
        try FileSystem.removeTree(&path)
      }
    } else if status.kind == .directory, holdsTracked() {
      try FileSystem.makeAccessible(path, status)
      try sweepFolder(isRoot: false)
    } else if !isKept() {
      try FileSystem.removeTree(&path)
    }
  }

  private func tracked() -> (Int, git_index_entry)? {
    var position = 0
    let found = withRelativePath { git_index_find(&position, index, $0) == 0 }
    guard found, let entry = git_index_get_byindex(index, position) else { return nil }
    return (position, entry.pointee)
  }

  private mutating func holdsTracked() -> Bool {
    let length = path.appendSlash()
    defer { path.pop(to: length) }
    var position = 0
    return withRelativePath { git_index_find_prefix(&position, index, $0) == 0 }
  }

  private func withRelativePath<Result>(_ body: (UnsafePointer<CChar>) throws -> Result) rethrows -> Result {
    try path.bytes.withUnsafeBufferPointer { buffer in
      try UnsafeBufferPointer(rebasing: buffer[rootLength...]).baseAddress.map(body) ?? body("")
    }
  }

  private mutating func isUnchanged(_ entry: git_index_entry, _ status: FileStatus) throws -> Bool {
    switch (git_filemode_t(entry.mode), status.kind) {
    case (GIT_FILEMODE_COMMIT, .directory):
      // Submodules stay unpopulated.
      return try removeContents(status)
    case (GIT_FILEMODE_LINK, .link):
      return hasSameTimes(entry, status)
    case (GIT_FILEMODE_BLOB, .regular):
      return status.mode & 0o700 == 0o600 && hasSameTimes(entry, status)
    case (GIT_FILEMODE_BLOB_EXECUTABLE, .regular):
      return status.mode & 0o700 == 0o700 && hasSameTimes(entry, status)
    default:
      return false
    }
  }

  private mutating func removeContents(_ status: FileStatus) throws -> Bool {
    try FileSystem.makeAccessible(path, status)
    let entries = try DirectoryEntries(of: path.bytes)
    for position in 0..<entries.count {
      let length = entries.withName(position) { path.push($0) }
      defer { path.pop(to: length) }
      try FileSystem.removeTree(&path)
    }
    return true
  }

  /// Whether the file is the one that the index describes, by size, inode and times, or by content if these leave a doubt.
  private func hasSameTimes(_ entry: git_index_entry, _ status: FileStatus) -> Bool {
    let isSame =
      entry.file_size == UInt32(truncatingIfNeeded: status.size)
      && entry.ino == UInt32(truncatingIfNeeded: status.inode)
      && Self.isEqual(entry.mtime, status.modified) && Self.isEqual(entry.ctime, status.changed)
    guard isSame, let indexTime else { return false }
    if status.modified < indexTime { return true }
    return hasSameContent(entry)
  }

  private func hasSameContent(_ entry: git_index_entry) -> Bool {
    guard git_filemode_t(entry.mode) != GIT_FILEMODE_LINK else { return false }
    var id = git_oid()
    var wanted = entry.id
    let status = withRelativePath { git_repository_hashfile(&id, repository, path.bytes, GIT_OBJECT_BLOB, $0) }
    return status == 0 && git_oid_equal(&id, &wanted) == 1
  }

  private static func isEqual(_ stored: git_index_time, _ actual: (seconds: Int, nanoseconds: Int)) -> Bool {
    stored.seconds == Int32(truncatingIfNeeded: actual.seconds)
      && stored.nanoseconds == UInt32(truncatingIfNeeded: actual.nanoseconds)
  }

  private func isKept() -> Bool {
    keep.contains { pattern in
      withRelativePath { relative in
        if pattern.utf8.contains(UInt8(ascii: "/")) { return fnmatch(pattern, relative, FNM_PATHNAME) == 0 }
        let name = strrchr(relative, Int32(UInt8(ascii: "/"))).map { UnsafePointer($0 + 1) } ?? relative
        return fnmatch(pattern, name, 0) == 0
      }
    }
  }

  private static func isGitName(_ name: UnsafeBufferPointer<CChar>) -> Bool {
    name.elementsEqual([CChar(UInt8(ascii: ".")), 103, 105, 116])
  }
}

internal import CLibgit2

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// Compares the files of a worktree with its index: one `stat` per file, one reading per folder, no content.
///
/// Folders and entries are gone through side by side, so nothing is searched for unless a folder has more in it than the index
/// says. Where the worktree lies over another one, folders in which nothing was changed are not gone into. Only for file systems that keep names, modes and links as they are (`Configuration.hasOrdinaryFiles`).
struct WorktreeScan {
  /// C strings of what the index has but is not there, or is something else.
  private(set) var missing: [[CChar]] = []
  /// C strings of tracked files that may have changed: only their content can tell.
  private(set) var suspects: [[CChar]] = []
  /// C strings of files that are neither tracked nor ignored.
  private(set) var added: [[CChar]] = []
  /// C strings of what git doesn't record: ignored files and folders, empty folders, sockets.
  private(set) var litter: [[CChar]] = []
  /// Whether all files and folders have the owner's permissions that git gives them.
  private(set) var hasPlainModes = true

  private let repository: OpaquePointer
  private let index: OpaquePointer
  private let entries: [UnsafePointer<git_index_entry>]
  /// When the index file was written; changes at or after that moment can hide behind equal times.
  private let indexTime: (seconds: Int, nanoseconds: Int)?
  private let root: String
  private let layer: UpperLayer?
  /// Whether the folder shows nothing of the worktree below, or something else of it.
  private var isReplaced = false
  private var path = PathBuffer("")
  /// Where the entries begin that are something else on disk.
  private var displaced: Set<Int> = []

  init(of worktree: OpenWorktree) {
    repository = worktree.repository
    index = worktree.index.pointer
    root = worktree.area.path
    layer = worktree.layer
    indexTime = FileSystem.status(worktree.area.indexPath)?.modified
    entries = (0..<git_index_entrycount(worktree.index.pointer)).compactMap { [index] in
      git_index_get_byindex(index, $0)
    }
  }

  /// Whether all entries are files and links. What a submodule's folder may hold is libgit2's business.
  var isSuited: Bool { entries.allSatisfy { $0.pointee.mode != UInt32(GIT_FILEMODE_COMMIT.rawValue) } }

  mutating func run() throws {
    let folder = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw GitError(errno: errno, root) }
    try scan(folder, 0..<entries.count)
  }

  /// Takes over the descriptor of a folder; `range` are the entries in it.
  private mutating func scan(_ folder: Int32, _ range: Range<Int>) throws {
    defer { close(folder) }
    var status = stat()
    if fstat(folder, &status) == 0, status.st_mode & 0o700 != 0o700 { hasPlainModes = false }
    let found = try scanTracked(folder, range)
    let names = try DirectoryEntries(of: dup(folder), subject)
    let own = path.count == 0 ? 1 : 0
    // As many as are tracked and there: then there is nothing else.
    if names.count - own != found { try scanOthers(names) }
  }

  /// Compares the entries of a folder with what is there; gives how many names of it they account for.
  private mutating func scanTracked(_ folder: Int32, _ range: Range<Int>) throws -> Int {
    let prefix = path.count == 0 ? 0 : path.count + 1
    var found = 0
    var position = range.lowerBound
    while position < range.upperBound {
      guard let whole = entries[position].pointee.path else { break }
      let name = whole + prefix
      if let slash = strchr(name, Int32(UInt8(ascii: "/"))) {
        let length = slash - UnsafeMutablePointer(mutating: name)
        let end = endOfFolder(position, range.upperBound, length: prefix + length + 1)
        if try descend(folder, name, length, position..<end) { found += 1 }
        position = end
      } else {
        if try compare(folder, name, position) { found += 1 }
        position += 1
      }
    }
    return found
  }

  /// The first entry that doesn't begin with the same `length` bytes as the one at `start`; they stand together.
  private func endOfFolder(_ start: Int, _ limit: Int, length: Int) -> Int {
    var (low, high) = (start, limit)
    while high - low > 1 {
      let middle = (low + high) / 2
      if strncmp(entries[start].pointee.path, entries[middle].pointee.path, length) == 0 {
        low = middle
      } else {
        high = middle
      }
    }
    return high
  }

  private mutating func descend(
    _ folder: Int32,
    _ name: UnsafePointer<CChar>,
    _ length: Int,
    _ range: Range<Int>
  ) throws -> Bool {
    let before = path.push(UnsafeBufferPointer(start: name, count: length))
    let wasReplaced = isReplaced
    defer {
      path.pop(to: before)
      isReplaced = wasReplaced
    }
    if let layer, !isReplaced {
      let standing = layer.standing(of: path.bytes)
      if standing == .untouched, layer.hasSame(entries[range], in: path.bytes) { return true }
      isReplaced = standing == .replaced
    }
    let inner = openat(
      folder,
      Array(path.bytes[(path.count - length)...]),
      O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
    )
    if inner >= 0 {
      try scan(inner, range)
      return true
    }
    guard [ENOENT, ENOTDIR, ELOOP].contains(errno) else { throw unreadable() }
    if errno != ENOENT { displaced.insert(range.lowerBound) }
    for position in range { miss(position) }
    return false
  }

  /// Whether the entry's file, or something of its kind, is there.
  private mutating func compare(_ folder: Int32, _ name: UnsafePointer<CChar>, _ position: Int) throws -> Bool {
    var status = stat()
    guard fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
      guard errno == ENOENT else { throw unreadable() }
      miss(position)
      return false
    }
    let entry = entries[position].pointee
    let mode = git_filemode_t(entry.mode)
    guard status.st_mode & S_IFMT == (mode == GIT_FILEMODE_LINK ? S_IFLNK : S_IFREG) else {
      displaced.insert(position)
      miss(position)
      return false
    }
    var isSameMode = true
    if mode != GIT_FILEMODE_LINK {
      isSameMode = (status.st_mode & 0o100 != 0) == (mode == GIT_FILEMODE_BLOB_EXECUTABLE)
      if status.st_mode & 0o600 != 0o600 { hasPlainModes = false }
    }
    if !isSameMode || !isUnchanged(entry, status) { suspect(position) }
    return true
  }

  private func isUnchanged(_ entry: git_index_entry, _ status: stat) -> Bool {
    guard entry.hasStatus(of: status), let indexTime else { return false }
    return (Int(entry.mtime.seconds), Int(entry.mtime.nanoseconds)) < indexTime
  }

  private mutating func miss(_ position: Int) { missing.append(bytes(position)) }
  private mutating func suspect(_ position: Int) { suspects.append(bytes(position)) }

  private func bytes(_ position: Int) -> [CChar] {
    entries[position].pointee.path.map { Array(UnsafeBufferPointer(start: $0, count: strlen($0) + 1)) } ?? []
  }

  // MARK: What is not tracked

  private mutating func scanOthers(_ names: DirectoryEntries) throws {
    let addedBefore = added.count
    var isRepository = false
    for position in 0..<names.count {
      let isAtTop = path.count == 0
      let before = names.withName(position) { path.push($0) }
      defer { path.pop(to: before) }
      if namesRepository {
        // The link of the worktree itself.
        if isAtTop { continue }
        isRepository = true
        litter.append(path.bytes)
      } else if !isTracked() {
        _ = try other()
      }
    }
    if isRepository, added.count > addedBefore { throw IndexUpdate.nested(path.text, in: root) }
  }

  private mutating func isTracked() -> Bool {
    var position = 0
    if git_index_find(&position, index, path.bytes) == 0 { return !displaced.contains(position) }
    let length = path.appendSlash()
    defer { path.pop(to: length) }
    return git_index_find_prefix(&position, index, path.bytes) == 0 && !displaced.contains(position)
  }

  /// Something at `path` that the index doesn't know; gives whether there is anything to be added in it.
  private mutating func other() throws -> Bool {
    var inWorktree = PathBuffer(root)
    _ = path.bytes.withUnsafeBufferPointer { inWorktree.push(UnsafeBufferPointer(rebasing: $0.dropLast())) }
    guard let status = FileStatus(inWorktree.bytes) else { return false }
    let isFolder = status.kind == .directory
    guard status.kind != .other, try !isIgnored(isFolder: isFolder) else {
      litter.append(path.bytes)
      return false
    }
    guard isFolder else {
      added.append(path.bytes)
      return true
    }
    return try otherFolder(inWorktree)
  }

  private mutating func otherFolder(_ folder: PathBuffer) throws -> Bool {
    let names: DirectoryEntries
    do { names = try DirectoryEntries(of: folder.bytes) } catch { throw unreadable() }
    let litterBefore = litter.count
    var (hasAny, isRepository) = (false, false)
    for position in 0..<names.count {
      let before = names.withName(position) { path.push($0) }
      defer { path.pop(to: before) }
      if namesRepository {
        isRepository = true
      } else if try other() {
        hasAny = true
      }
    }
    if isRepository, hasAny || Self.hasCommits(folder) { throw IndexUpdate.nested(path.text, in: root) }
    if !hasAny {
      // It goes as a whole.
      litter.removeLast(litter.count - litterBefore)
      litter.append(path.bytes)
    }
    return hasAny
  }

  /// Whether there is anything in a repository that would be lost with it.
  private static func hasCommits(_ folder: PathBuffer) -> Bool {
    var repository: OpaquePointer?
    guard git_repository_open(&repository, folder.bytes) == 0 else { return false }
    defer { git_repository_free(repository) }
    return git_repository_head_unborn(repository) == 0
  }

  private mutating func isIgnored(isFolder: Bool) throws -> Bool {
    let length = isFolder ? path.appendSlash() : path.count
    defer { if isFolder { path.pop(to: length) } }
    var isIgnored: Int32 = 0
    try check(git_ignore_path_is_ignored(&isIgnored, repository, path.bytes), subject)
    return isIgnored == 1
  }

  /// Whether the last name of the path is `.git`.
  private var namesRepository: Bool {
    let name = ".git".utf8.lazy.map { CChar(bitPattern: $0) }
    let bytes = path.bytes.dropLast()
    return bytes.suffix(4).elementsEqual(name)
      && (bytes.count == 4 || bytes[bytes.count - 5] == CChar(UInt8(ascii: "/")))
  }

  private var subject: String { path.count == 0 ? root : path.text }

  private func unreadable() -> GitError {
    errno == EACCES || errno == EPERM
      ? GitError(.permission, subject, "\(subject) can't be read: check its mode") : GitError(errno: errno, subject)
  }
}

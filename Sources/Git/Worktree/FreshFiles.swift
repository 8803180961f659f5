internal import CLibgit2
internal import Dispatch
internal import Synchronization

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// Writes all files of an index into a folder that has none of them yet, on several threads, and notes in the index what
/// `stat` says of each, so that nobody has to look at them again.
///
/// Only for content that is the same on disk as in git: see `PlainContent`. The index must not be used by anybody else meanwhile.
struct FreshFiles: @unchecked Sendable {  // each entry is one thread's; no other uses the repository
  /// Entries that one thread takes at a time.
  private static let portion = 256

  private let entries: [UnsafeMutablePointer<git_index_entry>]
  private let repository: OpaquePointer
  private let root: String
  private let content: SharedContent?

  /// - Parameter paths: what to write, as C strings; nil for all.
  init(
    of index: OpaquePointer,
    only paths: [[CChar]]? = nil,
    in repository: OpaquePointer,
    root: String,
    sharing content: SharedContent? = nil
  ) {
    // The entries are the index's own. Adding each one again would do as well, but drop what the index knows about trees.
    if let paths {
      entries = paths.compactMap { git_index_get_bypath(index, $0, 0).map(UnsafeMutablePointer.init(mutating:)) }
    } else {
      entries = (0..<git_index_entrycount(index)).compactMap {
        git_index_get_byindex(index, $0).map(UnsafeMutablePointer.init(mutating:))
      }
    }
    self.repository = repository
    self.root = root
    self.content = content
  }

  /// - Throws: `.exists` when there is something at one of the paths.
  func write() throws {
    let folder = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw GitError(errno: errno, root) }
    defer { close(folder) }
    try makeFolders(in: folder)
    guard entries.count > Self.portion else {
      let objects = try Handle<ObjectDatabaseKind>("the objects") { git_repository_odb(&$0, repository) }
      return try write(entries[...], from: objects.pointer, in: folder)
    }
    let objectsPath = (git_repository_commondir(repository).map { String(cString: $0) } ?? root) + "objects"
    let failure = Mutex<(any Error)?>(nil)
    let next = Atomic(0)
    let writers = min(max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))), entries.count / Self.portion)
    DispatchQueue.concurrentPerform(iterations: writers) { _ in
      do {
        // libgit2 locks an object database for as long as it looks into a pack, so each has one of its own.
        let objects = try Handle<ObjectDatabaseKind>("the objects") { git_odb_open(&$0, objectsPath) }
        while failure.withLock({ $0 == nil }) {
          let start = next.wrappingAdd(Self.portion, ordering: .relaxed).oldValue
          guard start < entries.count else { return }
          try write(entries[start..<min(start + Self.portion, entries.count)], from: objects.pointer, in: folder)
        }
      } catch {
        failure.withLock { $0 = error }
      }
    }
    if let failure = failure.withLock({ $0 }) { throw failure }
  }

  /// The entries are sorted, so those of a folder stand together.
  private func makeFolders(in root: Int32) throws {
    var made: [CChar] = []
    for entry in entries {
      guard let path = entry.pointee.path, let slash = strrchr(path, slashCode) else { continue }
      let length = slash - UnsafeMutablePointer(mutating: path)
      if length <= made.count, made.count == length || made[length] == slashCharacter,
        memcmp(made, path, Int(length)) == 0
      {
        continue
      }
      var common = 0
      while common < min(length, made.count), made[common] == path[common] { common += 1 }
      made = Array(UnsafeBufferPointer(start: path, count: length))
      for end in max(common, 1)...length where end == length || path[end] == slashCharacter {
        guard mkdirat(root, Array(made[..<end]) + [0], 0o777) == 0 || errno == EEXIST else {
          throw failed(path)
        }
      }
    }
  }

  private func write(
    _ portion: ArraySlice<UnsafeMutablePointer<git_index_entry>>,
    from objects: OpaquePointer,
    in root: Int32
  ) throws {
    var source = Source(objects: objects, content: content, unpacked: content?.isWanted == true ? .init() : nil)
    for entry in portion { try write(entry, from: &source, in: root) }
    if let unpacked = source.unpacked { content?.keep(unpacked) }
  }

  private func write(
    _ entry: UnsafeMutablePointer<git_index_entry>,
    from source: inout Source,
    in root: Int32
  ) throws {
    guard let path = entry.pointee.path else { return }
    var status = stat()
    switch git_filemode_t(entry.pointee.mode) {
    case GIT_FILEMODE_COMMIT:
      // The folder of a submodule, which stays empty.
      guard mkdirat(root, path, 0o777) == 0, fstatat(root, path, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
        throw failed(path)
      }
    case GIT_FILEMODE_LINK:
      try link(path, to: entry, from: &source, in: root)
      guard fstatat(root, path, &status, AT_SYMLINK_NOFOLLOW) == 0 else { throw failed(path) }
    default:
      let isExecutable = git_filemode_t(entry.pointee.mode) == GIT_FILEMODE_BLOB_EXECUTABLE
      let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
      let file = openat(root, path, flags, isExecutable ? mode_t(0o777) : mode_t(0o666))
      guard file >= 0 else { throw failed(path) }
      defer { close(file) }
      try source.read(entry) { bytes in try fill(file, with: bytes, path) }
      guard fstat(file, &status) == 0 else { throw failed(path) }
    }
    entry.pointee.note(status)
  }

  private func fill(
    _ file: Int32,
    with bytes: UnsafeRawBufferPointer,
    _ path: UnsafePointer<CChar>
  ) throws {
    var rest = bytes
    while !rest.isEmpty {
      let count = FileSystem.writeOnce(file, rest)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw failed(path) }
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
  }

  private func link(
    _ path: UnsafePointer<CChar>,
    to entry: UnsafeMutablePointer<git_index_entry>,
    from source: inout Source,
    in root: Int32
  ) throws {
    try source.read(entry) { bytes in
      let target = bytes.map { CChar(bitPattern: $0) } + [0]
      guard symlinkat(target, root, path) == 0 else { throw failed(path) }
    }
  }

  private func failed(_ path: UnsafePointer<CChar>) -> GitError {
    GitError(errno: errno, "\(root)/\(String(cString: path))")
  }
}

private let slashCode = Int32(UInt8(ascii: "/"))
private let slashCharacter = CChar(UInt8(ascii: "/"))

extension FreshFiles {
  /// What one thread takes content from.
  private struct Source {
    let objects: OpaquePointer
    let content: SharedContent?
    /// What it has unpacked for others too; nil when there are none.
    var unpacked: SharedContent.Unpacked?

    mutating func read(
      _ entry: UnsafeMutablePointer<git_index_entry>,
      _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
      if let bytes = content?.bytes(of: entry.pointee.id) { return try bytes.withUnsafeBytes(body) }
      var object: OpaquePointer?
      try check(
        git_odb_read(&object, objects, &entry.pointee.id),
        entry.pointee.path.map { String(cString: $0) } ?? "a file"
      )
      defer { git_odb_object_free(object) }
      let bytes = UnsafeRawBufferPointer(start: git_odb_object_data(object), count: git_odb_object_size(object))
      unpacked?.append(bytes, of: entry.pointee.id)
      try body(bytes)
    }
  }
}

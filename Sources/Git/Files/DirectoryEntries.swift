#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// The names in a directory, without `.` and `..`, in the order of the file system.
struct DirectoryEntries {
  private var names: [CChar] = []
  private var ends: [Int] = []

  /// Reads the whole directory at once, so that entries may be removed while going through them.
  init(of path: UnsafePointer<CChar>) throws {
    try self.init(of: open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), String(cString: path))
  }

  /// Reads the directory that a descriptor is of, and closes it; `subject` is what errors are about.
  init(of descriptor: Int32, _ subject: @autoclosure () -> String) throws {
    guard descriptor >= 0, let stream = fdopendir(descriptor) else { throw GitError(errno: errno, subject()) }
    defer { closedir(stream) }
    errno = 0
    while let entry = readdir(stream) {
      withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        tuple.withMemoryRebound(to: CChar.self, capacity: 256) { append($0) }
      }
      errno = 0
    }
    guard errno == 0 else { throw GitError(errno: errno, subject()) }
  }

  var count: Int { ends.count }

  /// Lends one name, without a terminating zero.
  func withName<Result>(_ position: Int, _ body: (UnsafeBufferPointer<CChar>) throws -> Result) rethrows -> Result {
    let start = position == 0 ? 0 : ends[position - 1]
    return try names.withUnsafeBufferPointer { try body(UnsafeBufferPointer(rebasing: $0[start..<ends[position]])) }
  }

  private mutating func append(_ name: UnsafePointer<CChar>) {
    let length = strlen(name)
    let dot = CChar(UInt8(ascii: "."))
    if name[0] == dot, length == 1 || (length == 2 && name[1] == dot) { return }
    names.append(contentsOf: UnsafeBufferPointer(start: name, count: length))
    ends.append(names.count)
  }
}

/// Tells whether a file is still the one that it was.
struct FileStamp: Equatable {
  private let size: Int64
  private let inode: UInt64
  private let seconds: Int
  private let nanoseconds: Int

  /// Nil when there is no such file.
  init?(_ path: String) {
    guard let status = FileStatus(path) else { return nil }
    (size, inode) = (status.size, status.inode)
    (seconds, nanoseconds) = status.modified
  }
}

/// What `lstat` says, reduced to what is needed here.
struct FileStatus {
  enum Kind { case directory, regular, link, other }

  let kind: Kind
  /// The permission bits.
  let mode: UInt32
  let size: Int64
  let inode: UInt64
  let modified: (seconds: Int, nanoseconds: Int)
  let changed: (seconds: Int, nanoseconds: Int)

  /// The status of the file itself, not of what a link points to; nil when there is no such file.
  init?(_ path: UnsafePointer<CChar>) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return nil }
    kind =
      switch status.st_mode & S_IFMT {
      case S_IFDIR: .directory
      case S_IFREG: .regular
      case S_IFLNK: .link
      default: .other
      }
    mode = UInt32(status.st_mode & 0o7777)
    size = Int64(status.st_size)
    inode = UInt64(status.st_ino)
    #if canImport(Darwin)
      modified = (status.st_mtimespec.tv_sec, status.st_mtimespec.tv_nsec)
      changed = (status.st_ctimespec.tv_sec, status.st_ctimespec.tv_nsec)
    #else
      modified = (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
      changed = (status.st_ctim.tv_sec, status.st_ctim.tv_nsec)
    #endif
  }
}

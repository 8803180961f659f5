import SystemPackage

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// One directory, read once.
struct Directory {
  struct Entry {
    let name: FilePath.Component
    let kind: Kind
  }

  enum Kind {
    case directory
    case link
    /// A file, or anything else that has a name and no entries of its own.
    case file
  }

  /// In the order of their names, so that nothing depends on the disk's own order.
  let entries: [Entry]

  /// Reads the directory at `path`; throws the system's `Errno`.
  init(_ path: FilePath) throws(Errno) {
    guard let handle = path.withPlatformString({ opendir($0) }) else { throw Errno(rawValue: errno) }
    defer { closedir(handle) }
    var entries: [Entry] = []
    while true {
      // `readdir` answers nil both at the end and on failure; only errno tells them apart, and it isn't reset.
      errno = 0
      guard let found = readdir(handle) else {
        guard errno == 0 else { throw Errno(rawValue: errno) }
        break
      }
      guard let name = Directory.name(of: found), name.kind == .regular else { continue }
      entries.append(Entry(name: name, kind: Directory.kind(of: found, at: path.appending(name))))
    }
    self.entries = entries.sorted { $0.name.string < $1.name.string }
  }

  private static func name(of entry: UnsafeMutablePointer<dirent>) -> FilePath.Component? {
    withUnsafePointer(to: &entry.pointee.d_name) { field in
      field.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: entry.pointee.d_name)) {
        FilePath.Component(platformString: $0)
      }
    }
  }

  private static func kind(of entry: UnsafeMutablePointer<dirent>, at path: FilePath) -> Kind {
    switch Int32(entry.pointee.d_type) {
    case Int32(DT_DIR): return .directory
    case Int32(DT_LNK): return .link
    case Int32(DT_UNKNOWN): break
    default: return .file
    }
    // Some file systems keep the type only in the inode.
    switch try? Stat(path, followTargetSymlink: false).type {
    case .directory: return .directory
    case .symbolicLink: return .link
    default: return .file
    }
  }
}

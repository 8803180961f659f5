internal import CLibgit2
internal import CProcess

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// What an overlay's layers say of its folders: where the upper one has nothing, all is as in the worktree below, which
/// holds exactly what its index says.
final class UpperLayer {
  /// How a folder stands to the one of its name below.
  enum Standing {
    case untouched
    case touched
    /// It hides that one, or shows another in its place; and so does all in it.
    case replaced
  }

  private let upper: Int32
  private let below: Handle<IndexKind>

  /// nil for an ordinary worktree, and where the layers can't be looked at: then the files have to be.
  init?(of area: WorktreeArea) {
    guard let overlay = area.overlay, let lower = area.below,
      let index = try? Handle<IndexKind>(lower.indexPath, { git_index_open(&$0, lower.indexPath) })
    else { return nil }
    let folder = open(overlay.upper, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return nil }
    upper = folder
    below = index
  }

  deinit { close(upper) }

  /// How a folder stands, by its path in the worktree as a C string; the one that it lies in must be a touched one.
  func standing(of path: [CChar]) -> Standing {
    let folder = openat(upper, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard folder >= 0 else { return errno == ENOENT ? .untouched : .touched }
    defer { close(folder) }
    #if os(Linux)
      // Documentation/filesystems/overlayfs.rst: "whiteouts and opaque directories", "redirect_dir", "userxattr".
      for mark in ["opaque", "redirect"] {
        for kind in ["trusted", "user"] where cprocess_has_attribute(folder, "\(kind).overlay.\(mark)") != 0 {
          return .replaced
        }
      }
    #endif
    return .touched
  }

  /// Whether the index below has the same files with the same content in a folder; `entries` are those of this worktree.
  func hasSame(_ entries: ArraySlice<UnsafePointer<git_index_entry>>, in folder: [CChar]) -> Bool {
    var position = 0
    let prefix = folder.dropLast() + [CChar(UInt8(ascii: "/")), 0]
    guard git_index_find_prefix(&position, below.pointer, Array(prefix)) == 0 else { return entries.isEmpty }
    for entry in entries {
      guard let other = git_index_get_byindex(below.pointer, position), entry.pointee.isSame(as: other.pointee) else {
        return false
      }
      position += 1
    }
    guard let next = git_index_get_byindex(below.pointer, position)?.pointee.path else { return true }
    return strncmp(next, Array(prefix), prefix.count - 1) != 0
  }
}

extension git_index_entry {
  /// Whether both are the same path with the same content and mode.
  fileprivate func isSame(as other: git_index_entry) -> Bool {
    var (own, others) = (id, other.id)
    guard mode == other.mode, git_oid_equal(&own, &others) == 1, let path, let name = other.path else { return false }
    return strcmp(path, name) == 0
  }
}

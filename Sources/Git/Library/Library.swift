internal import CLibgit2
internal import Dispatch

/// The settings of libgit2 that hold for the whole process.
enum Library {
  /// Starts libgit2 once; later reads cost nothing. It is never shut down: the process ends with it.
  static let isReady: Bool = {
    guard git_libgit2_init() > 0 else { return false }
    // What damages an object damages its compression too, and that has a checksum of its own; git goes by it as well.
    guard plait_git_set_hash_verification(0) == 0 else { return false }
    // Accepted here so that `open` can decide itself: libgit2 would refuse the repository without a reason.
    return "worktreeconfig".withCString { name in
      var names: [UnsafePointer<CChar>?] = [name]
      return plait_git_set_extensions(&names, names.count) == 0
    }
  }()

  static func start() throws {
    guard isReady else {
      throw GitError(.other, "libgit2", "libgit2 can't be started: reinstall the libgit2 package (1.5 or later)")
    }
  }
}

extension Repository {
  /// Begins to start libgit2 on another thread, so that what comes first can be done meanwhile: it reads all certificates of
  /// the machine, which takes some milliseconds.
  package static func prepareLibrary() { DispatchQueue.global().async { _ = Library.isReady } }

  /// The version of the libgit2 that this process has loaded: `1.5.1`.
  package static var libraryVersion: String {
    var (major, minor, revision): (Int32, Int32, Int32) = (0, 0, 0)
    git_libgit2_version(&major, &minor, &revision)
    return "\(major).\(minor).\(revision)"
  }

  /// Makes everything written from now on reach the disk before the call returns; holds for the whole process.
  ///
  /// Off by default: every object, ref and index then costs an fsync (about 1 ms each on an SSD).
  package static func setDurable(_ on: Bool) throws {
    try Library.start()
    try check(plait_git_set_fsync(on ? 1 : 0), "the fsync setting")
  }
}

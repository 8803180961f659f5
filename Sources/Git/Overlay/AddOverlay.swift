#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

extension Repository {
  /// Makes a worktree that lies over another one, whatever that has in it: no file is written but those in which `base`
  /// differs. Without a branch HEAD is detached.
  ///
  /// `lower` has to stay as it is, and goes last: it must hold exactly its base, and nobody may work in it. What else is said
  /// of `addWorktree` and of what takes its worktrees is true of these. After a restart of the machine the mount is made again by
  /// whatever next uses the worktree.
  ///
  /// - Throws: `.exists` as `addWorktree`; `.unsupported` where this process can't mount.
  package func addOverlay(
    name: String,
    path: String,
    branch: String?,
    base: CommitID,
    over lower: WorktreeHandleInfo
  ) throws -> WorktreeHandleInfo {
    let below = WorktreeArea(lower, in: facts.commonDirectory)
    try below.verify()
    let area = try newArea(name, path)
    return try add(area, branch: branch, base: base, over: lower.name) { try populate(area, base, over: lower, below) }
  }

  /// Throws unless overlays can be made in a folder; nothing of the trial stays.
  ///
  /// - Throws: `.unsupported` with the reason and the next step.
  package static func requireOverlays(in folder: String) throws { try OverlayMount.require(in: folder) }

  /// Takes away what processes have left in a folder that were killed in `requireOverlays`.
  package static func removeStaleOverlayTrials(in folder: String) throws {
    try OverlayMount.removeStaleTrials(in: folder)
  }

  /// Takes away whatever is mounted below a folder, absolute, so that it can be removed; gives the places.
  @discardableResult
  package static func unmountAll(below folder: String) throws -> [String] {
    try OverlayMount.removeAll(below: FileSystem.absolutePath(folder))
  }

  private func populate(
    _ area: WorktreeArea,
    _ base: CommitID,
    over lower: WorktreeHandleInfo,
    _ below: WorktreeArea
  ) throws {
    let overlay = OverlayMount(lower: lower.path, path: area.path)
    let topmost = try FileSystem.makeDirectories(area.path)
    do {
      try overlay.makeLayers()
      try FileSystem.writeNew("\(overlay.upper)/.git", area.linkText)
      // What it says of the files below is true of them here: overlayfs gives their own inodes, sizes and times.
      try FileSystem.copyNew(from: below.indexPath, to: area.indexPath)
      try overlay.mount()
      if base != lower.base { try moveFiles(area, from: lower.base, to: base) }
    } catch {
      lastWorktree = nil
      try? overlay.discard()
      try? FileSystem.removeTree(area.path)
      if let topmost { Self.removeEmptyParents(of: area.path, downFrom: topmost) }
      throw error
    }
  }
}

extension WorktreeArea {
  /// Names the worktree that this one lies over, in its administrative folder.
  static let overlayMark = "plait-overlay"

  /// Notes what it lies over, and keeps git from pruning it where, or while, it isn't mounted.
  func markOverlay(over lower: String) throws {
    try FileSystem.writeNew("\(directory)/\(Self.overlayMark)", "\(lower)\n")
    try FileSystem.writeNew("\(directory)/locked", "an overlay: its files are there while it is mounted\n")
  }

  /// Its mount; nil when it is an ordinary worktree.
  var overlay: OverlayMount? {
    FileSystem.status("\(directory)/\(Self.overlayMark)") == nil ? nil : OverlayMount(lower: below?.path, path: path)
  }

  /// What it lies over; nil when that is nothing, or not there any more.
  var below: WorktreeArea? {
    FileSystem.read("\(directory)/\(Self.overlayMark)").flatMap {
      WorktreeArea(registered: $0.trimmingNewlines, in: commonDirectory)
    }
  }

  /// Mounts it if it is an overlay that isn't, and throws unless everything is there and belongs together.
  ///
  /// - Throws: `.worktreeLost`; `.unsupported` where this process can't mount.
  func makeReady() throws {
    if let overlay, !overlay.isMounted { try overlay.mount() }
    try verify()
  }
}

extension FileSystem {
  /// Copies a file to where there is none.
  fileprivate static func copyNew(from source: String, to target: String) throws {
    let input = open(source, O_RDONLY | O_CLOEXEC)
    guard input >= 0 else { throw GitError(errno: errno, source) }
    defer { close(input) }
    let output = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard output >= 0 else { throw GitError(errno: errno, target) }
    defer { close(output) }
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = chunk.withUnsafeMutableBytes { readOnce(input, $0) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw GitError(errno: errno, source) }
      if count == 0 { return }
      try writeAll(chunk[..<count], to: output, target)
    }
  }
}

import Foundation

/// The folder that everything is made in.
struct ScratchPlace {
  let path: String
  /// `ext4`, `tmpfs`, …; `unknown` where the system doesn't say.
  let fileSystem: String
  /// What about it would spoil the numbers.
  let warnings: [String]

  /// Makes a new folder in `parent`, so that whatever is there stays as it is.
  init(in parent: String) throws {
    let path = "\(parent)/plait-bench-\(getpid())"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    guard let real = realpath(path, nil) else { throw NotMeasured(reason: "\(path) is no folder") }
    defer { free(real) }
    self.path = String(cString: real)
    let mount = Mount(of: self.path)
    fileSystem = mount?.type ?? "unknown"
    warnings = mount.map(Self.warnings) ?? []
  }

  private static func warnings(of mount: Mount) -> [String] {
    guard mount.type == "ext4", !mount.hasJournal else { return [] }
    return [
      """
      \(mount.point) is ext4 without a journal. There, an inode that was freed is not used again for some seconds, so each \
      new file is slower to make the more files were removed just before; whoever removes worktrees makes everybody's next \
      ones slow, and the numbers say more about the order of the measurements than about the programs. Give a folder on \
      another file system with --scratch.
      """
    ]
  }

  /// A new, empty folder in it.
  func folder(_ name: String) throws -> String {
    let folder = "\(path)/\(name)"
    try? FileManager.default.removeItem(atPath: folder)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return folder
  }

  /// Removes everything.
  func remove() { try? FileManager.default.removeItem(atPath: path) }
}

/// Where a path is mounted, by Linux's `/proc`.
private struct Mount {
  let point: String
  let type: String
  let device: String

  /// The mount with the longest path above `path`; the last one where several lie over each other.
  init?(of path: String) {
    guard let text = FileManager.default.contents(atPath: "/proc/self/mountinfo") else { return nil }
    let mounts = String(decoding: text, as: UTF8.self).split(separator: "\n").compactMap { Mount(line: $0) }
    let above = mounts.filter { $0.point == "/" || path == $0.point || path.hasPrefix("\($0.point)/") }
    guard let longest = above.map(\.point.count).max(), let mount = above.last(where: { $0.point.count == longest })
    else { return nil }
    self = mount
  }

  /// `27 1 254:0 / / rw - ext4 /dev/vda rw`: the fifth field is the path, the type and the device follow the dash.
  private init?(line: Substring) {
    let fields = line.split(separator: " ")
    guard let dash = fields.firstIndex(of: "-"), fields.indices.contains(dash + 2), dash > 4 else { return nil }
    point = String(fields[4])
    type = String(fields[dash + 1])
    device = String(fields[dash + 2])
  }

  /// jbd2 lists every journal that is in use, as `vda-8`.
  var hasJournal: Bool {
    let name = device.split(separator: "/").last ?? ""
    let journals = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/fs/jbd2")) ?? []
    return journals.contains { $0.hasPrefix("\(name)-") }
  }
}

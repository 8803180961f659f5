#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// A folder that shows another one and keeps what is changed in it apart: a mount of Linux's overlayfs.
///
/// See the kernel's Documentation/filesystems/overlayfs.rst. Changed and new files lie in `upper`, and so does the mark of
/// whatever is gone; `lower` stays as it is.
struct OverlayMount {
  /// What is shown where nothing was changed; nil when nobody knows any more.
  let lower: String?
  /// Where it is shown.
  let path: String

  /// The folder of what belongs to the mount: beside it, because a rename has to lead from `work` to `upper`.
  var layers: String { "\(path).layers" }
  var upper: String { "\(layers)/upper" }
  private var work: String { "\(layers)/work" }

  /// Whether something is mounted there: then it is on another device than the folder that it lies in.
  var isMounted: Bool {
    var (own, above) = (stat(), stat())
    // `..` leads out of the mount.
    return lstat(path, &own) == 0 && lstat("\(path)/..", &above) == 0 && own.st_dev != above.st_dev
  }

  /// Makes the folders of a new mount.
  func makeLayers() throws {
    try FileSystem.makeNewDirectory(layers)
    try FileSystem.makeNewDirectory(upper)
    try FileSystem.makeNewDirectory(work)
    if Self.isInUserNamespace { try FileSystem.writeNew(namespaceMark, "") }
  }

  /// There when the layers were made in a user namespace: their marks are of another kind then, which a mount outside doesn't see.
  private var namespaceMark: String { "\(layers)/userxattr" }

  /// Shows the folders at `path`.
  ///
  /// - Throws: `.unsupported` where this process can't mount; `.worktreeLost` when a layer is gone.
  func mount() throws {
    let isForUsers = FileSystem.status(namespaceMark) != nil
    if Self.isInUserNamespace, !isForUsers {
      throw Self.refusal(path, "its changes were made as root, outside of a user namespace")
    }
    guard let lower else { throw lost("nothing says what it lies over") }
    try FileSystem.makeDirectories(path)
    // By descriptors, and not by names: those would have to be written in three ways of escaping, by the kernel's age.
    let folders = [lower, upper, work].map { (folder: String) in open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    defer { for folder in folders where folder >= 0 { close(folder) } }
    guard folders.allSatisfy({ $0 >= 0 }) else { throw lost("a folder that it is made of is gone") }
    let number = Self.mount(folders, at: path, isForUsers: isForUsers)
    guard number == 0 else { throw Self.refusal(path, String(cString: strerror(number))) }
  }

  /// Takes the mount away; fine when there is none. One that a stray process still uses is gone for everybody else.
  func unmount() throws {
    #if os(Linux)
      // More than once only when two processes of different times have mounted it.
      for _ in 0..<8 where isMounted {
        guard umount2(path, Self.noFollow) != 0 else { continue }
        guard umount2(path, Self.noFollow | Self.detach) == 0 else {
          let reason = String(cString: strerror(errno))
          throw GitError(.permission, path, "\(path) can't be unmounted (\(reason)): 'umount \(path)' as its owner")
        }
      }
    #endif
  }

  /// Takes the mount away, and all that was changed in it.
  func discard() throws {
    try unmount()
    try FileSystem.removeTree(layers)
  }

  private func lost(_ reason: String) -> GitError {
    GitError(.worktreeLost, path, "the worktree at \(path) can't be used, \(reason): remove it and make a new one")
  }

  private static func refusal(_ path: String, _ reason: String) -> GitError {
    let remedy = "leave --overlay out, or start it as root or with 'unshare --map-root-user --mount'"
    return GitError(.unsupported, path, "worktrees can't be overlays in \(path) (\(reason)): \(remedy)")
  }

  #if os(Linux)
    // <sys/mount.h>: MNT_DETACH and UMOUNT_NOFOLLOW, which not every C library shows to Swift in the same form.
    private static let detach: Int32 = 2
    private static let noFollow: Int32 = 8
  #endif

  /// Gives 0 or an error number; `folders` are open: what lies below, what is changed, and the kernel's own.
  private static func mount(_ folders: [Int32], at path: String, isForUsers: Bool) -> Int32 {
    #if os(Linux)
      let places = zip(["lowerdir", "upperdir", "workdir"], folders).map { "\($0)=/proc/self/fd/\($1)" }
      // index: would keep a mount from being made again over layers that have been copied or mounted elsewhere meanwhile.
      // metacopy: a file in `upper` has to be whole. redirect_dir: a folder can be renamed, as anywhere else; in a user
      // namespace, where overlayfs keeps its notes as user's attributes, the kernel allows only the opposite of all three.
      let options =
        isForUsers ? ["userxattr", "index=off"] : ["redirect_dir=on", "index=off", "metacopy=off"]
      let text = (places + options).joined(separator: ",")
      #if canImport(Musl)
        return Musl.mount("overlay", path, "overlay", 0, text) == 0 ? 0 : errno
      #else
        return Glibc.mount("overlay", path, "overlay", 0, text) == 0 ? 0 : errno
      #endif
    #else
      return ENOTSUP
    #endif
  }

  /// Whether user 0 is not the machine's.
  private static var isInUserNamespace: Bool {
    let words = FileSystem.read("/proc/self/uid_map")?.split(whereSeparator: \.isWhitespace)
    return words.map { $0 != ["0", "0", "4294967295"] } ?? false
  }
}

extension OverlayMount {
  /// Throws unless overlays can be made in a folder, whose missing parents are made and removed for the trial.
  ///
  /// - Throws: `.unsupported` with the reason and the next step.
  static func require(in folder: String) throws {
    try removeStaleTrials(in: folder)
    let topmost = try FileSystem.makeDirectories(folder)
    let trial = "\(folder)/\(trialPrefix)\(getpid())"
    defer {
      try? FileSystem.removeTree(trial)
      if let topmost { try? FileSystem.removeTree(topmost) }
    }
    try FileSystem.makeDirectories("\(trial)/lower/folder")
    let mount = OverlayMount(lower: "\(trial)/lower", path: "\(trial)/tree")
    try mount.makeLayers()
    try mount.mount()
    defer { try? mount.unmount() }
    // A folder in the place of one that is gone takes attributes, which not every file system has.
    let inner = "\(mount.path)/folder"
    guard rmdir(inner) == 0, mkdir(inner, 0o777) == 0, rmdir(inner) == 0 else {
      throw refusal(folder, String(cString: strerror(errno)))
    }
  }

  private static let trialPrefix = "overlay-trial-"

  /// Takes away the trials of processes that were killed in the middle of one.
  static func removeStaleTrials(in folder: String) throws {
    guard FileSystem.status(folder)?.kind == .directory else { return }
    let entries = try DirectoryEntries(of: folder)
    for position in 0..<entries.count {
      let name = entries.withName(position) { String(decoding: $0.lazy.map { UInt8(bitPattern: $0) }, as: UTF8.self) }
      guard name.hasPrefix(trialPrefix), let process = pid_t(name.dropFirst(trialPrefix.count)),
        kill(process, 0) != 0, errno == ESRCH
      else { continue }
      let trial = try FileSystem.absolutePath("\(folder)/\(name)")
      try removeAll(below: trial)
      try FileSystem.removeTree(trial)
    }
  }

  /// Takes away what is mounted below a folder, and gives the places.
  @discardableResult
  static func removeAll(below folder: String) throws -> [String] {
    let table = FileSystem.read("/proc/self/mountinfo") ?? ""
    let places = table.split(separator: "\n").compactMap { line -> String? in
      // proc_pid_mountinfo(5): the fifth field, in which blanks, tabs, line ends and backslashes are octal.
      let fields = line.split(separator: " ")
      return fields.count > 4 ? unescaped(fields[4]) : nil
    }
    let below = places.filter { $0.hasPrefix("\(folder)/") }
    for place in below.reversed() { try OverlayMount(lower: nil, path: place).unmount() }
    return below
  }

  private static func unescaped(_ field: Substring) -> String {
    var bytes: [UInt8] = []
    var rest = Array(field.utf8)[...]
    while let first = rest.popFirst() {
      let digits = String(decoding: rest.prefix(3), as: UTF8.self)
      if first == UInt8(ascii: "\\"), let code = UInt8(digits, radix: 8) {
        bytes.append(code)
        rest = rest.dropFirst(3)
      } else {
        bytes.append(first)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

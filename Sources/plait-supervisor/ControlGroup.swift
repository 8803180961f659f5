internal import CProcess

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A control group (cgroup v2) that holds the worker and everything it starts, where the system lets this process make one.
///
/// What is in it dies at once and together, also processes that start others faster than anybody can look for them. See the
/// kernel's Documentation/admin-guide/cgroup-v2.rst, "cgroup.kill".
struct ControlGroup {
  /// Where cgroup v2 is mounted: alone, or beside the hierarchies of version 1.
  private static let mounts = ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"]

  let path: String

  /// Makes a group below the one that this process is in; nil where that can't be done.
  init?() {
    #if os(Linux)
      guard let own = Self.ownPath else { return nil }
      let pid = getpid()
      for mount in Self.mounts {
        let parent = mount + (own == "/" ? "" : own)
        guard access(parent + "/cgroup.procs", W_OK) == 0 else { continue }
        path = "\(parent)/plait-\(pid)-\(ProcFile.start(of: pid))"
        guard mkdir(path, 0o755) == 0 else { return nil }
        // Linux before 5.14 has none: then the group would be of no use.
        if access(path + "/cgroup.kill", W_OK) == 0 { return }
        rmdir(path)
        return nil
      }
    #endif
    return nil
  }

  /// Starts `program` in this group and in a session of its own; nil when it couldn't be put there.
  func start(_ program: UnsafePointer<CChar>, words: CStrings) -> (pid: pid_t, failure: Int32)? {
    let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return nil }
    defer { close(folder) }
    var failure: Int32 = 0
    let pid = cprocess_spawn_into(folder, program, words, &failure)
    return pid < 0 ? nil : (failure == 0 ? pid : 0, failure)
  }

  /// Kills everything that is in the group, at once.
  func kill() {
    let file = open(path + "/cgroup.kill", O_WRONLY | O_CLOEXEC)
    guard file >= 0 else { return }
    write(file, "1", 1)
    close(file)
  }

  /// Takes the group away, with what a Plait that ran as a worker has left in it.
  func remove() { Self.remove(path, depth: 0) }

  private static func remove(_ path: String, depth: Int) {
    if rmdir(path) == 0 || errno == ENOENT || depth > 8 { return }
    guard let folder = opendir(path) else { return }
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasPrefix("plait-") { remove("\(path)/\(name)", depth: depth + 1) }
    }
    closedir(folder)
    rmdir(path)
  }

  /// The line of version 2 in `/proc/self/cgroup`: `0::PATH`.
  private static var ownPath: String? {
    guard let bytes = ProcFile.bytes(of: "/proc/self/cgroup") else { return nil }
    let label = Array("0::".utf8)
    let line = bytes.split(separator: UInt8(ascii: "\n")).first { $0.starts(with: label) }
    return line.map { String(decoding: $0.dropFirst(label.count), as: UTF8.self) }
  }
}

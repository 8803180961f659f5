internal import Git
internal import Planning
internal import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The machine's processes, looked at for what a worker left behind.
///
/// A process belongs to an attempt when it is in the worker's session or carries the attempt's variables in its
/// environment: so one that called `setsid` is found too, also after Plait itself was killed. Where there is no `/proc`, only
/// the worker's own process group is ended.
package actor ProcessTable {
  private let executor = SerialQueueExecutor(label: "plait.processes")
  /// A queue of its own: reading `/proc` blocks.
  package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  /// Looks at nothing yet.
  package init() {}

  /// Kills every process that `job` left behind; returns how many there were.
  func end(_ job: WorkerJob, session: Int32) -> Int {
    if session > 1 { kill(-session, SIGKILL) }
    guard let run = job.environment["PLAIT_RUN"], job.environment["PLAIT_ACHIEVEMENT"] != nil else { return 0 }
    let marks = job.environment.filter {
      ["PLAIT_ACHIEVEMENT", "PLAIT_VARIANT"].contains($0.key) || $0.key == "PLAIT_ID" && $0.value.contains(":")
    }
    return killAll(marked: ["PLAIT_RUN=\(run)"] + marks.map { "\($0.key)=\($0.value)" })
  }

  /// Kills every process of `run`, whichever attempt started it; returns how many there were. With `onlyCount` they live on.
  package func endAll(of run: String, onlyCount: Bool = false) -> Int {
    onlyCount ? look(for: ["PLAIT_RUN=\(run)"]).found.count : killAll(marked: ["PLAIT_RUN=\(run)"])
  }

  /// Kills every process of `run`, from where nobody can wait for this actor.
  nonisolated func endAllNow(of run: String) { _ = killAll(marked: ["PLAIT_RUN=\(run)"]) }

  /// Kills every process of `run` but those of the achievements that `sparing` names; returns how many there were.
  func endAll(of run: String, sparing: [Achievement]) -> Int {
    killAll(marked: ["PLAIT_RUN=\(run)"], sparing: sparing.map { ProcessTable.markers($0) })
  }

  /// Kills every process of one achievement of `run`; returns how many there were.
  func endAll(of run: String, achievement: Achievement) -> Int {
    killAll(marked: ["PLAIT_RUN=\(run)"] + ProcessTable.markers(achievement))
  }

  private static func markers(_ achievement: Achievement) -> [String] {
    achievement.marks.map { "\($0.key)=\($0.value)" }
  }

  /// Looks again until a look finds nobody: a process may have started another one, or have been about to become another
  /// program, while the table was read.
  private nonisolated func killAll(marked markers: [String], sparing: [[String]] = []) -> Int {
    var killed: Set<Int32> = []
    for round in 0..<100 {
      let look = look(for: markers, sparing: sparing)
      for pid in look.found {
        kill(pid, SIGKILL)
        killed.insert(pid)
      }
      if look.found.isEmpty && !look.isUnsure { break }
      if round > 0 { usleep(1_000) }
    }
    return killed.count
  }

  /// What one look at the table shows.
  private struct Look {
    var found: [Int32] = []
    /// Whether a process was there whose environment could not be seen at that moment.
    var isUnsure = false
  }

  #if os(Linux)
    /// Clock ticks of CPU time used so far by all processes of `session`.
    func cpuTicks(session: Int32) -> UInt64 {
      pids().reduce(0) { sum, pid in
        guard let fields = statFields(of: pid), fields.count > 12, Int32(fields[3]) == session else { return sum }
        // utime and stime: fields 14 and 15 of proc(5), counted here from behind the command's name.
        return sum + (UInt64(fields[11]) ?? 0) + (UInt64(fields[12]) ?? 0)
      }
    }

    private nonisolated func look(for markers: [String], sparing: [[String]] = []) -> Look {
      let own = getpid()
      let needles = markers.map { Array($0.utf8) + [0] }
      let spared = sparing.map { $0.map { Array($0.utf8) + [0] } }
      var look = Look()
      for pid in pids() where pid != own && pid > 1 {
        guard let bytes = contents(of: "/proc/\(pid)/environ") else { continue }
        if bytes.isEmpty {
          look.isUnsure = look.isUnsure || isStarting(pid)
        } else if needles.allSatisfy({ contains($0, in: bytes) }),
          !spared.contains(where: { $0.allSatisfy { contains($0, in: bytes) } })
        {
          look.found.append(pid)
        }
      }
      return look
    }

    /// Whether a process without an environment is one that is just being replaced by a new program (execve), and not a
    /// thread of the kernel, a process that is ending, or one that was started with an empty environment.
    private nonisolated func isStarting(_ pid: Int32) -> Bool {
      guard let fields = statFields(of: pid), fields.count > 48, let flags = UInt32(fields[6]) else { return false }
      // PF_EXITING and PF_KTHREAD of the kernel's sched.h; state Z is a zombie.
      if fields[0] == "Z" || fields[0] == "X" || flags & 0x0020_0004 != 0 { return false }
      // env_start and env_end of proc(5), fields 50 and 51: set late in execve.
      return fields[47] == "0" || fields[48] == "0"
    }

    private nonisolated func pids() -> [Int32] {
      guard let directory = opendir("/proc") else { return [] }
      defer { closedir(directory) }
      var found: [Int32] = []
      while let entry = readdir(directory) {
        let first = UInt8(bitPattern: entry.pointee.d_name.0)
        guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else { continue }
        let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        if let pid = Int32(name) { found.append(pid) }
      }
      return found
    }

    /// The fields of `/proc/PID/stat` behind the command's name (which may hold anything, also spaces and parentheses).
    private nonisolated func statFields(of pid: Int32) -> [Substring]? {
      guard let bytes = contents(of: "/proc/\(pid)/stat"), let end = bytes.lastIndex(of: UInt8(ascii: ")")) else {
        return nil
      }
      return String(decoding: bytes[(end + 1)...], as: UTF8.self).split(separator: " ")
    }

    private nonisolated func contents(of path: String) -> [UInt8]? {
      guard let file = try? FileDescriptor.open(FilePath(path), .readOnly) else { return nil }
      defer { try? file.close() }
      var bytes: [UInt8] = []
      while true {
        // The kernel tells no size of such a file: read until nothing comes.
        let chunk = [UInt8](unsafeUninitializedCapacity: 16_384) { buffer, count in
          count = (try? file.read(into: UnsafeMutableRawBufferPointer(buffer))) ?? 0
        }
        if chunk.isEmpty { return bytes }
        bytes += chunk
      }
    }

    /// Through the C library and not element by element: this looks at the environment of every process of the machine after
    /// each worker.
    private nonisolated func contains(_ needle: [UInt8], in bytes: [UInt8]) -> Bool {
      bytes.withUnsafeBytes { bytes in
        needle.withUnsafeBytes { needle in
          guard let start = bytes.baseAddress, let wanted = needle.baseAddress else { return false }
          var offset = 0
          while bytes.count - offset >= needle.count,
            let hit = memchr(start + offset, Int32(needle[0]), bytes.count - offset - needle.count + 1)
          {
            if memcmp(hit, wanted, needle.count) == 0 { return true }
            offset = UnsafeRawPointer(hit) - start + 1
          }
          return false
        }
      }
    }
  #else
    func cpuTicks(session: Int32) -> UInt64 { 0 }
    private nonisolated func look(for markers: [String], sparing: [[String]] = []) -> Look { Look() }
  #endif
}

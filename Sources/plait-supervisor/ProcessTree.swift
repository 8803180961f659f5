internal import CProcess

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// What one process has used so far; children that it waited for are part of it where the system tells (Linux).
struct ProcessFacts {
  let pid: pid_t
  var parent: pid_t
  var isZombie: Bool
  /// Nanoseconds.
  var user: Int64
  var system: Int64
  /// Bytes; on Linux 0, because there it takes a file of its own to be read: see `ProcessTree.written`.
  var written: Int64
}

/// All processes that descend from this one, at one moment.
///
/// Because orphans become children of the subreaper, being a descendant needs no help of the process: it may call `setsid`,
/// fork twice or change its environment. Where there is no subreaper, the worker's session stands in for it.
struct ProcessTree {
  private(set) var members: [ProcessFacts] = []

  init(of worker: pid_t) {
    let own = getpid()
    var others: [ProcessFacts] = []
    Self.eachProcess { pid in
      guard pid != own, let facts = Self.facts(of: pid) else { return }
      others.append(facts)
    }
    var known: Set<pid_t> = [own]
    var hasGrown = true
    while hasGrown {
      // A parent's number may be above its child's, so one pass isn't always enough.
      var rest: [ProcessFacts] = []
      for facts in others {
        if known.contains(facts.parent) || Self.isInSession(facts.pid, of: worker) {
          known.insert(facts.pid)
          members.append(facts)
        } else {
          rest.append(facts)
        }
      }
      hasGrown = rest.count < others.count
      others = rest
    }
  }

  /// Processes that have not ended yet.
  var living: Int { members.count { !$0.isZombie } }
  var user: Int64 { members.reduce(0) { $0 + $1.user } }
  var system: Int64 { members.reduce(0) { $0 + $1.system } }

  /// Bytes that the members have written, to whatever: files, pipes, terminals.
  func written() -> Int64 {
    #if os(Linux)
      members.reduce(0) { $0 + (ProcFile.bytesWritten(by: $1.pid) ?? 0) }
    #else
      members.reduce(0) { $0 + $1.written }
    #endif
  }

  func send(_ signal: Int32) {
    for member in members { kill(member.pid, signal) }
  }
}

#if os(Linux)
  extension ProcessTree {
    private static func isInSession(_ pid: pid_t, of worker: pid_t) -> Bool { false }

    private static func eachProcess(_ body: (pid_t) -> Void) {
      guard let folder = opendir("/proc") else { return }
      defer { closedir(folder) }
      while let entry = readdir(folder) {
        let pid = withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: 256) { atoi($0) }
        }
        if pid > 0 { body(pid) }
      }
    }

    private static func facts(of pid: pid_t) -> ProcessFacts? {
      guard let stat = ProcFile.Stat(of: pid) else { return nil }
      let tick = Clock.second / Int64(sysconf(Int32(_SC_CLK_TCK)))
      return ProcessFacts(
        pid: pid,
        parent: pid_t(stat[4]),
        isZombie: stat.state == UInt8(ascii: "Z") || stat.state == UInt8(ascii: "X"),
        user: (stat[14] + stat[16]) * tick,
        system: (stat[15] + stat[17]) * tick,
        written: 0
      )
    }
  }
#else
  extension ProcessTree {
    private static func isInSession(_ pid: pid_t, of worker: pid_t) -> Bool { worker > 1 && getsid(pid) == worker }

    private static func eachProcess(_ body: (pid_t) -> Void) {
      // Room for those that start between the two calls.
      var pids = [pid_t](repeating: 0, count: Int(proc_listallpids(nil, 0)) + 64)
      let found = proc_listallpids(&pids, Int32(pids.count * MemoryLayout<pid_t>.size))
      for pid in pids.prefix(Int(max(0, found))) where pid > 0 { body(pid) }
    }

    private static func facts(of pid: pid_t) -> ProcessFacts? {
      var found = cprocess_facts()
      guard cprocess_look_up(pid, &found) == 0 else { return nil }
      return ProcessFacts(
        pid: pid,
        parent: found.parent,
        isZombie: found.is_zombie != 0,
        user: Int64(found.user_nanoseconds),
        system: Int64(found.system_nanoseconds),
        written: Int64(found.written_bytes)
      )
    }
  }
#endif

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The right to drive a run, held by one process at a time.
///
/// An advisory lock of the kernel on a file beside the run's logs: it vanishes with its process whatever kills that, so a
/// stale one can't exist and a recycled process id can't be mistaken for the holder. The file's text (process id, host) only
/// serves messages.
package struct RunLock: ~Copyable {
  private let descriptor: Int32

  /// Takes the lock at `path`, or throws `.locked` and names the holder.
  package init(path: String, run: String) throws {
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw RecordingError(.database, path, "can't open the lock \(path): \(String(cString: strerror(errno)))")
    }
    guard RunLock.take(descriptor) else {
      let holder = RunLock.text(of: descriptor)
      throw RecordingError(
        .locked,
        run,
        "run \(run) is driven by another process (\(holder)): watch it with 'plait status', or stop it with Ctrl-C there"
      )
    }
    var host = [CChar](repeating: 0, count: 256)
    gethostname(&host, host.count - 1)
    let name = String(decoding: host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let text = "process \(getpid()) on \(name)"
    ftruncate(descriptor, 0)
    _ = text.withCString { pwrite(descriptor, $0, strlen($0), 0) }
  }

  deinit { close(descriptor) }

  /// Tries for a tenth of a second: somebody who only asks for the holder has the lock for a moment.
  private static func take(_ descriptor: Int32) -> Bool {
    for _ in 0..<20 {
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
      usleep(5_000)
    }
    return false
  }

  /// Who drives the run whose lock is at `path`: `process 71 on host`; nil when nobody does.
  package static func holder(path: String) -> String? {
    let descriptor = open(path, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    guard flock(descriptor, LOCK_SH | LOCK_NB) != 0 else { return nil }
    return text(of: descriptor)
  }

  /// The process that drives the run whose lock is at `path`, on this machine; nil when nobody does.
  package static func holderProcess(path: String) -> Int32? {
    holder(path: path)?.split(separator: " ").dropFirst().first.flatMap { Int32($0) }
  }

  private static func text(of descriptor: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 512)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    return count > 0 ? String(decoding: bytes.prefix(count), as: UTF8.self) : "unknown"
  }
}

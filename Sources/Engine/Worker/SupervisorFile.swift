internal import Recording

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The two text files of a supervisor: `worker.state` while its worker runs, `worker.result` when it has ended.
///
/// One `key value` per line after the line `plait-supervisor 1`; written whole under another name first.
struct SupervisorFile: Sendable {
  private let values: [String: Substring]

  /// Reads the file at `path`; nil when there is none, or none of this format.
  init?(path: String) {
    guard RunFiles.exists(path), let bytes = try? RunFiles.read(path) else { return nil }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    guard lines.first == "plait-supervisor 1" else { return nil }
    var values: [String: Substring] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: " ", maxSplits: 1)
      if let key = parts.first { values[String(key)] = parts.count > 1 ? parts[1] : "" }
    }
    self.values = values
  }

  static func statePath(in directory: String) -> String { directory + "/worker.state" }
  static func resultPath(in directory: String) -> String { directory + "/worker.result" }

  private func number<N: LosslessStringConvertible>(_ key: String) -> N? { values[key].flatMap { N(String($0)) } }

  /// The worker's process id.
  var worker: Int32? { number("worker") }

  /// The folder of the worker's control group, when it has one.
  var group: String? { values["group"].map(String.init) }

  /// The supervisor's process id, if that process still lives: the same boot, and the same start of the same id.
  var livingSupervisor: Int32? {
    guard let pid: Int32 = number("supervisor"), values["boot"].map(String.init) == SupervisorFile.bootID else {
      return nil
    }
    guard let ticks: UInt64 = number("supervisor-start"), ticks > 0 else { return kill(pid, 0) == 0 ? pid : nil }
    return SupervisorFile.startTicks(of: pid) == ticks ? pid : nil
  }

  /// Why the worker's program could not be started, in the system's words; nil when it was.
  var startFailure: String? {
    guard let words = values["end"]?.split(separator: " "), words.first == "failed" else { return nil }
    return words.dropFirst(2).joined(separator: " ")
  }

  /// Whether the worker was stopped because somebody asked for it, and not by a limit of its own.
  var wasStoppedOnRequest: Bool { values["end"] == "stopped asked" }

  /// How the worker ended; nil when this is no result. `timeout` and `idle` are only for the words.
  func end(timeout: Double?, idle: Double?) -> WorkerEnd? {
    guard let words = values["end"]?.split(separator: " "), let kind = words.first else { return nil }
    let status: WorkerEnd.Status
    switch (kind, words.dropFirst().first) {
    case ("exited", let code?): status = .exited(Int32(code) ?? -1)
    case ("signalled", let signal?): status = .signalled(Int32(signal) ?? 0)
    case ("stopped", "timeout"):
      status = .stopped(reason: "it ran longer than its timeout of \((timeout ?? 0).formattedSeconds)")
    case ("stopped", "idle"):
      status = .stopped(
        reason: "it gave no sign of life for \((idle ?? 0).formattedSeconds) (no output, no CPU time, no file)"
      )
    case ("stopped", _): status = .stopped(reason: "the run was stopped")
    default: return nil
    }
    return WorkerEnd(
      status: status,
      outputBytes: number("output-bytes") ?? 0,
      outputWasCut: values["output-cut"] == "1",
      strays: number("strays") ?? 0,
      usage: WorkerEnd.Usage(
        wall: number("wall") ?? 0,
        userCPU: number("cpu-user") ?? 0,
        systemCPU: number("cpu-system") ?? 0,
        peakMemory: number("max-rss") ?? 0
      )
    )
  }

  /// Names this boot of the machine; nil where there is no such name.
  private static var bootID: String? {
    guard let bytes = try? RunFiles.readStream("/proc/sys/kernel/random/boot_id") else { return "-" }
    return String(decoding: bytes.prefix { $0 != 10 }, as: UTF8.self)
  }

  /// When the process started, in clock ticks since the boot: field 22 of proc(5)'s stat; nil when there is no such process.
  private static func startTicks(of pid: Int32) -> UInt64? {
    guard let bytes = try? RunFiles.readStream("/proc/\(pid)/stat"), let end = bytes.lastIndex(of: UInt8(ascii: ")"))
    else {
      return nil
    }
    let fields = String(decoding: bytes[(end + 1)...], as: UTF8.self).split(separator: " ")
    // A zombie has ended, even if nobody has asked how.
    guard fields.count > 19, fields[0] != "Z" else { return nil }
    return UInt64(fields[19])
  }
}

import Foundation

/// What the numbers depend on besides the programs.
struct Machine {
  let lines: [String]
  /// Running processes on average over the last minute, before anything was measured.
  let load: Double

  init(_ program: Program, plait: String, scratch: ScratchPlace) {
    load = Self.load
    let cores = ProcessInfo.processInfo.activeProcessorCount
    let memory = Double(ProcessInfo.processInfo.physicalMemory) / 0x1p30
    lines = [
      "\(cores) cores (\(Self.processor)), \(Table.number(memory, digits: 0)) GB of memory",
      Self.firstLine(program, ["uname", "-srm"]),
      "scratch on \(scratch.fileSystem)",
      "load before: \(Table.number(load, digits: 2))",
      "plait \(Self.firstLine(program, [plait, "--version"])), \(Self.firstLine(program, ["git", "--version"]))",
    ]
  }

  var warnings: [String] {
    guard load > 0.5 else { return [] }
    return [
      "The load before was \(Table.number(load, digits: 2)). Others use this machine too, so compare ratios rather than times, "
        + "and trust a difference only where the spreads don't overlap."
    ]
  }

  /// The first line that a program prints, of either stream; `missing` when it can't be started.
  static func firstLine(_ program: Program, _ arguments: [String]) -> String {
    let words = ["sh", "-c", "exec \"$@\" 2>&1", "sh"] + arguments
    let output = (try? program.run(words, in: "/"))?.output
    return output?.split(separator: "\n").first.map(String.init) ?? "missing"
  }

  private static var load: Double {
    var values = [0.0, 0.0, 0.0]
    return getloadavg(&values, 3) > 0 ? values[0] : 0
  }

  private static var processor: String {
    let text = FileManager.default.contents(atPath: "/proc/cpuinfo").map { String(decoding: $0, as: UTF8.self) } ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
    return line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? "processor unknown"
  }
}

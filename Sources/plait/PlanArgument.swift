import ArgumentParser
import Engine
import Git
import Methodology
import Planning
import Reporting
import SystemPackage

/// A plan file as the user named it: found, read, checked.
struct LoadedPlan {
  /// The path to show: as the user gave it.
  let path: String
  let bytes: [UInt8]
  let reading: PlanReading

  var absolutePath: String { Console.absolute(path) }

  /// Finds and reads the plan that `argument` means; `@NAME` is looked up from the repository around the current folder.
  init(_ argument: String) async throws {
    var root = Console.currentDirectory
    if argument.hasPrefix("@"), let archive = try? await RunArchive(repositoryAt: root) { root = archive.top }
    try self.init(file: PlanLocator(root: FilePath(root)).locate(argument).string)
  }

  /// Whether an argument that may mean a run means a plan: a run's id has none of these, and what it could be mistaken for is a
  /// path or a name that was misspelt.
  static func isNamed(by argument: String) -> Bool {
    argument.hasPrefix("@") || argument.contains("/") || argument.hasSuffix(".json") || RunFiles.exists(argument)
  }

  init(file path: String) throws {
    self.path = path
    bytes = try RunFiles.read(path)
    reading = PlanReader.read(bytes)
  }

  /// The plan, after its errors have been written out and its warnings been counted; throws the exit code for an invalid one.
  func checked() throws -> Plan {
    if let plan = reading.plan {
      countWarnings(reading.diagnostics)
      return plan
    }
    let errors = reading.diagnostics.filter { $0.severity == .error }
    Console.note(String(DiagnosticText.render([ValidatedFile(path: path, diagnostics: errors)]).dropLast()))
    throw ExitStatus.invalidPlan.code
  }

  /// Says how many of `warnings` there are.
  func countWarnings(_ warnings: [Diagnostic]) {
    guard !warnings.isEmpty else { return }
    let (count, path) = (warnings.count, TerminalText.safe(path))
    Console.notice(
      "\(count) warning\(count == 1 ? "" : "s") about \(path): 'plait validate' shows \(count == 1 ? "it" : "them")"
    )
  }
}

/// `45m`, `10s`, `1h30m` or a number of seconds on the command line.
struct DurationArgument: ExpressibleByArgument {
  let seconds: Double

  init?(argument: String) {
    guard let seconds = DurationText.seconds(argument), seconds > 0 else { return nil }
    self.seconds = seconds
  }
}

/// `10%`, `0.1`: a share between 0 and 1.
struct ShareArgument: ExpressibleByArgument {
  let value: Double

  var defaultValueDescription: String { "\(Int((value * 100).rounded()))%" }

  init(_ value: Double) { self.value = value }

  init?(argument: String) {
    let isPercent = argument.hasSuffix("%")
    guard let number = Double(isPercent ? String(argument.dropLast()) : argument) else { return nil }
    value = isPercent || number > 1 ? number / 100 : number
    guard (0...1).contains(value) else { return nil }
  }
}

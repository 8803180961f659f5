import ArgumentParser
import Engine
import Reporting

/// Tests of the installed program on this machine; not shown in the main help.
struct Selftest: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "selftest",
    abstract: "Tests this Plait on this machine.",
    shouldDisplay: false,
    subcommands: [CrashMatrixCommand.self, KeysCommand.self]
  )
}

/// What a terminal sends is best seen where it is: other terminals spell some keys in other ways.
struct KeysCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keys",
    abstract: "Shows what this terminal sends for each key, until q is pressed."
  )

  func run() async throws {
    try await reporting {
      guard let terminal = RawTerminal(endingSignals: .taken) else {
        throw EngineError(.missing, "keys", "standard input is no terminal: there are no keys to show")
      }
      defer { terminal.restore() }
      Console.note("Press keys; q ends.")
      for await event in terminal.events {
        switch event {
        case .redraw: Console.note("redraw \(Console.size.columns) x \(Console.size.rows)")
        case .bytes(let bytes):
          Console.note(bytes.map { String($0, radix: 16) }.joined(separator: " "))
          if bytes.contains(UInt8(ascii: "q")) { return }
        }
      }
      Console.note("The input has ended.")
    }
  }
}

extension CrashWay: ExpressibleByArgument {}

struct CrashMatrixCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "crash-matrix",
    abstract: "Runs a plan over and over, disturbed at every point in every way, and checks what comes out.",
    discussion: "Trials are made in a folder below TMPDIR. The whole matrix takes a while; --sample tries a part of it."
  )

  @Option(help: ArgumentHelp("Only these ways, separated by commas.", valueName: "WAYS"))
  var ways: String?

  @Option(help: ArgumentHelp("Only the N-th point.", valueName: "N"))
  var at: Int?

  @Option(help: ArgumentHelp("Only so many pairs of way and point, chosen by the seed.", valueName: "K"))
  var sample: Int?

  @Option(help: ArgumentHelp("What the sample is chosen by; default: another one each time.", valueName: "S"))
  var seed: UInt64?

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("How many trials at once; default: number of cores.", valueName: "N")
  )
  var jobs: Int?

  @Flag(help: "Run with overlays, where this process may mount them.")
  var overlay = false

  @Flag(help: "Keep the folders of all trials.")
  var keep = false

  func validate() throws {
    for (name, value) in [("at", at), ("sample", sample), ("jobs", jobs)] {
      if let value, value < 1 { throw ValidationError("--\(name) must be at least 1, not \(value)") }
    }
    _ = try chosenWays()
  }

  private func chosenWays() throws -> [CrashWay] {
    guard let ways else { return CrashWay.allCases }
    return try ways.split(separator: ",").map { name in
      guard let way = CrashWay(rawValue: String(name)) else {
        let all = CrashWay.allCases.map(\.rawValue).joined(separator: ",")
        throw ValidationError("--ways takes some of \(all); '\(name)' is none")
      }
      return way
    }
  }

  func run() async throws {
    try await reporting {
      var options = CrashMatrix.Options()
      options.ways = try chosenWays()
      (options.at, options.sample, options.keeps, options.hasOverlays) = (at, sample, keep, overlay)
      options.seed = seed ?? UInt64.random(in: 0...999_999)
      options.jobs = jobs ?? Console.cores
      let folder = "\(Console.temporaryFolder)/plait-crash-matrix-\(getpid())"
      let matrix = CrashMatrix(options, folder: folder, plait: try Console.ownPath()) { recorded in
        let report = RunReport(plan: recorded.plan, snapshot: recorded.snapshot)
        return CrashEvidence.Closing(
          sum: report.ledger.values.reduce(0, +),
          whole: Double(report.slots) * report.totals.wallSeconds,
          inconsistencies: report.inconsistencies
        )
      }
      if sample != nil { try Console.out("seed \(options.seed)\n") }
      if keep { try Console.out("trials in \(folder)\n") }
      let tallies = try await matrix.run { try? Console.out(text(of: $0)) }
      let failures = tallies.reduce(0) { $0 + $1.failures.count }
      let points = tallies.reduce(0) { $0 + $1.points }
      try Console.out("\(points) points in \(tallies.count) ways, \(failures) failures\n")
      if failures > 0 { throw ExitStatus.achievementFailed.code }
    }
  }

  private func text(of tally: CrashMatrix.Tally) -> String {
    var text = "\(tally.way.rawValue): \(tally.points) points, \(tally.failures.count) failures\n"
    for failure in tally.failures {
      text += "  \(failure.pair) (\(failure.point))\n"
      for finding in failure.findings { text += "    \(TerminalText.safe(finding))\n" }
      let again = "--ways \(tally.way.rawValue) --at \(failure.pair.number) --keep" + (overlay ? " --overlay" : "")
      text += "    again: plait selftest crash-matrix \(again)\n"
    }
    return text
  }
}

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

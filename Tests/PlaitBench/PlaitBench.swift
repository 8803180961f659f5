import ArgumentParser
import Foundation

/// Measures Plait beside what else would do the same, and prints a page with the numbers.
@main
struct PlaitBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures Plait side by side with other programs, and prints a Markdown page with what came of it.",
    discussion: """
      Every contender of a table is measured once, then every one again, so that all meet the same minutes of the machine. \
      Programs that are missing are installed where that can be done (--no-install: not), and named in the table where it can't.
      """
  )

  @Option(help: ArgumentHelp("Only these sections, separated by commas: \(PlaitBench.names).", valueName: "NAMES"))
  var only: String?

  @Flag(help: "Small sizes, three repetitions and no warm-up: to see that it works.")
  var quick = false

  @Option(help: ArgumentHelp("How often each is measured; default: 7, with --quick 3.", valueName: "N"))
  var repetitions: Int?

  @Option(help: ArgumentHelp("A folder for a new folder with everything in it; default: TMPDIR.", valueName: "DIR"))
  var scratch: String?

  @Option(help: ArgumentHelp("Write the page to this file too.", valueName: "FILE"))
  var output: String?

  @Option(help: ArgumentHelp("The plait to measure; default: the one beside this program.", valueName: "FILE"))
  var plait: String?

  @Option(
    help: ArgumentHelp("Python environments of other programs; default: in the scratch folder.", valueName: "DIR")
  )
  var peers: String?

  @Option(help: ArgumentHelp("A folder of recorded workflows.", valueName: "DIR"))
  var workflows: String?

  @Flag(help: "Install nothing.")
  var noInstall = false

  private static var names: String { Sections.all.map { $0.name }.joined(separator: ",") }

  func validate() throws {
    if let repetitions, repetitions < 1 { throw ValidationError("--repetitions must be at least 1") }
    for name in only?.split(separator: ",") ?? [] where !Sections.all.contains(where: { $0.name == name }) {
      throw ValidationError("there is no section \(name); there are \(Self.names)")
    }
  }

  func run() async throws {
    let page = try Page(output: output)
    let place = try ScratchPlace(in: scratch ?? ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp")
    defer { place.remove() }
    Notice.say("everything is made in \(place.path); a run that is ended by force leaves it there")
    let names = only?.split(separator: ",").map(String.init)
    let sections = Sections.all.filter { names?.contains($0.name) ?? true }
    let bench = try self.bench(in: place, wanting: sections.reduce(into: []) { $0.formUnion($1.peers) })
    try page.add(head(bench))
    for section in sections {
      let content: String
      do {
        content = try await section.run(bench)
      } catch {
        content = "Not measured: \(error)"
      }
      try page.add("## \(section.title)\n\n\(section.explanation)\n\n\(content)")
    }
  }

  private func bench(in place: ScratchPlace, wanting wanted: Set<Peer>) throws -> Bench {
    // Before the first program runs: each changes the folder that paths are relative to.
    let workflows = workflows.map { URL(fileURLWithPath: $0).path } ?? ""
    var program = Program(folder: try place.folder("output"))
    // Neither the user's settings of git nor those of the machine.
    program.environment["GIT_CONFIG_GLOBAL"] = "/dev/null"
    program.environment["GIT_CONFIG_NOSYSTEM"] = "1"
    let beside = Bundle.main.executableURL?.deletingLastPathComponent().appendingPathComponent("plait").path
    guard let plait = (plait ?? beside).map({ URL(fileURLWithPath: $0).path }),
      FileManager.default.isExecutableFile(atPath: plait)
    else { throw ValidationError("there is no plait beside this program: build it, or name one with --plait") }
    let environments = peers.map { URL(fileURLWithPath: $0).path } ?? "\(place.path)/peers"
    let machine = Machine(program, plait: plait, scratch: place)
    return Bench(
      program: program,
      plait: plait,
      machine: machine,
      scratch: place,
      peers: Peers(wanted, program: program, environments: environments, installs: !noInstall),
      repetitions: repetitions ?? (quick ? 3 : 7),
      isQuick: quick,
      workflows: workflows
    )
  }

  private func head(_ bench: Bench) -> String {
    let warnings = bench.scratch.warnings + bench.machine.warnings
    for warning in warnings { Notice.say("warning: \(warning)") }
    let facts = bench.machine.lines + bench.peers.lines(bench.program)
    let kind = bench.isQuick ? "a quick run that shows that it works, " : ""
    return """
      # Measurements

      From \(Date.now.formatted(.iso8601)), \(kind)\(bench.repetitions) repetitions. Ratios are medians of the ratios within \
      one repetition, to the first row that has a number.

      \(facts.map { "- \($0)" }.joined(separator: "\n"))
      \(warnings.map { "\n**Warning:** \($0)\n" }.joined())
      """
  }
}

import Foundation

/// What the driver of a graph adds to processes that do nothing.
enum NoOpSection: Section {
  static let name = "noop"
  static let title = "A graph of processes that do nothing"
  static let explanation = """
    `true` for every node, two at a time: what is left is what a program adds to starting processes. The bare loop keeps \
    to the order too, but records nothing. Whole commands, with their start: HyperQueue's has that of its server and worker in \
    it. Snakemake only where it is small.
    """
  static let peers: Set<Peer> = [.make, .ninja, .parallel, .hyperqueue, .snakemake]

  private static let slots = 2

  static func run(_ bench: Bench) async throws -> String {
    let graphs: [TaskGraph] =
      bench.isQuick
      ? [.chain(100), .independent(200), .layered(500), .fan(200)]
      : [.chain(500), .independent(1_000), .layered(5_000), .fan(2_000)]
    var tables: [String] = []
    for graph in graphs {
      Notice.say("\(name): \(graph.name)")
      let files = try GraphFiles(graph, in: bench.scratch.folder("noop"))
      let standings = await bench.contest.run(try contenders(files, bench))
      tables.append(Table(graph.name, standings, unit: .seconds).markdown)
    }
    return tables.joined(separator: "\n\n")
  }

  private static func contenders(_ files: GraphFiles, _ bench: Bench) throws -> [Contender] {
    [
      try plait(files, bench),
      Contender("bare spawn loop") { try SpawnLoop.run(files.graph, slots: slots) },
      Contender("make -j2") {
        let command = try [bench.peers.command(of: .make), "-s", "-j\(slots)"]
        return try bench.program.run(bench.limited(command), in: files.folder).seconds
      },
      Contender("ninja -j2") {
        let command = try [bench.peers.command(of: .ninja), "--quiet", "-j\(slots)"]
        try? FileManager.default.removeItem(atPath: "\(files.folder)/.ninja_log")
        return try bench.program.run(bench.limited(command), in: files.folder).seconds
      },
      Contender("GNU parallel -j2") {
        guard files.graph.dependencies.allSatisfy(\.isEmpty) else {
          throw NotMeasured(reason: "knows no dependencies")
        }
        let command = try [bench.peers.command(of: .parallel), "-j\(slots)", "-a", "commands"]
        return try bench.program.run(bench.limited(command), in: files.folder).seconds
      },
      Contender("HyperQueue") {
        let command = try [bench.peers.command(of: .hyperqueue), "submit.py", "dependencies", "\(slots)"]
        return try bench.program.run(bench.limited(command), in: files.folder).seconds
      },
      Contender("Snakemake", most: 3) { try snakemake(files, bench) },
    ]
  }

  /// Plait's task runner without worktrees, once its command line has one.
  private static func plait(_ files: GraphFiles, _ bench: Bench) throws -> Contender {
    let option = "--no-worktree"
    let help = try bench.program.run([bench.plait, "run", "--help"], in: "/").output
    guard help.contains(option) else {
      return .missing("Plait", because: "`plait run` has no \(option)")
    }
    let repository = try SampleRepository(files: 10, at: "\(files.folder)/repository", program: bench.program)
    return Contender("Plait") {
      let command = [
        bench.plait, "run", "parallel.json", "--repo", repository.path, "--jobs", "\(slots)", option, "--json",
      ]
      return try bench.program.run(command, in: files.folder).seconds
    }
  }

  private static func snakemake(_ files: GraphFiles, _ bench: Bench) throws -> Double {
    guard files.graph.count <= 500 else { throw NotMeasured(reason: "only up to 500 nodes") }
    for made in ["done", ".snakemake"] { try? FileManager.default.removeItem(atPath: "\(files.folder)/\(made)") }
    let command = try [
      bench.peers.command(of: .snakemake), "--snakefile", "Snakefile", "--cores", "\(slots)", "--quiet", "all",
      "--nolock",
    ]
    return try bench.program.run(bench.limited(command), in: files.folder).seconds
  }
}

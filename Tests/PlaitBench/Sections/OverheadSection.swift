import Foundation

/// What a run adds to work that takes a second.
enum OverheadSection: Section {
  static let name = "overhead"
  static let title = "Overhead of a run"
  static let explanation = """
    Achievements of one second each at 8 slots, in a repository of 1,000 files: the overhead ratio and the rows of the time \
    ledger, in seconds of slot time, as the run itself reports them; medians of all runs. `ideal` is the time with no overhead.
    """

  private static let slots = 8

  static func run(_ bench: Bench) async throws -> String {
    let count = bench.isQuick ? 16 : 40
    Notice.say("\(name): \(count) achievements")
    let folder = try bench.scratch.folder("overhead")
    let master = try SampleRepository(files: 1_000, at: "\(folder)/master", program: bench.program)
    let worker = #"{"shell": "sleep 1; echo result > \"task-$PLAIT_ACHIEVEMENT.txt\"", "stdin": "none"}"#
    let plan = PlanFile.text(of: .independent(count), worker: worker)
    try plan.write(toFile: "\(folder)/parallel.json", atomically: false, encoding: .utf8)
    let ways = ["--on-over-budget=warn", "--on-over-budget=adapt", "--overlay"]
    var reports: [String: [RunNumbers]] = [:]
    let standings = await bench.contest.run(
      ways.map { way in
        Contender(way) {
          let numbers = try once(way, master, folder, bench)
          reports[way, default: []].append(numbers)
          return numbers.overhead.ratio
        }
      }
    )
    let ideal = Double(count + slots - 1) / Double(slots)
    return "\(count) achievements, ideal \(Quantity.seconds.text(ideal.rounded(.down)))\n\n"
      + Table("overhead ratio", standings, unit: .ratio).markdown + "\n\n"
      + rows(ways.map { ($0, reports[$0]?.suffix(bench.repetitions) ?? []) }).markdown
  }

  private static func once(
    _ way: String,
    _ master: SampleRepository,
    _ folder: String,
    _ bench: Bench
  ) throws -> RunNumbers {
    for name in ["copy", "copy.plait"] { try? FileManager.default.removeItem(atPath: "\(folder)/\(name)") }
    let repository = try master.copy(to: "\(folder)/copy")
    let command = [
      bench.plait, "run", "\(folder)/parallel.json", "--repo", repository.path, "--jobs", "\(slots)",
      way, "--json",
    ]
    let result = try bench.program.run(command, in: folder)
    var numbers = try JSONDecoder().decode(RunNumbers.self, from: Data(result.output.utf8))
    numbers.wall = result.seconds
    return numbers
  }

  private static func rows(_ ways: [(name: String, runs: ArraySlice<RunNumbers>)]) -> Table {
    var table = Table(["slot time"] + ways.map(\.name))
    let names = Set(ways.flatMap { $0.runs.flatMap(\.ledger.keys) }).sorted()
    func add(_ name: String, _ value: (RunNumbers) -> Double?) {
      let medians = ways.map { Samples($0.runs.compactMap(value)).median }
      if medians.contains(where: { ($0 ?? 0) > 0 }) {
        table.add([name] + medians.map { $0.map(Quantity.seconds.text) ?? "" })
      }
    }
    for name in names { add(name) { $0.ledger[name] } }
    add("whole command, wall") { $0.wall }
    return table
  }

  /// What is read of a run's report (`plait.report/1`).
  private struct RunNumbers: Decodable {
    struct Overhead: Decodable { let ratio: Double }

    let overhead: Overhead
    let ledger: [String: Double]
    /// Measured from outside.
    var wall: Double?
  }
}

import ArgumentParser
import Engine
import Recording
import Reporting

/// Pairs of ordinary runs of one plan, one after another and side by side, made by this program itself and then compared.
struct SavingMeasurement {
  let archive: RunArchive
  /// The commit that all runs build on, whatever happens to HEAD meanwhile.
  let base: String
  /// How many pairs.
  let pairs: Int
  /// How many workers at once in the runs side by side.
  let slots: Int

  /// Makes the runs and writes the comparison out. A run that fails ends it with that run's exit code.
  func measure(json: Bool) async throws {
    let relay = SignalRelay()
    var runs: (baseline: [String], parallel: [String]) = ([], [])
    var isOverBudget = false
    for pair in 1...pairs {
      // By turns: a second run finds files in the system's cache that the first one had to read.
      for jobs in pair % 2 == 1 ? [1, slots] : [slots, 1] {
        let name = RunName.new(wall: SystemClock.wallTime())
        Console.note("Pair \(pair) of \(pairs): run \(name) with \(jobs) slot\(jobs == 1 ? "" : "s")")
        let code = try await run(name, jobs: jobs, relay)
        if code == .overBudget { isOverBudget = true }
        if jobs == 1 { runs.baseline.append(name) } else { runs.parallel.append(name) }
      }
    }
    try await archive.compare(runs.baseline, with: runs.parallel, json: json)
    Console.note("The \(pairs * 2) runs are kept: 'plait land RUN' takes one over, 'plait clean' names what can go.")
    if isOverBudget { throw ExitStatus.overBudget.code }
  }

  /// One run, in a process of its own; throws its exit code when it isn't complete.
  private func run(_ name: String, jobs: Int, _ relay: SignalRelay) async throws -> ExitStatus {
    let words = Self.words(of: Array(CommandLine.arguments.dropFirst()), run: name, jobs: jobs, base: base)
    switch try await relay.follow(OwnProcess(words, streams: .progressOnly)) {
    case .exited(let code):
      let status = ExitStatus(rawValue: code)
      guard let status, status == .success || status == .overBudget else { throw ExitCode(code) }
      if relay.isAsked { throw ExitStatus.stopped.code }
      return status
    case .signalled(let number): throw ExitCode(128 + number)
    }
  }

  /// The user's own words for one of the runs: what comes later goes before what was said earlier.
  static func words(of words: [String], run: String, jobs: Int, base: String) -> [String] {
    let own = words.prefix { $0 != "--" }
    var kept: [String] = []
    var isValue = false
    for word in own {
      if !isValue, word != "--measure-saving", !word.hasPrefix("--measure-saving=") { kept.append(word) }
      isValue = word == "--measure-saving"
    }
    return kept + ["--jobs", String(jobs), "--base", base, "--run-name", run] + words.dropFirst(own.count)
  }
}

import Foundation

/// From the end of a worker to the start of what has waited for it.
enum HandoverSection: Section {
  static let name = "handover"
  static let title = "From one worker to the next"
  static let explanation = """
    A chain, in which everything waits for the achievement before it, in a repository of 1,000 files at two slots: from the end \
    of a worker, as the run records it, to the start of its dependent's. In between its work is committed, merged and recorded, \
    and the next worktree brought to that. Workers take 50 ms; the first five links are left out.
    """

  static func run(_ bench: Bench) async throws -> String {
    let count = bench.isQuick ? 15 : 60
    Notice.say("\(name): a chain of \(count)")
    let folder = try bench.scratch.folder("handover")
    let sample = try SampleRepository(files: 1_000, at: "\(folder)/repository", program: bench.program)
    let worker = #"{"shell": "sleep 0.05; echo result > \"task-$PLAIT_ACHIEVEMENT.txt\"", "stdin": "none"}"#
    let plan = PlanFile.text(of: .chain(count), worker: worker)
    try plan.write(toFile: "\(folder)/parallel.json", atomically: false, encoding: .utf8)
    let events = "\(folder)/events.jsonl"
    let command = [
      bench.plait, "run", "\(folder)/parallel.json", "--repo", sample.path, "--jobs", "2", "--events", events, "--json",
    ]
    let standings = await bench.contest.run([
      Contender("median of a chain of \(count)") {
        try? FileManager.default.removeItem(atPath: events)
        try bench.program.run(command, in: folder)
        return try gap(in: events)
      }
    ])
    return Table("end to start", standings, unit: .milliseconds).markdown
  }

  /// The median of the gaps, in seconds.
  private static func gap(in path: String) throws -> Double {
    let decoder = JSONDecoder()
    let events = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
      try decoder.decode(Event.self, from: Data($0.utf8))
    }
    var gaps = Samples()
    var end: Double?
    for event in events {
      switch event.event {
      case "worker_ended": end = event.time
      case "worker_started": end.map { gaps.append(event.time - $0) }
      default: continue
      }
    }
    guard let median = Samples(Array(gaps.values.dropFirst(5))).median else {
      throw NotMeasured(reason: "the run has recorded no workers")
    }
    return median
  }

  /// What is read of a line of `--events` (`plait.event/1`).
  private struct Event: Decodable {
    let event: String
    let time: Double
  }
}

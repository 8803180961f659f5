import Planning
import Recording

@testable import Reporting

func id(_ text: String) -> AchievementID { AchievementID(text) ?? AchievementID.unreachable(text) }

extension AchievementID {
  static func unreachable(_ text: String) -> AchievementID {
    preconditionFailure("a test uses the malformed id \(text)")
  }
}

/// A plan from `(id, title, hours, dependencies)`.
func makePlan(
  name: String = "Sample",
  _ nodes: [(String, String, Double?, [String])],
  claims: [Claim] = []
) -> Plan {
  let numbers = [String: Int32](uniqueKeysWithValues: nodes.enumerated().map { ($1.0, Int32($0)) })
  return Plan(
    name: name,
    level: .acrossPriorities,
    achievements: nodes.map { node in
      Achievement(
        id: id(node.0),
        title: node.1,
        priority: 1,
        estimate: node.2.map { HourRange(low: $0, high: $0) }
      )
    },
    graph: DependencyGraph(dependencies: nodes.map { $0.3.compactMap { numbers[$0] } }),
    claims: claims
  )
}

/// Events of a run, written down one after another.
struct EventScript {
  private(set) var events: [RunEvent] = []
  let startedWall = 1_767_323_045.0

  init(slots: Int, plan: String = "Sample", budget: Double = 0.10, forecast: Double? = nil) {
    let header = RunHeader(
      run: "r1",
      plaitVersion: "1.0",
      planName: plan,
      planPath: "/p/parallel.json",
      repository: "/p",
      base: "base0",
      integrationRef: "refs/heads/plait/r1/integration",
      jobs: slots,
      overheadBudget: budget,
      workerArguments: nil,
      directory: "/p/.git/plait/runs/r1",
      pid: 42,
      forecastSeconds: forecast
    )
    at(0, .runStarted(header))
  }

  mutating func at(_ time: Double, _ fact: RunEvent.Fact) {
    events.append(RunEvent(time: time, wall: startedWall + time, fact: fact))
  }

  mutating func ready(_ time: Double, _ name: String) { at(time, .ready(id(name))) }

  /// An attempt that is merged; `times` are handed, prepared, started, exited, collected, verified, merged, freed.
  mutating func done(_ name: String, attempt: Int = 1, slot: Int, _ times: [Double], changed: Int = 1) {
    let attempt = AttemptID(id(name), attempt)
    let facts: [RunEvent.Fact] = [
      .attemptStarted(attempt, slot: slot, base: "base0"), .worktreeReady(attempt, path: "/w/\(name)"),
      .workerStarted(attempt, pid: 7), .workerEnded(attempt, WorkerEnd(status: .exited(0))),
      .resultCommitted(attempt, commit: "c-\(name)", changed: changed), .verified(attempt, VerifyResult(steps: [])),
      .merged(attempt, commit: "m-\(name)"), .slotFreed(attempt, slot: slot),
    ]
    for (time, fact) in zip(times, facts) { at(time, fact) }
  }

  /// An attempt whose worker exits with 3; `times` are handed, prepared, started, exited, failed, freed.
  mutating func failed(
    _ name: String,
    attempt: Int = 1,
    slot: Int,
    _ times: [Double],
    _ failure: AttemptFailure? = nil
  ) {
    let attempt = AttemptID(id(name), attempt)
    let facts: [RunEvent.Fact] = [
      .attemptStarted(attempt, slot: slot, base: "base0"), .worktreeReady(attempt, path: "/w/\(name)"),
      .workerStarted(attempt, pid: 7), .workerEnded(attempt, WorkerEnd(status: .exited(3))),
      .attemptFailed(attempt, failure ?? AttemptFailure(.worker, "exit 3")), .slotFreed(attempt, slot: slot),
    ]
    for (time, fact) in zip(times, facts) { at(time, fact) }
  }

  /// The events in order of time; what was written first stays first at equal times.
  var inOrder: [RunEvent] {
    events.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(\.element)
  }

  var snapshot: RunSnapshot { RunSnapshot(inOrder) }
}

/// A repeatable source of randomness (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

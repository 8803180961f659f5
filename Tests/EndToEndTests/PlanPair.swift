import Foundation
import TestSupport
import Testing

/// The plans ALPHA and BETA, each in its own folder beside the repository.
final class PlanPair {
  let scenario: Scenario
  let folders: [String]

  init(inside: Bool = false) throws {
    scenario = try Scenario()
    let root = inside ? scenario.repo : scenario.root
    folders = ["\(root)/plans/ALPHA", "\(root)/plans/BETA"]
  }

  private let worker = """
    echo "$PLAIT_ID $PLAIT_PLAN $PLAIT_ACHIEVEMENT ${PLAIT_PLAN_DIR##*/}" > $PLAIT_PLAN-$PLAIT_ACHIEVEMENT
    """

  /// Writes a plan; `extra` are further fields of it.
  func write(
    _ index: Int,
    _ achievements: KeyValuePairs<String, [String]>,
    worker: String? = nil,
    own: [String: JSONValue] = [:],
    extra: [String: JSONValue] = [:],
    name: String? = nil
  ) throws {
    let items: [JSONValue] = achievements.map { id, dependencies in
      var members: [String: JSONValue] = [
        "achievement_id": .string(id), "title": .string("Do \(id)"),
        "dependencies": .array(dependencies.map { .string($0) }),
      ]
      members.merge(own[id]?.members ?? [:]) { $1 }
      return .object(members)
    }
    var members: [String: JSONValue] = [
      "plan_name": .string(name ?? ["ALPHA", "BETA"][index]), "parallelization_level": "level_3",
      "achievements": .array(items), "worker": ["shell": .string(worker ?? self.worker)],
    ]
    members.merge(extra) { $1 }
    try scenario.write("\(folders[index])/parallel.json", JSONValue.object(members).text)
  }

  func run(_ arguments: String...) async throws -> Ended {
    try await scenario.start(["run"] + folders + arguments).end()
  }

  func merges() throws -> [String] {
    try scenario.lines("log", "--merges", "--reverse", "--format=%s", "main..\(scenario.integration())")
  }

  /// ALPHA's 1.1 waits for `go`; BETA's 1.2 follows it, BETA's 1.1 is done at once.
  func writeWaiting() throws {
    let waits = """
      echo $PLAIT_ATTEMPT >> \(scenario.place("attempts")); touch \(scenario.place("started"))
      until test -e \(scenario.place("go")); do sleep 0.02; done; \(worker)
      """
    try write(0, ["1.1": []], own: ["1.1": ["worker": ["shell": .string(waits)]]])
    try write(1, ["1.1": [], "1.2": ["1.1", "ALPHA:1.1"]])
  }

  /// Starts the run and returns when BETA's 1.1 is merged and ALPHA's 1.1 runs.
  func started(_ arguments: String...) async throws -> RunningProgram {
    let run = try scenario.start(["run"] + folders + ["--jobs", "2"] + arguments)
    #expect(await eventually { scenario.exists(scenario.place("started")) && run.err.contains("BETA:1.1 complete") })
    return run
  }
}

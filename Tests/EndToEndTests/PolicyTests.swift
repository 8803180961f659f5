import Foundation
import TestSupport
import Testing

/// What the plan and the command line may ask for: selection, order, retries, conflicts, pools, gate, set-up, checks.
@Suite(.limited) struct PolicyTests {
  private let writer = "echo $PLAIT_ACHIEVEMENT > file-$PLAIT_ACHIEVEMENT"

  /// Each achievement's times of work in the newest run.
  private func spans(_ scenario: Scenario) async throws -> [String: ClosedRange<Double>] {
    var spans: [String: ClosedRange<Double>] = [:]
    for entry in try await scenario.json("report", "--json")["achievements"].items {
      let stamps = entry["attempts"][0]["stamps"]
      guard let id = entry["id"].string, let from = stamps["handed"].number, let to = stamps["freed"].number else {
        continue
      }
      spans[id] = from...to
    }
    return spans
  }

  @Test func onlyAndRetriesAndFailFast() async throws {
    let scenario = try Scenario()
    try scenario.plan(["1.1": [], "1.2": ["1.1"], "2.1": [], "2.2": ["2.1"]], worker: writer)
    #expect(try await scenario.run("--only", "1.1,1.2").code == 0)
    #expect(try await scenario.states() == ["1.1": "complete", "1.2": "complete", "2.1": "skipped", "2.2": "skipped"])
    // Fails until its third attempt; each starts from a clean tree and is told why the last one failed.
    try scenario.plan(
      ["1.1": []],
      settings: [
        "worker": [
          "backoff": 0.01,
          "shell": .string(
            """
            test ! -e rubbish || exit 9; echo x > rubbish; echo "$PLAIT_PREVIOUS_FAILURE" > told
            grep -q 'exit 5' "$PLAIT_PROMPT" || test $PLAIT_ATTEMPT = 1 || exit 8
            test $PLAIT_ATTEMPT = 3 || exit 5
            """
          ),
        ]
      ]
    )
    let retried = try await scenario.run("--retries", "2")
    #expect(retried.code == 0, "\(retried.err)")
    #expect(try await scenario.entry("1.1")["attempts"].items.count == 3)
    #expect(try scenario.result("told")?.contains("exit 5") == true)
    #expect(try await scenario.run("--retries", "1").code == 1)
    // One slot: the first failure keeps all the others from starting.
    try scenario.plan(
      ["1.1": [], "1.2": [], "1.3": []],
      worker: "echo x > x-$PLAIT_ACHIEVEMENT; test $PLAIT_ACHIEVEMENT != 1.1"
    )
    #expect(try await scenario.run("--fail-fast", "--jobs", "1").code == 1)
    #expect(try await scenario.states() == ["1.1": "failed", "1.2": "ready", "1.3": "ready"])
    try scenario.expectTidy()
    try await scenario.expectClosedLedger()
  }

  @Test func tiersPoolsAndFootprintsKeepApart() async throws {
    let scenario = try Scenario()
    try scenario.plan(["1.1": [], "1.2": [], "2.1": [], "2.2": ["1.1"]], worker: "sleep 0.1; \(writer)")
    #expect(try await scenario.run("--tiers", "--jobs", "4").code == 0)
    var times = try await spans(scenario)
    for second in ["2.1", "2.2"] {
      for first in ["1.1", "1.2"] { #expect(times[first]!.upperBound <= times[second]!.lowerBound) }
    }
    let own: [String: JSONValue] = [
      "1.1": ["resources": ["db": 1]], "1.2": ["resources": ["db": 1]], "1.3": ["files": ["src/**"]],
      "1.4": ["files": ["src/a/b.txt"]],
    ]
    try scenario.plan(
      ["1.1": [], "1.2": [], "1.3": [], "1.4": []],
      worker: "sleep 0.1; \(writer)",
      own: own,
      settings: ["resources": ["db": 1]]
    )
    #expect(try await scenario.run("--jobs", "4").code == 0)
    times = try await spans(scenario)
    #expect(!times["1.1"]!.overlaps(times["1.2"]!))
    #expect(!times["1.3"]!.overlaps(times["1.4"]!))
    #expect(times["1.1"]!.overlaps(times["1.3"]!) || times["1.2"]!.overlaps(times["1.4"]!))
    try await scenario.expectClosedLedger()
  }

  /// Both start from the same base, since each waits for the other, and write different lines to one file.
  private func clash(_ scenario: Scenario) -> String {
    """
    if test $PLAIT_ATTEMPT = 1; then
      touch \(scenario.place("here"))-$PLAIT_ACHIEVEMENT
      until test -e \(scenario.place("here"))-1.1 && test -e \(scenario.place("here"))-1.2; do sleep 0.01; done
    fi
    cp "$PLAIT_PROMPT" prompt-$PLAIT_ACHIEVEMENT
    echo "by $PLAIT_ACHIEVEMENT" >> shared
    """
  }

  @Test func conflicts() async throws {
    for policy in ["fail", "retry"] {
      let scenario = try Scenario()
      try scenario.plan(
        ["1.1": [], "1.2": [], "2.1": ["1.1", "1.2"]],
        worker: writer,
        own: [
          "1.1": ["worker": ["shell": .string(clash(scenario))]],
          "1.2": ["worker": ["shell": .string(clash(scenario))]],
        ],
        settings: ["on_conflict": .string(policy)]
      )
      let before = try scenario.checkout()
      let ended = try await scenario.run("--jobs", "2")
      #expect(try scenario.checkout() == before)
      if policy == "retry" {
        #expect(ended.code == 0, "\(ended.err)")
        #expect(try scenario.result("shared")?.split(separator: "\n").count == 2)
        #expect(try (scenario.result("prompt-1.1")! + scenario.result("prompt-1.2")!).contains("shared"))
      } else {
        #expect(ended.code == 4, "\(ended.err)")
        let states = try await scenario.states()
        #expect(states["2.1"] == "blocked")
        let loser = try #require(states.first { $0.value == "failed" }?.key)
        let failure = try await scenario.entry(loser)["failure"]
        #expect(failure["kind"] == "conflict" && failure["paths"].strings == ["shared"])
        let kept = try #require(failure["kept_ref"].string)
        #expect(kept.hasPrefix("refs/heads/plait/"))
        #expect(try scenario.git("show", "\(kept):shared") == "by \(loser)")
      }
      try scenario.expectTidy()
      try await scenario.expectClosedLedger()
    }
  }

  @Test func aRedGateIsNotMerged() async throws {
    let scenario = try Scenario()
    // Each alone is fine; together they are not.
    try scenario.plan(
      ["1.1": [], "1.2": [], "1.3": []],
      worker: writer,
      settings: ["gate": ["shell": "test ! -e file-1.1 || test ! -e file-1.2"]]
    )
    let ended = try await scenario.run("--jobs", "1")
    #expect(ended.code == 1, "\(ended.err)")
    #expect(try await scenario.states() == ["1.1": "complete", "1.2": "failed", "1.3": "complete"])
    let failure = try await scenario.entry("1.2")["failure"]
    #expect(failure["kind"] == "gate" && failure["message"].string?.contains("gate failed") == true)
    #expect(try scenario.result("file-1.2") == nil)
    #expect(try scenario.result("file-1.3") == "1.3")
    let kept = try #require(failure["kept_ref"].string)
    #expect(try scenario.git("show", "\(kept):file-1.2") == "1.2")
    try scenario.plan(
      ["1.1": [], "1.2": []],
      worker: writer,
      settings: ["gate": ["command": ["test", "-e", "README.md"]]]
    )
    #expect(try await scenario.run().code == 0)
    try scenario.expectTidy()
  }

  @Test func setupChecksAndEnvironment() async throws {
    let scenario = try Scenario()
    try scenario.sandbox.write(".gitignore", ".env\nprepared\nsecret/\n")
    try scenario.sandbox.write("check.sh", "#!/bin/sh\ntest -e file-$PLAIT_ACHIEVEMENT\n")
    try scenario.sandbox.commit("checks")
    try scenario.sandbox.write(".env", "KEY=1\n")
    try scenario.sandbox.write("secret/a/token", "t\n")
    let worker = """
      grep -q KEY=1 .env && test -e secret/a/token && test -e prepared || exit 4
      test "$OWN" = value && test "$PASSED" = through && test -z "$WITHHELD" || exit 5
      test -s "$PLAIT_PROMPT" && test "$PWD" = "$PLAIT_WORKTREE" && test -d "$PLAIT_OUTPUT_DIR" || exit 6
      grep -q "Do $PLAIT_ACHIEVEMENT" && echo $PLAIT_ACHIEVEMENT > file-$PLAIT_ACHIEVEMENT
      """
    try scenario.plan(
      ["1.1": [], "1.2": ["1.1"]],
      own: ["1.1": ["validation_script": "check.sh", "deliverables": ["file-1.1"]]],
      settings: [
        "worker": [
          "shell": .string(worker), "stdin": "prompt", "env": ["OWN": "value"], "pass_env": ["PASSED"], "timeout": "1m",
        ],
        "setup": ["shell": "touch prepared", "copy": [".env", "secret/a/token"]],
        "verify": [
          ["shell": "test -e file-$PLAIT_ACHIEVEMENT"], ["command": ["test", "-e", "README.md"]], ["file": "README.md"],
        ],
      ]
    )
    let before = try scenario.checkout()
    let ended = try await scenario.run(environment: ["PASSED": "through", "WITHHELD": "yes"])
    #expect(ended.code == 0, "\(ended.err)")
    #expect(try scenario.checkout() == before)
    #expect(try scenario.lines("diff", "--name-only", "main", scenario.integration()) == ["file-1.1", "file-1.2"])
    try scenario.plan(["1.1": []], worker: writer, settings: ["setup": ["shell": "exit 3"]])
    let failed = try await scenario.run()
    #expect(failed.code == 1 && failed.err.contains("setup failed"), "\(failed.err)")
    try scenario.plan(["1.1": []], worker: writer, settings: ["setup": ["copy": ["missing"]]])
    let missing = try await scenario.run()
    #expect(missing.code == 1 && missing.err.contains("missing"), "\(missing.err)")
    try scenario.expectTidy()
  }

  @Test func theWorkerOfTheCommandLineComesFirst() async throws {
    let scenario = try Scenario()
    try scenario.plan(["1.1": []], worker: "exit 9")
    let ended = try await scenario.run("--", "sh", "-c", "echo \"$1\" > given", "sh", "two words; $HOME")
    #expect(ended.code == 0, "\(ended.err)")
    #expect(try scenario.result("given") == "two words; $HOME")
  }

  @Test func worktreesWhereTheUserWantsThem() async throws {
    let scenario = try Scenario()
    try scenario.plan(["1.1": []], worker: "pwd > where")
    #expect(try await scenario.run("--worktrees", "../elsewhere").code == 0)
    for inside in ["", ".", "slots"] {
      #expect(try await scenario.run("--worktrees", inside).code == 64)
    }
    #expect(try scenario.result("where")?.hasPrefix("\(scenario.root)/elsewhere/") == true)
    #expect(!scenario.exists(scenario.place("elsewhere")))
    try scenario.expectTidy()
  }
}

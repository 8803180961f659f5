import Foundation
import TestSupport
import Testing

/// Workers that fail, misbehave or are not there. An independent achievement is completed beside each of them.
@Suite(.limited) struct BadWorkerTests {
  /// Runs 1.1 with the given worker, 1.2 after it and 2.1 on its own; checks what holds however 1.1 ends.
  private func run(
    _ worker: JSONValue,
    settings: JSONValue = [:],
    own: [String: JSONValue] = [:],
    arguments: [String] = [],
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> (scenario: Scenario, ended: Ended) {
    let scenario = try Scenario()
    let first: JSONValue = .object(["worker": worker].merging(own["1.1"]?.members ?? [:]) { $1 })
    try scenario.plan(
      ["1.1": [], "1.2": ["1.1"], "2.1": []],
      worker: "echo $PLAIT_ACHIEVEMENT > file-$PLAIT_ACHIEVEMENT",
      own: ["1.1": first],
      settings: settings
    )
    let before = try scenario.checkout()
    let ended = try await scenario.start(["run", scenario.planPath, "--jobs", "2"] + arguments).end()
    // Branches that a worker makes by a name of its own are its doing.
    #expect(try scenario.checkout().filter { !$0.key.contains("/own-") } == before, sourceLocation: sourceLocation)
    #expect(try scenario.result("file-2.1") == "2.1", "\(ended.err)", sourceLocation: sourceLocation)
    try scenario.expectTidy(sourceLocation: sourceLocation)
    try await scenario.expectClosedLedger(sourceLocation: sourceLocation)
    return (scenario, ended)
  }

  /// Checks that 1.1 failed with this message and that 1.2 is blocked by it.
  private func expectFailure(
    _ worker: JSONValue,
    _ message: String,
    kind: String = "worker",
    settings: JSONValue = [:],
    own: [String: JSONValue] = [:],
    arguments: [String] = [],
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> Scenario {
    let (scenario, ended) = try await run(
      worker,
      settings: settings,
      own: own,
      arguments: arguments,
      sourceLocation: sourceLocation
    )
    #expect(ended.code == 1, "\(ended.err)", sourceLocation: sourceLocation)
    let states = try await scenario.states()
    #expect(states == ["1.1": "failed", "1.2": "blocked", "2.1": "complete"], sourceLocation: sourceLocation)
    let failure = try await scenario.entry("1.1")["failure"]
    #expect(failure["kind"].string == kind, sourceLocation: sourceLocation)
    let text = failure["message"].string ?? ""
    #expect(text.contains(message), "\(text)", sourceLocation: sourceLocation)
    #expect(!text.contains("\n") && text.count < 400, "\(text)", sourceLocation: sourceLocation)
    #expect(
      ended.err.split(separator: "\n").contains { $0.contains("1.1") && $0.contains("failed") },
      "\(ended.err)",
      sourceLocation: sourceLocation
    )
    return scenario
  }

  @Test func exitCodesAndSignals() async throws {
    let scenario = try await expectFailure(["shell": "echo half > half; exit 7"], "exit 7")
    // What it had done is kept, and the report says where.
    let kept = try #require(try await scenario.entry("1.1")["failure"]["kept_ref"].string)
    #expect(try scenario.git("show", "\(kept):half") == "half")
    _ = try await expectFailure(["shell": "kill -KILL $$"], "signal 9")
    _ = try await expectFailure(["shell": "kill -SEGV $$"], "signal 11")
  }

  @Test func programsThatAreNotThere() async throws {
    let scenario = try Scenario()
    let notExecutable = try scenario.executable("tool", "#!/bin/sh\n")
    chmod(notExecutable, 0o644)
    for (program, words) in [
      ("no-such-program", "not in PATH"), ("/no/such/program", "does not exist"), (notExecutable, "not executable"),
      (scenario.root, "not executable"),
    ] {
      try scenario.plan(["1.1": []], settings: ["worker": ["command": [.string(program)]]])
      let ended = try await scenario.run()
      #expect(ended.code == 69 && ended.errors.count == 1 && ended.err.contains(words), "\(ended.err)")
      let given = try await scenario.run("--", program, "x")
      #expect(given.code == 69 && given.err.contains(words), "\(given.err)")
    }
    try scenario.plan(["1.1": []])
    let ended = try await scenario.run()
    #expect(ended.code == 69 && ended.err.contains("1.1") && ended.err.contains("worker"), "\(ended.err)")
    // A path that the work might make is looked for when it starts; a file that the system can't execute is found then.
    let late = try await expectFailure(["command": ["./made-later"]], "made-later", kind: "system")
    #expect(try await late.plait("explain", "1.1").out.contains("made-later"))
    let garbled = try scenario.executable("garbled", "\u{1}\u{2}not a program")
    _ = try await expectFailure(["command": [.string(garbled)]], "garbled", kind: "system")
  }

  @Test func timeouts() async throws {
    _ = try await expectFailure(["shell": "sleep 600", "timeout": 0.3], "timeout of 0.3 s")
    _ = try await expectFailure(["shell": "sleep 600", "idle_timeout": 0.3], "no sign of life")
    _ = try await expectFailure(["shell": "trap '' TERM; sleep 600 & wait", "timeout": 0.3], "timeout")
    _ = try await expectFailure(["shell": "sleep 600"], "timeout of 0.5 s", arguments: ["--timeout", "0.5"])
  }

  @Test func outputWithoutEndIsCut() async throws {
    let (scenario, ended) = try await run(["shell": "head -c 230000000 /dev/zero | tr '\\0' 'x'; echo x > x"])
    #expect(ended.code == 0, "\(ended.err)")
    let attempt = try await scenario.entry("1.1")["attempts"][0]
    #expect(attempt["output_was_cut"] == true)
    let run = try #require(try await scenario.json("status", "--json")["run"].string)
    let log = "\(scenario.repo)/.git/plait/runs/\(run)/1.1/1/output.log"
    let size = try #require(try FileManager.default.attributesOfItem(atPath: log)[.size] as? Int)
    #expect(size <= (100 << 20) + 4_096)
    #expect(try await scenario.plait("explain", "1.1").out.contains("longer than what is kept"))
    try FileManager.default.removeItem(atPath: log)
  }

  @Test func writesOutsideOfItsWorktree() async throws {
    let scenario = try Scenario()
    try scenario.plan(["1.1": []], worker: "echo x > ../outside; echo y > inside")
    let before = try scenario.checkout()
    #expect(try await scenario.run().code == 0)
    #expect(try scenario.checkout() == before)
    #expect(try scenario.lines("diff", "--name-only", "main", scenario.integration()) == ["inside"])
    // It is nobody's result, but somebody's work: kept until it is cleaned, and named then.
    let forecast = try await scenario.plait("clean", "--dry-run")
    #expect(forecast.out.contains("would remove folder \(scenario.repo).plait/"))
    #expect(try await scenario.plait("clean").out.contains("removed folder \(scenario.repo).plait/"))
    try scenario.expectTidy()
  }

  @Test func deletesItsWorktree() async throws {
    _ = try await expectFailure(["shell": "rm -rf \"$PLAIT_WORKTREE\""], "worktree")
    _ = try await expectFailure(["shell": "rm -f .git; echo x > x"], "worktree")
  }

  @Test func rewritesHistory() async throws {
    let scenario = try await expectFailure(
      ["shell": "git checkout -q --orphan own-$$ && git -c user.name=a -c user.email=a@b commit -qm rewritten"],
      "history was rewritten"
    )
    #expect(try scenario.git("rev-list", "--count", "main") == "1")
  }

  @Test func leavesAnUnfinishedGit() async throws {
    let (scenario, ended) = try await run(["shell": "echo x > x; touch \"$(git rev-parse --git-path index.lock)\""])
    let states = try await scenario.states()
    if ended.code == 0 {
      #expect(try scenario.result("x") == "x")
    } else {
      #expect(states["1.1"] == "failed")
      #expect(try await scenario.entry("1.1")["failure"]["message"].string?.contains("lock") == true)
    }
  }

  @Test func nestedRepositories() async throws {
    _ = try await expectFailure(
      [
        "shell":
          "git init -q inner && cd inner && echo x > x && git add x && git -c user.name=a -c user.email=a@b commit -q -m x"
      ],
      "inner"
    )
  }

  @Test(arguments: [
    "git checkout -q -b own-$PLAIT_RUN; echo x > x; git add x; git -c user.name=a -c user.email=a@b commit -qm mine",
    "git checkout -q --detach; echo x > x; git add x; git -c user.name=a -c user.email=a@b commit -qm mine",
    "echo x > x; git add x; git -c user.name=a -c user.email=a@b commit -qm mine; echo more > y",
  ])
  func commitsItself(_ worker: String) async throws {
    let (scenario, ended) = try await run(.object(["shell": .string(worker)]))
    #expect(ended.code == 0, "\(ended.err)")
    #expect(try scenario.result("x") == "x")
    #expect(try scenario.result("file-1.2") == "1.2")
    #expect(try scenario.lines("log", "--format=%s", "main..\(scenario.integration())").contains("mine"))
  }

  @Test func childrenThatStayBehind() async throws {
    let (scenario, ended) = try await run([
      "shell": "sleep 600 & setsid sleep 600 & (setsid sh -c 'trap \"\" TERM HUP; sleep 600' &) ; echo x > x"
    ])
    #expect(ended.code == 0, "\(ended.err)")
    #expect(processes(mentioning: scenario.repo).isEmpty)
    #expect(try await scenario.plait("explain", "1.1").out.contains("left behind by the worker"))
  }

  @Test func nothingChangedIsALegalResult() async throws {
    let (scenario, ended) = try await run(["shell": "true"])
    #expect(ended.code == 0, "\(ended.err)")
    #expect(try await scenario.entry("1.1")["changed_paths"] == 0)
  }

  @Test func failingChecks() async throws {
    for (own, words) in [
      (["verify": [["shell": "test -f never"]]], "test -f never"), (["verify": [["file": "never"]]], "never"),
      (["verify": [["command": ["false"]]]], "false"), (["verify": [["command": ["no-such-check"]]]], "no-such-check"),
      (["verify": [["shell": "sleep 600", "timeout": 0.3]]], "timeout"), (["deliverables": ["never"]], "never"),
    ] as [([String: JSONValue], String)] {
      let scenario = try await expectFailure(["shell": "echo x > x"], words, kind: "verify", own: ["1.1": .object(own)])
      let kept = try #require(try await scenario.entry("1.1")["failure"]["kept_ref"].string)
      #expect(try scenario.git("show", "\(kept):x") == "x")
    }
  }
}

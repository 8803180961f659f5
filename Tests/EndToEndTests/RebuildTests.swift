import Foundation
import Recording
import TestSupport
import Testing

/// Runs that go on although their record or their plan isn't what it was, or nobody watches them.
@Suite(.limited) struct RebuildTests {
  /// 1.1 is merged, 1.2 has failed and blocks 1.3; each start of a worker is a line of `starts`.
  /// `keepingLog`: the write-ahead log stays full, as after a kill. Whoever closes a database last empties it, so the test has
  /// it open during the run, and puts back afterwards what it was like then.
  private func halfDone(keepingLog: Bool = false) async throws -> Scenario {
    let scenario = try Scenario()
    let line = "echo $PLAIT_ACHIEVEMENT >> \(scenario.place("starts")); echo x > file-$PLAIT_ACHIEVEMENT"
    try scenario.plan(
      ["1.1": [], "1.2": ["1.1"], "1.3": ["1.2"]],
      worker: "\(line); test $PLAIT_ACHIEVEMENT != 1.2 || test -e \(scenario.place("go"))"
    )
    let files = [database(scenario), database(scenario) + "-wal"]
    var kept: [Data] = []
    do {
      let folder = URL(fileURLWithPath: database(scenario)).deletingLastPathComponent()
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let other = keepingLog ? try RunStore(path: database(scenario)) : nil
      #expect(try await scenario.run().code == 1)
      if other != nil { kept = try files.map { try Data(contentsOf: URL(fileURLWithPath: $0)) } }
    }
    for (file, bytes) in zip(files, kept) { try bytes.write(to: URL(fileURLWithPath: file)) }
    if keepingLog { unlink(database(scenario) + "-shm") }
    try scenario.write(scenario.place("go"), "")
    return scenario
  }

  private func expectTheRestWasRun(_ scenario: Scenario, sourceLocation: SourceLocation = #_sourceLocation) async throws
  {
    #expect(Set(try await scenario.states().values) == ["complete"], sourceLocation: sourceLocation)
    let starts = scenario.text(scenario.place("starts")).split(separator: "\n").map(String.init)
    #expect(starts == ["1.1", "1.2", "1.2", "1.3"], sourceLocation: sourceLocation)
    let merges = try scenario.lines("log", "--merges", "--format=%s", "main..\(scenario.integration())")
    #expect(merges.count == 3, sourceLocation: sourceLocation)
    try scenario.expectTidy(sourceLocation: sourceLocation)
  }

  private func database(_ scenario: Scenario) -> String { scenario.repo + "/.git/plait/plait.sqlite" }

  private func removeLog(_ scenario: Scenario) {
    for suffix in ["-wal", "-shm"] { unlink(database(scenario) + suffix) }
  }

  @Test func aDatabaseThatIsGoneIsMadeAnew() async throws {
    let scenario = try await halfDone()
    unlink(database(scenario))
    removeLog(scenario)
    let resumed = try await scenario.plait("resume", "--rebuild", "--retry-failed")
    #expect(resumed.code == 0, "\(resumed.err)")
    #expect(resumed.err.contains("is in the database again"))
    try await expectTheRestWasRun(scenario)
  }

  @Test func aDatabaseThatIsDamagedIsMadeAnew() async throws {
    let scenario = try await halfDone()
    removeLog(scenario)
    try scenario.write(database(scenario), String(repeating: "A", count: 8_192))
    let refused = try await scenario.plait("resume")
    #expect(refused.code == 74 && refused.errors.count == 1)
    #expect(refused.err.contains("is damaged") && refused.err.contains("plait resume --rebuild"))
    let resumed = try await scenario.plait("resume", "--rebuild", "--retry-failed")
    #expect(resumed.code == 0, "\(resumed.err)")
    #expect(resumed.err.contains("without its events"))
    try await expectTheRestWasRun(scenario)
  }

  /// The last transactions are in the write-ahead log.
  @Test func aDatabaseWithATornTailGoesOn() async throws {
    let scenario = try await halfDone(keepingLog: true)
    let log = database(scenario) + "-wal"
    let size = try #require(try FileManager.default.attributesOfItem(atPath: log)[.size] as? Int)
    truncate(log, off_t(size - 5_000))
    let resumed = try await scenario.plait("resume", "--retry-failed")
    #expect(resumed.code == 0, "\(resumed.err)")
    try await expectTheRestWasRun(scenario)
  }

  @Test func aDatabaseWithoutItsRunsSaysHowToGetThemBack() async throws {
    let scenario = try await halfDone()
    unlink(database(scenario))
    removeLog(scenario)
    _ = try RunStore(path: database(scenario))
    let refused = try await scenario.plait("status")
    #expect(refused.code == 66 && refused.err.contains("plait resume --rebuild"), "\(refused.err)")
    #expect(try await scenario.plait("resume", "--rebuild", "--retry-failed").code == 0)
    try await expectTheRestWasRun(scenario)
  }

  @Test func aPlanThatChangedIsTakenWhenAskedFor() async throws {
    let scenario = try await halfDone()
    let line = "echo $PLAIT_ACHIEVEMENT >> \(scenario.place("starts")); echo x > file-$PLAIT_ACHIEVEMENT"
    try scenario.plan(
      ["1.1": [], "1.2": ["1.1"], "1.4": ["1.1"]],
      worker: "\(line); test $PLAIT_ACHIEVEMENT != 1.2 || test -e \(scenario.place("go"))"
    )
    let plain = try await scenario.plait("resume")
    #expect(plain.err.contains("--replan"), "\(plain.err)")
    let resumed = try await scenario.plait("resume", "--replan", "--retry-failed")
    #expect(resumed.code == 0, "\(resumed.err)")
    #expect(resumed.err.contains("1.4 is new in the plan"))
    #expect(try await scenario.states()["1.4"] == "complete")
    let starts = scenario.text(scenario.place("starts")).split(separator: "\n").map(String.init)
    #expect(starts.filter { $0 == "1.1" }.count == 1 && !starts.contains("1.3"))

    try scenario.plan(
      ["1.1": [], "1.2": ["1.1"], "1.4": ["1.1"]],
      worker: "\(line); echo more > more-$PLAIT_ACHIEVEMENT"
    )
    let changed = try await scenario.plait("resume", "--replan")
    #expect(changed.code == 0, "\(changed.err)")
    #expect(changed.err.contains("1.1 runs again"), "\(changed.err)")
    #expect(try scenario.result("more-1.1") == "more")
    try await scenario.expectClosedLedger()
    try scenario.expectTidy()
  }

  @Test func aDetachedRunGoesOnWithoutWhoeverStartedIt() async throws {
    let scenario = try Scenario()
    try scenario.plan(
      ["1.1": [], "1.2": ["1.1"]],
      worker: "until test -e \(scenario.place("go")); do sleep 0.02; done; echo x > file-$PLAIT_ACHIEVEMENT"
    )
    let started = try await scenario.run("--detach")
    #expect(started.code == 0 && started.out.contains("goes on in the background"), "\(started.err)")
    let watcher = try scenario.start(["status", "--watch"])
    try scenario.write(scenario.place("go"), "")
    #expect(await watcher.end().code == 0)
    #expect(await eventually { processes(mentioning: scenario.repo).isEmpty })
    #expect(Set(try await scenario.states().values) == ["complete"])
    try scenario.expectTidy()

    let failing = try scenario.start(["run", scenario.place("nothing"), "--detach"])
    #expect(await failing.end().code == 66)
  }
}

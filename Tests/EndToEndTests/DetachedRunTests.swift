import TestSupport
import Testing

/// Runs that go on without the terminal they were started from.
@Suite(.limited) struct DetachedRunTests {
  @Test func goesOnAfterTheCommandHasEnded() async throws {
    let scenario = try Scenario()
    let go = scenario.place("go")
    try scenario.plan(["1.1": []])
    let started = try await scenario.run(
      "--detach",
      "--jobs",
      "1",
      "--",
      "sh",
      "-c",
      "mkfifo \(go) && read word < \(go) && echo $word > made"
    )
    #expect(started.code == 0 && started.out.contains("goes on in the background"), "\(started.err)")
    #expect(await eventually { scenario.exists(go) })
    #expect(try await scenario.json("status", "--json")["state"] == "running")
    try scenario.write(go, "done\n")
    #expect(try await eventually { try await scenario.json("status", "--json")["state"] == "complete" })
    #expect(try scenario.result("made") == "done")
    try scenario.expectTidy()
  }
}

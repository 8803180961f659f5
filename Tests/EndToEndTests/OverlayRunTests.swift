import Foundation
import TestSupport
import Testing

/// Whether this process may mount.
private let canMount: Bool = {
  let trial =
    "d=$(mktemp -d); cd $d; mkdir l u w t; mount -t overlay o -o lowerdir=l,upperdir=u,workdir=w t && umount t; "
  return (try? Program.status(of: ["sh", "-c", trial + "r=$?; cd /; rm -rf $d; exit $r"], in: "/").code) == 0
}()

/// Runs whose worktrees lie over one another.
@Suite(.limited, .enabled(if: canMount)) struct OverlayRunTests {
  /// Every achievement changes, moves and removes something of what was there and of what its dependency made.
  private func scenario() throws -> Scenario {
    let scenario = try Scenario()
    try scenario.sandbox.write("shared/deep/file", "one\n")
    try scenario.sandbox.write("shared/gone", "gone\n")
    try scenario.sandbox.commit("more files")
    try scenario.plan(
      ["1.1": [], "1.2": ["1.1"], "1.3": [], "2.1": ["1.2", "1.3"]],
      worker: """
        echo $PLAIT_ID > file-$PLAIT_ID; mkdir -p made/$PLAIT_ID; echo in > made/$PLAIT_ID/file; echo x > scratch.log
        case $PLAIT_ID in 1.1) rm shared/gone; mv shared/deep shared/moved;; 2.1) rm -r shared; echo s > shared;; esac
        """
    )
    return scenario
  }

  private func mounts(_ scenario: Scenario) -> [Substring] {
    scenario.text("/proc/self/mountinfo").split(separator: "\n").filter { $0.contains(" \(scenario.root)/") }
  }

  /// 1.1 says that it runs, then waits.
  private func waitingScenario() throws -> Scenario {
    let scenario = try Scenario()
    let waits = """
      echo early > early; touch \(scenario.place("started"))
      until test -e \(scenario.place("go")); do sleep 0.02; done; echo 1.1 > file-1.1
      """
    try scenario.plan(
      ["1.1": [], "1.2": ["1.1"]],
      worker: "echo $PLAIT_ID > file-$PLAIT_ID",
      own: ["1.1": ["worker": ["shell": .string(waits)]]]
    )
    return scenario
  }

  private func killed(_ scenario: Scenario) async throws {
    let run = try scenario.startRun("--jobs", "2", "--overlay")
    #expect(await eventually { scenario.exists(scenario.place("started")) })
    run.send(SIGKILL)
    #expect(await run.end().signal == SIGKILL)
    // Not by the table of mounts, which other tests change while it is read.
    let look = "for m in \(scenario.repo).plait/*/tree-*; do mountpoint -q $m && exit 0; done; exit 1"
    #expect(try Program.status(of: ["sh", "-c", look], in: "/").code == 0)
  }

  @Test func theResultIsThatOfOrdinaryWorktrees() async throws {
    let scenario = try scenario()
    #expect(try await scenario.run("--jobs", "2").code == 0)
    let ordinary = try scenario.git("rev-parse", "\(scenario.integration())^{tree}")
    let ended = try await scenario.run("--jobs", "2", "--overlay")
    #expect(ended.code == 0, "\(ended.err)")
    #expect(try scenario.git("rev-parse", "\(scenario.integration())^{tree}") == ordinary)
    #expect(mounts(scenario).isEmpty)
    try scenario.expectTidy()
    try await scenario.expectClosedLedger()
  }

  @Test func aKilledRunGoesOnWithItsWorkersInTheirMounts() async throws {
    let scenario = try waitingScenario()
    try await killed(scenario)
    try scenario.write(scenario.place("go"), "")
    let resumed = try await scenario.plait("resume")
    #expect(resumed.code == 0, "\(resumed.err)")
    #expect(try scenario.result("file-1.1") == "1.1" && scenario.result("file-1.2") == "1.2")
    #expect(try scenario.result("early") == "early")
    #expect(mounts(scenario).isEmpty)
    try scenario.expectTidy()
  }

  /// As after a restart of the machine: what the worker left is there, the mounts are not.
  @Test func aFinishedWorkersResultIsFoundWithoutItsMount() async throws {
    let scenario = try waitingScenario()
    try await killed(scenario)
    try scenario.write(scenario.place("go"), "")
    #expect(await eventually { processes(mentioning: "\(scenario.repo).plait").isEmpty })
    try Program.run(
      ["sh", "-ec", "for m in \(scenario.repo).plait/*/tree-*; do mountpoint -q $m && umount $m; done; true"],
      in: "/"
    )
    #expect(mounts(scenario).isEmpty)
    let resumed = try await scenario.plait("resume")
    #expect(resumed.code == 0, "\(resumed.err)")
    #expect(try scenario.result("file-1.1") == "1.1" && scenario.result("early") == "early")
    #expect(try await scenario.entry("1.1")["attempts"].items.count <= 1, "its worker was not run again")
    #expect(mounts(scenario).isEmpty)
    try scenario.expectTidy()
  }

  @Test func cleaningKeepsTheWorkAndTakesTheMountsAway() async throws {
    let scenario = try waitingScenario()
    try await killed(scenario)
    let cleaned = try await scenario.plait("clean")
    #expect(cleaned.code == 0, "\(cleaned.err)")
    #expect(cleaned.out.contains("uncommitted path"), "\(cleaned.out)")
    let saved = try scenario.lines("for-each-ref", "--format=%(refname)", "refs/plait/*/salvage/*")
    #expect(try saved.contains { try scenario.git("ls-tree", "--name-only", $0).contains("early") })
    #expect(mounts(scenario).isEmpty && !scenario.exists("\(scenario.repo).plait"))
  }

  @Test func whereNothingCanBeMountedTheRunIsRefused() async throws {
    let scenario = try scenario()
    let refused = try await scenario.run("--overlay", "--worktrees", "/proc/plait")
    #expect(refused.code != 0)
    #expect(try scenario.lines("for-each-ref", "refs/heads/plait").isEmpty)
    let both = try await scenario.run("--overlay", "--no-worktree")
    #expect(both.code == 64 && both.err.contains("--overlay"))
  }
}

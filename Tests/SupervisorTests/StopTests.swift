import Foundation
import Testing

/// Everything that a worker started is gone at the end, whichever way it came to that end.
@Suite struct StopTests {
  /// A child of its own session that an orphan started: no parent, no session and no group lead to it.
  private static let escape = "(setsid sh -c 'setsid sleep 300 & echo escaped; exec sleep 300' &)"
  private static let escaped = escape + "; until grep -q escaped output.log; do sleep 0.01; done"

  @Test func strayProcessesAreGoneAfterTheEnd() async throws {
    let supervised = try Supervised("\(Self.escaped); exit 3")
    #expect(await supervised.end() == 0)
    #expect(supervised.survivors == [])
    #expect(supervised.result["end"] == "exited 3")
    #expect(supervised.result["strays"] == "2")
  }

  @Test func strayProcessesThatIgnoreSIGTERMAreGoneSoon() async throws {
    let supervised = try Supervised(
      "(setsid sh -c 'trap \"\" TERM; echo escaped; while :; do sleep 300; done' &); "
        + "until grep -q escaped output.log; do sleep 0.01; done",
      ["--grace", "60"]
    )
    #expect(await supervised.end(within: .seconds(30)) == 0)
    #expect(supervised.survivors == [])
    #expect(supervised.result["end"] == "exited 0")
    #expect(supervised.result["strays"] == "2")
  }

  /// The rest of a pipe that ends by itself a moment later is not disturbed.
  @Test func lastWritersMayFinish() async throws {
    let supervised = try Supervised("(sleep 0.03; echo the end) & exit 0")
    #expect(await supervised.end() == 0)
    #expect(supervised.output == "the end\n")
    #expect(supervised.result["strays"] == "0")
  }

  @Test func strayProcessesAreGoneAfterTimeout() async throws {
    let supervised = try Supervised("\(Self.escaped); sleep 300", ["--timeout", "0.7"])
    #expect(await supervised.end() == 0)
    #expect(supervised.survivors == [])
    #expect(supervised.result["end"] == "stopped timeout")
    #expect(try #require(supervised.result["wall"].flatMap { Double($0) }) >= 0.7)
  }

  @Test func strayProcessesAreGoneAfterSIGTERM() async throws {
    let supervised = try Supervised("\(Self.escaped); echo ready; sleep 300")
    #expect(await supervised.hasWritten("ready"))
    kill(supervised.pid, SIGTERM)
    #expect(await supervised.end() == 0)
    #expect(supervised.survivors == [])
    #expect(supervised.result["end"] == "stopped asked")
  }

  @Test func workerThatIgnoresSIGTERMIsKilledAfterGrace() async throws {
    let supervised = try Supervised(
      "trap 'echo heard' TERM; echo ready; while :; do sleep 0.05; done",
      ["--grace", "0.5"]
    )
    #expect(await supervised.hasWritten("ready"))
    let asked = ContinuousClock.now
    kill(supervised.pid, SIGTERM)
    #expect(await supervised.end() == 0)
    #expect(ContinuousClock.now - asked >= .seconds(0.5))
    #expect(supervised.output.contains("heard"))
    #expect(supervised.result["end"] == "stopped asked")
    #expect(supervised.survivors == [])
  }

  @Test func workerThatEndsTidilyWithinGraceWasStopped() async throws {
    let supervised = try Supervised(
      "trap 'sleep 0.2; echo tidy; exit 0' TERM; echo ready; while :; do sleep 0.05; done"
    )
    #expect(await supervised.hasWritten("ready"))
    kill(supervised.pid, SIGTERM)
    #expect(await supervised.end(within: .seconds(9)) == 0)
    // The shell may tell of its own child that it was ended.
    #expect(supervised.output.hasSuffix("tidy\n"))
    #expect(supervised.result["end"] == "stopped asked")
  }

  @Test func pausedWorkerIsStoppedToo() async throws {
    let supervised = try Supervised("echo ready; kill -STOP $$", ["--grace", "60"])
    #expect(await supervised.hasWritten("ready"))
    kill(supervised.pid, SIGTERM)
    #expect(await supervised.end(within: .seconds(30)) == 0)
    #expect(supervised.result["end"] == "stopped asked")
  }

  @Test func hundredsOfOrphansAreEnded() async throws {
    let supervised = try Supervised(
      "i=0; while [ $i -lt 300 ]; do (setsid sleep 300 &); i=$((i+1)); done; echo ready; sleep 300"
    )
    #expect(await supervised.hasWritten("ready"))
    kill(supervised.pid, SIGTERM)
    #expect(await supervised.end() == 0)
    #expect(supervised.survivors == [])
  }

  @Test func manyShortProcessesAreTakenIn() async throws {
    let supervised = try Supervised(
      "i=0; while [ $i -lt 400 ]; do (sleep 0.0$((i % 5)) &); i=$((i+1)); done; exit 7"
    )
    #expect(await supervised.end() == 0)
    #expect(supervised.result["end"] == "exited 7")
    #expect(supervised.survivors == [])
  }

  /// Each of them starts its successor and ends: a look at the processes finds one that is already gone.
  @Test func processThatRunsAwayIsCaught() async throws {
    let supervised = try Supervised(
      "echo '(setsid sh ./hop &)' >hop; trap '' TERM; sh ./hop; echo ready; sleep 300",
      ["--timeout", "0.5", "--grace", "0.2"]
    )
    #expect(await supervised.end() == 0)
    #expect(supervised.survivors == [])
    #expect(supervised.result["survivors"] == "0")
    #expect(supervised.result["end"] == "stopped timeout")
  }
}

/// Whether this machine lets a control group be made below the one that the tests run in.
private let canMakeGroups: Bool = {
  let lines = text(of: "/proc/self/cgroup").split(separator: "\n")
  guard let own = lines.first(where: { $0.hasPrefix("0::") }) else { return false }
  for mount in ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"] {
    let parent = mount + own.dropFirst("0::".count)
    let probe = "\(parent)/probe-\(getpid())"
    if access(parent + "/cgroup.procs", W_OK) == 0, mkdir(probe, 0o755) == 0 { return rmdir(probe) == 0 }
  }
  return false
}()

/// The worker's control group.
@Suite(.enabled(if: canMakeGroups)) struct ControlGroupTests {
  @Test func workerIsBornInAGroupThatGoesWithIt() async throws {
    let supervised = try Supervised("cat /proc/self/cgroup; echo ready; setsid sleep 300")
    #expect(await supervised.hasWritten("ready"))
    let group = try #require(supervised.state["group"])
    let members = text(of: group + "/cgroup.procs").split(separator: "\n").compactMap { pid_t($0) }
    #expect(members.contains(try #require(supervised.state["worker"].flatMap { pid_t($0) })))
    #expect(!members.contains(supervised.pid))
    #expect(supervised.output.contains(group.split(separator: "/").last ?? "-"))
    kill(supervised.pid, SIGTERM)
    #expect(await supervised.end() == 0)
    #expect(supervised.survivors == [])
    #expect(access(group, F_OK) != 0)
  }

  @Test func programThatIsNotThereLeavesNoGroup() async throws {
    let supervised = try Supervised(options: [], command: ["/nonexistent/program"])
    #expect(await supervised.end() == 0)
    #expect(supervised.result["end"] == "failed 2 No such file or directory")
    #expect(supervised.state["group"] == nil)
  }
}

/// Limits on silence and on output.
@Suite struct LimitTests {
  @Test func silentWorkerIsStopped() async throws {
    let supervised = try Supervised("echo begin; sleep 300", ["--idle-timeout", "0.8"])
    #expect(await supervised.end() == 0)
    #expect(supervised.result["end"] == "stopped idle")
    #expect(try #require(supervised.result["wall"].flatMap { Double($0) }) >= 0.8)
  }

  @Test func busyWorkerIsNotIdle() async throws {
    let supervised = try Supervised(
      "timeout 2.5 sh -c 'while :; do :; done'; exit 5",
      ["--idle-timeout", "0.8"]
    )
    #expect(await supervised.end() == 0)
    #expect(supervised.result["end"] == "exited 5")
  }

  @Test func workerThatWritesAFileIsNotIdle() async throws {
    let supervised = try Supervised(
      "i=0; while [ $i -lt 12 ]; do echo line >>notes; sleep 0.2; i=$((i+1)); done; exit 5",
      ["--idle-timeout", "1"]
    )
    #expect(await supervised.end() == 0)
    #expect(supervised.result["end"] == "exited 5")
  }

  @Test func workerThatTalksIsNotIdle() async throws {
    let supervised = try Supervised(
      "i=0; while [ $i -lt 12 ]; do echo line; sleep 0.2; i=$((i+1)); done; exit 5",
      ["--idle-timeout", "1"]
    )
    #expect(await supervised.end() == 0)
    #expect(supervised.result["end"] == "exited 5")
  }

  @Test func outputBeyondTheLimitIsCut() async throws {
    let supervised = try Supervised(
      "head -c 5000000 /dev/zero; until [ $(wc -c <output.log) -le 1000 ]; do sleep 0.01; done; echo late; exit 2",
      ["--output-limit", "1000"]
    )
    #expect(await supervised.end() == 0)
    #expect(supervised.result["end"] == "exited 2")
    #expect(supervised.result["output-bytes"] == "1000")
    #expect(supervised.result["output-cut"] == "1")
    #expect(supervised.output.utf8.count == 1000)
  }

  @Test func outputAtTheLimitIsKept() async throws {
    let supervised = try Supervised("printf 12345", ["--output-limit", "5"])
    #expect(await supervised.end() == 0)
    #expect(supervised.output == "12345")
    #expect(supervised.result["output-cut"] == "0")
  }
}

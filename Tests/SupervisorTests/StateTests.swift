import Foundation
import TestSupport
import Testing

/// What can be known of a worker while it runs, and what the supervisor outlives.
@Suite struct StateTests {
  @Test func stateTellsWhoRuns() async throws {
    let supervised = try Supervised("echo $$; exec sleep 300")
    let worker = try await supervised.worker()
    #expect(supervised.state["supervisor"] == String(supervised.pid))
    #expect(try #require(supervised.state["started"].flatMap { Double($0) }) > 1_700_000_000)
    #expect(await supervised.hasWritten("\(worker)\n"))
    #expect(getsid(worker) == worker)
    #if os(Linux)
      let boot = text(of: "/proc/sys/kernel/random/boot_id").split(separator: "\n").first.map(String.init)
      #expect(supervised.state["boot"] == boot)
      #expect(supervised.state["supervisor-start"] == startTicks(of: supervised.pid))
      #expect(supervised.state["worker-start"] == startTicks(of: worker))
    #endif
    kill(supervised.pid, SIGTERM)
    #expect(await supervised.end() == 0)
  }

  @Test func numbersComeWhenAskedFor() async throws {
    let supervised = try Supervised("sleep 300 & (setsid sleep 300 &); echo ready; while :; do :; done")
    #expect(await supervised.hasWritten("ready"))
    #expect(await eventually { !supervised.state.isEmpty })
    #expect(supervised.state["processes"] == nil)
    // CPU time comes in ticks: asked again until one has passed.
    let hasUsed = await eventually {
      kill(supervised.pid, SIGUSR1)
      return supervised.state["cpu-user"].flatMap { Double($0) } ?? 0 > 0
    }
    #expect(hasUsed)
    #expect(supervised.state["processes"] == "3")
    #expect(supervised.state["cpu-system"].flatMap { Double($0) } != nil)
    #expect(try #require(supervised.state["idle-seconds"].flatMap { Double($0) }) >= 0)
    #expect(supervised.state["worker"] != nil)
    kill(supervised.pid, SIGTERM)
    #expect(await supervised.end() == 0)
    #expect(supervised.survivors == [])
  }

  @Test func idleTimeGrowsInSilence() async throws {
    let supervised = try Supervised("echo ready; sleep 300")
    #expect(await supervised.hasWritten("ready"))
    #expect(await eventually { !supervised.state.isEmpty })
    let isIdle = await eventually {
      kill(supervised.pid, SIGUSR1)
      return supervised.state["idle-seconds"].flatMap { Double($0) } ?? 0 > 0.6
    }
    #expect(isIdle)
    kill(supervised.pid, SIGTERM)
    #expect(await supervised.end() == 0)
  }

  @Test func terminalSignalsAreNotHeard() async throws {
    let supervised = try Supervised("echo ready; until [ -f go ]; do sleep 0.01; done; exit 9")
    #expect(await supervised.hasWritten("ready"))
    for signal in [SIGHUP, SIGINT, SIGQUIT, SIGPIPE] { kill(supervised.pid, signal) }
    try touch(supervised.folder + "/go")
    #expect(await supervised.end() == 0)
    #expect(supervised.result["end"] == "exited 9")
  }

  #if os(Linux)
    /// What the supervisor ignores and blocks, the worker must not.
    @Test func workerHasDefaultSignals() async throws {
      let supervised = try Supervised("grep -E '^Sig(Blk|Ign)' /proc/self/status")
      #expect(await supervised.end() == 0)
      let masks = supervised.output.split(separator: "\n").compactMap { UInt64($0.suffix(16), radix: 16) }
      // Without the numbers above 31: the C library keeps two of them for itself.
      #expect(masks.map { $0 & 0x7fff_ffff } == [0, 0])
    }

    @Test func descriptorsOfTheStarterAreClosed() async throws {
      // Opened without O_CLOEXEC: whatever is started now inherits it.
      let leak = open("/dev/null", O_RDONLY)
      let supervised = try Supervised("echo ready; exec sleep 300")
      close(leak)
      #expect(await supervised.hasWritten("ready"))
      let worker = try await supervised.worker()
      let expected = [supervised.outputPath, supervised.outputPath, supervised.folder + "/input"].sorted()
      #expect(try openFiles(of: worker) == expected)
      // The supervisor looks after the size of the output through a descriptor of its own.
      #expect(try openFiles(of: supervised.pid) == (expected + [supervised.outputPath]).sorted())
      kill(supervised.pid, SIGTERM)
      #expect(await supervised.end() == 0)
    }
  #endif

  @Test func deathOfTheStarterDoesNoHarm() async throws {
    let folder = try Supervised.makeFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try touch(folder + "/input")
    let words = [supervisorPath, "--directory", folder, "--", "sh", "-c"]
    let script = "echo ready; until [ -f go ]; do sleep 0.01; done; (setsid sleep 300 &); exit 8"
    let starter = try spawn(["sh", "-c", "\"$@\" & wait", "sh"] + words + [script], in: folder)
    #expect(await eventually { text(of: folder + "/output.log").contains("ready") })
    #expect(await eventually { !record(at: folder + "/worker.state").isEmpty })
    kill(starter, SIGKILL)
    #expect(await exitStatus(of: starter) == SIGKILL)
    try touch(folder + "/go")
    #expect(await eventually { !record(at: folder + "/worker.result").isEmpty })
    let result = record(at: folder + "/worker.result")
    #expect(result["end"] == "exited 8")
    #expect(result["strays"] == "1")
    #expect(result["output-bytes"] == "6")
    let supervisor = try #require(record(at: folder + "/worker.state")["supervisor"].flatMap { pid_t($0) })
    #expect(await eventually { !isAlive(supervisor) })
  }

  private func openFiles(of pid: pid_t) throws -> [String] {
    let folder = "/proc/\(pid)/fd"
    return try FileManager.default.contentsOfDirectory(atPath: folder)
      .compactMap { try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)") }
      .sorted()
  }

  /// Field 22 of proc(5).
  private func startTicks(of pid: pid_t) -> String? {
    text(of: "/proc/\(pid)/stat").split(separator: ")").last?.split(separator: " ").dropFirst(19).first.map(String.init)
  }
}

/// The price of a supervisor: only shown, because it depends on the machine.
@Suite struct StartTests {
  @Test(.enabled(if: ProcessInfo.processInfo.environment["PLAIT_MEASURE"] != nil))
  func startIsMeasured() async throws {
    let folder = try Supervised.makeFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let bare = try median(["/bin/true"])
    let supervised = try median([supervisorPath, "--directory", folder, "--", "/bin/true"])
    print("start and end of /bin/true: \(bare), supervised: \(supervised)")
  }

  private func median(_ words: [String]) throws -> Duration {
    var times: [Duration] = []
    for _ in 0..<300 {
      var argv: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
      defer { argv.forEach { free($0) } }
      var (child, status): (pid_t, Int32) = (0, 0)
      let before = ContinuousClock.now
      try #require(posix_spawn(&child, words[0], nil, nil, &argv, nil) == 0)
      waitpid(child, &status, 0)
      times.append(ContinuousClock.now - before)
    }
    return times.sorted()[times.count / 2]
  }
}

import Foundation
import TestSupport
import Testing

/// What is recorded of a worker, and what the worker gets.
@Suite struct RecordTests {
  @Test(arguments: [0, 1, 75, 255])
  func exitCodeIsRecorded(code: Int) async throws {
    let supervised = try Supervised("exit \(code)")
    #expect(await supervised.end() == 0)
    #expect(supervised.result["end"] == "exited \(code)")
    #expect(supervised.result["strays"] == "0")
    #expect(supervised.result["survivors"] == "0")
  }

  @Test(arguments: [SIGKILL, SIGTERM, SIGSEGV, SIGHUP, SIGPIPE])
  func signalIsRecorded(signal: Int32) async throws {
    let supervised = try Supervised("ulimit -c 0; kill -\(signal) $$")
    #expect(await supervised.end() == 0)
    #expect(supervised.result["end"] == "signalled \(signal)")
  }

  @Test func workerGetsWordsInputFolderAndEnvironment() async throws {
    let supervised = try Supervised(
      "cat; pwd; echo \"$GREETING\"; echo to stderr >&2",
      input: "from stdin\n",
      environment: ["GREETING": "good  morning"]
    )
    #expect(await supervised.end() == 0)
    #expect(supervised.output == "from stdin\n\(supervised.folder)\ngood  morning\nto stderr\n")
    #expect(supervised.result["output-bytes"] == String(supervised.output.utf8.count))
    #expect(supervised.result["output-cut"] == "0")
  }

  @Test func wordsArePassedUnchanged() async throws {
    let words = ["%s|", "", "a b", "--", "--timeout", "ü\n"]
    let supervised = try Supervised(options: [], command: ["printf"] + words)
    #expect(await supervised.end() == 0)
    #expect(supervised.output == "|a b|--|--timeout|ü\n|")
  }

  @Test func timesAreRecorded() async throws {
    let before = Date().timeIntervalSince1970
    let supervised = try Supervised("i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done; sleep 0.1")
    #expect(await supervised.end() == 0)
    let result = supervised.result.compactMapValues(Double.init)
    let (started, ended) = (try #require(result["started"]), try #require(result["ended"]))
    let wall = try #require(result["wall"])
    #expect(started >= before - 1 && ended <= Date().timeIntervalSince1970 + 1)
    #expect(abs(ended - started - wall) < 0.05)
    #expect(wall >= 0.1)
    #expect(try #require(result["cpu-user"]) > 0.02)
    #expect(try #require(result["cpu-user"]) + #require(result["cpu-system"]) < wall)
  }

  /// Processes below the worker count, and so do those that it never waited for.
  @Test func useOfTheWholeTreeIsRecorded() async throws {
    let supervised = try Supervised(
      """
      head -c 60000000 /dev/zero | tail -c 60000000 | wc -c
      (sh -c 'i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; echo done' &)
      until grep -q done output.log; do sleep 0.02; done
      """
    )
    #expect(await supervised.end() == 0)
    #expect(try #require(supervised.result["max-rss"].flatMap { Int($0) }) > 40_000_000)
    #expect(try #require(supervised.result["cpu-user"].flatMap { Double($0) }) > 0.02)
  }

  @Test(arguments: ["/nowhere/to/be/found", "no-such-program-on-the-path"])
  func missingProgramIsRecorded(program: String) async throws {
    let supervised = try Supervised(options: [], command: [program])
    #expect(await supervised.end() == 0)
    #expect(supervised.result["end"] == "failed \(ENOENT) No such file or directory")
    #expect(supervised.result["wall"] == "0.000000")
    #expect(supervised.state.isEmpty)
  }

  @Test func fileThatIsNoProgramIsRecorded() async throws {
    let supervised = try Supervised(options: [], command: ["/etc/passwd"])
    #expect(await supervised.end() == 0)
    #expect(supervised.result["end"] == "failed \(EACCES) Permission denied")
  }

  /// Readers that look all the time see no file, or all of it.
  @Test func resultIsNeverHalfWritten() async throws {
    for _ in 0..<20 {
      let supervised = try Supervised("exit 4")
      #expect(await eventually { access(supervised.resultPath, F_OK) == 0 })
      let text = text(of: supervised.resultPath)
      #expect(text.hasPrefix("plait-supervisor 1\nend exited 4\n") && text.hasSuffix("\nsurvivors 0\n"))
      #expect(await supervised.end() == 0)
      let names = try FileManager.default.contentsOfDirectory(atPath: supervised.folder).sorted()
      #expect(names == ["input", "output.log", "worker.result", "worker.state"])
    }
  }

  /// A folder in the place of the file makes the write fail, until it is gone.
  @Test func resultThatCannotBeWrittenIsTriedAgain() async throws {
    let supervised = try Supervised("until [ -f worker.state ]; do sleep 0.01; done; mkdir worker.result; exit 6")
    let hasTried = try await eventually {
      guard let obstacle = try? modified(supervised.resultPath) else { return false }
      return try modified(supervised.folder) > obstacle
    }
    #expect(hasTried)
    #expect(isAlive(supervised.pid))
    rmdir(supervised.resultPath)
    #expect(await supervised.end() == 0)
    #expect(supervised.result["end"] == "exited 6")
  }

  @Test func resultWithoutFolderIsGivenUp() async throws {
    let supervised = try Supervised("until [ -f worker.state ]; do sleep 0.01; done; rm -rf \"$PWD\"")
    #expect(await supervised.end(within: .seconds(30)) == 74)
  }

  private func modified(_ path: String) throws -> Date {
    try #require(try FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date)
  }
}

/// The command line.
@Suite struct ArgumentTests {
  @Test(arguments: [
    [], ["--", "true"], ["--directory", "."], ["--directory", ".", "--"], ["--directory", ".", "--", ""],
    ["--directory", ".", "true"], ["--directory", ".", "--timeout", "soon", "--", "true"],
    ["--directory", ".", "--timeout", "-1", "--", "true"], ["--directory", ".", "--grace", "nan", "--", "true"],
    ["--directory", ".", "--idle-timeout", "--", "true"], ["--directory", ".", "--output-limit", "1.5", "--", "true"],
    ["--directory", ".", "--output-limit", "-1", "--", "true"], ["--directory", ".", "--wrong", "1", "--", "true"],
    ["--directory"],
  ])
  func wrongOnesAreRefused(words: [String]) async throws {
    let (code, output) = try await outcome(words)
    #expect(code == 64)
    #expect(output.hasPrefix("usage: plait-supervisor --directory DIR"))
  }

  @Test(arguments: [
    ["--directory", "/nowhere", "--", "true"], ["--directory", ".", "--output", "/nowhere/at/all", "--", "true"],
  ])
  func missingPlacesAreNamed(words: [String]) async throws {
    let (code, output) = try await outcome(words)
    #expect(code == 74)
    #expect(output.contains("/nowhere") && output.contains("No such file"))
  }

  /// Runs a supervisor that has no worker to start.
  private func outcome(_ words: [String]) async throws -> (code: Int32?, output: String) {
    let folder = try Supervised.makeFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try touch(folder + "/input")
    let pid = try spawn([supervisorPath] + words, in: folder)
    let status = await exitStatus(of: pid)
    return (status.map { $0 >> 8 }, text(of: folder + "/output.log"))
  }
}

import Foundation
import TestSupport
import Testing

/// Repositories of every kind, good and bad: each works, or is refused with one sentence and changes nothing.
@Suite(.limited) struct BadRepositoryTests {
  private static let worker = "echo $PLAIT_ACHIEVEMENT > file-$PLAIT_ACHIEVEMENT"

  private func expectRefusal(
    _ ended: Ended,
    code: Int32,
    saying words: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(ended.code == code, "\(ended.err)", sourceLocation: sourceLocation)
    #expect(ended.errors.count == 1 && ended.out.isEmpty, "\(ended.err)", sourceLocation: sourceLocation)
    #expect(ended.err.contains(words), "\(ended.err)", sourceLocation: sourceLocation)
  }

  @Test func withoutCommitsOrNotOne() async throws {
    let scenario = try Scenario(GitSandbox(arguments: ["--quiet", "--initial-branch=main"]))
    try scenario.plan(["1.1": []], worker: Self.worker)
    expectRefusal(try await scenario.run(), code: 69, saying: "no commit yet")
    #expect(!scenario.exists("\(scenario.repo)/.git/plait"))
    expectRefusal(try await scenario.run("--repo", scenario.planFolder), code: 66, saying: scenario.planFolder)
    expectRefusal(try await scenario.run("--repo", "/no/such/folder"), code: 66, saying: "/no/such/folder")
  }

  @Test func bare() async throws {
    let source = try GitSandbox()
    let scenario = try Scenario(GitSandbox(arguments: ["--quiet", "--bare", "--initial-branch=main"]))
    try source.git("push", "--quiet", scenario.repo, "main")
    try scenario.plan(["1.1": [], "1.2": ["1.1"]], worker: Self.worker)
    let ended = try await scenario.run()
    if ended.code == 0 {
      #expect(try scenario.result("file-1.2") == "1.2")
      #expect(try await scenario.plait("land", "--into", "main").code == 0)
      #expect(try scenario.git("show", "main:file-1.2") == "1.2")
    } else {
      expectRefusal(ended, code: 69, saying: "bare")
    }
    #expect(try scenario.git("fsck", "--strict") == "")
  }

  @Test func shallow() async throws {
    let source = try GitSandbox()
    let numbers = (1...20).map { "\($0)\n" }.joined()
    for round in 1...3 {
      try source.write("lines", numbers)
      try source.write("round", "\(round)\n")
      try source.commit("round \(round)")
    }
    let sandbox = try GitSandbox()
    try FileManager.default.removeItem(atPath: sandbox.path)
    try sandbox.git(["clone", "--quiet", "--depth=1", "file://\(source.path)", sandbox.path], in: sandbox.root)
    let scenario = try Scenario(sandbox)
    // Two change different lines of one file from one base: a merge that has to look at lines.
    let meet =
      "touch \(scenario.place("at"))-$PLAIT_SLOT; until test -e \(scenario.place("at"))-1 && test -e \(scenario.place("at"))-2; do sleep 0.01; done"
    try scenario.plan(
      ["1.1": [], "1.2": [], "2.1": ["1.1", "1.2"]],
      worker: Self.worker,
      own: [
        "1.1": ["worker": ["shell": .string("\(meet); sed -i 's/^2$/two/' lines")]],
        "1.2": ["worker": ["shell": .string("\(meet); sed -i 's/^19$/nineteen/' lines")]],
      ]
    )
    let ended = try await scenario.run("--jobs", "2")
    #expect(ended.code == 0, "\(ended.err)")
    let lines = try #require(try scenario.result("lines"))
    #expect(lines.contains("\ntwo\n") && lines.contains("\nnineteen\n"))
    #expect(try scenario.result("file-2.1") == "2.1")
    try scenario.expectTidy()
    #expect(try await scenario.plait("land").code == 0)
    #expect(try await scenario.plait("clean").code == 0)
    #expect(try scenario.git("status", "--porcelain").isEmpty)
    try scenario.expectTidy()
  }

  @Test func withSubmodules() async throws {
    let inner = try GitSandbox()
    let scenario = try Scenario()
    try scenario.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner.path, "sub")
    try scenario.sandbox.commit("with a submodule")
    try scenario.plan(["1.1": [], "1.2": ["1.1"]], worker: Self.worker)
    let before = try scenario.checkout()
    let ended = try await scenario.run()
    #expect(try scenario.checkout() == before)
    #expect(ended.code == 0 || ended.code == 69, "\(ended.err)")
    #expect(ended.err.contains("submodule"))
    if ended.code == 0 {
      #expect(try scenario.lines("diff", "--name-only", "main", scenario.integration()) == ["file-1.1", "file-1.2"])
    }
  }

  @Test func fromAFolderOrAWorktreeOfIt() async throws {
    let scenario = try Scenario()
    try scenario.sandbox.write("deep/er/file", "x\n")
    try scenario.sandbox.commit("deep")
    try scenario.plan(["1.1": []], worker: Self.worker)
    #expect(try await scenario.plait("run", scenario.planPath, in: "\(scenario.repo)/deep/er").code == 0)
    let other = scenario.place("other")
    try scenario.git("worktree", "add", "--quiet", "-b", "side", other)
    #expect(try await scenario.plait("run", scenario.planPath, in: other).code == 0)
    #expect(try await scenario.plait("runs", "--json").json["runs"].items.count == 2)
    #expect(try await scenario.plait("land", in: other).code == 0)
    #expect(scenario.text("\(other)/file-1.1") == "1.1\n")
    #expect(!scenario.exists("\(scenario.repo)/file-1.1"))
    #expect(!scenario.exists("\(other).plait"))
    try scenario.git("checkout", "--quiet", "--detach")
    #expect(try await scenario.run().code == 0)
    expectRefusal(try await scenario.plait("land"), code: 64, saying: "--into")
    try scenario.git("worktree", "remove", other)
    try scenario.expectTidy()
  }

  @Test func aBranchNamedPlaitIsInTheWay() async throws {
    let scenario = try Scenario()
    try scenario.git("branch", "plait")
    try scenario.plan(["1.1": []], worker: Self.worker)
    let before = try scenario.checkout()
    let ended = try await scenario.run()
    expectRefusal(ended, code: 69, saying: "plait")
    #expect(try scenario.checkout() == before)
    try scenario.expectTidy()
  }

  @Test func twoRunsSideBySide() async throws {
    let scenario = try Scenario()
    try scenario.plan(["1.1": [], "1.2": ["1.1"], "1.3": ["1.1"], "1.4": ["1.2", "1.3"]], worker: Self.worker)
    let before = try scenario.checkout()
    let runs = try [
      scenario.startRun("--jobs", "2"), scenario.startRun("--jobs", "2"), scenario.startRun("--jobs", "2"),
    ]
    for run in runs {
      let ended = await run.end()
      #expect(ended.code == 0, "\(ended.err)")
    }
    #expect(try scenario.checkout() == before)
    let branches = try scenario.lines("for-each-ref", "--format=%(refname)", "refs/heads/plait")
    #expect(branches.count == 3 && branches.allSatisfy { $0.hasSuffix("/integration") })
    for branch in branches { #expect(try scenario.git("show", "\(branch):file-1.4") == "1.4") }
    try scenario.expectTidy()
  }

  @Test func aLockedOrDamagedRepositoryIsSaid() async throws {
    let scenario = try Scenario()
    try scenario.plan(["1.1": []], worker: Self.worker)
    // The user's own index lock doesn't matter: a run has nothing to do with that index.
    try scenario.write("\(scenario.repo)/.git/index.lock", "")
    #expect(try await scenario.run().code == 0)
    try FileManager.default.removeItem(atPath: "\(scenario.repo)/.git/index.lock")
    // A record that is no database.
    try Data(repeating: 7, count: 8192).write(to: URL(fileURLWithPath: "\(scenario.repo)/.git/plait/plait.sqlite"))
    for name in ["plait.sqlite-wal", "plait.sqlite-shm"] {
      try? FileManager.default.removeItem(atPath: "\(scenario.repo)/.git/plait/\(name)")
    }
    expectRefusal(try await scenario.plait("status"), code: 74, saying: "plait.sqlite")
    expectRefusal(try await scenario.run(), code: 74, saying: "plait.sqlite")
  }

  // MARK: Full and read-only disks: only root can make them

  private static var isRoot: Bool { geteuid() == 0 }

  private func withMount(_ scenario: Scenario, size: String, _ body: (String) async throws -> Void) async throws {
    let folder = scenario.place("disk")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let mounted = try Program.status(of: ["mount", "-t", "tmpfs", "-o", "size=\(size)", "tmpfs", folder], in: "/")
    // Containers may not let root mount: then there is nothing to try this on.
    guard mounted.code == 0 else { return }
    do { try await body(folder) } catch {
      _ = try Program.status(of: ["umount", "-l", folder], in: "/")
      throw error
    }
    _ = try Program.status(of: ["umount", "-l", folder], in: "/")
  }

  @Test(.enabled(if: isRoot)) func diskFullWhileCommitting() async throws {
    let scenario = try Scenario()
    try scenario.plan(
      ["1.1": [], "1.2": []],
      worker: "echo $PLAIT_ACHIEVEMENT > x-$PLAIT_ACHIEVEMENT",
      own: ["1.2": ["worker": ["shell": "head -c 9000000 /dev/urandom > big"]]]
    )
    try await withMount(scenario, size: "12m") { disk in
      let repo = "\(disk)/repo"
      try scenario.sandbox.git(["clone", "--quiet", "--no-hardlinks", scenario.repo, repo], in: scenario.root)
      let head = try scenario.sandbox.git(["rev-parse", "HEAD"], in: repo)
      // Too little from the start: no worktree is made, and everything can be resumed.
      let floored = try await scenario.plait(
        "run",
        scenario.planPath,
        "--jobs",
        "1",
        in: repo,
        environment: ["PLAIT_DISK_FLOOR": "1000000000"]
      )
      #expect(floored.code == 74 && floored.err.contains("are free"), "\(floored.err)")
      let ended = try await scenario.plait(
        "run",
        scenario.planPath,
        "--jobs",
        "1",
        in: repo,
        environment: ["PLAIT_DISK_FLOOR": "0"]
      )
      #expect(ended.code == 74 || ended.code == 1, "\(ended.err)")
      #expect(ended.err.contains("full") || ended.err.contains("No space"), "\(ended.err)")
      #expect(try scenario.sandbox.git(["rev-parse", "HEAD"], in: repo) == head)
      #expect(try scenario.sandbox.git(["--no-optional-locks", "status", "--porcelain"], in: repo).isEmpty)
      #expect(try Program.status(of: ["git", "fsck", "--strict", "--no-dangling"], in: repo).code == 0)
      #expect(processes(mentioning: disk).isEmpty)
      let cleaned = try await scenario.plait("clean", in: repo)
      #expect(cleaned.code == 0, "\(cleaned.err)")
      #expect(try scenario.sandbox.git(["worktree", "list"], in: repo).split(separator: "\n").count == 1)
      #expect(!scenario.exists("\(repo).plait"))
    }
  }

  @Test(.enabled(if: isRoot)) func readOnly() async throws {
    let scenario = try Scenario()
    try scenario.plan(["1.1": []], worker: Self.worker)
    try await withMount(scenario, size: "12m") { disk in
      let repo = "\(disk)/repo"
      try scenario.sandbox.git(["clone", "--quiet", "--no-hardlinks", scenario.repo, repo], in: scenario.root)
      _ = try Program.run(["mount", "-o", "remount,ro", disk], in: "/")
      let ended = try await scenario.plait("run", scenario.planPath, in: repo)
      #expect([66, 69, 74].contains(ended.code), "\(ended.err)")
      #expect(ended.errors.count == 1 && ended.err.contains("ead-only"), "\(ended.err)")
      #expect(try await scenario.plait("doctor", in: repo).code == 69)
    }
  }
}

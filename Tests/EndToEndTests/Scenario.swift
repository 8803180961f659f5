import Foundation
import TestSupport
import Testing

/// A repository, a plan beside it, and the real `plait` and `git` to try them with.
final class Scenario: Sendable {
  let sandbox: GitSandbox
  /// The folder of the plan, outside of the repository.
  let planFolder: String

  var repo: String { sandbox.path }
  var root: String { sandbox.root }
  var planPath: String { "\(planFolder)/parallel.json" }

  /// A repository with one commit.
  init(_ sandbox: GitSandbox? = nil) throws {
    self.sandbox = try sandbox ?? GitSandbox()
    planFolder = "\(self.sandbox.root)/plan"
    try FileManager.default.createDirectory(atPath: planFolder, withIntermediateDirectories: true)
  }

  // MARK: Plans

  /// Writes a plan of `achievements` (id → what it depends on), whose workers are the shell line `worker`.
  ///
  /// `own` are further fields of single achievements, `settings` of the plan.
  func plan(
    _ achievements: KeyValuePairs<String, [String]>,
    worker: String? = nil,
    own: [String: JSONValue] = [:],
    settings: JSONValue = [:]
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
      "plan_name": "SAMPLE", "parallelization_level": "level_3", "achievements": .array(items),
    ]
    if let worker { members["worker"] = ["shell": .string(worker)] }
    members.merge(settings.members) { $1 }
    try write(planPath, JSONValue.object(members).text)
  }

  func write(_ path: String, _ text: String) throws { try GitSandbox.write(path, text) }

  func executable(_ name: String, _ text: String) throws -> String {
    let path = "\(root)/\(name)"
    try write(path, text)
    chmod(path, 0o755)
    return path
  }

  /// A path in this scenario's folder, for workers and tests to meet at.
  func place(_ name: String) -> String { "\(root)/\(name)" }
  func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
  func text(_ path: String) -> String {
    String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
  }

  // MARK: Plait

  func start(_ arguments: [String], in folder: String? = nil, environment: [String: String] = [:]) throws
    -> RunningProgram
  {
    try PlaitProgram.start(arguments, in: folder ?? repo, scratch: root, environment: environment)
  }

  /// Runs `plait` in the repository, to its end.
  func plait(_ arguments: String..., in folder: String? = nil, environment: [String: String] = [:]) async throws
    -> Ended
  {
    try await start(arguments, in: folder, environment: environment).end()
  }

  /// Runs the scenario's plan.
  func run(_ arguments: String..., environment: [String: String] = [:]) async throws -> Ended {
    try await start(["run", planPath] + arguments, environment: environment).end()
  }

  /// Starts the scenario's plan.
  func startRun(_ arguments: String...) throws -> RunningProgram { try start(["run", planPath] + arguments) }

  func json(_ arguments: String...) async throws -> JSONValue {
    let ended = try await start(arguments).end()
    return ended.json
  }

  /// What `plait status` says of the newest run: the state of each achievement.
  func states() async throws -> [String: String] {
    let status = try await json("status", "--json")
    return Dictionary(
      status["achievements"].items.map { ($0["id"].string ?? "", $0["state"].string ?? "") },
      uniquingKeysWith: { $1 }
    )
  }

  /// An achievement in the report of the newest run.
  func entry(_ id: String) async throws -> JSONValue {
    let report = try await json("report", "--json")
    return report["achievements"].items.first { $0["id"].string == id } ?? .null
  }

  // MARK: Git

  @discardableResult
  func git(_ arguments: String...) throws -> String {
    try sandbox.git(["--no-optional-locks"] + arguments, in: repo).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// The branch with the results of the newest run.
  func integration() throws -> String {
    let runs = try git("rev-parse", "--path-format=absolute", "--git-common-dir") + "/plait/runs"
    func made(_ run: String) -> Date {
      (try? FileManager.default.attributesOfItem(atPath: "\(runs)/\(run)")[.modificationDate] as? Date) ?? .distantPast
    }
    let newest = try FileManager.default.contentsOfDirectory(atPath: runs).max { made($0) < made($1) }
    return "refs/heads/plait/\(newest ?? "none")/integration"
  }

  func lines(_ arguments: String...) throws -> [String] {
    try sandbox.git(["--no-optional-locks"] + arguments, in: repo).split(separator: "\n").map(String.init)
  }

  /// A file of the newest run's result; nil when it isn't there.
  func result(_ file: String) throws -> String? { try? git("show", "\(try integration()):\(file)") }

  /// Everything that belongs to the user: HEAD, its branches, the index and every file, byte for byte.
  func checkout() throws -> [String: String] {
    var found: [String: String] = [:]
    let heads = try lines("for-each-ref", "--format=%(refname) %(objectname)", "refs/heads", "refs/tags")
    for line in heads where !line.hasPrefix("refs/heads/plait/") { found["ref \(line)"] = "" }
    for name in ["HEAD", "index", "config"] {
      let file = try git("rev-parse", "--path-format=absolute", "--git-path", name)
      found["git \(name)"] = (FileManager.default.contents(atPath: file) ?? Data()).base64EncodedString()
    }
    for case let path as String in FileManager.default.enumerator(atPath: repo) ?? .init() {
      if path == ".git" || path.hasPrefix(".git/") { continue }
      let full = "\(repo)/\(path)"
      let attributes = try FileManager.default.attributesOfItem(atPath: full)
      let times = "\(attributes[.modificationDate] ?? "") \(attributes[.posixPermissions] ?? "")"
      let isFolder = attributes[.type] as? FileAttributeType == .typeDirectory
      let bytes = isFolder ? "" : FileManager.default.contents(atPath: full)?.base64EncodedString() ?? ""
      found[path] = times + bytes
    }
    return found
  }

  /// Checks that the repository is sound and that nothing of an ended run lives on outside of its record.
  func expectTidy(sourceLocation: SourceLocation = #_sourceLocation) throws {
    let check = try Program.status(of: ["git", "fsck", "--strict", "--no-dangling"], in: repo)
    #expect(check.code == 0 && check.output.isEmpty, "\(check.output)", sourceLocation: sourceLocation)
    #expect(try lines("worktree", "list").count == 1, sourceLocation: sourceLocation)
    #expect(!exists("\(repo).plait"), "worktrees are left", sourceLocation: sourceLocation)
    #expect(processes(mentioning: "\(repo).plait").isEmpty, "processes are left", sourceLocation: sourceLocation)
    let administration = try git("rev-parse", "--path-format=absolute", "--git-common-dir")
    let names = FileManager.default.enumerator(atPath: administration)?.compactMap { $0 as? String } ?? []
    let locks = names.filter { $0.hasSuffix(".lock") || $0.hasPrefix("worktrees/") }
    #expect(locks.isEmpty, sourceLocation: sourceLocation)
  }

  /// Checks that the slots' time adds up in the report of the newest run.
  func expectClosedLedger(sourceLocation: SourceLocation = #_sourceLocation) async throws {
    let report = try await json("report", "--format", "json")
    let sum = report["ledger"].members.values.reduce(0) { $0 + ($1.number ?? .nan) }
    let whole = (report["slots"].number ?? 0) * (report["totals"]["wall_seconds"].number ?? 0)
    #expect(report["schema"] == "plait.report/1", sourceLocation: sourceLocation)
    #expect(abs(sum - whole) < 1e-3 && whole > 0, "\(sum) of \(whole)", sourceLocation: sourceLocation)
    #expect(report["inconsistencies"].items.isEmpty, sourceLocation: sourceLocation)
  }
}

/// Keeps the number of runs that go on at once small, so that tests of this suite and of others get their share.
struct Limited: SuiteTrait, TestTrait, TestScoping {
  var isRecursive: Bool { true }

  func provideScope(
    for test: Test,
    testCase: Test.Case?,
    performing function: @concurrent @Sendable () async throws -> Void
  ) async throws {
    await Gate.shared.enter()
    do {
      try await function()
      await Gate.shared.leave()
    } catch {
      await Gate.shared.leave()
      throw error
    }
  }

  private actor Gate {
    static let shared = Gate()
    private var free = max(3, ProcessInfo.processInfo.activeProcessorCount)
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func enter() async {
      if free > 0 {
        free -= 1
        return
      }
      await withCheckedContinuation { waiting.append($0) }
    }

    func leave() {
      if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
  }
}

extension Trait where Self == Limited {
  static var limited: Limited { Limited() }
}

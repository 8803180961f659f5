import Git
import Planning
import Recording
import Synchronization
import TestSupport
import Testing

@testable import Engine

/// Merges of several results at once, on a real repository.
@Suite struct MergerTests {
  private let sandbox: GitSandbox
  private let merger: Merger
  private let journal: Journal
  private let recorded: Recorded

  final class Recorded: Sendable {
    let events = Mutex<[RunEvent]>([])
  }

  init() async throws {
    sandbox = try GitSandbox()
    let base = String(try sandbox.git("rev-parse", "HEAD").dropLast())
    let header = RunHeader(
      run: "r",
      plaitVersion: "1",
      planName: "P",
      planPath: "\(sandbox.root)/parallel.json",
      repository: sandbox.path,
      base: base,
      integrationRef: "refs/heads/plait/r/integration",
      jobs: 4,
      overheadBudget: 0.1,
      workerArguments: nil,
      directory: "\(sandbox.root)/run",
      pid: 1
    )
    let archive = try await RunArchive(repositoryAt: sandbox.path)
    let settings = RunSettings(header, plan: makePlan(["1.1": []]), archive: archive, environment: [:])
    try await archive.repository.createRef(header.integrationRef, at: CommitID(checked: base))
    merger = Merger(settings: settings, repository: archive.repository)
    let recorded = Recorded()
    self.recorded = recorded
    journal = Journal(stamp: { (0, 0) }, write: { events in recorded.events.withLock { $0 += events } })
  }

  private var base: String { merger.settings.header.base }

  /// A result that writes `text` to `file`, on top of the base.
  private func candidate(_ name: String, file: String, _ text: String = "x") throws -> MergeCandidate {
    try sandbox.git("checkout", "-q", "--detach", base)
    try sandbox.write(file, text)
    let commit = try sandbox.commit("result of \(name)")
    try sandbox.git("branch", "plait/r/\(name)", commit)
    try sandbox.git("checkout", "-q", "main")
    let plan = makePlan([name: []])
    let work = AttemptWork(
      assignment: Assignment(node: 0, attempt: AttemptID(id(name), 1), slot: 0),
      achievement: plan.achievements[0],
      base: base,
      dependencies: [],
      previous: nil,
      existing: nil,
      adoptedWorktree: nil
    )
    return MergeCandidate(work: work, result: VerifiedResult(commit: commit, changed: 1))
  }

  private func failures(_ results: [MergeResult]) -> [AttemptFailure.Kind?] {
    results.map { if case .failed(let failure) = $0 { failure.kind } else { nil } }
  }

  @Test func eachGetsItsOwnMergeAndTheRefMovesOnce() async throws {
    let batch = try ["1.1", "1.2", "1.3"].map { try candidate($0, file: "file-\($0)") }
    let results = try await merger.merge(batch, tip: base, journal: journal) { _, _ in nil }
    #expect(failures(results) == [nil, nil, nil])
    let merges = try sandbox.git("log", "--first-parent", "--format=%s", "\(base)..plait/r/integration")
    #expect(merges == "Merge 1.3: Title of 1.3\nMerge 1.2: Title of 1.2\nMerge 1.1: Title of 1.1\n")
    #expect(try sandbox.git("reflog", "plait/r/integration").split(separator: "\n").count == 2)
    #expect(try sandbox.git("ls-tree", "--name-only", "plait/r/integration").contains("file-1.2"))
    #expect(try sandbox.git("branch", "--list", "plait/r/1.*") == "")
    // Whoever starts on top of these waits for the same.
    try await journal.settle()
    let facts = recorded.events.withLock { $0.map(\.fact) }
    #expect(facts.count == 6)
    let intends = facts.prefix(3).allSatisfy { if case .mergeIntended = $0 { true } else { false } }
    #expect(intends, "an intent came after an outcome")
  }

  @Test func oneThatConflictsDoesNotKeepTheOthersFromLanding() async throws {
    let batch = [
      try candidate("1.1", file: "same", "one"), try candidate("1.2", file: "same", "two"),
      try candidate("1.3", file: "other"),
    ]
    let results = try await merger.merge(batch, tip: base, journal: journal) { _, _ in nil }
    #expect(failures(results) == [nil, .conflict, nil])
    #expect(try sandbox.git("show", "plait/r/integration:same") == "one")
  }

  @Test func halvesAreTriedUntilTheOnesAtFaultAreKnown() async throws {
    let names = (1...8).map { "1.\($0)" }
    let batch = try names.map { try candidate($0, file: ["1.3", "1.6"].contains($0) ? "bad-\($0)" : "file-\($0)") }
    let asked = Mutex(0)
    let repository = merger.repository
    let results = try await merger.merge(batch, tip: base, journal: journal) { _, commit in
      asked.withLock { $0 += 1 }
      for name in ["bad-1.3", "bad-1.6"] where try await repository.fileExists(name, at: commit) {
        return AttemptFailure(.gate, "gate failed")
      }
      return nil
    }
    #expect(failures(results) == [nil, nil, .gate, nil, nil, .gate, nil, nil])
    // One by one it would be eight times for all that is good; here the good halves go in one.
    #expect(asked.withLock { $0 } <= 13)
    let files = try sandbox.git("ls-tree", "--name-only", "plait/r/integration")
    for name in names { #expect(files.contains("file-\(name)") == !["1.3", "1.6"].contains(name)) }
    #expect(!files.contains("bad"))
  }

  @Test func aGateThatIsStoppedWithTheRunBlamesNobody() async throws {
    let batch = try ["1.1", "1.2"].map { try candidate($0, file: "file-\($0)") }
    let results = try await merger.merge(batch, tip: base, journal: journal) { _, _ in AttemptFailure(.stopped, "stop")
    }
    #expect(failures(results) == [.stopped, .stopped])
    #expect(try sandbox.git("rev-parse", "plait/r/integration") == base + "\n")
  }

  @Test func whatIsThereAlreadyIsMergedWithoutACommit() async throws {
    let one = try candidate("1.1", file: "a")
    let results = try await merger.merge([one], tip: base, journal: journal) { _, _ in nil }
    guard case .merged(let tip)? = results.first else {
      Issue.record("it was not merged")
      return
    }
    let again = try await merger.merge([one], tip: tip, journal: journal) { _, _ in AttemptFailure(.gate, "not asked") }
    #expect(failures(again) == [nil])
    #expect(try sandbox.git("rev-parse", "plait/r/integration") == tip + "\n")
  }
}

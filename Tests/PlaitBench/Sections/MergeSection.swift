import Foundation
import Git

/// Merging two commits that changed one file each.
enum MergeSection: Section {
  static let name = "merge"
  static let title = "A merge"
  static let explanation = """
    Two commits that each changed another file, merged into a commit with both as parents, to which a branch then points. Every \
    measurement has commits of its own, so no object is there already. `Repository.merge` and `git merge-tree` need no \
    checkout, `git merge` has one. Plait's calls are made in this process, git's are processes.
    """

  static func run(_ bench: Bench) async throws -> String {
    var tables: [String] = []
    for files in bench.fileCounts {
      Notice.say("\(name): \(files) files")
      let folder = try bench.scratch.folder("merge")
      let sample = try SampleRepository(files: files, at: "\(folder)/repository", program: bench.program)
      let pairs = ChangePairs(sample: sample, repository: try await Repository.open(sample.path), files: files)
      let standings = await bench.contest.run([
        Contender("Repository.merge") { try await pairs.plait() },
        Contender("git merge-tree, commit-tree, update-ref") { try pairs.mergeTree() },
        Contender("git merge --no-ff") { try pairs.merge() },
      ])
      tables.append(Table("\(files) files", standings, unit: .milliseconds).markdown)
    }
    return tables.joined(separator: "\n\n")
  }
}

/// Makes two changes for each measurement, and merges them.
private final class ChangePairs {
  private let sample: SampleRepository
  private let repository: Repository
  private let files: Int
  private var turn = 0

  init(sample: SampleRepository, repository: Repository, files: Int) {
    self.sample = sample
    self.repository = repository
    self.files = files
  }

  /// Two new commits on top of `main`; the branch `into-…` points to the first.
  private func next() throws -> (branch: String, tip: String, result: String) {
    turn += 1
    let file = 2 * turn % (files - 1)
    let branch = "into-\(turn)"
    let tip = try sample.change(file: file, from: "main", branch: branch)
    let result = try sample.change(file: file + 1, from: "main", branch: "result-\(turn)")
    return (branch, tip, result)
  }

  func plait() async throws -> Double {
    let (branch, tip, result) = try next()
    guard let tip = CommitID(tip), let result = CommitID(result) else {
      throw NotMeasured(reason: "git names no commit")
    }
    sync()
    let start = ContinuousClock.now
    let outcome = try await repository.merge(result, onto: tip, message: "Merge \(branch)")
    guard case .merged(let commit) = outcome else { throw NotMeasured(reason: "did not merge: \(outcome)") }
    try await repository.moveRef("refs/heads/\(branch)", from: tip, to: commit, message: "merge")
    return start.secondsToNow
  }

  func mergeTree() throws -> Double {
    let (branch, tip, result) = try next()
    sync()
    let start = ContinuousClock.now
    let tree = try sample.git("merge-tree", "--write-tree", tip, result)
    let commit = try sample.git("commit-tree", "-p", tip, "-p", result, "-m", "Merge \(branch)", tree)
    try sample.git("update-ref", "refs/heads/\(branch)", commit, tip)
    return start.secondsToNow
  }

  func merge() throws -> Double {
    let (branch, _, result) = try next()
    try sample.git("checkout", "-q", branch)
    sync()
    let command = ["git", "merge", "-q", "--no-ff", "-m", "Merge \(branch)", result]
    return try sample.program.run(command, in: sample.path).seconds
  }
}

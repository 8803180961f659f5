import Foundation
import Git

/// Many worktrees of one repository, made at the same time.
enum TogetherSection: Section {
  static let name = "together"
  static let title = "Many worktrees at once"
  static let explanation = """
    64 worktrees made at the same time by eight actors that each have the repository open, as the slots of a run have, then \
    removed at the same time: again and again. A round fails when a call throws, or when git doesn't list each worktree on its \
    branch in between, or lists any afterwards.
    """

  private static let width = 64

  static func run(_ bench: Bench) async throws -> String {
    let rounds = bench.isQuick ? 20 : 1_000
    Notice.say("\(name): \(rounds) rounds")
    let folder = try bench.scratch.folder("together")
    let sample = try SampleRepository(files: 10, at: "\(folder)/repository", program: bench.program)
    let base = try WorktreeSection.commit("main", in: sample)
    var actors: [Repository] = []
    for _ in 0..<8 { actors.append(try await Repository.open(sample.path)) }
    var seconds = Samples()
    var failures: [String] = []
    for round in 0..<rounds {
      do {
        seconds.append(try await once(round, actors, base, folder, sample))
      } catch {
        failures.append("round \(round): \(error)")
      }
    }
    let median = seconds.median.map(Quantity.milliseconds.text) ?? "–"
    return
      "\(rounds) rounds of \(width): \(failures.count) failed; making and removing all took \(median) in the median."
      + failures.prefix(5).map { "\n- \($0)" }.joined()
  }

  private static func once(
    _ round: Int,
    _ actors: [Repository],
    _ base: CommitID,
    _ folder: String,
    _ sample: SampleRepository
  ) async throws -> Double {
    let start = ContinuousClock.now
    try await all { number in
      let name = "w\(number)"
      _ = try await actors[number % actors.count].addWorktree(
        name: name,
        path: "\(folder)/trees/\(name)",
        branch: "together/\(round)/\(number)",
        base: base
      )
    }
    var seconds = start.secondsToNow
    let listed = Set(try sample.git("worktree", "list", "--porcelain").split(separator: "\n"))
    for number in 0..<width where !listed.contains("branch refs/heads/together/\(round)/\(number)") {
      throw NotMeasured(reason: "git doesn't list worktree \(number)")
    }
    let again = ContinuousClock.now
    try await all { number in
      try await actors[number % actors.count].removeWorktree("w\(number)")
      try await actors[number % actors.count].deleteRef("refs/heads/together/\(round)/\(number)", expecting: base)
    }
    seconds += again.secondsToNow
    guard try sample.git("worktree", "list", "--porcelain").components(separatedBy: "worktree ").count == 2 else {
      throw NotMeasured(reason: "git lists worktrees that were removed")
    }
    return seconds
  }

  private static func all(_ body: @Sendable @escaping (Int) async throws -> Void) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<width { group.addTask { try await body(number) } }
      try await group.waitForAll()
    }
  }
}

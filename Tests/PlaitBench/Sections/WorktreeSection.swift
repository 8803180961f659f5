import Foundation
import Git

/// Making a worktree, and using one again.
enum WorktreeSection: Section {
  static let name = "worktree"
  static let title = "Worktrees"
  static let explanation = """
    Made anew: from nothing to all files checked out on a new branch. Used again: a worktree in which one file was changed and \
    one added is brought to a commit that differs in one file, on a new branch. `moveWorktree` alone is what an attempt waits \
    for in a run: what it was cleaned of was removed beside the work of others. Plait's calls are made in this process, git's \
    are processes.
    """

  static func run(_ bench: Bench) async throws -> String {
    var tables: [String] = []
    for files in bench.fileCounts {
      Notice.say("\(name): \(files) files")
      let folder = try bench.scratch.folder("worktree")
      let sample = try SampleRepository(files: files, at: "\(folder)/repository", program: bench.program)
      let making = NewWorktrees(
        folder: folder,
        sample: sample,
        repository: try await Repository.open(sample.path),
        base: try commit("main", in: sample)
      )
      let made = await bench.contest.run([
        Contender("addWorktree") { try await making.plait() },
        Contender("addOverlay") { try await making.overlay() },
        Contender("git worktree add") { try making.git() },
        Contender("cp -a --reflink=auto") { try making.copy() },
      ])
      tables.append(Table("made anew, \(files) files", made, unit: .milliseconds).markdown)
      let again = await bench.contest.run(try await reuse(making))
      tables.append(Table("used again, \(files) files", again, unit: .milliseconds).markdown)
    }
    return tables.joined(separator: "\n\n")
  }

  private static func reuse(_ making: NewWorktrees) async throws -> [Contender] {
    let other = CommitID(try making.sample.change(file: 1, from: "main", branch: "other"))
    guard let other else { throw NotMeasured(reason: "git names no commit") }
    let bases = [making.base, other]
    let reset = try await UsedWorktree("reset", making, bases)
    let move = try await UsedWorktree("move", making, bases)
    let both = try await UsedWorktree("both", making, bases)
    let git = try await UsedWorktree("git", making, bases)
    return [
      Contender("moveWorktree, cleaned before") { try await move.move(countsCleaning: false) },
      Contender("cleanWorktree + moveWorktree") { try await both.move(countsCleaning: true) },
      Contender("resetWorktree") { try await reset.reset() },
      Contender("git checkout -f -B, git clean -ffdxq") { try git.git() },
    ]
  }

  /// The commit that a revision names.
  static func commit(_ revision: String, in sample: SampleRepository) throws -> CommitID {
    guard let commit = CommitID(try sample.git("rev-parse", revision)) else {
      throw NotMeasured(reason: "git names no commit for \(revision)")
    }
    return commit
  }
}

/// The ways to a new worktree; each removes again what it has made.
struct NewWorktrees: Sendable {
  let folder: String
  let sample: SampleRepository
  let repository: Repository
  let base: CommitID

  private var path: String { "\(folder)/new" }

  /// Over one that is there already: what each but the first one of a run takes.
  func overlay() async throws -> Double {
    do { try Repository.requireOverlays(in: folder) } catch { throw NotMeasured(reason: "\(error)") }
    let lower = try await repository.addWorktree(name: "lower", path: "\(folder)/lower", branch: nil, base: base)
    sync()
    let start = ContinuousClock.now
    _ = try await repository.addOverlay(name: "new", path: path, branch: "new", base: base, over: lower)
    let seconds = start.secondsToNow
    try await repository.removeWorktree("new")
    try await repository.deleteRef("refs/heads/new", expecting: base)
    try await repository.removeWorktree("lower")
    return seconds
  }

  func plait() async throws -> Double {
    sync()
    let start = ContinuousClock.now
    _ = try await repository.addWorktree(name: "new", path: path, branch: "new", base: base)
    let seconds = start.secondsToNow
    try await repository.removeWorktree("new")
    try sample.git("branch", "-q", "-D", "new")
    return seconds
  }

  func git() throws -> Double {
    sync()
    let command = ["git", "worktree", "add", "-q", "--no-track", "-b", "new", path, base.description]
    let seconds = try sample.program.run(command, in: sample.path).seconds
    try sample.git("worktree", "remove", "--force", path)
    try sample.git("branch", "-q", "-D", "new")
    return seconds
  }

  /// The files alone: neither an index nor a branch.
  func copy() throws -> Double {
    sync()
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    let files = try FileManager.default.contentsOfDirectory(atPath: sample.path).filter { $0 != ".git" }
    let command = ["cp", "-a", "--reflink=auto"] + files + [path]
    let seconds = try sample.program.run(command, in: sample.path).seconds
    try FileManager.default.removeItem(atPath: path)
    return seconds
  }
}

/// A worktree that is soiled and brought to another commit, again and again.
final class UsedWorktree {
  private let repository: Repository
  private let sample: SampleRepository
  private let bases: [CommitID]
  private let name: String
  private var worktree: WorktreeHandleInfo
  private var turn = 0

  init(_ name: String, _ making: NewWorktrees, _ bases: [CommitID]) async throws {
    self.name = name
    self.bases = bases
    repository = making.repository
    sample = making.sample
    let path = "\(making.folder)/used-\(name)"
    worktree = try await repository.addWorktree(name: name, path: path, branch: "\(name)-0", base: making.base)
  }

  /// Leaves what a worker leaves, and says where to go next.
  private func soil() throws -> (branch: String, base: CommitID) {
    turn += 1
    let text = "Soiled \(turn).\n"
    for file in [SampleRepository.path(of: 0), "untracked.txt"] {
      try text.write(toFile: "\(worktree.path)/\(file)", atomically: false, encoding: .utf8)
    }
    sync()
    return ("\(name)-\(turn)", bases[turn % bases.count])
  }

  func reset() async throws -> Double {
    let next = try soil()
    let start = ContinuousClock.now
    worktree = try await repository.resetWorktree(worktree, branch: next.branch, base: next.base)
    return start.secondsToNow
  }

  func move(countsCleaning: Bool) async throws -> Double {
    let next = try soil()
    var start = ContinuousClock.now
    let held = worktree.base
    worktree = try await repository.cleanWorktree(worktree, at: held)
    if !countsCleaning { start = .now }
    worktree = try await repository.moveWorktree(worktree, from: held, branch: next.branch, base: next.base)
    return start.secondsToNow
  }

  func git() throws -> Double {
    let next = try soil()
    let program = sample.program
    let checkout = ["git", "checkout", "-q", "-f", "-B", next.branch, next.base.description]
    let seconds = try program.run(checkout, in: worktree.path).seconds
    return try seconds + program.run(["git", "clean", "-ffdxq"], in: worktree.path).seconds
  }
}

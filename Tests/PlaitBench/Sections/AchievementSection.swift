import Foundation

/// What a whole achievement costs besides its work.
enum AchievementSection: Section {
  static let name = "achievement"
  static let title = "A whole achievement"
  static let explanation = """
    Worktree, process, commit, merge and record of an achievement whose work is one small file; time of the whole command ÷ \
    number of achievements, two at a time, each run in a fresh copy of the repository. The script does the same with \
    `git worktree add`, `git commit`, `git merge --no-ff` and `git worktree remove`; it keeps no record, so it could not go on \
    after it was stopped.
    """
  static let peers: Set<Peer> = [.parallelOrchestra]

  private static let slots = 2

  static func run(_ bench: Bench) async throws -> String {
    var tables: [String] = []
    for files in bench.fileCounts {
      Notice.say("\(name): \(files) files")
      let count = bench.isQuick ? 10 : 50
      let folder = try bench.scratch.folder("achievement")
      let master = try SampleRepository(files: files, at: "\(folder)/master", program: bench.program)
      let work = Work(count: count, folder: folder, master: master, bench: bench)
      let standings = await bench.contest.run([
        Contender("Plait") { try work.plait() },
        Contender("Plait --overlay") { try work.plait(["--overlay"]) },
        Contender("shell script") { try work.script() },
        Contender("parallel-orchestra") { try work.orchestra() },
      ])
      tables.append(Table("\(files) files, \(count) achievements", standings, unit: .milliseconds).markdown)
    }
    return tables.joined(separator: "\n\n")
  }

  /// The same achievements for all contenders.
  private struct Work {
    let count: Int
    let folder: String
    let master: SampleRepository
    let bench: Bench

    func plait(_ options: [String] = []) throws -> Double {
      let worker = #"{"shell": "echo result > \"task-$PLAIT_ACHIEVEMENT.txt\"", "stdin": "none"}"#
      let plan = "\(folder)/parallel.json"
      try PlanFile.text(of: .independent(count), worker: worker).write(toFile: plan, atomically: false, encoding: .utf8)
      return try measured { repository in
        let command =
          [bench.plait, "run", plan, "--repo", repository.path, "--jobs", "\(slots)", "--no-color"] + options
        let seconds = try bench.program.run(command, in: folder).seconds
        return (seconds, try repository.git("for-each-ref", "--format=%(refname)", "refs/heads/plait/*/integration"))
      }
    }

    func script() throws -> Double {
      guard bench.program.has("flock") else { throw NotMeasured(reason: "needs flock") }
      let script = "\(folder)/script.sh"
      try CarefulScript.text.write(toFile: script, atomically: false, encoding: .utf8)
      return try measured { repository in
        let command = ["sh", script, repository.path, "\(count)", "\(slots)", "\(folder)/worktrees"]
        return (try bench.program.run(command, in: folder).seconds, "main")
      }
    }

    func orchestra() throws -> Double {
      let orchestra = try bench.peers.command(of: .parallelOrchestra)
      let agent = "\(folder)/agent.sh"
      try OrchestraPlan.agent.write(toFile: agent, atomically: false, encoding: .utf8)
      try bench.program.run(["chmod", "+x", agent], in: folder)
      return try measured { repository in
        try OrchestraPlan.write(tasks: count, to: repository)
        let options = ["--max-workers", "\(slots)", "--claude-exe", agent, "--no-log", "--no-dashboard", "--quiet"]
        let command = bench.limited([orchestra, "run", OrchestraPlan.file] + options)
        return (try bench.program.run(command, in: repository.path).seconds, "main")
      }
    }

    /// Gives `body` a copy of the repository and holds the branch that it names against what should be there.
    private func measured(_ body: (SampleRepository) throws -> (seconds: Double, branch: String)) throws -> Double {
      for name in ["copy", "copy.plait", "worktrees"] {
        try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
      }
      let repository = try master.copy(to: "\(folder)/copy")
      let (seconds, branch) = try body(repository)
      let results = try repository.git("ls-tree", "--name-only", branch).split(separator: "\n")
      let done = results.count { $0.hasPrefix("task-") }
      guard done == count else { throw NotMeasured(reason: "merged \(done) of \(count)") }
      return seconds / Double(count)
    }
  }
}

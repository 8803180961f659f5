internal import Recording
internal import SystemPackage

/// A repository of its own for one trial, with a plan beside it, in a folder that can be thrown away.
struct ScratchRepository: Sendable {
  let folder: String
  private let plait: String
  private let launcher = LocalLauncher()

  var path: String { folder + "/repository" }
  var planPath: String { folder + "/plan/parallel.json" }
  var databasePath: String { path + "/.git/plait/plait.sqlite" }

  /// How a program ended and what it wrote.
  struct Ended: Sendable {
    let status: WorkerEnd.Status
    let output: String
    let errors: String

    /// The exit code; nil when it was killed or stopped.
    var code: Int32? { if case .exited(let code) = status { code } else { nil } }
  }

  /// Makes the repository with one commit, always the same, and the plan.
  init(folder: String, plait: String) async throws {
    self.folder = folder
    self.plait = plait
    try RunFiles.makeDirectory(folder + "/plan")
    try RunFiles.makeDirectory(folder + "/home")
    try RunFiles.write(CrashPlan.text, to: planPath)
    // Without git's own housekeeping: a worker that is killed in the middle of it leaves a lock of the whole repository.
    let script = """
      git init -q -b main repository && cd repository && git config user.name Plait && git config user.email \
      plait@example.invalid && git config commit.gpgsign false && git config maintenance.auto false \
      && echo start > README && git add README && git commit -q -m Start
      """
    let made = try await run(["/bin/sh", "-c", script], in: folder)
    guard made.code == 0 else {
      throw EngineError(.missing, "git", "the crash matrix needs git, and could not make a repository: \(made.errors)")
    }
  }

  /// Runs `plait` in the repository, with `fault` as its `PLAIT_FAULT`.
  func plait(_ arguments: [String], fault: String? = nil) async throws -> Ended {
    try await run([plait] + arguments, in: path, fault: fault)
  }

  func git(_ arguments: [String]) async throws -> Ended { try await run(["git"] + arguments, in: path) }

  private func run(_ words: [String], in directory: String, fault: String? = nil) async throws -> Ended {
    let name = "\(folder)/output-\(UInt64.random(in: 0 ... .max))"
    // To files: what a killed program leaves behind may go on and hold a pipe open.
    var job = WorkerJob(
      executable: "/bin/sh",
      arguments: ["-c", "exec \"$@\" 2>\"$0\"", "\(name).err"] + words,
      environment: environment(fault: fault),
      workingDirectory: directory,
      outputPath: "\(name).out"
    )
    job.timeout = 60
    job.grace = 1
    let end = try await launcher.runProcess(job) { _ in }.end
    return Ended(status: end.status, output: text("\(name).out"), errors: text("\(name).err"))
  }

  private func text(_ path: String) -> String {
    String(decoding: (try? RunFiles.read(path)) ?? [], as: UTF8.self)
  }

  /// Only what is needed, so that no setting of the user plays a part.
  private func environment(fault: String?) -> [String: String] {
    var variables = [
      "HOME": folder + "/home", "XDG_CONFIG_HOME": folder + "/home", "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C",
      "GIT_AUTHOR_DATE": "1700000000 +0000", "GIT_COMMITTER_DATE": "1700000000 +0000",
    ]
    for name in ["PATH", "TMPDIR", "PLAIT_SUPERVISOR", "LD_LIBRARY_PATH", "LLVM_PROFILE_FILE"] {
      if let value = getenv(name) { variables[name] = String(cString: value) }
    }
    variables["PLAIT_FAULT"] = fault
    return variables
  }
}

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

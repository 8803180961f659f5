internal import Git
internal import Planning
internal import Recording

/// What every stage of a run may read.
struct RunSettings: Sendable {
  let header: RunHeader
  let plan: Plan
  /// Where worktrees are made, absolute: `<repository>.plait`.
  let worktreeRoot: String
  /// Plait's own environment, from which the allow-list picks.
  let environment: [String: String]
  /// Seconds between SIGTERM and SIGKILL.
  let grace = 10.0

  init(_ header: RunHeader, plan: Plan, archive: RunArchive, environment: [String: String]) {
    self.header = header
    self.plan = plan
    worktreeRoot = header.options.worktreeRoot ?? archive.defaultWorktreeRoot
    self.environment = environment
  }

  /// Whether workers work in the repository's own folder, and nothing is committed or merged.
  var isPlain: Bool { header.options.withoutWorktrees == true }

  /// Whether worktrees lie over one that holds the run's base.
  var hasOverlays: Bool { header.options.overlay == true && !isPlain }

  /// Throws unless such worktrees can be made here, where the run needs them.
  func requireOverlays() throws {
    if hasOverlays { try Repository.requireOverlays(in: worktreeRoot) }
  }

  /// What the run approves; nil when that is left to people.
  var approvals: Approvals? {
    guard header.options.approves == true else { return nil }
    return Approvals(of: Array(zip(plan.files, header.sources)), top: header.repository, run: header.run)
  }

  /// What the scheduler is told.
  var schedule: ScheduleOptions {
    var options = ScheduleOptions(
      slots: header.jobs,
      only: header.options.only.map { Set($0) },
      tiers: header.options.tiers,
      failFast: header.options.failFast,
      retries: header.options.retries
    )
    options.jitter = 0.25
    return options
  }

  /// The worker of `achievement`: its own over the plan's, and the command line's before both; of a choice, its judge.
  func worker(of achievement: Achievement) -> WorkerSpecification {
    var worker = plan.worker(of: achievement)
    if achievement.role.hasWorker, let arguments = header.workerArguments {
      worker.command = .arguments(arguments)
      // An agent named on the command line finds its prompt where `claude -p` and its like look for it.
      worker.stdin = worker.stdin ?? .prompt
    }
    worker.timeout = worker.timeout ?? header.options.timeout
    return worker
  }

  /// The branch that an achievement's worker starts on.
  func branch(of id: AchievementID) -> String { "plait/\(header.run)/\(id.pathComponent)" }

  /// The ref that keeps what an unused attempt made.
  func keptRef(of attempt: AttemptID) -> String {
    "refs/plait/\(header.run)/\(attempt.achievement.pathComponent)/\(attempt.number)"
  }

  /// The ref that keeps a variant's result once its checks are green; nothing else ends like that.
  func greenRef(of attempt: AttemptID) -> String { keptRef(of: attempt) + RunSettings.greenMark }

  static let greenMark = "-green"

  /// First of 20 ports that no other slot of this process is told. Not leased: nothing stops others from using them.
  func portBase(slot: Int) -> Int {
    20_000 + (Int(header.pid) % 40 * 64 + slot) % 2_000 * 20
  }

  /// The message of a commit that Plait makes for an attempt.
  func message(_ subject: String, _ attempt: AttemptID) -> String {
    """
    \(subject)

    Plait-Run: \(header.run)
    Plait-Achievement: \(attempt.achievement)
    Plait-Attempt: \(attempt.number)

    """
  }
}

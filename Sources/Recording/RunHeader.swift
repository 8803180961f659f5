internal import Foundation
package import Planning

/// What is fixed for a run when it starts.
package struct RunHeader: Sendable, Codable, Equatable {
  /// The run's id.
  package let run: String
  /// The version that started the run.
  package let plaitVersion: String
  /// The plan's name; of several, all of them.
  package let planName: String
  /// The file that the plan was read from, absolute; of several, the first.
  package let planPath: String
  /// The repository's working copy (or the bare repository), absolute.
  package let repository: String
  /// Commit id that the run builds on.
  package let base: String
  /// Full name of the ref that results are merged to.
  package let integrationRef: String
  /// Slots: how many workers may run at once.
  package let jobs: Int
  /// The highest tolerated overhead ratio, 0…1.
  package let overheadBudget: Double
  /// The worker's command line from the command line; nil when the plan says it.
  package let workerArguments: [String]?
  /// The folder of the run's logs, absolute.
  package let directory: String
  /// The process that started the run.
  package let pid: Int32
  /// What the user asked for beyond the plan.
  package let options: RunOptions
  /// The files of its plans, in the order of the command line, when they are several; nil for one.
  package let plans: [PlanSource]?
  /// Seconds that the run was expected to take by what earlier runs had taught; nil when they had taught nothing.
  package let forecastSeconds: Double?

  /// Takes everything as it is to be recorded; paths are absolute.
  package init(
    run: String,
    plaitVersion: String,
    planName: String,
    planPath: String,
    repository: String,
    base: String,
    integrationRef: String,
    jobs: Int,
    overheadBudget: Double,
    workerArguments: [String]?,
    directory: String,
    pid: Int32,
    options: RunOptions = RunOptions(),
    forecastSeconds: Double? = nil,
    plans: [PlanSource]? = nil
  ) {
    self.run = run
    self.plaitVersion = plaitVersion
    self.planName = planName
    self.planPath = planPath
    self.repository = repository
    self.base = base
    self.integrationRef = integrationRef
    self.jobs = jobs
    self.overheadBudget = overheadBudget
    self.workerArguments = workerArguments
    self.directory = directory
    self.pid = pid
    self.options = options
    self.forecastSeconds = forecastSeconds
    self.plans = plans
  }

  /// The header as JSON, and back; for a copy of it outside the database.
  package func encoded() throws -> [UInt8] { [UInt8](try JSONEncoder().encode(self)) }

  /// Reads what `encoded` wrote; throws for anything else.
  package init(decoding bytes: [UInt8]) throws {
    self = try JSONDecoder().decode(RunHeader.self, from: Data(bytes))
  }

  /// Where an attempt's `output.log` and prompt are kept: `<directory>/<achievement>/<attempt>`.
  package func directory(of attempt: AttemptID) -> String {
    "\(directory)/\(attempt.achievement.pathComponent)/\(attempt.number)"
  }
}

/// What the user asked of a run beyond the plan; kept so that a later process goes on with the same.
package struct RunOptions: Sendable, Codable, Equatable {
  /// Only these are run; nil means all.
  package var only: [AchievementID]?
  /// Whether a priority waits for the one before.
  package var tiers = false
  /// Whether the first failure stops new work.
  package var failFast = false
  /// Further attempts for workers that don't say.
  package var retries = 0
  /// Seconds of wall time for workers without a timeout of their own.
  package var timeout: Double?
  /// Where worktrees are made, absolute; nil means beside the repository.
  package var worktreeRoot: String?
  /// A branch that is fast-forwarded to the result when everything is complete.
  package var into: String?
  /// Whether someone asked for the overhead budget, so that missing it is the run's outcome.
  package var budgetIsBinding = false
  /// Whether the run writes approvals of results whose checks were green; nil: it doesn't.
  package var approves: Bool?
  /// Whether workers work in the repository's own folder, and nothing is committed or merged; nil: each has a worktree.
  package var withoutWorktrees: Bool?
  /// Whether the worktrees lie over one that holds the base; nil: each has all its files itself.
  package var overlay: Bool?
  /// What to do above it; nil: only say it.
  package var onOverBudget: OverBudgetPolicy?

  /// A run without options.
  package init() {}
}

package import Planning
package import Recording

/// What the user asked to be run.
package struct RunRequest: Sendable {
  /// The plan, read and checked.
  package var plan: Plan
  /// The file as it was read, or those of several plans as `PlanBundle` has them: what is recorded.
  package var planBytes: [UInt8]
  /// The plan file, absolute; of several, the first.
  package var planPath: String
  /// The plan files when they are several, in the order of `plan.files`; nil for one.
  package var plans: [PlanSource]?
  /// Slots and what else the scheduler is told.
  package var schedule: ScheduleOptions
  /// A revision that the run builds on; nil means the checkout's HEAD.
  package var base: String?
  /// A branch that is fast-forwarded to the result when everything is complete.
  package var into: String?
  /// Seconds of wall time for workers without a timeout of their own.
  package var timeout: Double?
  /// The highest tolerated overhead ratio, 0…1; nil: the plan's.
  package var overheadBudget: Double?
  /// Whether approvals are written; nil: where the plan's folder is one of the methodology's.
  package var approve: ApprovalPolicy?
  /// What to do above the budget.
  package var onOverBudget = OverBudgetPolicy.warn
  /// Where worktrees are made, absolute; nil: beside the repository.
  package var worktreeRoot: String?
  /// Whether workers work in the repository's own folder, and nothing is committed or merged.
  package var withoutWorktrees = false
  /// Whether worktrees are made as overlays over one that holds the base.
  package var overlay = false
  /// The worker's command from the command line.
  package var workerArguments: [String]?
  /// Plait's own environment.
  package var environment: [String: String]
  /// What is recorded as the version that started the run.
  package var plaitVersion: String
  /// The run's name; nil makes a new one.
  package var runName: String?

  /// Takes what every run needs; the rest is set afterwards.
  package init(
    plan: Plan,
    planBytes: [UInt8],
    planPath: String,
    schedule: ScheduleOptions,
    environment: [String: String],
    plaitVersion: String
  ) {
    self.plan = plan
    self.planBytes = planBytes
    self.planPath = planPath
    self.schedule = schedule
    self.environment = environment
    self.plaitVersion = plaitVersion
  }

  /// What a later process of the run has to know of this request.
  var runOptions: RunOptions {
    var options = RunOptions()
    options.only = schedule.only?.sorted()
    options.tiers = schedule.tiers
    options.failFast = schedule.failFast
    options.retries = schedule.retries
    options.timeout = timeout
    options.worktreeRoot = worktreeRoot
    options.into = into
    options.withoutWorktrees = withoutWorktrees ? true : nil
    options.overlay = overlay ? true : nil
    options.onOverBudget = onOverBudget == .warn ? nil : onOverBudget
    options.budgetIsBinding = overheadBudget != nil || plan.defaults.overheadBudget != nil
    return options
  }

  /// Each plan as its file has it, with that file.
  package var files: [(plan: Plan, source: PlanSource)] {
    Array(zip(plan.files, plans ?? [PlanSource(name: plan.name, path: planPath)]))
  }
}

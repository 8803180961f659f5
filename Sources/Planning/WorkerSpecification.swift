/// What a plan says once for all of its achievements.
package struct PlanDefaults: Sendable {
  /// How an achievement is done.
  package var worker: WorkerSpecification
  /// Checks on an attempt's own tree, in order.
  package var verify: [VerifyStep]
  /// The check on the merged tree; nil: none.
  package var gate: VerifyStep?
  /// What a fresh worktree needs.
  package var setup: Setup
  /// Sizes of the named pools: `"mongodb": 2`.
  package var resources: [String: Int]
  /// The highest tolerated overhead ratio, 0…1; nil means Plait's own default (0.10).
  package var overheadBudget: Double?
  /// What follows a conflict; nil: what the run says.
  package var onConflict: ConflictPolicy?
  /// What picks one of an achievement's variants, unless the achievement says; nil: nothing does.
  package var judge: WorkerSpecification?

  /// Takes the plan's fields; the defaults are those of a plan that says nothing.
  package init(
    worker: WorkerSpecification = WorkerSpecification(),
    verify: [VerifyStep] = [],
    gate: VerifyStep? = nil,
    setup: Setup = Setup(),
    resources: [String: Int] = [:],
    overheadBudget: Double? = nil,
    onConflict: ConflictPolicy? = nil
  ) {
    self.worker = worker
    self.verify = verify
    self.gate = gate
    self.setup = setup
    self.resources = resources
    self.overheadBudget = overheadBudget
    self.onConflict = onConflict
  }
}

/// The rarely used fields of an achievement.
package struct AchievementDetails: Sendable {
  /// Goes over the plan's, field by field; nil: the plan's as it is.
  package var worker: WorkerSpecification?
  /// nil: the plan's verify steps apply; an empty list: none.
  package var verify: [VerifyStep]?
  /// A script that checks the result, relative to the plan's folder or the repository's top.
  package var validationScript: String?
  /// Paths that must exist in the result, relative to the repository's top.
  package var deliverables: [String]
  /// The footprint: path patterns (`Sources/API/**`) that the work may touch.
  package var files: [String]
  /// What else the worker is told, as Markdown; nil: nothing.
  package var instructions: String?
  /// Ids that should come first where there is a choice.
  package var softDependencies: [AchievementID]
  /// How much of each pool the achievement holds while its slot is taken.
  package var resources: [String: Int]
  /// What picks one of its variants; nil: the plan's judge.
  package var judge: WorkerSpecification?

  /// Takes the achievement's fields; the defaults are those of one that says nothing.
  package init(
    worker: WorkerSpecification? = nil,
    verify: [VerifyStep]? = nil,
    validationScript: String? = nil,
    deliverables: [String] = [],
    files: [String] = [],
    softDependencies: [AchievementID] = [],
    resources: [String: Int] = [:]
  ) {
    self.worker = worker
    self.verify = verify
    self.validationScript = validationScript
    self.deliverables = deliverables
    self.files = files
    self.softDependencies = softDependencies
    self.resources = resources
  }

  /// An achievement that says nothing.
  package static let none = AchievementDetails()

  /// Whether no field says anything.
  package var isEmpty: Bool {
    worker == nil && verify == nil && validationScript == nil && deliverables.isEmpty && files.isEmpty
      && instructions == nil && softDependencies.isEmpty && resources.isEmpty && judge == nil
  }
}

/// How to run a worker. Every field may be missing; an achievement's own overrides the plan's, field by field.
package struct WorkerSpecification: Sendable, Equatable {
  /// What is executed.
  package enum Command: Sendable, Equatable, Codable {
    /// An argument list that never meets a shell; at least one element.
    case arguments([String])
    /// A line for `/bin/sh -c`.
    case shell(String)
  }

  /// What a worker reads.
  package enum StandardInput: String, Sendable, Codable, CaseIterable {
    case prompt
    case none
  }

  /// What is executed; nil: the command line says it.
  package var command: Command?
  /// What it reads; nil: nothing.
  package var stdin: StandardInput?
  /// Seconds of wall time after which the worker is stopped.
  package var timeout: Double?
  /// Seconds without any output after which the worker is stopped.
  package var idleTimeout: Double?
  /// How many further attempts follow a failed one.
  package var retries: Int?
  /// Seconds before the second attempt; doubled for each further one.
  package var backoff: Double?
  /// Variables that are set for it.
  package var environment: [String: String]
  /// Names of variables that are handed through from Plait's own environment.
  package var passEnvironment: [String]

  /// Takes what the file says; nil and empty mean that it says nothing.
  package init(
    command: Command? = nil,
    stdin: StandardInput? = nil,
    timeout: Double? = nil,
    idleTimeout: Double? = nil,
    retries: Int? = nil,
    backoff: Double? = nil,
    environment: [String: String] = [:],
    passEnvironment: [String] = []
  ) {
    self.command = command
    self.stdin = stdin
    self.timeout = timeout
    self.idleTimeout = idleTimeout
    self.retries = retries
    self.backoff = backoff
    self.environment = environment
    self.passEnvironment = passEnvironment
  }

  /// This specification with the fields that `own` names put over it; environments and names to pass are united.
  package func overridden(by own: WorkerSpecification?) -> WorkerSpecification {
    guard let own else { return self }
    return WorkerSpecification(
      command: own.command ?? command,
      stdin: own.stdin ?? stdin,
      timeout: own.timeout ?? timeout,
      idleTimeout: own.idleTimeout ?? idleTimeout,
      retries: own.retries ?? retries,
      backoff: own.backoff ?? backoff,
      environment: environment.merging(own.environment) { $1 },
      passEnvironment: passEnvironment + own.passEnvironment.filter { !passEnvironment.contains($0) }
    )
  }
}

/// One check on an attempt's own tree (verify) or on the merged tree (gate).
package struct VerifyStep: Sendable, Equatable, Codable {
  /// What is looked at.
  package enum Check: Sendable, Equatable, Codable {
    case command([String])
    case shell(String)
    /// A path, relative to the repository's top, that must exist.
    case file(String)
    /// A coverage report, its path relative to the repository's top, and how many percent of the lines it must show covered.
    case coverage(report: String, min: Double)
  }

  /// What is looked at.
  package let check: Check
  /// Seconds; nil means no limit of its own.
  package let timeout: Double?

  /// `timeout` is in seconds; nil: none.
  package init(_ check: Check, timeout: Double? = nil) {
    self.check = check
    self.timeout = timeout
  }

  /// The step in a few words, for messages: `make test`, `file Docs/api.md`, `coverage of at least 90 % in cov.xml`.
  package var summary: String {
    switch check {
    case .command(let arguments): arguments.joined(separator: " ")
    case .shell(let line): line
    case .file(let path): "file \(path)"
    case .coverage(let report, let min): "coverage of at least \(VerifyStep.number(min)) % in \(report)"
    }
  }

  /// `90`, `92.5`.
  private static func number(_ value: Double) -> String {
    value == value.rounded() ? "\(Int(value))" : "\(value)"
  }
}

/// What is done to a fresh worktree before its worker starts.
package struct Setup: Sendable, Equatable {
  /// A line for `/bin/sh -c`; nil: none.
  package var shell: String?
  /// Ignored files to copy from the user's checkout (`.env`), relative paths.
  package var copy: [String]
  /// Patterns of untracked paths that may survive when a worktree is used again.
  package var keep: [String]

  /// `copy` are paths of the checkout, `keep` patterns of untracked paths that stay.
  package init(shell: String? = nil, copy: [String] = [], keep: [String] = []) {
    self.shell = shell
    self.copy = copy
    self.keep = keep
  }
}

/// What happens to an attempt whose result doesn't merge.
package enum ConflictPolicy: String, Sendable, Codable, CaseIterable {
  /// Keep the result branch, block dependents.
  case fail
  /// Once more, from the new tip, told what conflicted.
  case retry
}

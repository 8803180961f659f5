package import Git
internal import Methodology
package import Planning
internal import Recording
internal import SystemPackage

/// Everything that is looked at before a run starts: the repository, the plan folder, the worker. Nothing is changed by it.
package struct Preparation: Sendable {
  /// What was asked for.
  package let request: RunRequest
  /// The repository and its runs.
  package let archive: RunArchive
  /// The commit that the run builds on.
  package let base: CommitID
  /// What the plan folder has settled already.
  package let prior: [AchievementID: PriorStatus]
  /// What the user should know before the run; one sentence each.
  package let notices: [String]
  /// What earlier runs took for the same work.
  package let learned: LearnedDurations
  /// Whose validation scripts are there before the work begins.
  let baseScripts: Set<AchievementID>
  /// Whether the run writes approvals.
  let approves: Bool
  /// The plan files when they are several, each with whether the run writes approvals there; nil for one.
  let plans: [PlanSource]?

  /// Checks `request` against the repository; throws with one sentence when the run can't start.
  package init(_ request: RunRequest, archive: RunArchive) async throws {
    self.request = request
    self.archive = archive
    let repository = archive.repository
    if let root = request.worktreeRoot, root == archive.top || root.hasPrefix(archive.top + "/") {
      throw EngineError(
        .invalidRequest,
        root,
        "\(root) is inside of the repository, and worktrees there would be part of your checkout: choose a folder beside it"
      )
    }
    if request.overlay { try Repository.requireOverlays(in: request.worktreeRoot ?? archive.defaultWorktreeRoot) }
    learned = await archive.learned(of: request.plan, workerArguments: request.workerArguments)
    base = try await Preparation.base(request, in: repository)
    var notices = try await repository.facts.notes + repository.checkSupport(base: base)
    prior = try Preparation.settled(request)
    try await archive.checkApproved(prior, of: request, base: base)
    try Preparation.checkVariants(request)
    try Preparation.checkSelection(request, prior: prior)
    let relative = try Preparation.checkWorkers(request, prior: prior)
    notices += try await Preparation.programsNotice(relative, in: repository, base: base)
    try await Preparation.checkTarget(request.into, in: repository, base: base)
    baseScripts = try await Preparation.existingScripts(
      of: request.plan,
      in: request.files.map(\.source),
      at: repository,
      base: base
    )
    notices += Preparation.scriptsNotice(request.plan, existing: baseScripts)
    let approving = try await Preparation.approving(request, in: archive, base: base, &notices)
    approves = approving.contains { $0.approves == true }
    plans = request.plans == nil ? nil : approving
    self.notices = notices
  }

  /// What to say of changes in the user's checkout, which the run leaves out; nil when there are none, or none can be seen.
  ///
  /// Looks at every file there, with a handle of its own: a run need not wait for it.
  package func uncommittedNotice() async -> String? {
    guard let count = try? await Repository.open(archive.top).isCheckoutDirty(), count > 0 else { return nil }
    let (changes, them) = count == 1 ? ("change", "it") : ("changes", "them")
    return "\(count) uncommitted \(changes) in your checkout: workers start from \(base.short) without \(them)"
  }

  /// Validation scripts that are not there.
  private static func scriptsNotice(_ plan: Plan, existing: Set<AchievementID>) -> [String] {
    let missing = Set(plan.achievements.filter { !existing.contains($0.id) }.compactMap(\.details.validationScript))
    guard let first = missing.min() else { return [] }
    return [
      "\(missing.count) validation script\(missing.count == 1 ? "" : "s") not found (\(first)): reported as"
        + " not run unless the work creates \(missing.count == 1 ? "it" : "them")"
    ]
  }

  /// The plan files, each with whether the run writes approvals into its folder.
  private static func approving(
    _ request: RunRequest,
    in archive: RunArchive,
    base: CommitID,
    _ notices: inout [String]
  ) async throws -> [PlanSource] {
    var sources: [PlanSource] = []
    for (plan, given) in request.files {
      var source = given
      source.approves = try await approves(plan, given, request, in: archive, base: base, &notices)
      sources.append(source)
    }
    return sources
  }

  /// Whether approvals can be written, and are wanted: their folder has to be part of the repository.
  private static func approves(
    _ plan: Plan,
    _ source: PlanSource,
    _ request: RunRequest,
    in archive: RunArchive,
    base: CommitID,
    _ notices: inout [String]
  ) async throws -> Bool {
    let named = request.plans == nil ? "the plan" : "the plan \(plan.name)"
    let hasChecks = plan.achievements.contains { Verifier.checks($0, defaults: plan.defaults) }
    let isAtHome = request.approve == .auto || Approvals.isAtHome(in: source.directory, plan: plan)
    guard request.approve != .manual, hasChecks, isAtHome else {
      if request.approve == .auto, !hasChecks { notices.append("nothing is approved: \(named) has no checks") }
      return false
    }
    let name = source.path.split(separator: "/").last ?? ""
    if let folder = Approvals.folder(source.directory, below: archive.top),
      try await archive.repository.fileExists(folder + name, at: base)
    {
      return true
    }
    if request.approve == .auto {
      notices.append("nothing is approved: the folder of \(named) is not part of the commit that the run builds on")
    }
    return false
  }

  /// What would be started, in order, and the hours that the workers would take; nothing is started.
  package func forecast() -> Forecast {
    let analysis = PlanAnalysis(request.plan, learned: learned)
    var schedule = Schedule(plan: request.plan, analysis: analysis, options: request.schedule)
    _ = schedule.begin(prior: prior)
    return Forecast(schedule, analysis: analysis)
  }

  private static func base(_ request: RunRequest, in repository: Repository) async throws -> CommitID {
    if let revision = request.base { return try await repository.resolve(revision) }
    guard let commit = try await repository.head().commit else {
      throw GitError(
        .noCommits,
        "HEAD",
        "the repository has no commit yet: make a first one ('git commit'), workers start from it"
      )
    }
    return commit
  }

  /// What the folders of the plans have settled already, by the run's ids.
  private static func settled(_ request: RunRequest) throws -> [AchievementID: PriorStatus] {
    var prior: [AchievementID: PriorStatus] = [:]
    for (plan, source) in request.files {
      let folder = try PlanFolder(ofPlanFile: FilePath(source.path)).statuses(of: plan)
      for (id, status) in priorStatuses(folder, of: plan) { prior[request.plan.id(id, of: plan)] = status }
    }
    return prior
  }

  /// What is said of an achievement is said of its parts and variants too.
  private static func priorStatuses(
    _ folder: [AchievementID: FolderStatus],
    of plan: Plan
  ) -> [AchievementID: PriorStatus] {
    var prior = folder.compactMapValues(Preparation.priorStatus)
    guard !prior.isEmpty else { return prior }
    for achievement in plan.achievements where prior[achievement.id] == nil {
      guard let owner = achievement.role.owner, let status = prior[owner] else { continue }
      prior[achievement.id] = PriorStatus(status.state, reason: "\(owner): \(status.reason)")
    }
    return prior
  }

  private static func priorStatus(_ folder: FolderStatus) -> PriorStatus? {
    switch folder.status {
    case .complete: PriorStatus(.complete, reason: folder.reason ?? "complete in the plan folder")
    case .skipped: PriorStatus(.skipped, reason: folder.reason ?? "skipped in the plan folder")
    default: nil
    }
  }

  /// Variants are kept apart until one is picked, which takes worktrees.
  private static func checkVariants(_ request: RunRequest) throws {
    guard request.withoutWorktrees, let variant = request.plan.achievements.first(where: { $0.role.isVariant }) else {
      return
    }
    throw EngineError(
      .invalidRequest,
      variant.id.text,
      "--no-worktree can't keep the variants of an achievement apart (\(variant.id)): leave that option out"
    )
  }

  /// `--only` must name ids of the plan whose dependencies are complete or selected too.
  private static func checkSelection(_ request: RunRequest, prior: [AchievementID: PriorStatus]) throws {
    guard let only = request.schedule.only else { return }
    for id in only.sorted() {
      guard request.plan[id] != nil else {
        throw EngineError(.invalidRequest, id.text, "--only names \(id), which the plan does not have")
      }
      if let achievement = request.plan[id], achievement.role.isVariant, let owner = achievement.role.owner {
        throw EngineError(
          .invalidRequest,
          id.text,
          "--only names \(id), a variant: name \(owner), and all of its variants are run"
        )
      }
      for dependency in request.plan.dependencies(of: id) where !only.contains(dependency) {
        if request.plan[dependency]?.role.owner == id { continue }
        if prior[dependency]?.state == .complete { continue }
        throw EngineError(
          .invalidRequest,
          id.text,
          "\(id) depends on \(dependency), which is neither complete nor selected: add it to --only"
        )
      }
    }
  }

  /// `--into` must name a branch that can be fast-forwarded: found out before the work and not after it.
  private static func checkTarget(_ branch: String?, in repository: Repository, base: CommitID) async throws {
    guard let branch else { return }
    guard let tip = try await repository.tip(of: branch) else {
      throw GitError(
        .notFound,
        branch,
        "there is no branch \(branch) for --into: create it with 'git branch \(branch)'"
      )
    }
    guard try await repository.isAncestor(tip, of: base) else {
      throw EngineError(
        .invalidRequest,
        branch,
        "\(branch) has commits that \(base.short) does not contain, so --into can't fast-forward it: add --base \(branch)"
      )
    }
  }

  /// Programs named by a relative path that the base does not have: easily meant from the current folder.
  private static func programsNotice(
    _ names: Set<String>,
    in repository: Repository,
    base: CommitID
  ) async throws -> [String] {
    var notices: [String] = []
    for name in names.sorted() {
      let path = FilePath(name).lexicallyNormalized().string
      if !path.hasPrefix("../"), try await repository.fileExists(path, at: base) { continue }
      notices.append("\(name) is not in \(base.short): a worker's relative path counts from its worktree")
    }
    return notices
  }

  /// Every worker's program must be there before the first one starts. Returns those that are looked for in a worktree.
  private static func checkWorkers(_ request: RunRequest, prior: [AchievementID: PriorStatus]) throws -> Set<String> {
    var relative: Set<String> = []
    var checked: Set<String> = []
    for achievement in request.plan.achievements where achievement.role != .join && prior[achievement.id] == nil {
      if let only = request.schedule.only, !only.contains(achievement.role.owner ?? achievement.id),
        !only.contains(achievement.id)
      {
        continue
      }
      var worker = request.plan.worker(of: achievement)
      if achievement.role.hasWorker, let arguments = request.workerArguments { worker.command = .arguments(arguments) }
      guard let command = worker.command else {
        throw EngineError(
          .missing,
          achievement.id.text,
          "nothing says how to do \(achievement.id): give the worker's command after '--' or as \"worker\" in the plan"
        )
      }
      guard case .arguments(let list) = command, let name = list.first, checked.insert(name).inserted else { continue }
      // A path relative to the worktree may be made by the work itself: found out when it starts.
      if name.contains("/") && !name.hasPrefix("/") {
        relative.insert(name)
        continue
      }
      _ = try Command(list, path: worker.environment["PATH"] ?? request.environment["PATH"], directory: "/")
    }
    return relative
  }
}

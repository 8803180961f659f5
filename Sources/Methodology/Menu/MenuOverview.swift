package import Planning

/// What the menu knows of the newest run of its plan.
package struct MenuRun: Sendable {
  /// A result that is merged in a run and not landed yet.
  package struct Unlanded: Sendable {
    /// The id of the run that has it: not always the newest.
    package let run: String
    /// What is approved in it.
    package let approved: Set<AchievementID>

    /// Takes what the result's branch says.
    package init(run: String, approved: Set<AchievementID>) {
      self.run = run
      self.approved = approved
    }
  }

  /// The run's id.
  package let name: String
  /// Whether a process drives it now.
  package let isLive: Bool
  /// Whether `plait resume` has something to go on with.
  package let canResume: Bool
  /// Where its achievements stand by it.
  package let standing: [AchievementID: RunStanding]
  /// What is there to be landed; nil when there is nothing.
  package let unlanded: Unlanded?

  /// Takes what the run's record says.
  package init(
    name: String,
    isLive: Bool,
    canResume: Bool,
    standing: [AchievementID: RunStanding],
    unlanded: Unlanded? = nil
  ) {
    self.unlanded = unlanded
    self.name = name
    self.isLive = isLive
    self.canResume = canResume
    self.standing = standing
  }
}

/// The five answers that the menu gives before it offers anything: where, what blocks, what can run, at which level, what next.
package struct MenuOverview: Sendable {
  /// The plan's name, in one line.
  package let planName: String
  /// How many achievements there are, and how many of them are complete.
  package let total: Int
  /// How many are complete.
  package let complete: Int
  /// Where the plan stands: `4 of 9 complete, 1 running, 2 ready, 2 waiting`.
  package let place: String
  /// What holds others up, the worst first; empty when nothing does.
  package let blockers: [String]
  /// What can run now, in plan order.
  package let ready: [AchievementID]
  /// What is rejected and could be tried again now, in plan order.
  package let rejected: [AchievementID]
  /// The lowest dependency level that isn't done, and the highest there is; nil when all is done.
  package let level: (current: Int, last: Int)?
  /// What waits for a verdict, in plan order.
  package let waitingForReview: [AchievementID]
  /// What is approved in a run's result that isn't landed, in plan order.
  package let toLand: [AchievementID]
  /// What isn't complete or skipped.
  package let open: [AchievementID]
  /// The entry that is the next thing to do.
  package let next: MenuAction

  /// Answers from the plan's files, and from its newest run.
  package init(_ record: PlanRecord, run: MenuRun? = nil) {
    let standing = record.standing(run: run?.isLive == true ? run?.standing ?? [:] : [:])
    let all = record.achievements.map(\.id)
    func count(_ status: FileStatus) -> Int { all.count { standing[$0]?.status == status } }
    planName = Markdown.line(record.plan.name)
    total = all.count
    complete = count(.complete)
    open = all.filter { !record.isSettled($0) }
    let running = all.filter { standing[$0]?.status == .inProgress }
    toLand = MenuOverview.merged(all, standing, run).filter { run?.unlanded?.approved.contains($0) == true }
    let landing = Set(toLand)
    waitingForReview = MenuOverview.waiting(all, standing, run).filter { !landing.contains($0) }
    let held = landing.union(running + waitingForReview)
    let free = open.filter { !held.contains($0) }
    let startable = free.filter { record.openDependencies(of: $0).isEmpty }
    ready = startable.filter { standing[$0]?.status != .failed }
    rejected = startable.filter { standing[$0]?.status == .failed }
    let waiting = free.count { standing[$0]?.status != .failed } - ready.count
    let parts = [
      (count(.skipped), "skipped"), (running.count, "running"), (count(.failed), "rejected"),
      (waitingForReview.count, "to review"), (toLand.count, "to land"), (ready.count, "ready"), (waiting, "waiting"),
    ]
    place = (["\(complete) of \(total) complete"] + parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }).joined(
      separator: ", "
    )
    blockers = MenuOverview.blockers(record, standing, run)
    level = open.compactMap { record.levels[$0] }.min().map { ($0, record.levels.values.max() ?? 0) }
    next = MenuOverview.next(
      isDone: open.isEmpty,
      isLive: run?.isLive == true,
      canResume: run?.canResume == true,
      hasReview: !waitingForReview.isEmpty,
      canLand: run?.unlanded != nil,
      hasReady: !ready.isEmpty
    )
  }

  /// What has a result and no verdict: merged by a run, or rejected and said to be put right.
  private static func waiting(
    _ all: [AchievementID],
    _ standing: [AchievementID: FolderStatus],
    _ run: MenuRun?
  ) -> [AchievementID] {
    let merged = Set(merged(all, standing, run))
    return all.filter { id in
      merged.contains(id)
        || standing[id]?.status == .failed && standing[id]?.note?.contains("waits for review") == true
    }
  }

  /// What a run has merged, as far as the files give no verdict.
  private static func merged(
    _ all: [AchievementID],
    _ standing: [AchievementID: FolderStatus],
    _ run: MenuRun?
  ) -> [AchievementID] {
    all.filter { id in
      switch standing[id]?.status {
      case .complete, .skipped, .inProgress, .failed: false
      default: run?.standing[id] == .complete
      }
    }
  }

  /// What is rejected, failed in the run, or skipped without a waiver, as far as something waits for it.
  private static func blockers(
    _ record: PlanRecord,
    _ standing: [AchievementID: FolderStatus],
    _ run: MenuRun?
  ) -> [String] {
    var found: [(count: Int, text: String)] = []
    for achievement in record.achievements {
      let id = achievement.id
      let reason: String
      switch standing[id]?.status {
      case .failed: reason = "is rejected (\(standing[id]?.reason ?? ""))"
      case .skipped where !record.satisfies(id): reason = "is skipped (\(standing[id]?.reason ?? ""))"
      case .complete, .skipped, .inProgress: continue
      default:
        guard run?.standing[id] == .failed else { continue }
        reason = "failed in run \(run?.name ?? "")"
      }
      let held = heldUp(by: id, record)
      let isWorthSaying = held > 0 || standing[id]?.status == .failed || run?.standing[id] == .failed
      if isWorthSaying { found.append((held, "\(id) \(reason)" + (held > 0 ? " and holds up \(held)" : ""))) }
    }
    return found.enumerated().sorted { ($1.element.count, $0.offset) < ($0.element.count, $1.offset) }.map(
      \.element.text
    )
  }

  /// How many achievements that are open depend on `id`, directly or through others.
  private static func heldUp(by id: AchievementID, _ record: PlanRecord) -> Int {
    var seen: Set<AchievementID> = [id]
    var queue = [id]
    while let next = queue.popLast() {
      for dependent in record.plan.dependents(of: next).map({ record.plan.part(of: $0) ?? $0 })
      where seen.insert(dependent).inserted && !record.isSettled(dependent) {
        queue.append(dependent)
      }
    }
    return seen.count { $0 != id && !record.isSettled($0) }
  }

  private static func next(
    isDone: Bool,
    isLive: Bool,
    canResume: Bool,
    hasReview: Bool,
    canLand: Bool,
    hasReady: Bool
  ) -> MenuAction {
    if isDone { return canLand && !isLive ? .land : .archive }
    if isLive { return .report }
    if hasReview { return .review }
    if canResume { return .resume }
    if canLand { return .land }
    return hasReady ? .runReady : .graph
  }
}

internal import HeapModule
package import Planning
package import Recording

/// Decides what runs next: a value that takes outcomes and gives back facts to record and attempts to start.
///
/// Pure and synchronous: no clock, no task, no process. `time` is always seconds since the run's start. Each change costs
/// O(log n) plus the edges it touches. The same schedule runs on the virtual clock of `Simulation`.
package struct Schedule: Sendable {
  /// What `assign(at:)` found.
  package struct Round: Sendable {
    /// What has to be recorded, in order.
    package var facts: [RunEvent.Fact] = []
    /// What starts now, in order.
    package var assignments: [Assignment] = []
  }

  enum State: UInt8 {
    case waiting, ready, delayed, active, complete, failed, blocked, skipped, waived, cancelled

    /// Whether dependents may count on it.
    var satisfies: Bool { self == .complete || self == .waived }
    var isFinal: Bool { rawValue >= State.complete.rawValue }
  }

  /// The plan that is scheduled.
  package let plan: Plan
  /// What the user asked for.
  package internal(set) var options: ScheduleOptions
  var states: [State]
  var openDependencies: [Int32]
  /// Attempts handed out so far: the next one's number is one more.
  var attempts: [Int32]
  /// Failures of the work so far: what the allowed retries are counted against.
  var failures: [Int: Int] = [:]
  var conflicts: [Int: Int] = [:]
  var losses: [Int: Int] = [:]
  var parkings: [Int: Int] = [:]
  /// Whether something failed for good because it could not be merged, in this process or in an earlier one of the run.
  package internal(set) var hasConflict = false
  private var queue: ReadyQueue
  var delayed = Heap<Delay>()
  var freeSlots: SlotPool
  var held: HeldResources
  /// The choice of each variant; empty for most plans.
  let choices: [Int: Int]
  private var announcedHeld: Set<Int> = []
  private var tiers: TierGate?
  private var unfinished: Int
  var active = 0
  /// Nothing new starts while this is set.
  package var isPaused = false
  /// At most so many run at once; nil: as many as there are slots.
  package var limit: Int?
  /// Why no new work starts, once that is so.
  package private(set) var stopReason: String?

  struct Delay: Comparable, Sendable {
    let time: Double
    let node: Int

    static func < (left: Delay, right: Delay) -> Bool { (left.time, left.node) < (right.time, right.node) }
  }

  /// `analysis` must be that of `plan`; nothing is ready before `begin` or `resume`.
  package init(plan: Plan, analysis: PlanAnalysis, options: ScheduleOptions) {
    self.plan = plan
    self.options = options
    states = [State](repeating: .waiting, count: plan.achievements.count)
    attempts = [Int32](repeating: 0, count: plan.achievements.count)
    openDependencies = plan.achievements.indices.map { Int32(plan.graph.dependencies(of: $0).count) }
    queue = ReadyQueue(plan: plan, analysis: analysis)
    choices = Schedule.choices(of: plan)
    held = HeldResources(plan, choices: choices)
    unfinished = plan.achievements.count
    freeSlots = SlotPool(count: options.slots)
    tiers = options.tiers ? TierGate(plan.achievements.map(\.priority)) : nil
  }

  /// Whether nothing runs and nothing more will.
  package var isFinished: Bool {
    active == 0 && (unfinished == 0 || stopReason != nil || (queue.isEmpty && delayed.isEmpty))
  }

  /// When the next delayed attempt may start; nil when none waits for its time.
  package var wakeTime: Double? { stopReason == nil && !isPaused ? delayed.min?.time : nil }

  /// How many have neither begun nor ended.
  package var unstarted: Int { unfinished - active }

  /// Whether someone cancelled one that could have gone on.
  package var hasCancelled: Bool { matters { $0 == .cancelled } }

  /// Whether something that could still run was left undone, because the run was stopped.
  package var hasUnfinishedWork: Bool {
    matters { !$0.isFinal || $0 == .cancelled }
  }

  /// Whether something can't run because of what it depends on.
  package var hasBlocked: Bool { matters { $0 == .blocked } }

  /// Whether something is out of attempts, in this process or in an earlier one of the run.
  package var hasFailed: Bool { matters { $0 == .failed } }

  // MARK: Start

  /// Takes in what the plan folder has settled before the run and makes ready what has no open dependency.
  package mutating func begin(prior: [AchievementID: PriorStatus] = [:]) -> [RunEvent.Fact] {
    var facts: [RunEvent.Fact] = []
    var unsatisfied: [Int] = []
    let settled = prior.isEmpty && options.only == nil ? [][...] : plan.achievements[...]
    for (node, achievement) in zip(settled.indices, settled) {
      guard let status = prior[achievement.id] ?? notSelected(achievement) else { continue }
      facts.append(.settled(achievement.id, as: status.state, reason: status.reason))
      switch status.state {
      case .complete: settle(node, as: .complete)
      case .skipped where achievement.isWaived: settle(node, as: .waived)
      case .skipped, .notSelected:
        settle(node, as: .skipped)
        unsatisfied.append(node)
      }
    }
    for node in unsatisfied { facts += block(dependentsOf: node) }
    return facts + makeReadyWhatCanStart()
  }

  mutating func makeReadyWhatCanStart() -> [RunEvent.Fact] {
    var facts: [RunEvent.Fact] = []
    for node in plan.achievements.indices where states[node] == .waiting && openDependencies[node] == 0 {
      makeReady(node, &facts)
    }
    return facts
  }

  private func notSelected(_ achievement: Achievement) -> PriorStatus? {
    guard let only = options.only, !only.contains(achievement.id) else { return nil }
    if let whole = achievement.role.owner, only.contains(whole) { return nil }
    return PriorStatus(.notSelected, reason: "left out by --only")
  }

  // MARK: Hand out

  /// Hands ready achievements to free slots, highest priority first.
  package mutating func assign(at time: Double) -> Round {
    var round = Round()
    guard stopReason == nil, !isPaused else { return round }
    while let next = delayed.min, next.time <= time {
      delayed.removeMin()
      states[next.node] = .ready
      queue.insert(next.node)
    }
    var setAside: [Int] = []
    while active < limit ?? .max, !freeSlots.isEmpty, let node = queue.popFirst() {
      if let reason = held.obstacle(to: node, name: { plan.achievements[$0].id.text }) {
        setAside.append(node)
        if announcedHeld.insert(node).inserted {
          round.facts.append(.held(plan.achievements[node].id, reason: reason))
        }
      } else if let slot = freeSlots.popFirst() {
        round.assignments.append(start(node, in: slot))
      }
    }
    for node in setAside { queue.insert(node) }
    return round
  }

  private mutating func start(_ node: Int, in slot: Int) -> Assignment {
    held.take(node)
    announcedHeld.remove(node)
    states[node] = .active
    active += 1
    attempts[node] += 1
    return Assignment(node: node, attempt: AttemptID(plan.achievements[node].id, Int(attempts[node])), slot: slot)
  }

  // MARK: Outcomes

  /// Takes in that the attempt's result is merged and recorded; returns what became ready by it.
  package mutating func complete(_ assignment: Assignment) -> [RunEvent.Fact] {
    release(assignment)
    settle(assignment.node, as: .complete)
    var facts: [RunEvent.Fact] = []
    for dependent in plan.graph.dependents(of: assignment.node)
    where states[Int(dependent)] == .waiting && openDependencies[Int(dependent)] == 0 {
      makeReady(Int(dependent), &facts)
    }
    openTiers(&facts)
    return facts
  }

  /// Takes in that the attempt's result is not used: another attempt follows, or dependents are blocked.
  package mutating func fail(_ assignment: Assignment, _ failure: AttemptFailure, at time: Double) -> [RunEvent.Fact] {
    release(assignment)
    let (node, id) = (assignment.node, assignment.attempt.achievement)
    if failure.kind == .stopped || failure.kind == .storage {
      // Nothing is decided about it: a later process may run it again.
      states[node] = .cancelled
      unfinished -= 1
      return []
    }
    if failure.kind == .cancelled {
      return giveUp(node, as: .cancelled)
    }
    if failure.kind == .conflict { conflicts[node, default: 0] += 1 }
    if failure.kind.countsAgainstRetries { failures[node, default: 0] += 1 }
    if failure.kind == .lost { losses[node, default: 0] += 1 }
    if failure.kind == .parked { parkings[node, default: 0] += 1 }
    let stated = failure.kind == .parked ? failure.retryAt.map { max(0, $0 - time) } : nil
    // Also in a run that is being stopped: its attempts are not used up, and the process that resumes it makes the next one.
    if let delay = stated ?? delayBeforeRetry(of: node, after: failure) {
      states[node] = .delayed
      delayed.insert(Delay(time: time + delay, node: node))
      return [.retryScheduled(id, notBefore: time + delay)]
    }
    if failure.kind == .conflict { hasConflict = true }
    var facts = giveUp(node, as: .failed)
    if options.failFast, stopReason == nil, choices[node].map({ states[$0] == .blocked }) ?? true {
      facts += stop(reason: "\(id) failed (--fail-fast)")
    }
    return facts
  }

  /// Starts nothing from now on; what runs goes on.
  package mutating func stop(reason: String) -> [RunEvent.Fact] {
    guard stopReason == nil else { return [] }
    stopReason = reason
    return [.stopRequested(reason: reason)]
  }

  private mutating func release(_ assignment: Assignment) {
    held.release(assignment.node)
    freeSlots.insert(assignment.slot)
    active -= 1
  }
}

// MARK: Changes of state: every one is made here

extension Schedule {
  /// Queues a node, unless its tier is closed; appends to `facts` instead of returning some: this is the hottest path.
  private mutating func makeReady(_ node: Int, _ facts: inout [RunEvent.Fact]) {
    if tiers?.holdsBack(node) == true { return }
    states[node] = .ready
    queue.insert(node)
    facts.append(.ready(plan.achievements[node].id))
  }

  mutating func settle(_ node: Int, as state: State) {
    states[node] = state
    unfinished -= 1
    tiers?.finish(node)
    held.close(node)
    // A choice waits for its variants to end, however they do.
    guard state.satisfies || choices[node] != nil else { return }
    for dependent in plan.graph.dependents(of: node) { openDependencies[Int(dependent)] -= 1 }
  }

  /// Ends a node that won't complete, and blocks what needs it; a choice may become ready by that.
  private mutating func giveUp(_ node: Int, as state: State) -> [RunEvent.Fact] {
    settle(node, as: state)
    var facts = block(dependentsOf: node)
    if let choice = choices[node], states[choice] == .waiting, openDependencies[choice] == 0 {
      makeReady(choice, &facts)
    }
    openTiers(&facts)
    return facts
  }

  /// Blocks everything that can't run any more because `root` won't complete; each names its nearest cause.
  mutating func block(dependentsOf root: Int) -> [RunEvent.Fact] {
    var facts: [RunEvent.Fact] = []
    var causes = [root]
    while let cause = causes.popLast() {
      for dependent in plan.graph.dependents(of: cause).map({ Int($0) })
      where states[dependent] == .waiting && !canDo(dependent, without: cause) {
        settle(dependent, as: .blocked)
        let by = plan.achievements[cause].id
        let why = choices[cause] == dependent ? "none of its variants is green" : "\(by) \(words(for: states[cause]))"
        facts.append(.blocked(plan.achievements[dependent].id, by: by, reason: why))
        causes.append(dependent)
      }
    }
    return facts
  }

  private func words(for state: State) -> String {
    switch state {
    case .failed: "failed"
    case .skipped: "is skipped and not waived"
    case .cancelled: "was cancelled"
    default: "is blocked"
    }
  }

  private mutating func openTiers(_ facts: inout [RunEvent.Fact]) {
    guard let opened = tiers?.takeOpened() else { return }
    for node in opened where states[node] == .waiting && openDependencies[node] == 0 { makeReady(node, &facts) }
  }
}

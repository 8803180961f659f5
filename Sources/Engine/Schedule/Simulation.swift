internal import HeapModule
package import Planning
package import Recording

/// Runs the real scheduler on a virtual clock, with expected durations instead of workers.
package enum Simulation {
  /// Predicted makespan in hours with this many slots; nil means as many as there are achievements.
  ///
  /// Counts workers' time only: no worktrees, no merges. O((nodes + edges) log nodes).
  package static func makespan(of plan: Plan, analysis: PlanAnalysis, slots: Int?) -> Double {
    makespans(of: plan, analysis: analysis, slots: [slots]).first ?? 0
  }

  /// What was to be expected of the run in `snapshot`: the predicted makespan in hours with its slots.
  ///
  /// Nil where the two can't be compared: the plan has no estimates, or the run didn't do all of it.
  package static func makespan(of plan: Plan, ranAs snapshot: RunSnapshot) -> Double? {
    let didAll =
      snapshot.outcome == .complete && snapshot.records.values.allSatisfy { $0.mergeCommit != nil || $0.keptRef != nil }
    let isEstimated = plan.achievements.contains { $0.estimate != nil && $0.role.hasWorker }
    guard didAll && isEstimated else { return nil }
    return makespan(of: plan, analysis: PlanAnalysis(plan), slots: snapshot.header?.jobs)
  }

  /// Predicted makespans in hours, one for each number of slots; see `makespan`. The schedule is drawn up once for all.
  package static func makespans(of plan: Plan, analysis: PlanAnalysis, slots: [Int?]) -> [Double] {
    let isFree = plan.defaults.resources.isEmpty && plan.achievements.allSatisfy { $0.details.files.isEmpty }
    var begun: Schedule?
    return slots.map { slots in
      let count = max(1, min(slots ?? Int.max, plan.achievements.count))
      // Two answers that the scheduler can't miss, as it never leaves a slot empty that something could use: one slot works
      // all the time, and with a slot for everyone only the longest chain counts, unless pools or footprints hold some back.
      if count == 1 { return analysis.totalHours }
      if count == plan.achievements.count, isFree { return analysis.criticalPathHours }
      if begun == nil {
        begun = Schedule(plan: plan, analysis: analysis, options: ScheduleOptions(slots: count))
        _ = begun?.begin()
      }
      guard var schedule = begun?.with(slots: count) else { return 0 }
      return run(&schedule, hours: analysis.hours) { _ in }
    }
  }

  /// Runs what `schedule` holds to its end, every attempt a success, and tells of every start; returns when the end is, in
  /// hours. `schedule` must have begun.
  static func run(_ schedule: inout Schedule, hours: [Double], started: (Assignment) -> Void) -> Double {
    var running = Heap<Finish>()
    var time = 0.0
    while true {
      for assignment in schedule.assign(at: time).assignments {
        started(assignment)
        running.insert(Finish(time: time + hours[assignment.node], assignment: assignment))
      }
      guard let next = running.popMin() else { return time }
      time = next.time
      _ = schedule.complete(next.assignment)
      // Everything that ends at the same moment ends before anything new starts.
      while let other = running.min, other.time <= time {
        running.removeMin()
        _ = schedule.complete(other.assignment)
      }
    }
  }

  private struct Finish: Comparable {
    let time: Double
    let assignment: Assignment

    static func < (left: Finish, right: Finish) -> Bool {
      (left.time, left.assignment.node) < (right.time, right.assignment.node)
    }

    static func == (left: Finish, right: Finish) -> Bool {
      left.time == right.time && left.assignment.node == right.assignment.node
    }
  }
}

extension Schedule {
  /// The same with another number of slots; none of them may be in use.
  func with(slots: Int) -> Schedule {
    var schedule = self
    schedule.options.slots = slots
    schedule.freeSlots = SlotPool(count: slots)
    return schedule
  }
}

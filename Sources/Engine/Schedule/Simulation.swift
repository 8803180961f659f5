internal import HeapModule
package import Planning
internal import Recording

/// Runs the real scheduler on a virtual clock, with expected durations instead of workers.
package enum Simulation {
  /// Predicted makespan in hours with this many slots; nil means as many as there are achievements.
  ///
  /// Counts workers' time only: no worktrees, no merges. O((nodes + edges) log nodes).
  package static func makespan(of plan: Plan, analysis: PlanAnalysis, slots: Int?) -> Double {
    let count = max(1, min(slots ?? Int.max, plan.achievements.count))
    var schedule = Schedule(plan: plan, analysis: analysis, options: ScheduleOptions(slots: count))
    var running = Heap<Finish>()
    var time = 0.0
    _ = schedule.begin()
    while true {
      for assignment in schedule.assign(at: time).assignments {
        running.insert(Finish(time: time + analysis.hours[assignment.node], assignment: assignment))
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

package import Planning

/// How long any schedule of these durations on so many slots must take, by three arguments.
///
/// The third is the one of E. B. Fernández and B. Bussell, "Bounds on the Number of Processors and Time for
/// Multiprocessor Optimal Schedules", IEEE Transactions on Computers C-22 (8), 1973: in a schedule as long as the critical
/// path every node has an earliest start and a latest end. What must therefore be done within [a, b] and doesn't fit into
/// the slots there makes the schedule longer, by that excess ÷ slots.
package struct MakespanBound: Sendable, Equatable {
  /// A stretch of time in which more has to be done than the slots can do.
  package struct Window: Sendable, Codable, Equatable {
    /// When it begins, in seconds since the start of a schedule as long as the critical path.
    package let from: Double
    /// When it ends.
    package let to: Double
    /// Seconds of work that no such schedule can move out of it.
    package let workSeconds: Double
  }

  /// The longest chain, in seconds.
  package let criticalPath: Double
  /// Σ seconds ÷ slots.
  package let workPerSlot: Double
  /// The critical path plus the largest excess of a window, in seconds; never below the other two.
  package let timeWindow: Double
  /// The window with the largest excess; nil when everything fits into the critical path's time.
  package let window: Window?

  /// Computes the bounds for nodes that take `seconds` each, without interruption, on `slots` (at least 1).
  ///
  /// Ends of windows are taken from the times at which nodes can begin and end at the earliest and at the latest: all of
  /// them for small graphs, an even choice for large ones, so that it costs about `steps` steps. Each window is an argument
  /// of its own, so what is left out can make the bound weaker but never wrong.
  package init(seconds: [Double], graph: DependencyGraph, slots: Int, steps: Int = 4_000_000) {
    let slots = Double(max(1, slots))
    let order = PlanAnalysis.topologicalOrder(of: graph)
    let tails = PlanAnalysis.bLevels(of: graph, order: order, hours: seconds)
    let length = tails.max() ?? 0
    var heads = [Double](repeating: 0, count: seconds.count)
    for node in order.map({ Int($0) }) {
      for dependency in graph.dependencies(of: node).map({ Int($0) }) {
        heads[node] = max(heads[node], heads[dependency] + seconds[dependency])
      }
    }
    let tasks = seconds.indices.filter { seconds[$0] > 0 }.map {
      Task(seconds: seconds[$0], earliest: heads[$0], latestStart: length - tails[$0])
    }
    let work = tasks.reduce(0) { $0 + $1.seconds }
    let times = MakespanBound.times(of: tasks, most: Int((Double(steps) / Double(max(1, tasks.count))).squareRoot()))
    let worst = MakespanBound.worst(of: tasks, times: times, slots: slots)

    criticalPath = length
    workPerSlot = work / slots
    timeWindow = max(length + (worst?.excess ?? 0), length, work / slots)
    window = worst?.window
  }

  private struct Task {
    let seconds: Double
    let earliest: Double
    let latestStart: Double
  }

  /// The ends of windows to try, ascending; the first and the last time are always among them.
  private static func times(of tasks: [Task], most: Int) -> [Double] {
    var all = tasks.flatMap { [$0.earliest, $0.earliest + $0.seconds, $0.latestStart, $0.latestStart + $0.seconds] }
    all.sort()
    var times: [Double] = []
    for time in all where times.last != time { times.append(time) }
    let most = min(256, max(8, most))
    guard times.count > most else { return times }
    return (0..<most).map { times[$0 * (times.count - 1) / (most - 1)] }
  }

  private static func worst(of tasks: [Task], times: [Double], slots: Double) -> (excess: Double, window: Window)? {
    var worst: (excess: Double, window: Window)?
    for (index, from) in times.enumerated() {
      // Of a task that begins as early as it can, no more than this is left after `from`.
      let open = tasks.compactMap { task -> (most: Double, latestStart: Double)? in
        let left = min(task.seconds, task.earliest + task.seconds - from)
        return left > 0 ? (left, task.latestStart) : nil
      }
      for to in times[(index + 1)...] {
        // Begun as late as it can, a task does `to - latestStart` of its work before `to`.
        let inside = open.reduce(0.0) { $0 + max(0, min($1.most, to - from, to - $1.latestStart)) }
        let excess = inside / slots - (to - from)
        if excess > worst?.excess ?? 0 {
          worst = (excess, Window(from: from, to: to, workSeconds: inside))
        }
      }
    }
    return worst
  }
}

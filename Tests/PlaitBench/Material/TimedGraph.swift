import Foundation
import Planning
import Reporting

/// A graph whose nodes take known times.
struct TimedGraph {
  let seconds: [Double]
  let dependencies: [[Int]]

  init(seconds: [Double], dependencies: [[Int]]) {
    self.seconds = seconds
    self.dependencies = dependencies
  }

  /// A graph with lognormal times: the logarithm has mean 0 and deviation `deviation`, so half of all take longer than 1.
  init(_ graph: TaskGraph, deviation: Double, seed: UInt64) {
    var random = SplitMix64(seed: seed)
    dependencies = graph.dependencies
    seconds = graph.dependencies.map { _ in
      // Box and Muller's way to a normal deviate.
      let normal = (-2 * log(random.nextUnit())).squareRoot() * cos(2 * .pi * random.nextUnit())
      return exp(deviation * normal)
    }
  }

  /// The recorded workflows in a folder: JSON files with `seconds` and `dependencies`; none when there is no such folder.
  static func recorded(in folder: String) -> [TimedGraph] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(".json") }.sorted().compactMap { name in
      guard let bytes = FileManager.default.contents(atPath: "\(folder)/\(name)"),
        let file = try? JSONDecoder().decode(File.self, from: bytes),
        file.seconds.count == file.dependencies.count, file.seconds.contains(where: { $0 > 0 })
      else { return nil }
      return TimedGraph(seconds: file.seconds, dependencies: file.dependencies)
    }
  }

  private struct File: Decodable {
    let seconds: [Double]
    let dependencies: [[Int]]
  }

  /// The same as Plait sees it, one hour for each second.
  var plan: Plan {
    let achievements = seconds.enumerated().compactMap { node, seconds in
      AchievementID("1.\(node + 1)").map {
        Achievement(id: $0, title: "", priority: 1, estimate: HourRange(low: seconds, high: seconds))
      }
    }
    return Plan(
      name: "BENCH",
      level: .acrossPriorities,
      achievements: achievements,
      graph: DependencyGraph(dependencies: dependencies.map { $0.map(Int32.init) })
    )
  }

  /// For each number of slots, what no schedule can be shorter than: the larger of `MakespanBound`, which tries a choice of
  /// windows, and the bound below, which tries all heads and tails.
  func bounds(slots: [Int]) -> [Double] {
    let graph = plan.graph
    let windows = slots.map { MakespanBound(seconds: seconds, graph: graph, slots: $0).timeWindow }
    return zip(windows, headTailBounds(slots: slots)).map { max($0, $1) }
  }

  /// What begins `head` or later at the earliest and is followed by at least `tail` can't take less than head + work ÷ slots +
  /// tail, whichever two are chosen; gives the largest for each number of slots.
  private func headTailBounds(slots: [Int]) -> [Double] {
    // Recorded workflows are in any order.
    let order = PlanAnalysis.topologicalOrder(of: plan.graph).map { Int($0) }
    var heads = [Double](repeating: 0, count: seconds.count)
    for node in order {
      heads[node] = dependencies[node].map { heads[$0] + seconds[$0] }.max() ?? 0
    }
    let dependents = TaskGraph(name: "", dependencies: dependencies).dependents
    var tails = [Double](repeating: 0, count: seconds.count)
    for node in order.reversed() {
      tails[node] = dependents[node].map { tails[$0] + seconds[$0] }.max() ?? 0
    }
    let byTail = seconds.indices.sorted { tails[$0] > tails[$1] }
    var bounds = slots.map { _ in 0.0 }
    for head in Set(heads) {
      var work = 0.0
      for node in byTail where heads[node] >= head {
        work += seconds[node]
        for (index, count) in slots.enumerated() {
          bounds[index] = max(bounds[index], head + work / Double(count) + tails[node])
        }
      }
    }
    return bounds
  }

  /// How long it takes when free slots take what has been ready for longest: what a plain queue of jobs does.
  func firstComeMakespan(slots: Int) -> Double {
    var waiting = dependencies.map(\.count)
    let dependents = TaskGraph(name: "", dependencies: dependencies).dependents
    var ready = waiting.indices.filter { waiting[$0] == 0 }
    var next = 0
    var running: [(end: Double, node: Int)] = []
    var time = 0.0
    while true {
      while next < ready.count, running.count < slots {
        running.append((time + seconds[ready[next]], ready[next]))
        next += 1
      }
      guard let first = running.indices.min(by: { running[$0] < running[$1] }) else { return time }
      let ended = running.remove(at: first)
      time = ended.end
      for dependent in dependents[ended.node] {
        waiting[dependent] -= 1
        if waiting[dependent] == 0 { ready.append(dependent) }
      }
    }
  }
}

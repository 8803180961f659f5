import Foundation
import Planning

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

import Foundation

/// The least that starting the processes of a graph can cost: a loop over `posix_spawn` and `waitpid`, which records nothing.
///
/// Linux's `posix_spawn` is a `vfork` with a stack of its own, so the size of this process doesn't count.
enum SpawnLoop {
  /// Runs `true` for every node, each after its dependencies, at most `slots` at once; gives the seconds.
  static func run(_ graph: TaskGraph, slots: Int) throws -> Double {
    var waiting = graph.dependencies.map(\.count)
    let dependents = graph.dependents
    var ready = waiting.indices.filter { waiting[$0] == 0 }
    var next = 0
    var running: [pid_t: Int] = [:]
    let start = ContinuousClock.now
    while next < ready.count || !running.isEmpty {
      while next < ready.count, running.count < slots {
        running[try spawn()] = ready[next]
        next += 1
      }
      var status: Int32 = 0
      let ended = waitpid(-1, &status, 0)
      guard ended > 0, let node = running.removeValue(forKey: ended) else { continue }
      for dependent in dependents[node] {
        waiting[dependent] -= 1
        if waiting[dependent] == 0 { ready.append(dependent) }
      }
    }
    return start.secondsToNow
  }

  private static func spawn() throws -> pid_t {
    var child: pid_t = 0
    let path = strdup(NoOp.path)
    defer { free(path) }
    var words: [UnsafeMutablePointer<CChar>?] = [path, nil]
    let failure = posix_spawn(&child, NoOp.path, nil, nil, &words, environ)
    guard failure == 0 else { throw ProgramFailure(arguments: [NoOp.path], status: failure, output: "") }
    return child
  }
}

internal import Planning
internal import Recording

extension RunArchive {
  /// Makes the database anew from what lies beside it: each run's header and plan, and the branches.
  ///
  /// A damaged one is moved aside first. What was merged is found again by the trailers on the integration branches when the
  /// run is resumed; stamps and failures of attempts are lost. Returns what was done, in words.
  package func rebuild() async throws -> [String] {
    var done: [String] = []
    let path = directory + "/plait.sqlite"
    if RunFiles.exists(path) {
      let aside = "plait.sqlite.damaged-\(Int(SystemClock.wallTime()))"
      for suffix in ["", "-wal", "-shm"] where RunFiles.exists(path + suffix) {
        try RunFiles.move(path + suffix, to: "\(directory)/\(aside)\(suffix)")
      }
      done.append("the old database is \(directory)/\(aside)")
    }
    let store = try makeStore()
    for run in try RunFiles.names(in: directory + "/runs").sorted() {
      let folder = runDirectory(run)
      guard RunFiles.exists(folder + "/header.json"), RunFiles.exists(folder + "/parallel.json") else {
        done.append("run \(run) can't be rebuilt: \(folder) holds no copy of its plan")
        continue
      }
      let header = try RunHeader(decoding: RunFiles.read(folder + "/header.json"))
      let wall = RunFiles.modified(folder + "/header.json")
      try await store.createRun(
        run,
        planName: header.planName,
        startedWall: wall,
        plan: RunFiles.read(folder + "/parallel.json")
      )
      try await store.append([RunEvent(time: 0, wall: wall, fact: .runStarted(header))], to: run)
      done.append("run \(run) of \(header.planName) is in the database again")
    }
    return done
  }
}

internal import Planning
internal import Recording

extension RunArchive {
  /// Makes the database anew from what lies beside it: each run's header and plan, and the branches.
  ///
  /// A damaged one is moved aside first, and its events are taken over as far as they can be read. What was merged after
  /// those is found again by the trailers on the integration branches when the run is resumed; stamps and failures of
  /// attempts are lost. Returns what was done, in words.
  package func rebuild() async throws -> [String] {
    var done: [String] = []
    var old: DamagedStore?
    if RunFiles.exists(databasePath) {
      let aside = "\(databasePath).damaged-\(Int(SystemClock.wallTime()))"
      for suffix in ["", "-wal", "-shm"] where RunFiles.exists(databasePath + suffix) {
        try RunFiles.move(databasePath + suffix, to: aside + suffix)
      }
      done.append("the old database is \(aside)")
      old = DamagedStore(path: aside)
    }
    let store = try makeStore()
    for run in try RunFiles.names(in: directory + "/runs").sorted() {
      let folder = runDirectory(run)
      guard RunFiles.exists(folder + "/header.json"), RunFiles.exists(folder + "/parallel.json") else {
        done.append("run \(run) can't be rebuilt: \(folder) holds no copy of its plan")
        continue
      }
      done.append(try await rebuild(run, in: store, from: old))
    }
    return done
  }

  private func rebuild(_ run: String, in store: RunStore, from old: DamagedStore?) async throws -> String {
    let folder = runDirectory(run)
    let header = try RunHeader(decoding: RunFiles.read(folder + "/header.json"))
    let wall = RunFiles.modified(folder + "/header.json")
    let saved = old?.events[run] ?? []
    try await store.createRun(
      run,
      planName: header.planName,
      startedWall: saved.first?.wall ?? wall,
      plan: RunFiles.read(folder + "/parallel.json"),
      events: saved.isEmpty ? [RunEvent(time: 0, wall: wall, fact: .runStarted(header))] : saved
    )
    let words = "run \(run) of \(header.planName) is in the database again"
    if saved.isEmpty { return "\(words), without its events: what was merged is found on its branch" }
    let count = "\(saved.count) event\(saved.count == 1 ? "" : "s")"
    return old?.isWhole == true
      ? "\(words), with all of its \(count)" : "\(words), with its first \(count); later ones are lost"
  }
}

package import Git
package import Planning
package import Recording

/// All runs of one repository: where their record is, and what it says.
package struct RunArchive: Sendable {
  /// The repository, opened.
  package let repository: Repository
  /// The repository's working copy, or the repository itself when it is bare; absolute.
  package let top: String
  /// Where Plait keeps its record: `<git common dir>/plait`.
  package let directory: String

  /// Opens the repository that `path` is in.
  package init(repositoryAt path: String) async throws {
    repository = try await Repository.open(path)
    let facts = repository.facts
    top = RunArchive.trimmed(facts.workingDirectory ?? facts.gitDirectory)
    directory = RunArchive.trimmed(facts.commonDirectory) + "/plait"
  }

  private static func trimmed(_ path: String) -> String {
    var path = path[...]
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    return String(path)
  }

  var databasePath: String { directory + "/plait.sqlite" }

  /// The database, made when it is missing.
  package func makeStore() throws -> RunStore {
    try RunFiles.makeDirectory(directory)
    return try RunStore(path: databasePath)
  }

  /// The database for looking things up; throws `.noSuchRun` when there never was a run.
  package func store() throws -> RunStore {
    guard RunFiles.exists(databasePath) else {
      throw RecordingError(.noSuchRun, top, "this repository has no run yet: start one with 'plait run PLAN'")
    }
    return try RunStore(path: databasePath)
  }

  /// The folder of a run's logs, absolute.
  package func runDirectory(_ run: String) -> String { "\(directory)/runs/\(run)" }
  /// The file whose lock the driver of a run holds.
  package func lockPath(_ run: String) -> String { runDirectory(run) + "/lock" }

  /// Who drives the run right now; nil when nobody does.
  package func driver(of run: String) -> String? { RunLock.holder(path: lockPath(run)) }

  /// Where worktrees are made unless the user says otherwise: beside the repository, never inside it.
  package var defaultWorktreeRoot: String { top + ".plait" }

  /// A run as recorded.
  package struct Recorded: Sendable {
    /// The run's id.
    package let run: String
    /// The run's own copy of the plan, as it was at the start.
    package let plan: Plan
    /// The fold of all its events.
    package let snapshot: RunSnapshot
    /// What was fixed when it started.
    package let header: RunHeader
    /// The number of the last event, to read on from.
    package let lastSequence: Int64

    /// Seconds since the run's start, by the wall clock: what "now" is for a run that another process drives.
    package var now: Double {
      snapshot.outcome == nil
        ? max(snapshot.lastTime, SystemClock.wallTime() - snapshot.startedWall) : snapshot.lastTime
    }

    /// Whether the user's `--only` left `achievement` out of the run.
    package func leavesOut(_ achievement: Achievement) -> Bool {
      guard let only = header.options.only else { return false }
      return !only.contains(achievement.id) && !only.contains(achievement.role.owner ?? achievement.id)
    }
  }

  /// The run's events from its first on, followed until it has ended or nobody drives it any more.
  package func watch(_ run: String) throws -> AsyncStream<RunEvent> {
    let store = try store()
    let (stream, continuation) = AsyncStream<RunEvent>.makeStream()
    let reader = Task {
      var last: Int64 = 0
      while !Task.isCancelled {
        // Asked before reading: what its driver wrote last is still read after it has gone.
        let isDriven = driver(of: run) != nil
        guard let (events, next) = try? await store.events(of: run, after: last) else { break }
        last = next
        for event in events { continuation.yield(event) }
        if !isDriven && events.isEmpty { break }
        do { try await Task.sleep(for: .milliseconds(200)) } catch { break }
      }
      continuation.finish()
    }
    continuation.onTermination = { _ in reader.cancel() }
    return stream
  }

  /// Every run that was started, newest first; of those that `isEnough` accepts only the first, and none after it.
  package func loadAll(until isEnough: (Recorded) -> Bool = { _ in false }) async throws -> [Recorded] {
    guard RunFiles.exists(databasePath) else { return [] }
    let store = try store()
    var all: [Recorded] = []
    for entry in try await store.runs() {
      do {
        let recorded = try await load(entry.run, from: store)
        all.append(recorded)
        if isEnough(recorded) { break }
      } catch let error as RecordingError where error.code == .noSuchRun || error.code == .newerFormat {
        continue
      }
    }
    return all
  }

  /// Reads the run of this id or unique prefix; nil means the newest.
  package func load(_ name: String?) async throws -> Recorded {
    let store = try store()
    // A folder without a header is of a run that never started.
    let left = try RunFiles.names(in: directory + "/runs").count { RunFiles.exists(runDirectory($0) + "/header.json") }
    if left > 0, try await store.runs().isEmpty {
      throw RecordingError(
        .noSuchRun,
        databasePath,
        "\(databasePath) knows of no run, but \(left) \(left == 1 ? "has" : "have") left a folder:"
          + " 'plait resume --rebuild' makes it anew from those"
      )
    }
    let entry = try await store.find(name)
    return try await load(entry.run, from: store)
  }

  /// Reads the run of exactly this id; throws `.noSuchRun` for one that never started.
  package func load(_ run: String, from store: RunStore) async throws -> Recorded {
    let bytes = try await store.plan(of: run)
    let (events, last) = try await store.events(of: run)
    let snapshot = RunSnapshot(events)
    guard let plan = PlanBundle.plan(in: bytes), let header = snapshot.header else {
      throw RecordingError(.noSuchRun, run, "run \(run) was never started: its record holds no plan or no first event")
    }
    return Recorded(run: run, plan: plan, snapshot: snapshot, header: header, lastSequence: last)
  }
}

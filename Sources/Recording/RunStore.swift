internal import Foundation
internal import GRDB

/// The database of a repository's runs: one SQLite file, append-only events, one row each.
///
/// WAL with `synchronous=FULL`: what a call has written is on disk when it returns. Safe for several processes, each writing
/// its own run. Every error is a `RecordingError`.
package final class RunStore: Sendable {
  /// One run as listed: everything else is in its events.
  package struct Entry: Sendable {
    /// The run's id.
    package let run: String
    /// The plan's name.
    package let planName: String
    /// Seconds since 1970 UTC.
    package let startedWall: Double
  }

  private let database: DatabaseQueue
  private let path: String
  private let file: FileIdentity?

  /// Opens the database at `path`, making file and tables when they are missing and bringing older ones up to date.
  package init(path: String, readOnly: Bool = false) throws {
    self.path = path
    var configuration = Configuration()
    configuration.busyMode = .timeout(30)
    configuration.journalMode = .wal
    configuration.readonly = readOnly
    configuration.prepareDatabase { database in
      if !readOnly { try database.execute(sql: "PRAGMA synchronous = FULL") }
    }
    do {
      // Several processes may meet at a database that isn't there yet: one makes its tables, the others wait.
      let turn = SetupTurn(at: path)
      defer { turn.end() }
      database = try DatabaseQueue(path: path, configuration: configuration)
      let migrator = RunStore.migrator
      if try database.read({ try migrator.hasBeenSuperseded($0) }) {
        throw RecordingError(.newerFormat, path, "\(path) was written by a newer Plait: update this one to read it")
      }
      if !readOnly { try migrator.migrate(database) }
      file = FileIdentity(path)
    } catch {
      throw RunStore.translate(error, path: path)
    }
  }

  /// Whether another file has its place by now, or none: it was made anew, and this one says nothing more.
  package var isReplaced: Bool { FileIdentity(path) != file }

  /// What tells a file from another that has its name later.
  private struct FileIdentity: Equatable {
    let device: UInt64
    let inode: UInt64

    init?(_ path: String) {
      var facts = stat()
      guard stat(path, &facts) == 0 else { return nil }
      device = UInt64(truncatingIfNeeded: facts.st_dev)
      inode = UInt64(truncatingIfNeeded: facts.st_ino)
    }
  }

  /// Migrations are appended, never edited.
  private static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1 runs and events") { database in
      try database.execute(
        sql: """
          CREATE TABLE run (
            id TEXT PRIMARY KEY, planName TEXT NOT NULL, startedWall REAL NOT NULL, plan BLOB NOT NULL
          );
          CREATE TABLE event (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,
            run TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
            version INTEGER NOT NULL, time REAL NOT NULL, wall REAL NOT NULL, fact TEXT NOT NULL
          );
          CREATE INDEX eventOfRun ON event (run, sequence);
          """
      )
    }
    migrator.registerMigration("2 durations", migrate: makeDurations)
    return migrator
  }

  // MARK: Writing

  /// Enters a new run with the bytes of its plan file and its first events, in one transaction: a run without a first event
  /// could be neither resumed nor shown.
  package func createRun(
    _ run: String,
    planName: String,
    startedWall: Double,
    plan: [UInt8],
    events: [RunEvent] = []
  ) async throws {
    let rows = try RunStore.rows(of: events)
    try await write { database in
      try database.execute(
        sql: "INSERT INTO run (id, planName, startedWall, plan) VALUES (?, ?, ?, ?)",
        arguments: [run, planName, startedWall, Data(plan)]
      )
      try RunStore.insert(rows, of: run, into: database)
    }
  }

  /// Appends events in one transaction: all are durable on return, or none is written.
  package func append(_ events: [RunEvent], to run: String) async throws {
    let rows = try RunStore.rows(of: events)
    try await write { try RunStore.insert(rows, of: run, into: $0) }
  }

  private typealias EventRow = (time: Double, wall: Double, fact: String)

  private static func rows(of events: [RunEvent]) throws -> [EventRow] {
    try events.map { ($0.time, $0.wall, try FactText.text(of: $0.fact)) }
  }

  private static func insert(_ rows: [EventRow], of run: String, into database: Database) throws {
    let statement = try database.cachedStatement(
      sql: "INSERT INTO event (run, version, time, wall, fact) VALUES (?, ?, ?, ?, ?)"
    )
    for (time, wall, fact) in rows {
      try statement.execute(arguments: [run, RunEvent.formatVersion, time, wall, fact])
    }
  }

  /// Gives a run another plan; its events stay.
  package func replacePlan(of run: String, with plan: [UInt8]) async throws {
    try await write { try $0.execute(sql: "UPDATE run SET plan = ? WHERE id = ?", arguments: [Data(plan), run]) }
  }

  /// Forgets a run and its events.
  package func deleteRun(_ run: String) async throws {
    try await write { try $0.execute(sql: "DELETE FROM run WHERE id = ?", arguments: [run]) }
  }

  func write(_ body: @escaping @Sendable (Database) throws -> Void) async throws {
    do {
      try await database.write { try body($0) }
    } catch {
      throw RunStore.translate(error, path: path)
    }
  }

  // MARK: Reading

  /// All runs, newest first.
  package func runs() async throws -> [Entry] {
    try await read { database in
      try Row.fetchAll(database, sql: "SELECT id, planName, startedWall FROM run ORDER BY startedWall DESC, id DESC")
        .map { Entry(run: $0["id"], planName: $0["planName"], startedWall: $0["startedWall"]) }
    }
  }

  /// The run with this id or unique prefix; nil asks for the newest.
  package func find(_ name: String?) async throws -> Entry {
    let all = try await runs()
    guard let name else {
      guard let newest = all.first else {
        throw RecordingError(.noSuchRun, path, "this repository has no run yet: start one with 'plait run PLAN'")
      }
      return newest
    }
    if let exact = all.first(where: { $0.run == name }) { return exact }
    let matches = all.filter { $0.run.hasPrefix(name) }
    switch matches.count {
    case 1: return matches[0]
    case 0: throw RecordingError(.noSuchRun, name, "no run is called '\(name)': 'plait runs' lists them")
    default:
      let names = matches.prefix(5).map(\.run).joined(separator: ", ")
      throw RecordingError(.ambiguousRun, name, "'\(name)' fits several runs (\(names)): give more of the name")
    }
  }

  /// The number of the last event of every run, newest run first; 0 for one without events.
  package func lastSequences() async throws -> [(run: String, last: Int64)] {
    try await read { database in
      try Row.fetchAll(database, sql: RunStore.lastSequence + " ORDER BY startedWall DESC, id DESC")
        .map { ($0["id"], $0["last"]) }
    }
  }

  /// The number of the last event of exactly this run, 0 when it has none; nil when there is no such run.
  package func lastSequence(of run: String) async throws -> Int64? {
    try await read { try Row.fetchOne($0, sql: RunStore.lastSequence + " WHERE id = ?", arguments: [run])?["last"] }
  }

  /// One step down the index for each run, whatever its number of events.
  private static let lastSequence =
    "SELECT id, COALESCE((SELECT MAX(sequence) FROM event WHERE event.run = run.id), 0) AS last FROM run"

  /// The bytes of the plan file that the run was started with.
  package func plan(of run: String) async throws -> [UInt8] {
    let data = try await read { try Data.fetchOne($0, sql: "SELECT plan FROM run WHERE id = ?", arguments: [run]) }
    guard let data else { throw RecordingError(.noSuchRun, run, "no run is called '\(run)': 'plait runs' lists them") }
    return [UInt8](data)
  }

  /// The run's events with a sequence number above `after`, in order, and the last number.
  package func events(of run: String, after: Int64 = 0) async throws -> (events: [RunEvent], last: Int64) {
    try await read { database in
      var last = after
      var events: [RunEvent] = []
      let rows = try Row.fetchCursor(
        database,
        sql: "SELECT sequence, time, wall, fact FROM event WHERE run = ? AND sequence > ? ORDER BY sequence",
        arguments: [run, after]
      )
      while let row = try rows.next() {
        last = row["sequence"]
        events.append(RunEvent(time: row["time"], wall: row["wall"], fact: try FactText.fact(in: row["fact"])))
      }
      return (events, last)
    }
  }

  func read<T: Sendable>(_ body: @escaping @Sendable (Database) throws -> T) async throws -> T {
    do {
      return try await database.read { try body($0) }
    } catch {
      throw RunStore.translate(error, path: path)
    }
  }

  private static func translate(_ error: any Error, path: String) -> any Error {
    switch error {
    case is RecordingError, is CancellationError: return error
    case let error as DatabaseError where error.resultCode == .SQLITE_FULL:
      return RecordingError(.diskFull, path, "the disk is full: \(path) could not be written; free some space")
    case let error as DatabaseError where error.resultCode == .SQLITE_NOTADB || error.resultCode == .SQLITE_CORRUPT:
      return RecordingError(
        .database,
        path,
        "\(path) is damaged (\(error.message ?? "not a database")): 'plait resume --rebuild' makes it anew"
      )
    case is DecodingError:
      return RecordingError(.newerFormat, path, "\(path) holds events that this Plait can't read: update Plait")
    default: return RecordingError(.database, path, "the database \(path) failed: \(error)")
    }
  }
}

internal import Foundation
internal import GRDB

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What can still be read of a database that SQLite calls damaged.
package struct DamagedStore: Sendable {
  /// The events of each run, in recorded order, up to the first one of any run that can't be read.
  package private(set) var events: [String: [RunEvent]] = [:]
  /// Whether all that was there could be read.
  package private(set) var isWhole = false

  /// Reads what it can of the database at `path`; that is nothing when not even its beginning makes sense.
  ///
  /// The file must be out of use: one that was cut off gets back the length that it says it has, since SQLite opens no other.
  package init(path: String) {
    DamagedStore.restoreLength(of: path)
    var configuration = Configuration()
    configuration.busyMode = .timeout(1)
    guard let database = try? DatabaseQueue(path: path, configuration: configuration) else { return }
    // The write-ahead log is read too, up to its last whole transaction. Without a transaction of one's own: its end would
    // fail as well, and take with it what was read.
    try? database.inDatabase { try read($0) }
  }

  private mutating func read(_ database: Database) throws {
    let decoder = JSONDecoder()
    // By row and not by index: the index may be what is damaged.
    let rows = try Row.fetchCursor(
      database,
      sql: "SELECT run, time, wall, fact FROM event NOT INDEXED ORDER BY sequence"
    )
    while let row = try rows.next() {
      guard let run = String.fromDatabaseValue(row["run"]), let time = Double.fromDatabaseValue(row["time"]),
        let wall = Double.fromDatabaseValue(row["wall"]), let text = String.fromDatabaseValue(row["fact"]),
        let fact = try? decoder.decode(RunEvent.Fact.self, from: Data(text.utf8))
      else { return }
      events[run, default: []].append(RunEvent(time: time, wall: wall, fact: fact))
    }
    isWhole = try String.fetchOne(database, sql: "PRAGMA quick_check(1)") == "ok"
  }

  /// Page size and number of pages are in the header: offsets 16 and 28 of SQLite's file format.
  private static func restoreLength(of path: String) {
    let file = open(path, O_RDWR | O_CLOEXEC)
    guard file >= 0 else { return }
    defer { close(file) }
    var header = [UInt8](repeating: 0, count: 100)
    guard pread(file, &header, 100, 0) == 100 else { return }
    let size = Int64(header[16]) << 8 | Int64(header[17])
    let pages = header[28..<32].reduce(Int64(0)) { $0 << 8 | Int64($1) }
    let length = (size == 1 ? 65_536 : size) * pages
    var status = stat()
    guard fstat(file, &status) == 0, status.st_size < length, length < 1 << 40 else { return }
    ftruncate(file, off_t(length))
  }
}

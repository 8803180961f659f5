import Foundation
import Planning
import TestSupport
import Testing

@testable import Recording

/// A database whose end is gone gives what came before.
@Suite struct DamagedStoreTests {
  private let count = 2_000

  /// A closed database of two runs with `count` events between them, all in its one file.
  private func store(in scratch: Scratch) async throws -> String {
    let path = scratch.path + "/a.sqlite"
    do {
      let store = try RunStore(path: path)
      for run in ["r1", "r2"] { try await store.createRun(run, planName: "P", startedWall: 5, plan: [1]) }
      for number in 0..<(count / 2) {
        for run in ["r1", "r2"] where number % 100 == 0 {
          let events = (0..<100).map { RunEvent(time: Double(number + $0), wall: 1, fact: .ready(id("1.1"))) }
          try await store.append(events, to: run)
        }
      }
    }
    try Program.run(["sh", "-c", "test ! -s a.sqlite-wal"], in: scratch.path)
    return path
  }

  private func expectBeginnings(_ damaged: DamagedStore, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(!damaged.isWhole, sourceLocation: sourceLocation)
    let (one, two) = (damaged.events["r1"] ?? [], damaged.events["r2"] ?? [])
    #expect(one.count + two.count < count && one.count + two.count > count / 2, sourceLocation: sourceLocation)
    for events in [one, two] {
      #expect(events.map(\.time) == events.indices.map(Double.init), sourceLocation: sourceLocation)
    }
  }

  @Test func aSoundOneIsReadWhole() async throws {
    let scratch = try Scratch()
    let damaged = DamagedStore(path: try await store(in: scratch))
    #expect(damaged.isWhole)
    #expect(damaged.events["r1"]?.count == count / 2 && damaged.events["r2"]?.count == count / 2)
  }

  @Test func oneThatWasCutOffGivesWhatIsBefore() async throws {
    let scratch = try Scratch()
    let path = try await store(in: scratch)
    let size = try #require(try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
    truncate(path, off_t(size - size / 4 - 1_000))
    expectBeginnings(DamagedStore(path: path))
  }

  @Test func aTornPageEndsIt() async throws {
    let scratch = try Scratch()
    let path = try await store(in: scratch)
    let size = try #require(try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try file.seek(toOffset: UInt64(size / 4_096 * 4_096 - 4_096))
    try file.write(contentsOf: Data(repeating: 0xA5, count: 4_096))
    try file.close()
    expectBeginnings(DamagedStore(path: path))
  }

  @Test func whatIsNoDatabaseGivesNothing() throws {
    let scratch = try Scratch()
    for bytes in [Data(), Data(repeating: 65, count: 8_192), Data("SQLite format 3\0".utf8)] {
      let path = scratch.path + "/b.sqlite"
      try bytes.write(to: URL(fileURLWithPath: path))
      let damaged = DamagedStore(path: path)
      #expect(damaged.events.isEmpty && !damaged.isWhole)
    }
    #expect(DamagedStore(path: scratch.path + "/none/c.sqlite").events.isEmpty)
  }
}

internal import CLibgit2
internal import Synchronization

/// What git has of files that several new worktrees are filled with, unpacked once for all of them: to unpack a small file takes
/// longer than to write it.
///
/// Holds up to 128 MiB, until as many worktrees as were announced have been filled; what finds no place is unpacked each time.
package final class SharedContent: Sendable {
  /// Where the content of a blob is. Many stand in one array: as many arrays would leave the heap in pieces.
  private struct Piece {
    let bytes: [UInt8]
    let range: Range<Int>
  }

  private struct State {
    var blobs: [Key: Piece] = [:]
    var room: Int
    var users: Int
  }

  /// The id of a blob. It is a checksum, so that any part of it is as good as a hash.
  fileprivate struct Key: Hashable {
    let first: UInt64
    let second: UInt64
    let third: UInt32

    init(_ id: git_oid) {
      (first, second, third) = withUnsafeBytes(of: id.id) {
        (
          $0.loadUnaligned(as: UInt64.self), $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self),
          $0.loadUnaligned(fromByteOffset: 16, as: UInt32.self)
        )
      }
    }

    func hash(into hasher: inout Hasher) { hasher.combine(first) }
  }

  private let state: Mutex<State>

  /// `users`: how many worktrees will be filled from it.
  package convenience init(users: Int) { self.init(users: users, room: 128 << 20) }

  init(users: Int, room: Int) { state = Mutex(State(room: room, users: users)) }

  /// Says that a worktree has been filled, or has failed to be; after the last one nothing is held any more.
  package func release() {
    let dropped = state.withLock { state in
      state.users -= 1
      guard state.users <= 0 else { return [Key: Piece]() }
      state.room = 0
      defer { state.blobs = [:] }
      return state.blobs
    }
    // Freed here, where nobody waits for the lock.
    _ = dropped
  }

  func bytes(of id: git_oid) -> ArraySlice<UInt8>? {
    state.withLock { $0.blobs[Key(id)] }.map { $0.bytes[$0.range] }
  }

  /// What somebody has unpacked, to be kept all at once.
  struct Unpacked {
    fileprivate var bytes: [UInt8] = []
    fileprivate var ranges: [(Key, Range<Int>)] = []

    mutating func append(_ content: UnsafeRawBufferPointer, of id: git_oid) {
      ranges.append((Key(id), bytes.count..<bytes.count + content.count))
      bytes.append(contentsOf: content)
    }
  }

  /// Whether there is anybody to keep something for, and room.
  var isWanted: Bool { state.withLock { $0.users > 1 && $0.room > 0 } }

  func keep(_ unpacked: Unpacked) {
    guard !unpacked.ranges.isEmpty else { return }
    state.withLock { state in
      guard state.users > 1, state.room >= unpacked.bytes.count else { return }
      state.room -= unpacked.bytes.count
      for (key, range) in unpacked.ranges { state.blobs[key] = Piece(bytes: unpacked.bytes, range: range) }
    }
  }
}

import FlyingSocks
import Serving

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// One request and its answer. Nothing waits for the other side without a limit.
struct Connection {
  let socket: AsyncSocket
  let site: Site

  private struct TooSlow: Error {}

  /// Reads the request, answers it, and closes the connection, whatever happens.
  func serve(isTooMany: Bool) async {
    defer { try? socket.close() }
    do {
      guard !isTooMany else { return try await end(with: Response(.busy).bytes()) }
      switch try await reading() {
      case .open: return
      case .refused(let status): try await end(with: Response(status).bytes())
      case .request(let request):
        switch await site.answer(request) {
        case .whole(let bytes): try await end(with: bytes)
        case .stream(let head, let feed):
          try await write(head)
          try await stream(feed)
        }
      }
    } catch {
      // The other side has gone, or is too slow, or the server ends: there is nobody to tell.
    }
  }

  private func reading() async throws -> RequestReader.Reading {
    do {
      return try await within(.seconds(10)) {
        var reader = RequestReader()
        while true {
          let reading = reader.take(try await socket.read(atMost: 4096))
          if reading != .open { return reading }
        }
      }
    } catch is TooSlow {
      return .refused(.tooSlow)
    }
  }

  // MARK: Writing

  private func write(_ bytes: [UInt8]) async throws {
    try await within(.seconds(30)) { try await socket.write(Data(bytes)) }
  }

  /// Writes the whole answer, and waits a moment for the other side to have read it: closing before would throw away what
  /// is still under way if there is a body that nobody reads here.
  private func end(with bytes: [UInt8]) async throws {
    try await write(bytes)
    shutdown(socket.socket.file.rawValue, Int32(SHUT_WR))
    try await within(.seconds(2)) {
      var left = 1_048_576
      while left > 0 { left -= try await socket.read(atMost: 4096).count }
    }
  }

  /// Sends what `feed` gives, until it ends or the other side leaves.
  private func stream(_ feed: Feed) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        var feed = feed
        let start = ContinuousClock.now
        while true {
          let begin = ContinuousClock.now
          let (text, isLast) = try await feed.tick(at: (begin - start) / .seconds(1))
          let spent = ContinuousClock.now - begin
          if !text.isEmpty { try await write(Array(text.utf8)) }
          if isLast { return }
          try await Task.sleep(for: Feed.pause(after: spent))
        }
      }
      group.addTask { while true { _ = try await socket.read(atMost: 4096) } }
      defer { group.cancelAll() }
      try await group.next()
    }
  }

  /// What `body` gives, if it does so in time; throws `TooSlow` otherwise.
  private func within<Value: Sendable>(
    _ limit: Duration,
    _ body: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    try await withThrowingTaskGroup(of: Value.self) { group in
      group.addTask { try await body() }
      group.addTask {
        try await Task.sleep(for: limit)
        throw TooSlow()
      }
      defer { group.cancelAll() }
      guard let first = try await group.next() else { throw TooSlow() }
      return first
    }
  }
}

import FlyingSocks
import Serving
import Synchronization

/// Takes connections and hands each to a task of its own, until it is told to stop.
final class Server: Sendable {
  /// As many connections as are open at once. A browser has six for a server.
  private static let room = 64

  private let site: Site
  private let listener: Listener
  private let pool: any AsyncSocketPool
  private let count = Mutex(0)

  init(site: Site, listener: Listener) {
    self.site = site
    self.listener = listener
    pool = SocketPool.make()
  }

  /// Serves until `stop` gives a value; all connections are closed on return.
  func run(until stop: AsyncStream<Void>) async throws {
    try await pool.prepare()
    let socket = try AsyncSocket(socket: listener.socket, pool: pool)
    await withTaskGroup(of: Void.self) { group in
      group.addTask { try? await self.pool.run() }
      group.addTask { await self.accept(from: socket) }
      group.addTask { for await _ in stop { break } }
      // Whichever ends: without one of them the others are of no use.
      await group.next()
      group.cancelAll()
    }
    try? listener.socket.close()
  }

  private func accept(from socket: AsyncSocket) async {
    await withDiscardingTaskGroup { group in
      while !Task.isCancelled {
        do {
          let client = try await socket.accept()
          group.addTask { await self.serve(client) }
        } catch {
          // Out of descriptors, or a connection that was gone before it was taken: no reason to give up.
          try? await Task.sleep(for: .milliseconds(50))
        }
      }
      group.cancelAll()
    }
  }

  private func serve(_ client: AsyncSocket) async {
    let open = count.withLock { count in
      count += 1
      return count
    }
    await Connection(socket: client, site: site).serve(isTooMany: open > Server.room)
    count.withLock { $0 -= 1 }
  }
}

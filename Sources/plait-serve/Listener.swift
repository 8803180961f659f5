import FlyingSocks

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Why the server can't start.
struct ListenError: Error, CustomStringConvertible {
  let description: String
}

/// A socket that listens on 127.0.0.1, and on no other address.
struct Listener {
  let socket: Socket
  let port: UInt16

  /// Listens on `port`, or on a free one for 0; throws `ListenError`.
  init(port: UInt16) throws {
    do {
      socket = try Socket(domain: AF_INET)
      // A port that was let go a moment ago can be had again; one that is listened on can't.
      try socket.setValue(true, for: .localAddressReuse)
      try socket.bind(to: .inet(ip4: "127.0.0.1", port: port))
      try socket.listen()
      guard case .ip4(_, let bound) = try socket.sockname() else {
        throw ListenError(description: "the port that is listened on can't be found out")
      }
      self.port = bound
    } catch SocketError.failed(_, EADDRINUSE, _) {
      throw ListenError(description: "port \(port) is taken: give another to --port, or leave it out for a free one")
    } catch SocketError.failed(_, EACCES, _) {
      throw ListenError(description: "port \(port) may not be used by you: give one from 1024 on, or leave --port out")
    } catch let error as SocketError {
      throw ListenError(description: "127.0.0.1:\(port) can't be listened on: \(error.errorDescription ?? "\(error)")")
    }
  }
}

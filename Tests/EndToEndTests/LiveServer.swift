import Foundation
import TestSupport
import Testing

/// A real `plait serve`, and connections to it.
final class LiveServer {
  private var isOver = false
  let program: RunningProgram
  let url: String
  let port: UInt16
  /// What it printed as JSON; null without `--json`.
  let announced: JSONValue

  /// The part of the address that lets in.
  var token: String { String(url.split(separator: "/").last ?? "") }

  /// Starts it, and waits until it can be reached.
  init(in scenario: Scenario, _ arguments: String...) async throws {
    let program = try scenario.start(["serve"] + arguments)
    self.program = program
    #expect(await eventually { program.err.hasSuffix("\n") }, "\(program.out) \(program.err)")
    announced = JSONValue(parsing: program.out)
    url = announced["url"].string ?? program.out.trimmingCharacters(in: .newlines)
    port = try #require(URL(string: url)?.port.flatMap { UInt16(exactly: $0) }, "\(program.out) \(program.err)")
  }

  /// A test that fails leaves none behind.
  deinit {
    if !isOver { program.send(SIGKILL) }
  }

  /// Ends it by a signal, and waits for that.
  func end(by signal: Int32) async -> Ended {
    isOver = true
    program.send(signal)
    return await program.end()
  }

  /// What a request is answered with, when the connection has been closed.
  struct Answer {
    let code: Int
    let head: String
    let body: String
  }

  /// Asks for a path, as a program would that was given the address; `fields` are lines of the head.
  func ask(_ path: String, _ method: String = "GET", host: String? = nil, fields: [String] = []) async throws -> Answer
  {
    let talk = try Conversation(with: port)
    let lines = ["\(method) \(path) HTTP/1.1", "Host: \(host ?? "127.0.0.1:\(port)")"] + fields
    talk.say(lines.map { $0 + "\r\n" }.joined() + "\r\n")
    #expect(await eventually { talk.hasEnded }, "\(method) \(path) gets no whole answer")
    let text = talk.text
    let end = try #require(text.range(of: "\r\n\r\n"), "\(text)")
    return Answer(
      code: Int(text.dropFirst(9).prefix(3)) ?? 0,
      head: String(text[..<end.lowerBound]),
      body: String(text[end.upperBound...])
    )
  }

  /// The same below the token.
  func page(_ path: String, _ method: String = "GET", fields: [String] = []) async throws -> Answer {
    try await ask("/\(token)\(path)", method, fields: fields)
  }

  /// Opens a stream of events.
  func events(_ path: String) throws -> Conversation {
    let talk = try Conversation(with: port)
    talk.say("GET /\(token)\(path) HTTP/1.1\r\nHost: localhost:\(port)\r\nAccept: text/event-stream\r\n\r\n")
    return talk
  }
}

/// A connection of this machine, byte for byte. What comes is taken whenever it is looked at, so that nothing waits.
final class Conversation {
  private let descriptor: Int32
  private var bytes: [UInt8] = []
  private var isOver = false

  init(with port: UInt16) throws {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
    #if canImport(Darwin)
      descriptor = socket(AF_INET, SOCK_STREAM, 0)
    #else
      descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #endif
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    let isConnected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    let reason = errno
    guard isConnected else {
      close(descriptor)
      throw POSIXError(POSIXErrorCode(rawValue: reason) ?? .EIO)
    }
  }

  deinit { close(descriptor) }

  func say(_ text: String) {
    let bytes = Array(text.utf8)
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      if count <= 0 { return }
      sent += count
    }
  }

  /// What has come so far.
  var text: String {
    take()
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Whether the other side has closed the connection.
  var hasEnded: Bool {
    take()
    return isOver
  }

  /// The events that have come whole, by name, with their data.
  var events: [(name: String, data: String)] {
    text.components(separatedBy: "\n\n").dropLast().compactMap { block in
      let lines = block.components(separatedBy: "\n")
      guard let name = lines.first(where: { $0.hasPrefix("event: ") }) else { return nil }
      let data = lines.filter { $0.hasPrefix("data: ") }.map { $0.dropFirst(6) }.joined(separator: "\n")
      return (String(name.dropFirst(7)), data)
    }
  }

  private func take() {
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while !isOver {
      let count = recv(descriptor, &chunk, chunk.count, Int32(MSG_DONTWAIT))
      if count > 0 { bytes += chunk[..<count] } else if count == 0 || errno != EAGAIN { isOver = true } else { return }
    }
  }
}

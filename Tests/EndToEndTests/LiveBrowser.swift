import Foundation
import TestSupport

/// A Chromium without a window, led step by step by its debugging protocol over a pipe.
final class LiveBrowser {
  private let program: RunningProgram
  private let commands: Int32
  private let replies: Int32
  private var buffer: [UInt8] = []
  private var number = 0
  private var session: String?
  private var isOver = false

  /// Starts one that keeps all it has in `folder`, and opens `url`.
  init(_ url: String, folder: String) async throws {
    let paths = ["commands", "replies"].map { "\(folder)/\($0)" }
    for path in paths { mkfifo(path, 0o600) }
    // Open for both, so that neither side waits for the other to come.
    commands = open(paths[0], O_RDWR | O_CLOEXEC)
    replies = open(paths[1], O_RDWR | O_NONBLOCK | O_CLOEXEC)
    let line = ["sh", "-c", "exec \"$@\" 3<commands 4>replies", "sh", Chromium.program ?? "chromium"]
    program = try RunningProgram(
      line + Chromium.arguments(profile: "\(folder)/profile") + ["--remote-debugging-pipe", "about:blank"],
      in: folder,
      scratch: folder,
      environment: [:]
    )
    let target = try await call("Target.createTarget", ["url": .string(url)])
    let attached = try await call("Target.attachToTarget", ["targetId": target["targetId"], "flatten": true])
    guard let id = attached["sessionId"].string else { throw NoReply(method: "Target.attachToTarget") }
    session = id
  }

  deinit {
    if !isOver { program.send(SIGKILL) }
    close(commands)
    close(replies)
  }

  /// What a script gives in the page; null when it throws, and between two pages, when there is none to run in.
  func value(_ script: String) async throws -> JSONValue {
    let parameters: [String: JSONValue] = ["expression": .string(script), "returnByValue": true]
    let reply = try await reply(to: "Runtime.evaluate", parameters, within: .seconds(15))
    return reply?["result"]["result"]["value"] ?? .null
  }

  /// Waits until a script gives true.
  func waits(for script: String) async throws -> Bool {
    try await eventually(within: .seconds(60)) { try await value("!!(\(script))") == true }
  }

  /// Ends it with all its processes.
  func end() async throws {
    session = nil
    let reply = try await reply(to: "Browser.close", [:], within: .seconds(15))
    if reply == nil { program.send(SIGKILL) }
    isOver = true
    _ = await program.end()
  }

  private struct NoReply: Error { let method: String }

  private func call(_ method: String, _ parameters: [String: JSONValue]) async throws -> JSONValue {
    guard let reply = try await reply(to: method, parameters, within: .seconds(60)), reply["error"] == .null
    else { throw NoReply(method: method) }
    return reply["result"]
  }

  private func reply(
    to method: String,
    _ parameters: [String: JSONValue],
    within limit: Duration
  ) async throws -> JSONValue? {
    number += 1
    var message: [String: JSONValue] = [
      "id": .number(Double(number)), "method": .string(method), "params": .object(parameters),
    ]
    if let session { message["sessionId"] = .string(session) }
    let bytes = Array(JSONValue.object(message).text.utf8) + [0]
    guard write(commands, bytes, bytes.count) == bytes.count else { throw NoReply(method: method) }
    var reply: JSONValue?
    _ = await eventually(within: limit) {
      while let next = nextMessage() { if next["id"].number == Double(number) { reply = next } }
      return reply != nil
    }
    return reply
  }

  /// The next whole message; nil when none has come. Each ends with a zero byte.
  private func nextMessage() -> JSONValue? {
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(replies, &chunk, chunk.count)
      guard count > 0 else { break }
      buffer += chunk[..<count]
    }
    guard let end = buffer.firstIndex(of: 0) else { return nil }
    let text = String(decoding: buffer[..<end], as: UTF8.self)
    buffer.removeSubrange(...end)
    return JSONValue(parsing: text)
  }
}

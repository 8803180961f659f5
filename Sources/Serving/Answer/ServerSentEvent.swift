/// Text in the format of server-sent events (HTML Living Standard, 9.2).
enum ServerSentEvent {
  /// An event; each line of `data` is a line of its own, whatever ends it.
  static func text(_ name: String, data: String = "") -> String {
    var text = "event: \(name)\n"
    var line: [UInt8] = []
    var last: UInt8 = 0
    func end() {
      text += "data: " + String(decoding: line, as: UTF8.self) + "\n"
      line.removeAll(keepingCapacity: true)
    }
    for byte in data.utf8 {
      if byte == 10 || byte == 13 {
        // Of a carriage return and a line feed, the first has ended the line.
        if !(byte == 10 && last == 13) { end() }
      } else {
        line.append(byte)
      }
      last = byte
    }
    end()
    return text + "\n"
  }

  /// What the other side takes no notice of, but the connection shows that it is alive.
  static let heartbeat = ":\n\n"

  /// How soon a browser tries again when the connection is lost.
  static let retry = "retry: 1000\n\n"
}

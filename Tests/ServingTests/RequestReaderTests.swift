import Testing

@testable import Serving

@Suite struct RequestReaderTests {
  private func read(_ text: String) -> RequestReader.Reading {
    var reader = RequestReader()
    return reader.take(Array(text.utf8))
  }

  private func head(_ text: String) -> Request? {
    guard case .request(let request) = read(text) else { return nil }
    return request
  }

  @Test func readsWhatABrowserSends() throws {
    let request = try #require(
      head(
        "GET /t/runs/r1?x=1#y HTTP/1.1\r\nHost: 127.0.0.1:80\r\nAccept:  a, b\t\r\nACCEPT:c\r\nEmpty:\r\n\r\nbody"
      )
    )
    #expect(request.method == "GET" && request.path == "/t/runs/r1")
    #expect(request.values(of: "host") == ["127.0.0.1:80"] && request.values(of: "accept") == ["a, b", "c"])
    #expect(request.values(of: "empty") == [""] && request.values(of: "origin") == [])
    #expect(head("HEAD / HTTP/1.0\r\n\r\n")?.method == "HEAD")
  }

  @Test func takesABitAtATime() {
    let text = Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
    for size in 1...7 {
      var reader = RequestReader()
      var readings: [RequestReader.Reading] = []
      for start in stride(from: 0, to: text.count, by: size) {
        readings.append(reader.take(text[start..<min(start + size, text.count)]))
      }
      #expect(readings.dropLast().allSatisfy { $0 == .open })
      #expect(readings.last == read("GET / HTTP/1.1\r\nHost: a\r\n\r\n"))
    }
  }

  @Test(arguments: [
    "\r\n\r\n", "GET\r\n\r\n", "GET  / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1 \r\n\r\n",
    "GET http://127.0.0.1/ HTTP/1.1\r\n\r\n", "G(T / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nno colon\r\n\r\n",
    "GET / HTTP/1.1\r\nHost : a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n more\r\n\r\n", "GET / HTTP/1.1\r\n: a\r\n\r\n",
    "GET / HTTP/1.1\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n", "GET / HTTP/1.1\r\nHost: \u{0}\r\n\r\n",
    "GET /é HTTP/1.1\r\n\r\n", "* / HTTP/1.1\r\nHöst: a\r\n\r\n",
  ])
  func refusesWhatCouldBeReadInTwoWays(_ text: String) {
    #expect(read(text) == .refused(.badRequest))
  }

  @Test func refusesOtherVersions() {
    for version in ["HTTP/2.0", "HTTP/0.9", "http/1.1", "X"] {
      #expect(read("GET / \(version)\r\n\r\n") == .refused(.badVersion))
    }
  }

  @Test func keepsNoMoreThanItsLimit() {
    func padded(_ size: Int) -> String {
      let frame = "GET / HTTP/1.1\r\nX: \r\n\r\n".utf8.count
      return "GET / HTTP/1.1\r\nX: \(String(repeating: "x", count: size - frame))\r\n\r\n"
    }
    guard case .request = read(padded(RequestReader.limit + 4)) else {
      Issue.record("a head of exactly the limit is refused")
      return
    }
    #expect(read(padded(RequestReader.limit + 5)) == .refused(.headTooLarge))
    var reader = RequestReader()
    var taken = 0
    while reader.take([UInt8](repeating: 120, count: 1_000)) == .open { taken += 1_000 }
    #expect(taken <= RequestReader.limit)
  }
}

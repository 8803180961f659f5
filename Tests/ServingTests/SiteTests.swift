import Foundation
import Recording
import Synchronization
import TestSupport
import Testing

@testable import Serving

/// What is answered, from a real database and without a connection.
@Suite struct SiteTests {
  private let repository: SampleRepository
  private let site: Site
  private let token: String

  init() throws {
    repository = try SampleRepository()
    var generator = SeededGenerator(seed: 2)
    let token = AccessToken(using: &generator)
    self.token = token.text
    site = Site(repository, admission: Admission(port: 8_080, token: token))
  }

  private struct Answered {
    let code: Int
    let head: String
    let body: String
    var feed: Feed?
  }

  private func ask(_ path: String, _ method: String = "GET", host: String = "127.0.0.1:8080") async throws -> Answered {
    let request = Request(method: method, path: path, fields: ["host": [host]])
    let (bytes, feed): ([UInt8], Feed?) =
      switch await site.answer(request) {
      case .whole(let bytes): (bytes, nil)
      case .stream(let bytes, let feed): (bytes, feed)
      }
    let text = String(decoding: bytes, as: UTF8.self)
    let end = try #require(text.range(of: "\r\n\r\n"))
    let code = try #require(Int(text.dropFirst(9).prefix(3)))
    return Answered(
      code: code,
      head: String(text[..<end.upperBound]),
      body: String(text[end.upperBound...]),
      feed: feed
    )
  }

  private func page(_ path: String) async throws -> Answered { try await ask("/\(token)\(path)") }

  @Test func listsTheRunsNewestFirst() async throws {
    #expect(site.address == "http://127.0.0.1:8080/\(token)/")
    let none = try await page("/")
    #expect(none.code == 200 && none.body.contains("No runs yet") && none.body.contains("plait run PLAN"))
    try await repository.begin("r1", plan: "OLD <plan>")
    try await repository.merge("r1")
    try await repository.end("r1", .stopped)
    repository.passes(60)
    try await repository.begin("r2", plan: "NEW")
    try await repository.beginWithoutEvents("r3")
    let page = try await page("/").body
    let links = page.matches(of: /<tr id="r-([^"]+)".*?<a href="([^"]+)">([^<]*)<\/a>/).map {
      "\($0.1) \($0.2) \($0.3)"
    }
    #expect(links == ["r2 /\(token)/runs/r2 NEW", "r1 /\(token)/runs/r1 OLD &lt;plan&gt;"])
    #expect(page.contains("2 runs, 1 under way") && page.contains("1/2") && page.contains("0/2"))
    #expect(page.contains("data-live=\"/\(token)/events\"") && page.contains("<code>/srv/sample</code>"))
    #expect(page.contains("1970-01-01 00:16") && page.contains(" stopped</span>"))
  }

  @Test func aPageNamesOnlyWhatItMayUse() async throws {
    try await repository.begin("r1")
    for path in ["/", "/runs/r1"] {
      let page = try await page(path)
      let lines = page.head.split(separator: "\r\n").map(String.init)
      for line in [
        "HTTP/1.1 200 OK", "Content-Type: text/html; charset=utf-8", "X-Content-Type-Options: nosniff",
        "X-Frame-Options: DENY", "Referrer-Policy: no-referrer", "Cache-Control: no-store", "Connection: close",
        "Cross-Origin-Opener-Policy: same-origin", "Cross-Origin-Resource-Policy: same-origin",
        "Content-Length: \(page.body.utf8.count)",
      ] { #expect(lines.contains(line), "\(line)") }
      let policy = try #require(lines.first { $0.hasPrefix("Content-Security-Policy: ") })
      let own = try #require(page.body.firstMatch(of: /http-equiv="Content-Security-Policy" content="([^"]+)"/)).1
      #expect(policy == "Content-Security-Policy: \(own); frame-ancestors 'none'")
      #expect(own.hasPrefix("default-src 'none'") && own.contains("connect-src 'self'") && !own.contains("unsafe"))
      #expect(!page.head.lowercased().contains("access-control"))
    }
  }

  @Test func aRunHasAPage() async throws {
    try await repository.begin("r1")
    let going = try await page("/runs/r1")
    #expect(going.body.contains("data-live=\"/\(token)/runs/r1/events\"") && going.body.contains("First &lt;i&gt;"))
    #expect(going.body.contains("<a href=\"/\(token)/\">All runs</a>"))
    try await repository.merge("r1")
    try await repository.end("r1")
    let over = try await page("/runs/r1")
    #expect(!over.body.contains("data-live=") && over.head.contains("connect-src 'none'"))
    #expect(over.body.contains("1 complete"))
  }

  @Test func theHeadAloneIsThatOfTheWhole() async throws {
    try await repository.begin("r1")
    try await repository.end("r1")
    for path in ["/", "/runs/r1", "/runs/no", "/no"] {
      let (whole, head) = (try await page(path), try await ask("/\(token)\(path)", "HEAD"))
      #expect(head.head == whole.head && head.body.isEmpty && !whole.body.isEmpty)
    }
    let stream = try await ask("/\(token)/events", "HEAD")
    #expect(stream.feed == nil && stream.head.contains("text/event-stream") && stream.body.isEmpty)
  }

  @Test func saysInASentenceWhyNot() async throws {
    try await repository.begin("r1")
    try await repository.beginWithoutEvents("r2")
    let cases: [(String, Int, String)] = [
      ("/\(token)/runs/no", 404, "No run is called 'no': 'plait runs' lists them.\n"),
      ("/\(token)/runs/no/events", 404, "No run is called 'no': 'plait runs' lists them.\n"),
      ("/\(token)/runs/r", 404, "No run is called 'r': 'plait runs' lists them.\n"),
      ("/\(token)/runs/r2", 404, "No run is called 'r2': 'plait runs' lists them.\n"),
      ("/\(token)/no", 404, "There is no such page here.\n"),
      ("/\(token)/runs/../x", 404, "There is no such page here.\n"),
      ("/\(token)/runs/..", 404, "There is no such page here.\n"),
      ("/\(token)/runs/<script>", 404, "There is no such page here.\n"),
      ("/\(token)/runs/r1/", 404, "There is no such page here.\n"),
      ("/no/runs/r1", 403, Status.noToken.sentence + "\n"),
    ]
    for (path, code, sentence) in cases {
      let answer = try await ask(path)
      #expect(answer.code == code && answer.body == sentence && answer.feed == nil, "\(path)")
      #expect(answer.head.contains("Content-Type: text/plain; charset=utf-8\r\n") && answer.head.contains("nosniff"))
    }
    #expect(try await ask("/\(token)/", host: "evil.example").code == 403)
    let post = try await ask("/\(token)/", "POST")
    #expect(post.code == 405 && post.head.contains("Allow: GET, HEAD\r\n"))
    repository.fails(RecordingError(.database, "x", "the database is \u{1B}[2Jdamaged"))
    let broken = try SiteTests(around: repository)
    let failed = try await broken.page("/")
    #expect(failed.code == 500 && failed.body.contains("damaged") && !failed.body.contains("\u{1B}"))
  }

  private init(around repository: SampleRepository) throws {
    var generator = SeededGenerator(seed: 2)
    let token = AccessToken(using: &generator)
    self.repository = repository
    self.token = token.text
    site = Site(repository, admission: Admission(port: 8_080, token: token))
  }

  @Test func aRunIsFollowedToItsEnd() async throws {
    try await repository.begin("r1")
    let stream = try await page("/runs/r1/events")
    #expect(stream.head.contains("Content-Type: text/event-stream\r\n") && !stream.head.contains("Content-Length"))
    var feed = try #require(stream.feed)
    let first = try await feed.tick(at: 0)
    #expect(first.text.contains("event: main\ndata: <main ") && !first.isLast)
    #expect(try await feed.tick(at: 1) == ("", false))
    repository.passes(5)
    #expect(try await feed.tick(at: 2) == ("", false))
    try await repository.merge("r1")
    let second = try await feed.tick(at: 3)
    #expect(second.text.contains("1 complete") && !second.text.contains("retry") && !second.isLast)
    // Its end is recorded a moment before its driver lets go of it.
    try await repository.end("r1")
    repository.drives("r1")
    #expect(try await feed.tick(at: 4).isLast == false)
    repository.drives("r1", false)
    let last = try await feed.tick(at: 5)
    #expect(last.isLast && last.text.hasSuffix("event: end\ndata: \n\n") && last.text.contains("event: main"))
    var late = try #require(try await page("/runs/r1/events").feed)
    let only = try await late.tick(at: 0)
    #expect(only.isLast && only.text.contains("event: main"))
  }

  @Test func aRunWhoseProcessDiedIsInterrupted() async throws {
    try await repository.begin("r1")
    var feed = try #require(try await page("/runs/r1/events").feed)
    #expect(try await feed.tick(at: 0).text.contains("running"))
    repository.drives("r1", false)
    let last = try await feed.tick(at: 1)
    #expect(last.isLast && last.text.contains("interrupted"))
  }

  @Test func aRunThatIsRemovedEnds() async throws {
    try await repository.begin("r1")
    var feed = try #require(try await page("/runs/r1/events").feed)
    _ = try await feed.tick(at: 0)
    try await repository.forget("r1")
    #expect(try await feed.tick(at: 1) == ("event: end\ndata: \n\n", true))
    #expect(try await page("/runs/r1").code == 404)
  }

  @Test func aRunCanGetAnotherPlan() async throws {
    try await repository.begin("r1")
    #expect(try await page("/runs/r1").body.contains("Second"))
    try await repository.replan(
      "r1",
      """
      {"plan_name": "P", "parallelization_level": "level_3",
       "achievements": [{"achievement_id": "1.1", "title": "Anew", "dependencies": []}]}
      """
    )
    let page = try await page("/runs/r1").body
    #expect(page.contains("Anew") && !page.contains("Second"))
  }

  @Test func theListFollowsAllRuns() async throws {
    var feed = try #require(try await page("/events").feed)
    #expect(try await feed.tick(at: 0).text.contains("No runs yet"))
    #expect(try await feed.tick(at: 1) == ("", false))
    try await repository.begin("r1")
    #expect(try await feed.tick(at: 2).text.contains("1 run, 1 under way"))
    try await repository.merge("r1")
    #expect(try await feed.tick(at: 3).text.contains("1/2"))
    #expect(try await feed.tick(at: 4) == ("", false))
    try await repository.end("r1")
    let ended = try await feed.tick(at: 5)
    #expect(ended.text.contains(" stopped</span>") && !ended.isLast)
    repository.passes(9)
    try await repository.begin("r2")
    #expect(try await feed.tick(at: 6).text.contains("2 runs, 1 under way"))
    try await repository.forget("r1")
    #expect(try await feed.tick(at: 7).text.contains("1 run, 1 under way"))
  }

  @Test func aDatabaseCanBeMadeAnew() async throws {
    try await repository.begin("r1", plan: "BEFORE")
    try await repository.merge("r1")
    var feed = try #require(try await page("/events").feed)
    #expect(try await feed.tick(at: 0).text.contains("BEFORE"))
    #expect(try await page("/runs/r1").body.contains("1 complete"))
    try repository.removeDatabase()
    #expect(try await feed.tick(at: 1).text.contains("No runs yet"))
    #expect(try await page("/runs/r1").code == 404)
    try await repository.begin("r1", plan: "AFTER")
    #expect(try await feed.tick(at: 2).text.contains("AFTER"))
    #expect(try await !page("/runs/r1").body.contains("1 complete"))
  }

  @Test func moreRunsThanAreKeptAreReadAnew() async throws {
    for number in 1...12 {
      try await repository.begin("r\(number)")
      repository.passes(1)
    }
    for number in 1...12 { #expect(try await page("/runs/r\(number)").code == 200) }
    try await repository.merge("r1")
    #expect(try await page("/runs/r1").body.contains("1 complete"))
  }

  @Test func manyAskAtOnce() async throws {
    try await repository.begin("r1")
    try await repository.merge("r1")
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for number in 0..<20 {
        group.addTask {
          try await page(number % 2 == 0 ? "/runs/r1" : "/").body.contains(number % 2 == 0 ? "1 complete" : "1/2")
        }
      }
      for try await isRight in group { #expect(isRight) }
    }
  }
}

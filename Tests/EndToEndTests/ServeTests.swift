import Foundation
import TestSupport
import Testing

/// `plait serve` over real runs, as programs and browsers of the machine see it.
@Suite(.limited) struct ServeTests {
  /// Each of two achievements, one after the other, ends when it is told to.
  private func scenario() throws -> Scenario {
    let scenario = try Scenario()
    let go = scenario.place("go")
    try scenario.plan(
      ["1.1": [], "1.2": ["1.1"]],
      worker: "until test -e \(go)-$PLAIT_ACHIEVEMENT; do sleep 0.02; done; echo x > $PLAIT_ACHIEVEMENT"
    )
    return scenario
  }

  private func release(_ id: String, in scenario: Scenario) throws {
    try scenario.write(scenario.place("go-\(id)"), "")
  }

  /// The id of the newest run, when there is one.
  private func run(in scenario: Scenario) async throws -> String {
    var found: String?
    #expect(
      try await eventually {
        found = try await scenario.json("runs", "--json")["runs"][0]["run"].string
        return found != nil
      }
    )
    return found ?? ""
  }

  @Test func answersWhoKnowsTheAddressAndNobodyElse() async throws {
    let scenario = try Scenario()
    try scenario.plan(["1.1": [], "1.2": []], worker: "echo '<b>'; test $PLAIT_ACHIEVEMENT = 1.1")
    #expect(try await scenario.run().code == 1)
    let run = try await run(in: scenario)
    let server = try await LiveServer(in: scenario)
    #expect(server.url == "http://127.0.0.1:\(server.port)/\(server.token)/" && server.token.count == 32)
    #expect(server.program.out == server.url + "\n" && server.program.err.contains("Ctrl-C ends it."))

    let index = try await server.page("/")
    #expect(index.code == 200 && index.body.contains("<a href=\"/\(server.token)/runs/\(run)\">SAMPLE</a>"))
    let page = try await server.page("/runs/\(run)")
    #expect(page.code == 200 && page.body.contains("&lt;b&gt;") && page.body.contains("1 complete, 1 failed"))
    #expect(page.head.contains("Content-Security-Policy: default-src 'none'") && page.head.contains("DENY"))
    #expect(try await server.page("/", "HEAD").body.isEmpty)
    let same = ["Origin: http://127.0.0.1:\(server.port)", "Sec-Fetch-Site: same-origin"]
    #expect(try await server.page("/", fields: same).code == 200)
    #expect(try await server.ask("/\(server.token)/", host: "localhost:\(server.port)").code == 200)

    for path in ["/", "/\(String(server.token.reversed()))/", "/runs/\(run)"] {
      #expect(try await server.ask(path).code == 403, "\(path)")
    }
    for host in ["evil.example", "evil.example:\(server.port)", "127.0.0.1", "localhost:1"] {
      #expect(try await server.ask("/\(server.token)/", host: host).code == 403, "\(host)")
    }
    for field in [
      "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site", "Origin: http://evil.example", "Origin: null",
    ] {
      let refused = try await server.page("/runs/\(run)/events", fields: [field])
      #expect(refused.code == 403 && !refused.body.contains("data:"), "\(field)")
    }
    let unknown = try await server.page("/runs/20200101-000000-abc")
    #expect(unknown.code == 404 && unknown.body == "No run is called '20200101-000000-abc': 'plait runs' lists them.\n")
    let post = try await server.page("/", "POST", fields: ["Content-Length: 2"])
    #expect(post.code == 405 && post.head.contains("Allow: GET, HEAD"))
    #expect(try await server.page("/", fields: ["X: \(String(repeating: "x", count: 20_000))"]).code == 431)

    let stream = try await server.page("/runs/\(run)/events")
    #expect(stream.code == 200 && stream.head.contains("Content-Type: text/event-stream"))
    #expect(stream.body.contains("\nevent: main\ndata: <main ") && stream.body.hasSuffix("event: end\ndata: \n\n"))
    #expect(await server.end(by: SIGINT).code == 0)
    #expect(throws: POSIXError.self) { try Conversation(with: server.port) }
  }

  @Test func aRunIsFollowedWhileItGoesOn() async throws {
    let scenario = try scenario()
    // Before there is a database.
    let server = try await LiveServer(in: scenario)
    let list = try server.events("/events")
    #expect(await eventually { list.events.last?.data.contains("No runs yet") == true })
    let program = try scenario.startRun("--jobs", "1")
    let run = try await run(in: scenario)
    #expect(await eventually { list.events.last?.data.contains("1 run, 1 under way") == true })
    let stream = try server.events("/runs/\(run)/events")
    #expect(await eventually { stream.events.last?.data.contains("1 running") == true })
    try release("1.1", in: scenario)
    #expect(await eventually { stream.events.last?.data.contains("1 complete, 1 running") == true })
    #expect(!stream.hasEnded && stream.events.allSatisfy { $0.name == "main" })
    try release("1.2", in: scenario)
    #expect(await eventually { stream.hasEnded })
    #expect(stream.events.last?.name == "end" && stream.events.dropLast().last?.data.contains("2 complete") == true)
    #expect(await program.end().code == 0)
    #expect(await eventually { list.events.last?.data.contains("2/2") == true })
    // Nobody has to close a page for the server to end.
    #expect(!list.hasEnded)
    let begin = ContinuousClock.now
    #expect(await server.end(by: SIGTERM).code == 0)
    #expect(ContinuousClock.now - begin < .seconds(10))
    #expect(await eventually { list.hasEnded })
    try scenario.expectTidy()
  }

  @Test func saysWhyItCantStart() async throws {
    let scenario = try Scenario()
    let server = try await LiveServer(in: scenario)
    let second = try await scenario.plait("serve", "--port", String(server.port))
    #expect(second.code == 69 && second.out.isEmpty)
    #expect(second.errors.count == 1 && second.err.contains("port \(server.port) is taken"))
    #expect(await server.end(by: SIGINT).code == 0)
    let again = try await LiveServer(in: scenario, "--port", String(server.port))
    #expect(again.port == server.port && again.token != server.token)
    #expect(await again.end(by: SIGHUP).code == 0)
    #expect(try await scenario.plait("serve", "--port", "65536").code == 64)
    #expect(try await scenario.plait("serve", "--repo", scenario.root).code == 66)
    let lonely = scenario.place("plait")
    // By another process: a file that this one has open for writing could not be started.
    try Program.run(["cp", PlaitProgram.path, lonely], in: scenario.root)
    let program = try RunningProgram([lonely, "serve"], in: scenario.repo, scratch: scenario.root, environment: [:])
    let ended = await program.end()
    #expect(ended.code == 69 && ended.err.contains("plait-serve is not beside plait"))
  }

  @Test(.enabled(if: Chromium.program != nil)) func aBrowserShowsARunWhileItGoesOn() async throws {
    let scenario = try scenario()
    let server = try await LiveServer(in: scenario)
    let browser = try await LiveBrowser(server.url, folder: scenario.root)
    #expect(try await browser.waits(for: "document.querySelector('#live').textContent === 'live'"))
    #expect(try await browser.value("document.querySelector('main').innerText").string?.contains("No runs yet") == true)
    let program = try scenario.startRun("--jobs", "1")
    #expect(try await browser.waits(for: "document.querySelector('#rows a')"))
    _ = try await browser.value("document.querySelector('#rows a').click()")
    #expect(
      try await browser.waits(
        for: "document.querySelector('#live')?.textContent === 'live' && document.querySelector('#lanes')"
      )
    )
    // Lost if the page were loaded again.
    _ = try await browser.value("window.isSame = true")
    #expect(try await browser.waits(for: "document.querySelector('.badge').innerText.includes('running')"))
    try release("1.1", in: scenario)
    #expect(try await browser.waits(for: "document.querySelector('#a-1\\\\.1').dataset.s === 'complete'"))
    #expect(try await browser.value("window.isSame && document.querySelector('#live').textContent") == "live")
    try release("1.2", in: scenario)
    #expect(try await browser.waits(for: "document.querySelector('#live').textContent === 'ended'"))
    #expect(try await browser.value("window.isSame && document.title") == "✓ SAMPLE · Plait")
    #expect(await program.end().code == 0)
    _ = try await browser.value("document.querySelector('nav a').click()")
    #expect(try await browser.waits(for: "document.querySelector('#rows tbody')?.innerText.includes('2/2')"))
    try await browser.end()
    #expect(await server.end(by: SIGINT).code == 0)
  }
}

import Synchronization
import Testing

@testable import Serving

@Suite struct FeedTests {
  /// What the next looks give, in order, and what they were told had been seen.
  private final class Script: Sendable {
    private let state: Mutex<(left: [Feed.Sight], seen: [[RunMark]?])>

    init(_ sights: Feed.Sight...) { state = Mutex((sights, [])) }

    var seen: [[RunMark]?] { state.withLock { $0.seen } }

    func feed() -> Feed {
      Feed { seen in
        self.state.withLock { state in
          state.seen.append(seen)
          return state.left.isEmpty ? .same : state.left.removeFirst()
        }
      }
    }
  }

  private func mark(_ last: Int64) -> RunMark { RunMark(run: "r", last: last, isDriven: true) }

  @Test func sendsWhatIsNewAndNothingElse() async throws {
    let script = Script(
      .changed(to: [mark(1)], main: "<main>\n1</main>", isOver: false),
      .same,
      .same,
      .changed(to: [mark(2)], main: "2", isOver: true)
    )
    var feed = script.feed()
    let first = try await feed.tick(at: 0)
    #expect(first == ("retry: 1000\n\nevent: main\ndata: <main>\ndata: 1</main>\n\n", false))
    #expect(try await feed.tick(at: 0.25) == ("", false))
    #expect(try await feed.tick(at: 0.5) == ("", false))
    let last = try await feed.tick(at: 0.75)
    #expect(last == ("event: main\ndata: 2\n\nevent: end\ndata: \n\n", true))
    #expect(script.seen == [nil, [mark(1)], [mark(1)], [mark(1)]])
  }

  @Test func showsThatItIsAlive() async throws {
    var feed = Script(.changed(to: [], main: "", isOver: false)).feed()
    var sent: [Double] = []
    for tick in 0..<200 where try await !feed.tick(at: Double(tick) / 4).text.isEmpty { sent.append(Double(tick) / 4) }
    #expect(sent == [0, 15, 30, 45])
    var other = Script(.changed(to: [], main: "", isOver: false)).feed()
    _ = try await other.tick(at: 100)
    #expect(try await other.tick(at: 115) == (":\n\n", false))
  }

  @Test func takesAFifthOfTheTimeAtMost() {
    #expect(
      Feed.pause(after: .zero) == .milliseconds(250) && Feed.pause(after: .milliseconds(60)) == .milliseconds(250)
    )
    #expect(Feed.pause(after: .seconds(1)) == .seconds(4))
  }

  @Test func endsWhenThereIsNothingLeft() async throws {
    var feed = Script(.changed(to: [mark(1)], main: "1", isOver: false), .gone).feed()
    _ = try await feed.tick(at: 0)
    #expect(try await feed.tick(at: 1) == ("event: end\ndata: \n\n", true))
  }

  @Test func lineEndsOfAllKindsAreLineEnds() {
    #expect(
      ServerSentEvent.text("a", data: "1\n2\r3\r\n4\n\n5\r\r6") == "event: a\n"
        + ["1", "2", "3", "4", "", "5", "", "6"].map { "data: \($0)\n" }.joined() + "\n"
    )
    #expect(ServerSentEvent.text("a", data: "é\u{2028}日\n") == "event: a\ndata: é\u{2028}日\ndata: \n\n")
    // Nothing that is sent can begin an event of its own.
    let hostile = ServerSentEvent.text("main", data: "x\n\nevent: end\ndata: y")
    #expect(hostile.split(separator: "\n").dropFirst().allSatisfy { $0.hasPrefix("data: ") })
  }
}

import Foundation
import Planning
import TestSupport
import Testing

@testable import Recording

/// The facts that are read and written without a general coder, against what that one makes of them.
@Suite struct FactTextTests {
  private static let ids = [id("1.1"), id("12.345"), id("2.1.3"), id("SUED-1:2.1")]
  private static let texts = [
    "", "b0", "/w/with space", "a \"quoted\" one", "back\\slash", "line\nbreak", "tab\tand\u{1}", "日本 🧵", "a/b",
    "\u{7f}",
    "{\"ready\":{\"_0\":\"1.1\"}}",
  ]
  private static let ends = [
    WorkerEnd(status: .exited(0)), WorkerEnd(status: .exited(-3), outputBytes: 5, outputWasCut: true, strays: 1),
    WorkerEnd(
      status: .exited(255),
      outputBytes: .max,
      usage: .init(wall: 0.1, userCPU: 1e-9, systemCPU: 12_345.678901, peakMemory: 1 << 40)
    ),
    WorkerEnd(status: .exited(1), usage: .init(wall: 1e21, userCPU: 0, systemCPU: -0.0, peakMemory: 0)),
    WorkerEnd(status: .signalled(9)), WorkerEnd(status: .stopped(reason: "timeout of \"45 m\"")),
    WorkerEnd(status: .lost),
  ]

  private static var facts: [RunEvent.Fact] {
    var facts: [RunEvent.Fact] = []
    for id in ids {
      facts.append(.ready(id))
      for number in [1, 7, 1_000_000] {
        let attempt = AttemptID(id, number)
        for text in texts {
          facts += [
            .attemptStarted(attempt, slot: number - 1, base: text), .worktreeReady(attempt, path: text),
            .resultCommitted(attempt, commit: text, changed: number), .merged(attempt, commit: text),
            .mergeIntended(attempt, commit: text, onto: "t"), .mergeIntended(attempt, commit: "c", onto: text),
            .attemptFailed(attempt, AttemptFailure(.worker, text)), .held(id, reason: text),
          ]
        }
        facts += ends.map { .workerEnded(attempt, $0) }
        facts += [
          .workerStarted(attempt, pid: Int32(number)), .slotFreed(attempt, slot: number),
          .verified(attempt, VerifyResult(steps: [])),
          .verified(attempt, VerifyResult(steps: [.init(summary: "make", failure: nil, seconds: 0.5)])),
        ]
      }
    }
    return facts
  }

  @Test func aGeneralCoderReadsWhatIsWritten() throws {
    let decoder = JSONDecoder()
    for fact in Self.facts {
      let text = try FactText.text(of: fact)
      #expect(try decoder.decode(RunEvent.Fact.self, from: Data(text.utf8)) == fact, "\(text)")
      #expect(try FactText.fact(in: text) == fact, "\(text)")
    }
  }

  @Test func whatAGeneralCoderWritesIsRead() throws {
    for formatting in [JSONEncoder.OutputFormatting.sortedKeys, .prettyPrinted, .withoutEscapingSlashes] {
      let encoder = JSONEncoder()
      encoder.outputFormatting = formatting
      for fact in Self.facts {
        let text = String(decoding: try encoder.encode(fact), as: UTF8.self)
        #expect(try FactText.fact(in: text) == fact, "\(text)")
      }
    }
  }

  @Test func whatIsCutOffOrAddedToIsNotRead() throws {
    for fact in Self.facts where !"\(fact)".contains("quoted") {
      let text = try FactText.text(of: fact)
      for cut in stride(from: 0, to: text.utf8.count, by: 7) {
        let part = String(decoding: text.utf8.prefix(cut), as: UTF8.self)
        #expect(throws: DecodingError.self) { try FactText.fact(in: part) }
      }
      #expect(throws: DecodingError.self) { try FactText.fact(in: text + "}") }
    }
    #expect(throws: DecodingError.self) { try FactText.fact(in: #"{"ready":{"_0":"1"}}"#) }
    #expect(throws: DecodingError.self) {
      try FactText.fact(in: #"{"merged":{"_0":{"achievement":"1.1","number":1}}}"#)
    }
  }
}

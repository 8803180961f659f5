import Testing

@testable import Engine

@Suite struct UsageLimitTests {
  private let now = 1_767_225_600.0

  @Test func exit75AsksToBeTriedLater() {
    let limit = UsageLimit(exitCode: 75, output: "the licence server is busy\n", now: now)
    #expect(limit?.until == nil)
    #expect(limit?.words == "its worker asked to be tried again later (exit 75)")
  }

  @Test func anOrdinaryFailureIsNone() {
    #expect(UsageLimit(exitCode: 1, output: "error: expected ';'", now: now) == nil)
    #expect(UsageLimit(exitCode: 0, output: "usage limit reached", now: now) == nil)
  }

  @Test(arguments: [
    ("Claude AI usage limit reached|1767232800", 7_200.0), ("Rate limit exceeded, try again in 5 minutes.", 300),
    ("429 Too Many Requests\nretry-after: 90", 90), ("quota exceeded; resets in 2 h", 7_200),
    ("rate_limit_error: retry in 1500ms", 1.5), ("Too many requests. Retry after 30s", 30),
  ]) func knownMessagesStateTheirTime(output: String, seconds: Double) {
    let limit = UsageLimit(exitCode: 1, output: output, now: now)
    #expect(limit?.until == now + seconds)
  }

  @Test func aStampFarAwayIsNotBelieved() {
    #expect(UsageLimit(exitCode: 75, output: "id|1234567890", now: now)?.until == nil)
  }
}

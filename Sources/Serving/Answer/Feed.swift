/// What one open page is sent, tick by tick: its newest state when that is another than before, and nothing else.
package struct Feed: Sendable {
  /// How long to wait until the next tick, after one that took `spent`: watching a run of a thousand achievements must not
  /// take from it what it needs itself.
  package static func pause(after spent: Duration) -> Duration { max(.milliseconds(250), spent * 4) }

  /// Seconds of silence after which a sign of life is sent.
  static let patience = 15.0

  /// What a look at the record gives.
  enum Sight: Sendable {
    /// The record is the one of these marks, as before.
    case same
    case changed(to: [RunMark], main: String, isOver: Bool)
    /// There is nothing to look at any more.
    case gone
  }

  private let look: @Sendable ([RunMark]?) async throws -> Sight
  private var seen: [RunMark]?
  private var sentAt: Double?

  /// `look` is given the marks that were seen last; nil before the first look.
  init(look: @escaping @Sendable ([RunMark]?) async throws -> Sight) {
    self.look = look
  }

  /// What to send now, often nothing, and whether that is the end; `now` in seconds, on any clock that doesn't go back.
  package mutating func tick(at now: Double) async throws -> (text: String, isLast: Bool) {
    var text = sentAt == nil ? ServerSentEvent.retry : ""
    var isLast = false
    switch try await look(seen) {
    case .same: break
    case .changed(let marks, let main, let isOver):
      seen = marks
      text += ServerSentEvent.text("main", data: main)
      isLast = isOver
    case .gone: isLast = true
    }
    if isLast { text += ServerSentEvent.text("end") }
    if text.isEmpty, now - (sentAt ?? now) >= Feed.patience { text = ServerSentEvent.heartbeat }
    if !text.isEmpty { sentAt = now }
    return (text, isLast)
  }
}

/// What of a run decides whether it has to be looked at again.
struct RunMark: Sendable, Equatable {
  let run: String
  /// The number of its last event.
  let last: Int64
  /// Whether a process drives it.
  let isDriven: Bool
}

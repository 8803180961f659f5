internal import Planning
internal import Recording

/// Whether and when another attempt follows a failed one.
extension Schedule {
  /// Seconds until the next attempt may start; nil when there is none.
  func delayBeforeRetry(of node: Int, after failure: AttemptFailure) -> Double? {
    let achievement = plan.achievements[node]
    let worker = plan.worker(of: achievement)
    let made = failures[node] ?? 1
    switch failure.kind {
    case .conflict:
      // A choice would only pick the same commit once more.
      guard achievement.role != .choice else { return nil }
      let policy = plan.defaults(of: achievement.id).onConflict ?? options.onConflict
      return policy == .retry && conflicts[node] == 1 ? 0 : nil
    // What takes its supervisor down each time is not to be tried for ever.
    case .lost: return losses[node] ?? 0 <= 3 ? 0 : nil
    case .worker, .verify, .gate:
      guard made <= worker.retries ?? options.retries else { return nil }
      return (worker.backoff ?? 0) * Double(1 << min(made - 1, 16)) * jitter(of: node, attempt: made)
    case .system, .stopped, .storage, .cancelled: return nil
    case .parked: return parkingTime(of: node)
    }
  }

  /// A minute the first time, then twice as long each time, up to half an hour.
  private func parkingTime(of node: Int) -> Double? {
    // Someone who never says until when, and never comes through, has failed.
    (parkings[node] ?? 1) > 12
      ? nil
      : min(60 * Double(1 << min((parkings[node] ?? 1) - 1, 5)), 1_800)
  }

  /// A factor around 1 that spreads retries which would else all come at the same moment. Not random but mixed
  /// (SplitMix64's finalizer), so that a schedule stays a function of its input.
  private func jitter(of node: Int, attempt: Int) -> Double {
    var mixed = UInt64(node) &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(attempt)
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return 1 + options.jitter * (Double((mixed ^ mixed >> 31) >> 11) * 0x1p-53 * 2 - 1)
  }
}

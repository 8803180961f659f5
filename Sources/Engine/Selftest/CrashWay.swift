internal import Recording

/// How a run of the crash matrix is made to go wrong. The raw values are those of `PLAIT_FAULT`, and `wal`.
package enum CrashWay: String, Sendable, CaseIterable {
  /// Plait is killed.
  case kill
  /// Plait gets SIGTERM.
  case term
  /// A supervisor is killed.
  case supervisor
  /// A worker is killed.
  case worker
  /// A write fails for want of space.
  case full
  /// A write fails once with an error of the device; or from then on.
  case io
  case ioForGood
  /// From one point to the next, or from then on, no file can grow: every library below Plait meets it, not only Plait.
  case limit
  case limitForGood
  /// Plait is killed late in the run, and then the write-ahead log of its database is cut off at the N-th place.
  case wal

  /// What is wrong with how the disturbed run ended; nil when that is as it should be. `reference` is the exit code of an
  /// undisturbed run.
  func finding(endedAs status: WorkerEnd.Status, reference: Int32) -> String? {
    let fits =
      switch (self, status) {
      case (.kill, .signalled(let signal)), (.wal, .signalled(let signal)): signal == 9
      case (.term, .exited(let code)): code == 8 || code == reference
      case (.supervisor, .exited(let code)), (.worker, .exited(let code)): CrashOracle.isSameEnd(code, reference)
      case (.full, .exited(let code)), (.io, .exited(let code)), (.limit, .exited(let code)):
        code == 74 || CrashOracle.isSameEnd(code, reference)
      case (.ioForGood, .exited(let code)): code == 74
      // At the last points there is nothing left to be written.
      case (.limitForGood, .exited(let code)): code == 74 || CrashOracle.isSameEnd(code, reference)
      default: false
      }
    return fits ? nil : "the disturbed run ended unexpectedly: \(status)"
  }
}

/// One run of the crash matrix: the way, and the number of the point (of the place, for `wal`).
package struct CrashPair: Sendable, Hashable, CustomStringConvertible {
  package let way: CrashWay
  package let number: Int

  package var description: String { "\(way.rawValue):\(number)" }

  /// `count` pairs, chosen by `seed` among `ways`, each in its turn, and the points from 1 to `points`; the same ones for the
  /// same seed.
  static func sample(_ count: Int, of ways: [CrashWay], points: Int, seed: UInt64) -> [CrashPair] {
    var generator = SeededNumbers(seed: seed)
    let most = min(count, ways.count * points)
    var pairs: [CrashPair] = []
    while pairs.count < most {
      let way = ways[pairs.count % ways.count]
      let pair = CrashPair(way: way, number: Int.random(in: 1...max(1, points), using: &generator))
      if !pairs.contains(pair) { pairs.append(pair) }
    }
    return pairs
  }
}

/// A small generator with a seed: SplitMix64 (Steele, Lea and Flood 2014).
private struct SeededNumbers: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

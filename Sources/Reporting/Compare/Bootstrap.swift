internal import Planning

/// How far a ratio of two measured totals may be off, by drawing from the measurements again and again.
///
/// The percentile interval of B. Efron, "Bootstrap Methods: Another Look at the Jackknife", Annals of Statistics 7(1), 1979.
/// The draws are seeded: the same measurements give the same interval.
enum Bootstrap {
  /// How often is drawn.
  static let resamples = 10_000

  /// Within which the ratio Σ `above` ÷ Σ `below` lies with this confidence (0…1).
  ///
  /// With `isPaired` the two are drawn together, pair by pair, and must be of one length; otherwise each for itself, and the
  /// ratio is that of their means. nil when one of them holds fewer than two numbers: what doesn't scatter says nothing.
  static func interval(
    above: [Double],
    below: [Double],
    isPaired: Bool,
    confidence: Double
  ) -> ClosedRange<Double>? {
    guard above.count > 1, below.count > 1 else { return nil }
    var generator = SplitMix64(seed: 1979)
    var ratios: [Double] = []
    ratios.reserveCapacity(resamples)
    for _ in 0..<resamples {
      var (sumAbove, sumBelow) = (0.0, 0.0)
      if isPaired {
        for _ in above.indices {
          let pair = Int.random(in: above.indices, using: &generator)
          sumAbove += above[pair]
          sumBelow += below[pair]
        }
      } else {
        for _ in above { sumAbove += above[Int.random(in: above.indices, using: &generator)] / Double(above.count) }
        for _ in below { sumBelow += below[Int.random(in: below.indices, using: &generator)] / Double(below.count) }
      }
      ratios.append(sumAbove / sumBelow)
    }
    let sample = Sample(ratios)
    let tail = (1 - confidence) / 2
    return sample.quantile(tail)...sample.quantile(1 - tail)
  }
}

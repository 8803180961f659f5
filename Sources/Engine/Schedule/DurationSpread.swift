internal import Planning

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How real durations scatter around what was expected: by log-normal factors of mean 1, never below 0 and with the long tail
/// to the right that the times of work have.
struct DurationSpread: Sendable {
  private let deviation: Double

  /// `variation` is the coefficient of variation: standard deviation ÷ mean.
  init(variation: Double) {
    deviation = log(1 + variation * variation).squareRoot()
  }

  /// One factor. Takes two numbers from `generator` (G. E. P. Box, M. E. Muller, "A Note on the Generation of Random Normal
  /// Deviates", Ann. Math. Statist. 29(2), 1958).
  func factor(using generator: inout SplitMix64) -> Double {
    let radius = (-2 * log(generator.nextUnit())).squareRoot()
    let normal = radius * cos(2 * Double.pi * generator.nextUnit())
    // Half the variance less: else the factors' mean would be above 1, and a spread would make every plan longer.
    return exp(deviation * normal - deviation * deviation / 2)
  }
}

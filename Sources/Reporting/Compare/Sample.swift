/// Numbers of one kind, and where they lie.
struct Sample: Sendable {
  private let sorted: [Double]

  init(_ values: some Sequence<Double>) { sorted = values.sorted() }

  /// The value below which the share `p` (0…1) of the numbers lies, interpolated between the two nearest; 0 without any.
  func quantile(_ p: Double) -> Double {
    guard let last = sorted.last else { return 0 }
    let place = min(1, max(0, p)) * Double(sorted.count - 1)
    let below = Int(place)
    guard below + 1 < sorted.count else { return last }
    return sorted[below] + (sorted[below + 1] - sorted[below]) * (place - Double(below))
  }
}

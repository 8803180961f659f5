/// Measured values of one thing, in the order in which they were taken.
struct Samples {
  private(set) var values: [Double]

  init(_ values: [Double] = []) { self.values = values }

  mutating func append(_ value: Double) { values.append(value) }

  var count: Int { values.count }
  var isEmpty: Bool { values.isEmpty }
  var minimum: Double? { values.min() }
  var maximum: Double? { values.max() }

  /// The middle value, or the mean of the two in the middle; nil of nothing.
  var median: Double? {
    let sorted = values.sorted()
    guard let upper = sorted.indices.contains(sorted.count / 2) ? sorted[sorted.count / 2] : nil else { return nil }
    return sorted.count.isMultiple(of: 2) ? (sorted[sorted.count / 2 - 1] + upper) / 2 : upper
  }

  /// How these compare with `reference`: the median of the ratios of values that were taken in the same repetition.
  ///
  /// A machine that slows down for a minute slows both sides of such a pair, so this moves less than a ratio of medians.
  func ratio(to reference: Samples) -> Double? {
    let pairs = zip(values, reference.values).filter { $0.1 > 0 }
    return Samples(pairs.map { $0.0 / $0.1 }).median
  }

  func map(_ transform: (Double) -> Double) -> Samples { Samples(values.map(transform)) }
}

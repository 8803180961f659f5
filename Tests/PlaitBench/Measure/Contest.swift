/// One way of doing what others do too.
struct Contender {
  let name: String
  /// How often it is measured at most; for those that take minutes where others take seconds.
  let most: Int
  /// Prepares, does it once, and gives the seconds (or whatever the contest compares) of the doing alone.
  let measure: () async throws -> Double

  init(_ name: String, most: Int = .max, measure: @escaping () async throws -> Double) {
    self.name = name
    self.most = most
    self.measure = measure
  }

  /// One that can't be measured here, and why.
  static func missing(_ name: String, because reason: String) -> Contender {
    Contender(name) { throw NotMeasured(reason: reason) }
  }
}

/// Why there is no number.
struct NotMeasured: Error, CustomStringConvertible {
  let reason: String
  var description: String { reason }
}

/// What came of one contender.
struct Standing {
  let name: String
  var samples = Samples()
  var failure: String?
}

/// Several contenders, one after another, again and again: so that each is measured in the same minutes as the others.
struct Contest {
  let repetitions: Int
  /// Whether everything is done once before it counts.
  let warmsUp: Bool

  /// Measures; a contender that throws is left out from then on, with the reason, and the others go on.
  func run(_ contenders: [Contender]) async -> [Standing] {
    var standings = contenders.map { Standing(name: $0.name) }
    for repetition in (warmsUp ? -1 : 0)..<repetitions {
      for (index, contender) in contenders.enumerated() {
        let isDone = standings[index].failure != nil || repetition >= contender.most
        let isWarmUpForNothing = repetition < 0 && contender.most < repetitions
        if isDone || isWarmUpForNothing { continue }
        do {
          let value = try await contender.measure()
          if repetition >= 0 { standings[index].samples.append(value) }
        } catch {
          standings[index].failure = "\(error)"
          if !(error is NotMeasured) { Notice.say("\(contender.name): \(error)") }
        }
      }
    }
    return standings
  }
}

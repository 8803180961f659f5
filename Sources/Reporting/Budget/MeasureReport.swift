import Recording

extension RunReport {
  /// A measure that the run took against too much overhead, and what an attempt's overhead was before and after it.
  package struct Measure: Sendable, Codable, Equatable {
    /// What was done: spare_worktrees, shared_worktrees, batched_merges or slots.
    package let kind: String
    /// How many worktrees or slots; nil for the others.
    package let count: Int?
    /// Seconds since the run's start.
    package let atSeconds: Double
    /// The share of overhead, 0 to 1, that it was taken for.
    package let ratio: Double
    /// Mean overhead of the attempts handed to a slot between the measure before (or the start) and this one; nil
    /// without any.
    package let secondsBefore: Double?
    /// The same from this measure to the next one (or the end).
    package let secondsAfter: Double?
  }

  /// The measures of the run in `snapshot`, in order of time.
  static func measures(_ snapshot: RunSnapshot, entries: [Entry]) -> [Measure] {
    let times = [0] + snapshot.adaptations.map(\.time) + [Double.infinity]
    let attempts = entries.flatMap(\.attempts).map { (handed: $0.stamps.handed, seconds: $0.overheadSeconds) }
    return snapshot.adaptations.enumerated().map { place, measure in
      Measure(
        kind: measure.adaptation.kind,
        count: measure.adaptation.count,
        atSeconds: measure.time,
        ratio: measure.ratio,
        secondsBefore: mean(of: attempts, from: times[place], until: times[place + 1]),
        secondsAfter: mean(of: attempts, from: times[place + 1], until: times[place + 2])
      )
    }
  }

  private static func mean(of attempts: [(handed: Double, seconds: Double)], from: Double, until: Double) -> Double? {
    let seconds = attempts.filter { $0.handed >= from && $0.handed < until }.map(\.seconds)
    return seconds.isEmpty ? nil : seconds.reduce(0, +) / Double(seconds.count)
  }
}

extension RunReport.Attempt {
  /// Seconds of its stages that were Plait's own.
  fileprivate var overheadSeconds: Double {
    AttemptTimeline.Stage.allCases.reduce(0) { $1.isOverhead ? $0 + (stages[$1.rawValue] ?? 0) : $0 }
  }
}

extension Adaptation {
  /// The word for it in every format.
  var kind: String {
    switch self {
    case .spareWorktrees: "spare_worktrees"
    case .sharedWorktrees: "shared_worktrees"
    case .batchedMerges: "batched_merges"
    case .slots: "slots"
    }
  }

  var count: Int? {
    switch self {
    case .spareWorktrees(let count), .slots(let count): count
    case .sharedWorktrees, .batchedMerges: nil
    }
  }

  /// What was done, as a sentence goes on after "over budget: ".
  var words: String {
    switch self {
    case .spareWorktrees(let count): "keeps \(Prose.count(count, "worktree")) ready for what starts next"
    case .sharedWorktrees: "lets a sole dependent go on in the worktree of what it waited for"
    case .batchedMerges: "gates the results that wait together"
    case .slots(let count): "goes on with \(Prose.count(count, "worker")) at once"
    }
  }
}

extension RunReport.Measure {
  /// One sentence with the numbers.
  var sentence: String {
    let what: Adaptation =
      switch kind {
      case "spare_worktrees": .spareWorktrees(count ?? 1)
      case "shared_worktrees": .sharedWorktrees
      case "batched_merges": .batchedMerges
      default: .slots(count ?? 1)
      }
    let effect =
      switch (secondsBefore, secondsAfter) {
      case (let before?, let after?):
        ": overhead per attempt \(TimeText.text(before)) before, \(TimeText.text(after)) after"
      default: ""
      }
    return "From \(TimeText.text(atSeconds)) on, after \(ratio.percent) overhead, the run \(what.words)\(effect)."
  }
}

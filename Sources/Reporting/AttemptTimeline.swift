package import Recording

/// The stages of one attempt, in order, without gaps: from its slot taken to its slot free.
package struct AttemptTimeline: Sendable, Equatable {
  /// The stages that a slot is taken for, in order of time.
  package enum Stage: String, Sendable, Codable, CaseIterable {
    case prepare
    case launch
    case work
    case collect
    case verify
    case merge

    /// Whether the time is Plait's own and not the user's.
    package var isOverhead: Bool {
      switch self {
      case .work, .verify: false
      case .prepare, .launch, .collect, .merge: true
      }
    }
  }

  /// One stretch of a stage; seconds since the run's start.
  package struct Span: Sendable, Equatable {
    /// Which stage it is.
    package let stage: Stage
    /// When it begins.
    package let from: Double
    /// When it ends.
    package let to: Double

    /// How long the stretch is.
    package var seconds: Double { to - from }
  }

  /// The attempt's slot, from 0.
  package let slot: Int
  /// The attempt's number, from 1.
  package let number: Int
  /// In order of time, without gaps; those of no length are left out.
  package let spans: [Span]
  /// When its slot was taken and free again; a slot still taken counts up to the moment of the timeline.
  package let from: Double
  /// When its slot was free again, or the moment of the timeline.
  package let to: Double
  /// Whether each stamp is at or after the one before it.
  package let isOrdered: Bool

  /// Cuts the attempt's time at its stamps.
  ///
  /// The time up to a stage's stamp is that stage's; the time after the last stamp, up to the failure and the freed slot,
  /// is that of the stage the attempt was in. A stage that never took place (a join has no worker) takes no time. The gate is a
  /// check of the user's in the middle of the merge: it counts as verify.
  /// An attempt whose slot is not free yet counts up to `until`.
  package init(_ attempt: AttemptRecord, until: Double) {
    let stamps: [(Double?, ends: Stage, begins: Stage)] = [
      (attempt.prepared, .prepare, .launch), (attempt.started, .launch, .work), (attempt.exited, .work, .collect),
      (attempt.collected, .collect, .verify), (attempt.verified, .verify, .merge),
      (attempt.gateStarted, .merge, .verify), (attempt.gated, .verify, .merge), (attempt.taken, .merge, .merge),
    ]
    var spans: [Span] = []
    var time = attempt.handed
    var current = Stage.prepare
    var isOrdered = true
    func reach(_ stamp: Double, in stage: Stage) {
      if stamp < time { isOrdered = false }
      if stamp > time {
        // What follows the merge until the slot is free is the merge's time too: one stretch and not two.
        let from = spans.last?.stage == stage ? spans.removeLast().from : time
        spans.append(Span(stage: stage, from: from, to: stamp))
      }
      time = max(time, stamp)
    }
    for (stamp, ends, begins) in stamps {
      guard let stamp else { continue }
      reach(stamp, in: ends)
      current = begins
    }
    if let failed = attempt.failed { reach(failed, in: current) }
    if let freed = attempt.freed { reach(freed, in: current) } else if until > time { reach(until, in: current) }
    slot = attempt.slot
    number = attempt.number
    self.spans = spans
    from = attempt.handed
    to = time
    self.isOrdered = isOrdered
  }

  /// Seconds spent in `stage`.
  package func seconds(_ stage: Stage) -> Double {
    spans.reduce(0) { $1.stage == stage ? $0 + $1.seconds : $0 }
  }
}

extension AttemptRecord {
  /// When the attempt came to its end, be it free of its slot or not; nil while it is in flight.
  var settled: Double? { freed ?? failed ?? taken }

  /// Whether worker and verify time of the attempt were for nothing. An attempt in flight still counts as of use.
  func isRework(runHasEnded: Bool) -> Bool { failed != nil || (runHasEnded && !wasUsed) }
}

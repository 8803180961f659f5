/// One stretch of time in which an achievement had all it depends on and was not yet handed to a slot.
///
/// All stamps are seconds since the run's start.
package struct ReadyWait: Sendable, Equatable {
  /// A part of the wait in which a free slot would not have helped.
  package struct Hold: Sendable, Equatable {
    /// When it began.
    package let from: Double
    /// When it let go; nil while it holds.
    package fileprivate(set) var until: Double?
    /// One line: `resource mongodb is taken`, `waits before its next attempt`.
    package let reason: String
  }

  /// When it became ready.
  package let from: Double
  /// When it was handed to a slot or settled otherwise; nil while it waits.
  package private(set) var until: Double?
  /// In order of time, without overlaps.
  package private(set) var holds: [Hold] = []

  /// Begins a wait that is still open.
  package init(from: Double) { self.from = from }

  /// Begins a hold at `time` and ends the one before; `until` is known for a back-off.
  mutating func hold(from time: Double, until: Double? = nil, reason: String) {
    release(at: time)
    holds.append(Hold(from: time, until: until, reason: reason))
  }

  /// Ends the hold whose end was not known; a back-off keeps its time.
  mutating func releaseOpen(at time: Double) {
    if holds.last?.until == nil { release(at: time) }
  }

  /// Ends the hold that is on at `time`, if one is.
  mutating func release(at time: Double) {
    guard let last = holds.indices.last, holds[last].until.map({ $0 > time }) ?? true else { return }
    holds[last].until = time
  }

  /// Ends the wait.
  mutating func end(at time: Double) {
    release(at: time)
    until = time
  }
}

/// A stretch of time in which the run started nothing new: it had been asked to stop, or no process drove it.
package struct RunPause: Sendable, Equatable {
  /// Seconds since the run's start.
  package let from: Double
  /// When the run was taken up again; nil when it has not been.
  package internal(set) var until: Double?
  /// From when on no process drove the run, as far as the record tells: its last event before it was taken up again. nil
  /// when it has not been.
  package internal(set) var downFrom: Double?
}

/// A measure against too much overhead, as it was taken.
package struct TakenMeasure: Sendable, Equatable {
  /// What was done.
  package let adaptation: Adaptation
  /// The share of overhead that it was taken for, 0…1.
  package let ratio: Double
  /// Seconds since the run's start.
  package let time: Double
}

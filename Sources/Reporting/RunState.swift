package import Recording

/// How a run as a whole stands: its outcome, or what it does now. The raw value is the word of the JSON formats.
package enum RunState: String, Sendable, Codable, CaseIterable {
  case running
  /// Asked to stop: workers finish, nothing new starts.
  case stopping
  /// No outcome recorded and no process drives it.
  case interrupted
  case complete
  case failed
  case stopped
  case conflict
  case error

  /// The state of the run in `snapshot`; `isDriven` says whether a process holds it (the caller knows from its lock).
  package init(_ snapshot: RunSnapshot, isDriven: Bool) {
    switch snapshot.outcome {
    case .complete: self = .complete
    case .failed: self = .failed
    case .stopped: self = .stopped
    case .conflict: self = .conflict
    case .error: self = .error
    case nil:
      if !isDriven { self = .interrupted } else { self = snapshot.stopReason == nil ? .running : .stopping }
    }
  }

  /// Whether nothing more will happen by itself.
  package var isOver: Bool { self != .running && self != .stopping }

  /// Whether `plait resume` has something to do.
  package var isResumable: Bool {
    switch self {
    case .interrupted, .stopped, .failed, .conflict, .error: true
    case .running, .stopping, .complete: false
    }
  }
}

internal import Git

extension GitError {
  /// Whether the run can't go on: nothing that any worker does could help.
  var endsTheRun: Bool {
    switch code {
    case .corrupt, .notARepository: true
    default: false
    }
  }

  /// Whether the worker's own doing is the cause, and not the machine.
  var isOfTheWork: Bool {
    switch code {
    case .historyRewritten, .nestedRepository, .worktreeLost: true
    default: false
    }
  }
}

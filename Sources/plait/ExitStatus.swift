import ArgumentParser
import Engine
import Git
import Methodology
import Recording
import Reporting

/// The one place where an outcome or an error becomes an exit code. The numbers are those of `plait --help`.
enum ExitStatus: Int32 {
  case success = 0
  case achievementFailed = 1
  case overBudget = 3
  case conflict = 4
  case stopped = 8
  case heldByAnother = 9
  case usage = 64
  case invalidPlan = 65
  case noInput = 66
  case unavailable = 69
  case bug = 70
  case storage = 74
  case killed = 130

  var code: ExitCode { ExitCode(rawValue) }

  init(_ outcome: RunOutcome) {
    switch outcome {
    case .complete: self = .success
    case .failed: self = .achievementFailed
    case .conflict: self = .conflict
    case .stopped: self = .stopped
    case .error: self = .storage
    }
  }

  /// What `error` means for the caller; nil for one that is ArgumentParser's own business.
  init?(_ error: any Error) {
    switch error {
    case let error as EngineError: self = ExitStatus.of(error.code)
    case let error as RecordingError: self = ExitStatus.of(error.code)
    case let error as GitError: self = ExitStatus.of(error.code)
    case let error as MethodologyError: self = ExitStatus.of(error.code)
    case let error as ReportingError: self = ExitStatus.of(error.code)
    case is CancellationError: self = .stopped
    default: return nil
    }
  }

  private static func of(_ code: EngineError.Code) -> ExitStatus {
    switch code {
    case .invalidRequest: .usage
    case .missing: .unavailable
    case .file: .noInput
    case .storage: .storage
    case .bug: .bug
    }
  }

  private static func of(_ code: RecordingError.Code) -> ExitStatus {
    switch code {
    case .noSuchRun, .ambiguousRun: .noInput
    case .locked: .heldByAnother
    case .newerFormat: .unavailable
    case .database, .diskFull: .storage
    }
  }

  private static func of(_ code: ReportingError.Code) -> ExitStatus {
    switch code {
    case .notComparable, .nothingMeasured: .invalidPlan
    }
  }

  private static func of(_ code: GitError.Code) -> ExitStatus {
    switch code {
    case .notARepository, .notFound: .noInput
    case .unsupported, .ownedByAnother, .noCommits, .exists, .permission, .locked: .unavailable
    case .conflict, .moved: .conflict
    case .storage, .corrupt: .storage
    case .historyRewritten, .nestedRepository, .worktreeLost: .achievementFailed
    case .other: .bug
    }
  }

  private static func of(_ code: MethodologyError.Code) -> ExitStatus {
    switch code {
    case .notFound, .ambiguous: .noInput
    case .refused, .exists: .usage
    case .unwritable: .storage
    case .notAPlan, .unreadable, .invalid: .invalidPlan
    }
  }
}

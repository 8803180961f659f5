internal import Planning
internal import Recording

/// The environment of workers, verify steps and set-up: an allow-list, what the plan names, and the attempt's own facts.
enum WorkerEnvironment {
  private static let passedOn = ["PATH", "HOME", "LANG", "TERM", "TMPDIR", "USER", "SHELL", "TZ"]

  /// What `attempt` gets to see, from Plait's own environment `inherited`.
  static func variables(
    for attempt: AttemptContext,
    worker: WorkerSpecification,
    inherited: [String: String]
  ) -> [String: String] {
    var variables = inherited.filter { passedOn.contains($0.key) || $0.key.hasPrefix("LC_") }
    for name in worker.passEnvironment { inherited[name].map { variables[name] = $0 } }
    variables.merge(worker.environment) { $1 }
    variables.merge(attempt.variables) { $1 }
    return variables
  }
}

/// What an attempt is told about itself.
struct AttemptContext: Sendable {
  let run: String
  var planName: String
  var planDirectory: String
  let achievement: Achievement
  let attempt: AttemptID
  let slot: Int
  let base: String
  let worktree: String
  /// The attempt's folder for logs and files of its own.
  let directory: String
  let portBase: Int
  let previousFailure: String?
  /// What a judge is told of its candidates; empty for anybody else.
  var candidates: [String: String] = [:]

  var promptPath: String { directory + "/prompt.md" }
  var outputPath: String { directory + "/output.log" }
  var verifyOutputPath: String { directory + "/verify.log" }
  /// The judge's standard output.
  var rulingPath: String { directory + "/judge.out" }

  var variables: [String: String] {
    var variables = [
      "PLAIT_RUN": run, "PLAIT_PLAN": planName, "PLAIT_PLAN_DIR": planDirectory,
      "PLAIT_ID": achievement.id.text,
      "PLAIT_TITLE": achievement.title.filter { $0 != "\0" },
      "PLAIT_ATTEMPT": String(attempt.number), "PLAIT_BASE": base, "PLAIT_WORKTREE": worktree,
      "PLAIT_PROMPT": promptPath, "PLAIT_OUTPUT_DIR": directory, "PLAIT_SLOT": String(slot + 1),
      "PLAIT_PORT_BASE": String(portBase), "PLAIT_PREVIOUS_FAILURE": previousFailure ?? "",
    ]
    variables.merge(achievement.marks) { $1 }
    return variables.merging(candidates) { $1 }
  }
}

extension Achievement {
  /// The variables that tell its processes from those of other achievements of the run.
  ///
  /// A variant has its achievement's id: it is the same work, and a worker that looks for its own script by the id finds it.
  /// `PLAIT_ID` is one of them only where ids say a plan: a worker may be older than this program, and not have it.
  var marks: [String: String] {
    var marks = ["PLAIT_ACHIEVEMENT": (role.isVariant ? role.owner ?? id : id).plain.text]
    if case .variant(_, let number, let count) = role {
      marks["PLAIT_VARIANT"] = "\(number)"
      marks["PLAIT_VARIANTS"] = "\(count)"
    }
    if id.plan != nil { marks["PLAIT_ID"] = id.text }
    return marks
  }
}

internal import Planning
internal import Recording

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Runs the checks on an attempt's own tree, one after the other, and stops at the first red one.
struct Verifier: Sendable {
  let launcher: any WorkerLauncher
  let context: AttemptContext
  let environment: [String: String]
  let clock: any RunClock

  /// What `achievement` is checked by: its own steps or the plan's, then its validation script, then its deliverables.
  ///
  /// A choice is checked by nothing of its own: what it picks has passed all of this.
  static func steps(of achievement: Achievement, defaults: PlanDefaults) -> [VerifyStep] {
    guard achievement.role != .choice else { return [] }
    return (achievement.details.verify ?? defaults.verify)
      + achievement.details.deliverables.map { VerifyStep(.file($0)) }
  }

  /// Whether anything of `plan` is checked in a worktree: then nobody knows what lies in that one afterwards.
  static func checks(_ plan: Plan) -> Bool {
    plan.hasGate || plan.achievements.contains { checks($0, defaults: plan.defaults(of: $0.id)) }
  }

  /// Whether there is anything that `achievement` is checked by.
  static func checks(_ achievement: Achievement, defaults: PlanDefaults) -> Bool {
    !steps(of: achievement, defaults: defaults).isEmpty || achievement.details.validationScript != nil
  }

  func verify(_ steps: [VerifyStep], script: ValidationScript?) async throws -> VerifyResult {
    var results: [VerifyResult.Step] = []
    for step in steps {
      results.append(try await run(step))
      guard results.last?.failure == nil else { return VerifyResult(steps: results) }
    }
    if let script { results.append(try await run(script)) }
    return VerifyResult(steps: results)
  }

  /// Runs one step; red is a value.
  func run(_ step: VerifyStep) async throws -> VerifyResult.Step {
    switch step.check {
    case .file(let path):
      let failure = exists(path) ? nil : "\(path) does not exist"
      return .init(summary: step.summary, failure: failure, seconds: 0)
    case .coverage(let report, let min):
      return look(at: report, min: min, step)
    case .shell(let line):
      return try await run(Command(shell: line), step)
    case .command(let list):
      do {
        let command = try Command(list, path: environment["PATH"], directory: context.worktree)
        return try await run(command, step)
      } catch let error as EngineError where error.code == .missing {
        return .init(summary: step.summary, failure: error.message, seconds: 0)
      }
    }
  }

  private func run(_ script: ValidationScript) async throws -> VerifyResult.Step {
    let candidates = [context.worktree, context.planDirectory].map { "\($0)/\(script.name)" }
    guard let path = candidates.first(where: { access($0, F_OK) == 0 }) else {
      let reason = "\(script.name) is neither in the result nor beside the plan"
      return script.wasThere
        ? .init(summary: script.name, failure: reason, seconds: 0)
        : .init(summary: script.name, failure: nil, seconds: 0, notRun: reason)
    }
    let isExecutable = access(path, X_OK) == 0
    let command = isExecutable ? try Command([path], path: nil, directory: "/") : Command(shell: "exec sh \"$0\"", path)
    return try await run(command, VerifyStep(.command([script.name])))
  }

  private func run(_ command: Command, _ step: VerifyStep) async throws -> VerifyResult.Step {
    let start = clock.now
    let job = WorkerJob(
      executable: command.executable,
      arguments: command.arguments,
      environment: environment,
      workingDirectory: context.worktree,
      outputPath: context.verifyOutputPath,
      timeout: step.timeout
    )
    let end = try await launcher.run(job) { _ in }
    let failure = end.status.failure.map { "\(step.summary): \($0)" }
    return .init(summary: step.summary, failure: failure, seconds: clock.now - start)
  }

  private func look(at report: String, min: Double, _ step: VerifyStep) -> VerifyResult.Step {
    let start = clock.now
    func ended(_ summary: String, _ failure: String?) -> VerifyResult.Step {
      .init(summary: summary, failure: failure, seconds: clock.now - start)
    }
    let path = "\(context.worktree)/\(report)"
    var status = stat()
    guard stat(path, &status) == 0 else {
      return ended(step.summary, "\(report) does not exist: a step before this one has to write it")
    }
    guard status.st_mode & S_IFMT == S_IFREG else { return ended(step.summary, "\(report) is no file") }
    do {
      let coverage = try LineCoverage(report: RunFiles.read(path))
      guard coverage.reaches(min) else { return ended(step.summary, "\(step.summary): it is \(coverage.words)") }
      return ended("\(step.summary): \(coverage.words)", nil)
    } catch let error as LineCoverage.Unusable {
      return ended(step.summary, "the coverage report \(report) \(error.reason)")
    } catch {
      return ended(step.summary, "the coverage report \(report) can't be read: \(error)")
    }
  }

  private func exists(_ path: String) -> Bool {
    var status = stat()
    return lstat("\(context.worktree)/\(path)", &status) == 0
  }
}

/// A `validation_script` and whether it was there before the work began: one that has gone since is a red check, one that
/// never was is reported as not run.
struct ValidationScript: Sendable {
  let name: String
  let wasThere: Bool
}

extension Command {
  /// A shell line with `$0` given apart, so that a path needs no quoting.
  init(shell line: String, _ zero: String, _ words: [String] = []) {
    executable = "/bin/sh"
    arguments = ["-c", line, zero] + words
  }
}

extension WorkerEnd.Status {
  /// Why this end is not a success, a clause for people; nil for exit 0.
  var failure: String? {
    switch self {
    case .exited(0): nil
    case .exited(let code): "exit \(code)"
    case .signalled(let signal): "killed by signal \(signal)"
    case .stopped(let reason): reason
    case .lost: "nobody saw how it ended"
    }
  }
}

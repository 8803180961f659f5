internal import Recording

/// The check on what would be the run's next state, before anything becomes it.
extension LocalStages {
  /// Runs the gates, of which there is at least one, in `folder`, and records what they said; nil when all are green.
  func pass(_ gates: [PlanGate], _ work: AttemptWork, in folder: String, journal: Journal) async throws
    -> AttemptFailure?
  {
    let step = try await run(gates, context(for: work, worktree: folder))
    try await journal.note(.gated(work.id, step))
    return step.failure.map { AttemptFailure(Task.isCancelled ? .stopped : .gate, "gate failed: \($0)") }
  }

  /// Runs the gates one after the other up to the first red one, and says it as one step.
  private func run(_ gates: [PlanGate], _ context: AttemptContext) async throws -> VerifyResult.Step {
    var passed: [VerifyResult.Step] = []
    for gate in gates {
      let own = gate.context(context)
      let variables = WorkerEnvironment.variables(
        for: own,
        worker: gate.worker ?? settings.worker(of: context.achievement),
        inherited: settings.environment
      )
      let verifier = Verifier(launcher: launcher, context: own, environment: variables, clock: clock)
      passed.append(try await verifier.run(gate.step))
      if passed.last?.failure != nil { break }
    }
    guard passed.count > 1 else { return passed[0] }
    return .init(
      summary: passed.map(\.summary).joined(separator: "; "),
      failure: passed.last?.failure,
      seconds: passed.reduce(0) { $0 + $1.seconds }
    )
  }
}

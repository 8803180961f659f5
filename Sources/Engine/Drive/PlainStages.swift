internal import Planning
internal import Recording

/// The stages of a run without worktrees: workers work in the repository's own folder, side by side, and what they leave there
/// is the result. Nothing is committed, merged or kept apart.
extension LocalStages {
  /// Runs the worker and the checks; the "result" is the commit that the run builds on.
  func attemptInPlace(_ work: AttemptWork, journal: Journal) async throws -> AttemptOutcome {
    let context = context(for: work, worktree: settings.header.repository)
    try await writePrompt(for: work, context)
    try await journal.settle()
    try await setUp(work, context)
    try await journal.note(.worktreeReady(work.id, path: context.worktree))
    if work.existing == nil, work.achievement.role.hasWorker,
      let failure = try await runWorker(work, context, journal: journal)
    {
      return .failed(failure, result: nil)
    }
    var result = VerifiedResult(commit: work.base, changed: 0)
    try await journal.note(.resultCommitted(work.id, commit: result.commit, changed: 0))
    return try await check(&result, of: work, in: nil, context, journal: journal)
  }

  /// Notes results as complete, after the gates of all plans if there are any. The integration branch stays where it is.
  ///
  /// Events are written in their order: a dependent's start, which is waited for, has this before it.
  func passOn(_ batch: [MergeCandidate], tip: String, journal: Journal) async throws -> [MergeResult] {
    var results: [MergeResult] = []
    for candidate in batch {
      if let failure = try await gateInPlace(candidate.work, journal: journal) {
        results.append(.failed(failure))
      } else {
        results.append(.merged(tip: tip))
        try await journal.note(.merged(candidate.work.id, commit: tip))
      }
    }
    return results
  }

  private func gateInPlace(_ work: AttemptWork, journal: Journal) async throws -> AttemptFailure? {
    let gates = PlanGate.all(of: settings.plan, in: settings.header.sources)
    guard !gates.isEmpty else { return nil }
    try await journal.note(.gateStarted(work.id))
    return try await pass(gates, work, in: settings.header.repository, journal: journal)
  }
}

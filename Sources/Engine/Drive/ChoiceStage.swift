internal import Git
internal import Methodology
internal import Planning
internal import Recording

/// The stages of variants beyond those of any attempt: keeping what is green, and picking one.
extension LocalStages {
  /// Keeps a green variant under a ref of its own, and records that it waits for the choice.
  func offer(
    _ work: AttemptWork,
    _ result: VerifiedResult,
    workerSeconds: Double?,
    journal: Journal
  ) async throws -> AttemptOutcome {
    guard case .variant(_, let number, _) = work.achievement.role else { return .verified(result) }
    try FaultPoint.beforeOffer.pass()
    // The ref first: a record that names it must never be without it.
    let ref = try await merger.keep(work.id, CommitID(checked: result.commit))
    // Before the record too: nothing may fail after that, or one attempt would be green and failed.
    try await merger.dropBranch(of: work.id)
    try FaultPoint.afterOffer.pass()
    try await journal.record(.offered(work.id, commit: result.commit, ref: ref))
    return .offered(
      Candidate(
        number: number,
        attempt: work.id,
        base: work.base,
        result: result,
        ref: ref,
        workerSeconds: workerSeconds
      )
    )
  }

  /// Lets the judge pick one of the candidates; with only one there is nothing to judge.
  func choose(_ work: AttemptWork, _ context: AttemptContext, journal: Journal) async throws -> AttemptOutcome {
    let candidates = work.candidates
    var picked = candidates.first { $0.result.commit == work.existing?.commit }
    let isJudged = candidates.count > 1
    if picked == nil, !isJudged { picked = candidates.first }
    if picked == nil, isJudged {
      if let failure = try await runWorker(work, context, journal: journal) { return .failed(failure, result: nil) }
      let output = (try? RunFiles.tail(of: context.rulingPath, bytes: 8_192)) ?? ""
      let ruling = Ruling(output: output, allowed: candidates.map(\.number))
      guard let pick = ruling.pick else { return .failed(AttemptFailure(.worker, ruling.objection), result: nil) }
      picked = candidates.first { $0.number == pick }
    }
    guard let picked else {
      return .failed(AttemptFailure(.system, "none of its variants is there to be picked"), result: nil)
    }
    let result = try await known(picked)
    try FaultPoint.beforeCollect.pass()
    try await journal.note(.chosen(work.id, variant: picked.attempt.achievement, isJudged: isJudged))
    try await journal.note(.resultCommitted(work.id, commit: result.commit, changed: result.changed))
    try FaultPoint.afterCollect.pass()
    // The checks have been run on this very commit: they are the result's, and no time of the choice.
    try await journal.note(.verified(work.id, VerifyResult(steps: [])))
    return .verified(result)
  }

  /// The picked result with the paths that it changed: what depends on it is told them.
  private func known(_ picked: Candidate) async throws -> VerifiedResult {
    let paths = try await merger.changedPaths(from: picked.base, to: picked.result.commit, limit: 60)
    var result = VerifiedResult(commit: picked.result.commit, changed: picked.result.changed, changedPaths: paths)
    result.checks = picked.result.checks
    return result
  }

  /// Writes what the judge may want to read; gives its variables.
  func describeCandidates(of work: AttemptWork, in directory: String) async throws -> [String: String] {
    var paths: [[String]] = []
    for candidate in work.candidates {
      paths.append(try await merger.changedPaths(from: candidate.base, to: candidate.result.commit, limit: 10_000))
    }
    let list = CandidateList(work.achievement, work.candidates, paths: paths)
    let path = directory + "/candidates.json"
    try RunFiles.write(list.json(), to: path)
    return list.variables(path: path)
  }

  /// The same command with its standard output in a file of its own, and behind everything else in the log.
  func keepingRuling(_ command: Command, _ context: AttemptContext) -> Command {
    let line = """
      ruling=$0; "$@" >"$ruling"; code=$?; cat "$ruling"; exit $code
      """
    return Command(shell: line, context.rulingPath, [command.executable] + command.arguments)
  }
}

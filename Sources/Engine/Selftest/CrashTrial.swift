internal import Git
internal import Planning
internal import Recording

/// One run that is disturbed at one point, taken up again, and cleaned up after.
struct CrashTrial: Sendable {
  /// Adds up the ledger of a recorded run.
  typealias Closing = @Sendable (RunArchive.Recorded) -> CrashEvidence.Closing

  let place: ScratchRepository
  var hasOverlays = false
  let closing: Closing

  /// What became of it.
  struct Outcome: Sendable {
    /// The point at which the fault happened; nil when the run ended before it.
    var point: String?
    var evidence: CrashEvidence?
    /// What was wrong before there was anything to compare.
    var findings: [String] = []
  }

  private var runArguments: [String] {
    ["run", place.planPath, "--jobs", String(CrashPlan.slots), "--no-color"] + (hasOverlays ? ["--overlay"] : [])
  }

  /// Runs undisturbed; also says how many points there are.
  func reference() async throws -> (evidence: CrashEvidence, points: Int) {
    let ended = try await place.plait(runArguments, fault: "count:0")
    guard let code = ended.code, let points = Int(FaultPoint.report(in: ended.errors) ?? "") else {
      throw EngineError(.bug, "crash matrix", "the undisturbed run failed (\(ended.status)): \(ended.errors)")
    }
    let cleaned = try await place.plait(["clean"])
    guard cleaned.code == 0 else {
      throw EngineError(.bug, "crash matrix", "cleaning after the undisturbed run failed: \(cleaned.errors)")
    }
    return (try await collect(exitCode: code), points)
  }

  /// Runs with the fault of `pair`. `points` and `code` are those of the undisturbed run.
  func run(_ pair: CrashPair, points: Int, code: Int32) async throws -> Outcome {
    let fault = pair.way == .wal ? "kill:\(points * 4 / 5)" : pair.description
    let disturbed = try await place.plait(runArguments, fault: fault)
    var outcome = Outcome(point: FaultPoint.report(in: disturbed.errors))
    guard outcome.point != nil else {
      if disturbed.code != code { outcome.findings.append(words("the run without its fault", disturbed)) }
      return outcome
    }
    if pair.way == .wal {
      guard let place = try cutLog(pair.number) else { return Outcome() }
      outcome.point = place
    }
    if let finding = pair.way.finding(endedAs: disturbed.status, reference: code) {
      outcome.findings.append("\(finding): \(disturbed.errors.suffix(400))")
    }
    guard let end = try await takeUp(&outcome) else { return outcome }
    let cleaned = try await place.plait(["clean"])
    if cleaned.code != 0 { outcome.findings.append(words("clean", cleaned)) }
    outcome.evidence = try await collect(exitCode: end)
    return outcome
  }

  /// Resumes until the run has ended; starts anew what was never recorded. Returns the last exit code.
  private func takeUp(_ outcome: inout Outcome) async throws -> Int32? {
    for _ in 0..<5 {
      var ended = try await place.plait(["resume", "--no-color"])
      // No record of any run: killed before the first event was written, or its log cut off before it.
      if ended.code == 66 { ended = try await place.plait(runArguments) }
      switch ended.code {
      case 8?, 74?: continue
      case let code?:
        // What is no outcome of a run is an error, and its message the best finding.
        if code >= 64 { outcome.findings.append(words("resume", ended)) }
        return code
      case nil:
        outcome.findings.append(words("resume", ended))
        return nil
      }
    }
    outcome.findings.append("resumed five times, and it did not come to an end")
    return nil
  }

  private func words(_ what: String, _ ended: ScratchRepository.Ended) -> String {
    "\(what) ended with \(ended.status): \(ended.errors.suffix(400))"
  }

  /// Cuts off the database's log at the place of this number, from 1; nil when there are fewer places.
  private func cutLog(_ number: Int) throws -> String? {
    let path = place.databasePath + "-wal"
    let bytes = RunFiles.exists(path) ? try RunFiles.read(path) : []
    let cuts = WriteAheadLog.cuts(size: bytes.count, header: Array(bytes.prefix(32)))
    guard cuts.indices.contains(number - 1) else { return nil }
    guard truncate(path, off_t(cuts[number - 1])) == 0 else {
      throw EngineError(.file, path, "\(path) can't be cut off: \(String(cString: strerror(errno)))")
    }
    return "cut off at \(cuts[number - 1]) of \(bytes.count) bytes"
  }

  // MARK: Evidence

  private func collect(exitCode: Int32) async throws -> CrashEvidence {
    let archive = try await RunArchive(repositoryAt: place.path)
    let recorded = try await archive.load(nil)
    let ref = recorded.header.integrationRef
    let tree = try await place.git(["rev-parse", "\(ref)^{tree}"])
    var evidence = CrashEvidence(
      exitCode: exitCode,
      states: recorded.snapshot.records.mapValues(\.state),
      history: try await history(of: ref, recorded.header, archive),
      tree: tree.output.filter { !$0.isWhitespace },
      closing: closing(recorded)
    )
    let branches = try await archive.repository.refs(matching: "refs/heads/plait/*").map(\.name)
    for branch in branches where branch.hasSuffix("/integration") && branch != ref {
      evidence.lostHistories.append(try await history(of: branch, recorded.header, archive))
    }
    // Those of a run whose record is lost are all that is left of its results: clean keeps them.
    evidence.branches = branches.filter { $0.hasPrefix("refs/heads/plait/\(recorded.run)/") }
    for run in try runs(archive) { evidence.strayProcesses += await ProcessTable().endAll(of: run, onlyCount: true) }
    evidence.leftovers = try await leftovers(archive)
    let check = try await place.git(["fsck", "--strict", "--no-dangling", "--no-progress"])
    evidence.damage = check.output + check.errors
    return evidence
  }

  private func history(of ref: String, _ header: RunHeader, _ archive: RunArchive) async throws -> [AchievementID?] {
    try await archive.repository.firstParentHistory(of: ref, downTo: CommitID(checked: header.base)).reversed().map {
      $0.trailer("Plait-Achievement").flatMap { AchievementID($0) }
    }
  }

  /// The names of all runs that there ever were here, recorded or not.
  private func runs(_ archive: RunArchive) throws -> [String] { try RunFiles.names(in: archive.directory + "/runs") }

  private func leftovers(_ archive: RunArchive) async throws -> [String] {
    var found = try await archive.repository.worktrees().map { "worktree \($0.path)" }
    if RunFiles.exists(archive.defaultWorktreeRoot) { found.append("folder \(archive.defaultWorktreeRoot)") }
    for run in try runs(archive) {
      if let holder = archive.driver(of: run) { found.append("lock of run \(run) (\(holder))") }
    }
    let locks = try await place.git(["--no-optional-locks", "ls-files", "--others", "--modified"])
    if !locks.output.isEmpty { found.append("changes in the checkout: \(locks.output)") }
    found += try RunFiles.allPaths(below: place.path + "/.git").filter { $0.hasSuffix(".lock") }
    return found
  }
}

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

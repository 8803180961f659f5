internal import Git
internal import Planning
internal import Recording

/// The variants of a run whose results are kept as green: their refs are made before that is recorded, and may outlive the
/// record of it.
struct GreenVariants: Sendable {
  private struct Kept: Sendable {
    let ref: String
    let commit: CommitID
    let attempt: Int
  }

  /// The latest attempt of each variant.
  private let kept: [AchievementID: Kept]
  private let base: String

  init(of settings: RunSettings, in repository: Repository) async throws {
    base = settings.header.base
    var folders: [Substring: AchievementID] = [:]
    for variant in settings.plan.achievements where variant.role.isVariant {
      folders[GreenVariants.split(settings.greenRef(of: AttemptID(variant.id, 1))).folder] = variant.id
    }
    var kept: [AchievementID: Kept] = [:]
    let refs = folders.isEmpty ? [] : try await repository.refs(matching: "refs/plait/\(settings.header.run)/*")
    for (name, commit) in refs where name.hasSuffix(RunSettings.greenMark) {
      let (folder, last) = GreenVariants.split(name)
      guard let id = folders[folder], let number = Int(last.prefix { $0.isNumber }) else { continue }
      if kept[id].map({ $0.attempt <= number }) ?? true { kept[id] = Kept(ref: name, commit: commit, attempt: number) }
    }
    self.kept = kept
  }

  private static func split(_ ref: String) -> (folder: Substring, last: Substring) {
    let slash = ref.lastIndex(of: "/") ?? ref.startIndex
    return (ref[..<slash], ref[slash...].dropFirst())
  }

  /// The candidate that a variant is, with what is missing in its record of that; nil for one that isn't green, or that
  /// has to be done again.
  func recover(_ record: AchievementRecord, of id: AchievementID, number: Int) -> (
    candidate: Candidate, facts: [RunEvent.Fact]
  )? {
    if let candidate = Candidate(record, number: number, of: id) { return (candidate, []) }
    guard let kept = kept[id], record.state != .complete else { return nil }
    let (attempt, last) = (AttemptID(id, kept.attempt), record.attempts.last)
    var result = VerifiedResult(commit: kept.commit.description, changed: last?.changedPaths ?? 0)
    if let last, last.number == kept.attempt, record.state.isActive {
      result.checks = last.verdict?.steps ?? []
      let candidate = Candidate(number: number, attempt: attempt, base: last.base, result: result, ref: kept.ref)
      let commit = kept.commit.description
      return (candidate, [.offered(attempt, commit: commit, ref: kept.ref), .slotFreed(attempt, slot: last.slot)])
    }
    // The record of the whole attempt is lost. One that is older than what is recorded says nothing about now.
    guard kept.attempt > last?.number ?? 0, !record.state.isFinal else { return nil }
    let candidate = Candidate(number: number, attempt: attempt, base: base, result: result, ref: kept.ref)
    return (candidate, [.settled(id, as: .complete, reason: "green, kept as \(kept.ref)")])
  }
}

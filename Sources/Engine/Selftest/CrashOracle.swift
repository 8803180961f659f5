package import Planning
internal import Recording

/// Says what is wrong with how a disturbed run came out, by comparing it with an undisturbed one.
package struct CrashOracle: Sendable {
  private let plan: Plan
  private let reference: CrashEvidence
  /// Achievements that may have a branch of their own in the end: those whose conflict stays.
  private let keptBranches: Set<String>

  package init(plan: Plan, reference: CrashEvidence, keptBranches: Set<String>) {
    self.plan = plan
    self.reference = reference
    self.keptBranches = keptBranches
  }

  /// Everything that is wrong, one sentence each; empty when all promises were kept.
  package func findings(_ evidence: CrashEvidence) -> [String] {
    var findings = legality(of: evidence.history, "the integration branch")
    for history in evidence.lostHistories { findings += legality(of: history, "the branch of a lost run") }
    findings += comparison(evidence) + remains(evidence)
    if abs(evidence.closing.sum - evidence.closing.whole) > 1e-3 || evidence.closing.whole <= 0 {
      findings.append("the ledger has \(evidence.closing.sum) of \(evidence.closing.whole) slot-seconds")
    }
    return findings + evidence.closing.inconsistencies.map { "the report contradicts itself: \($0)" }
  }

  /// Whether two exit codes say the same: the loser of the conflict fails, and conflicts no more, when it runs again from the
  /// winner's merge.
  static func isSameEnd(_ code: Int32, _ reference: Int32) -> Bool {
    code == reference || (reference == 4 && code == 1)
  }

  private func legality(of history: [AchievementID?], _ branch: String) -> [String] {
    var findings: [String] = []
    var merged: Set<AchievementID> = []
    for entry in history {
      guard let id = entry else {
        findings.append("\(branch) has a commit that belongs to no achievement")
        continue
      }
      if !merged.insert(id).inserted { findings.append("\(id) was merged twice in \(branch)") }
      for dependency in mergedDependencies(of: id).sorted() where !merged.contains(dependency) {
        findings.append("\(id) was merged before \(dependency), which it depends on, in \(branch)")
      }
    }
    return findings
  }

  /// What must have been merged before `id`. What changes nothing has no commit: what it depends on stands in its place.
  private func mergedDependencies(of id: AchievementID) -> Set<AchievementID> {
    plan.dependencies(of: id).reduce(into: []) { found, dependency in
      if reference.history.contains(dependency) {
        found.insert(dependency)
      } else {
        found.formUnion(mergedDependencies(of: dependency))
      }
    }
  }

  private func comparison(_ evidence: CrashEvidence) -> [String] {
    var findings: [String] = []
    let merged = Set(evidence.history.compactMap { $0 })
    let wanted = Set(reference.history.compactMap { $0 })
    for id in wanted.subtracting(merged).sorted() { findings.append("\(id) was lost: it is not merged") }
    for id in merged.subtracting(wanted).sorted() { findings.append("\(id) was merged, and should not have been") }
    for (id, state) in reference.states.sorted(by: { $0.key < $1.key }) where !stands(id, as: state, in: evidence) {
      findings.append("\(id) is \(evidence.states[id]?.rawValue ?? "unknown") and not \(state.rawValue)")
    }
    if evidence.tree != reference.tree { findings.append("the final tree differs: \(evidence.tree)") }
    if !CrashOracle.isSameEnd(evidence.exitCode, reference.exitCode) {
      findings.append("the exit code in the end is \(evidence.exitCode) and not \(reference.exitCode)")
    }
    return findings
  }

  /// Where the record of a variant's end is lost and not the merge of what was picked, nobody runs it again.
  private func stands(_ id: AchievementID, as state: AchievementState, in evidence: CrashEvidence) -> Bool {
    if evidence.states[id] == state { return true }
    guard let role = plan[id]?.role, role.isVariant, let whole = role.owner, evidence.states[whole] == .complete else {
      return false
    }
    return evidence.states[id] == .skipped || evidence.states[id] == .cancelled
  }

  private func remains(_ evidence: CrashEvidence) -> [String] {
    var findings = evidence.leftovers.map { "left behind: \($0)" }
    if evidence.strayProcesses > 0 { findings.append("processes left behind: \(evidence.strayProcesses)") }
    for branch in evidence.branches {
      let name = String(branch.split(separator: "/").last ?? "")
      if name != "integration" && !keptBranches.contains(name) { findings.append("stray branch: \(branch)") }
    }
    if !evidence.damage.isEmpty { findings.append("git fsck: \(evidence.damage)") }
    return findings
  }
}

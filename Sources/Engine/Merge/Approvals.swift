internal import Git
internal import Methodology
internal import Planning
internal import Recording
internal import SystemPackage

/// The approvals that a run writes: one file in the merge commit of each result whose checks were green.
///
/// A worker's own word is no approval: without a check there is none.
struct Approvals: Sendable {
  private let record: PlanRecord
  /// The plan's folder, from the repository's top, with a `/` at its end; empty when it is the top.
  private let folder: String
  private let run: String

  /// nil when the plan's folder can't be read as one: then nothing is approved.
  init?(of plan: Plan, planDirectory: String, top: String, run: String) {
    guard let folder = Approvals.folder(planDirectory, below: top),
      let record = try? PlanRecord(plan, folder: PlanFolder(FilePath(planDirectory)))
    else { return nil }
    self.record = record
    self.folder = folder
    self.run = run
  }

  /// The file that approves `candidate` at `wall` (seconds since 1970 UTC); nil when nothing was checked, for a part, and when
  /// the folder said so before.
  func file(for candidate: MergeCandidate, wall: Double) -> TreeFile? {
    let steps = candidate.result.checks.filter { $0.notRun == nil }
    guard !steps.isEmpty, steps.allSatisfy({ $0.failure == nil }) else { return nil }
    let evidence = Evidence(
      commit: candidate.result.commit,
      checks: steps.map { step in
        .init(
          step.summary,
          exitCode: step.seconds > 0 ? 0 : nil,
          seconds: step.seconds > 0 ? step.seconds : nil,
          isGreen: true
        )
      }
    )
    let feedback = try? Feedback(
      .approve(note: "Checked by run \(run)."),
      candidate.work.id.achievement,
      of: record,
      evidence: evidence,
      by: Signature(name: "plait run", date: UTCDate.text(wall))
    )
    for case .create(let path, let text) in feedback?.operations ?? [] {
      return TreeFile(
        path: folder + path.string.dropFirst(record.folder.path.string.utf8.count + 1),
        bytes: [UInt8](text.utf8)
      )
    }
    return nil
  }

  /// The path of a plan's folder from the repository's top, as `folder` is; nil when it is outside.
  static func folder(_ planDirectory: String, below top: String) -> String? {
    if planDirectory == top { return "" }
    return planDirectory.hasPrefix(top + "/") ? planDirectory.dropFirst(top.count + 1) + "/" : nil
  }

  /// Whether a plan's folder is one of the methodology's: it has a PLAN document, or files of its execution.
  static func isAtHome(in planDirectory: String, plan: Plan) -> Bool {
    let folder = PlanFolder(FilePath(planDirectory))
    let document = try? folder.document(ofPlan: plan.name)
    return document != nil || RunFiles.exists(folder.execution.string)
  }
}

/// Whether a run writes approvals.
package enum ApprovalPolicy: String, Sendable, CaseIterable {
  /// When a result's checks were green.
  case auto
  /// Never: `plait approve` does.
  case manual
}

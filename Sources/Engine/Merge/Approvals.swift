internal import Git
internal import Methodology
internal import Planning
internal import Recording
internal import SystemPackage

/// The approvals that a run writes: one file in the merge commit of each result whose checks were green.
///
/// A worker's own word is no approval: without a check there is none.
struct Approvals: Sendable {
  /// What the folder of a plan knows, and where that is from the repository's top, with a `/` at its end; empty when it is
  /// the top.
  private struct Home: Sendable {
    let record: PlanRecord
    let folder: String
  }

  /// By the plan's name where there are several; a folder that can't be read as one is left out.
  private var homes: [Substring?: Home] = [:]
  private let run: String

  /// Of several plans only those that the run approves in.
  init(of files: [(plan: Plan, source: PlanSource)], top: String, run: String) {
    self.run = run
    for (plan, source) in files where source.approves != false {
      guard let folder = Approvals.folder(source.directory, below: top),
        let record = try? PlanRecord(plan, folder: PlanFolder(FilePath(source.directory)))
      else { continue }
      homes[files.count > 1 ? plan.name[...] : nil] = Home(record: record, folder: folder)
    }
  }

  /// The file that approves `candidate` at `wall` (seconds since 1970 UTC); nil when nothing was checked, for a part, and when
  /// the folder said so before.
  func file(for candidate: MergeCandidate, wall: Double) -> TreeFile? {
    let id = candidate.work.id.achievement
    let steps = candidate.result.checks.filter { $0.notRun == nil }
    guard let home = homes[id.plan] else { return nil }
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
      id.plain,
      of: home.record,
      evidence: evidence,
      by: Signature(name: "plait run", date: UTCDate.text(wall))
    )
    for case .create(let path, let text) in feedback?.operations ?? [] {
      return TreeFile(
        path: home.folder + path.string.dropFirst(home.record.folder.path.string.utf8.count + 1),
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

import Engine
import Planning
import Recording
import Reporting

/// A run that this process drives, on the user's screen: progress, signals, report, exit code.
struct DrivenRun {
  let plan: Plan
  let session: RunSession
  let archive: RunArchive
  let launcher: SupervisedLauncher
  /// What earlier processes of the run have recorded.
  var earlier = RunSnapshot()
  /// Where every event goes as a line of JSON: a file that is appended to, or `-` for standard output in place of the report.
  var events: String?
  /// What to do above the overhead budget, other than what the run was started with.
  var onOverBudget: OverBudgetPolicy?

  /// Drives the run to its end and writes its report; throws the exit code when not all is well.
  func drive(noColor: Bool, json: Bool) async throws {
    let controls = RunControls()
    let progress = RunProgress(
      plan: plan,
      header: session.header,
      draws: Console.drawsOnStandardError(noColor: noColor),
      earlier: earlier,
      learned: session.learned,
      controls: controls
    )
    Interrupts.begin(controls) { [launcher] in
      progress.restoreTerminal()
      launcher.killAll()
    }
    let budget = BudgetGuard(session.header, plan: plan, earlier: earlier, policy: onOverBudget, controls: controls)
    let lines = try events.map { try EventLines(to: $0, run: session.header.run) }
    let (outcome, snapshot) = try await session.run(controls: controls) { events in
      await progress.follow(budget.passing(lines?.passing(events) ?? events))
    }
    // A help for later runs: not worth failing for.
    try? await archive.learn(from: snapshot, of: plan)
    try FaultPoint.beforeReport.pass()
    let report = RunReport(comparing: plan, with: snapshot)
    if events != "-" { try Console.out(json ? JSONText.render(report) : ReportText.render(report)) }
    if let error = lines?.error { throw error }
    try FaultPoint.afterReport.pass()
    if outcome == .complete, let into = session.header.options.into {
      Console.note("\(into) \(try await archive.land(header: session.header, into: into).words)")
    } else {
      Console.note(RunAdvice.text(outcome, of: session.header))
    }
    let isOverBudget = session.header.options.budgetIsBinding && report.overhead.isOverBudget
    if outcome == .complete, isOverBudget { throw ExitStatus.overBudget.code }
    guard outcome == .complete else { throw ExitStatus(outcome).code }
  }
}

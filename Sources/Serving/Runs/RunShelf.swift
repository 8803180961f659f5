internal import Planning
internal import Recording
internal import Reporting

/// The runs of a repository as they are to be shown; keeps what it has read, so that a look at what hasn't changed costs
/// one query, and at what has only the new events.
package actor RunShelf {
  /// A run, ready to be written out.
  struct View: Sendable {
    let chart: RunChart
    let logs: [String: String]
    let mark: RunMark

    /// Whether nobody drives it: what no process drives doesn't change.
    var isOver: Bool { !mark.isDriven }
  }

  private struct Copy {
    let plan: Plan
    let source: [UInt8]
    let snapshot: RunSnapshot
    let last: Int64
  }

  /// So many runs are kept as they were read. More are rarely watched at once.
  private static let room = 8

  private let surroundings: any Surroundings
  private var opened: RunStore?
  private var copies: [String: Copy] = [:]
  /// Runs in order of their last use.
  private var order: [String] = []
  private var summaries: [String: (mark: RunMark, summary: RunSummary)] = [:]

  /// Reads nothing yet.
  package init(_ surroundings: any Surroundings) { self.surroundings = surroundings }

  private func store() throws -> RunStore? {
    if let opened, !opened.isReplaced { return opened }
    // Of a database that was made anew, nothing that was read before holds.
    (opened, copies, order, summaries) = (nil, [:], [], [:])
    opened = try surroundings.store()
    return opened
  }

  // MARK: Marks

  /// The marks of all runs, newest first.
  func marks() async throws -> [RunMark] {
    guard let store = try store() else { return [] }
    return try await store.lastSequences().map(mark)
  }

  /// The mark of one run; nil when there is none of this name.
  func mark(of run: String) async throws -> RunMark? {
    // Asked before reading: what its driver wrote last is still read after it has gone.
    let isDriven = surroundings.isDriven(run)
    guard let store = try store(), let last = try await store.lastSequence(of: run) else { return nil }
    return RunMark(run: run, last: last, isDriven: isDriven)
  }

  private func mark(_ run: String, _ last: Int64) -> RunMark {
    RunMark(run: run, last: last, isDriven: surroundings.isDriven(run))
  }

  // MARK: Views

  /// The run of exactly this id; nil when there is none, or it never started.
  func view(of run: String) async throws -> View? {
    let isDriven = surroundings.isDriven(run)
    guard let copy = try await read(run) else { return nil }
    let (plan, snapshot) = (copy.plan, copy.snapshot)
    let report = RunReport(
      plan: plan,
      snapshot: snapshot,
      until: now(snapshot, isDriven: isDriven),
      isDriven: isDriven,
      predictedHours: surroundings.predictedHours(plan, snapshot)
    )
    return View(
      chart: RunChart(report, plan: plan, snapshot: snapshot),
      logs: surroundings.logEnds(snapshot),
      mark: RunMark(run: run, last: copy.last, isDriven: isDriven)
    )
  }

  /// Summaries of all runs with the marks they belong to, newest first; runs that never started are left out.
  func list() async throws -> (marks: [RunMark], runs: [RunSummary]) {
    let marks = try await marks()
    summaries = summaries.filter { entry in marks.contains { $0.run == entry.key } }
    var runs: [RunSummary] = []
    for mark in marks {
      if let known = summaries[mark.run], known.mark == mark {
        runs.append(known.summary)
        continue
      }
      guard let copy = try await read(mark.run) else { continue }
      let summary = RunSummary(
        copy.snapshot,
        total: copy.plan.achievements.count,
        isDriven: mark.isDriven,
        until: now(copy.snapshot, isDriven: mark.isDriven)
      )
      summaries[mark.run] = (mark, summary)
      runs.append(summary)
    }
    return (marks, runs)
  }

  /// Seconds since the start up to which a run is shown: time goes on for one that a process drives, and for no other.
  private func now(_ snapshot: RunSnapshot, isDriven: Bool) -> Double {
    guard isDriven, snapshot.outcome == nil else { return snapshot.lastTime }
    return max(snapshot.lastTime, surroundings.wallTime - snapshot.startedWall)
  }

  // MARK: Reading

  /// What the record holds of a run by now: what was read before, and the events since.
  private func read(_ run: String) async throws -> Copy? {
    guard let store = try store(), try await store.lastSequence(of: run) != nil else { return nil }
    let before = copies[run]
    let source = try await store.plan(of: run)
    let (events, last) = try await store.events(of: run, after: before?.last ?? 0)
    // A run can be given another plan when it is taken up again.
    guard let plan = before?.source == source ? before?.plan : PlanBundle.plan(in: source) else { return nil }
    var snapshot = before?.snapshot ?? RunSnapshot()
    for event in events { snapshot.apply(event) }
    guard snapshot.header != nil else { return nil }
    let copy = Copy(plan: plan, source: source, snapshot: snapshot, last: last)
    keep(copy, of: run)
    return copy
  }

  /// Another call may have read more meanwhile: the further one stays.
  private func keep(_ copy: Copy, of run: String) {
    if copy.last >= copies[run]?.last ?? 0 { copies[run] = copy }
    order.removeAll { $0 == run }
    order.append(run)
    while order.count > RunShelf.room { copies[order.removeFirst()] = nil }
  }
}

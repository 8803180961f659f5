import Engine
import Planning
import Recording
import Reporting

extension RunReport {
  /// The report of a run beside what the scheduler predicts for its slots.
  ///
  /// Only where the two can be compared: the plan has estimates, and the run did all of it.
  init(comparing plan: Plan, with snapshot: RunSnapshot, until: Double? = nil, isDriven: Bool = true) {
    let didAll = snapshot.outcome == .complete && snapshot.records.values.allSatisfy { $0.mergeCommit != nil }
    let isEstimated = plan.achievements.contains { $0.estimate != nil && $0.role != .join }
    self.init(
      plan: plan,
      snapshot: snapshot,
      until: until,
      isDriven: isDriven,
      predictedHours: !didAll || !isEstimated
        ? nil : Simulation.makespan(of: plan, analysis: PlanAnalysis(plan), slots: snapshot.header?.jobs)
    )
  }
}

import Engine
import Planning
import Recording
import Reporting

extension RunReport {
  /// The report of a run beside what the scheduler predicts for its slots, where the two can be compared.
  init(comparing plan: Plan, with snapshot: RunSnapshot, until: Double? = nil, isDriven: Bool = true) {
    self.init(
      plan: plan,
      snapshot: snapshot,
      until: until,
      isDriven: isDriven,
      predictedHours: Simulation.makespan(of: plan, ranAs: snapshot)
    )
  }
}

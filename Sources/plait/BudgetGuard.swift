import Engine
import Planning
import Recording
import Reporting
import Synchronization

/// Looks at a run's overhead as its events pass by, and asks the run for what its budget demands.
final class BudgetGuard: Sendable {
  private struct State {
    var watch: BudgetWatch
    var snapshot: RunSnapshot
    var next = 0.0
  }

  private let state: Mutex<State>
  private let controls: RunControls
  private let clock = ContinuousClock()

  /// `earlier` is what other processes have recorded of the run; `policy` goes before the one that the run was started with.
  init(
    _ header: RunHeader,
    plan: Plan,
    earlier: RunSnapshot,
    policy: OverBudgetPolicy?,
    controls: RunControls
  ) {
    let watch = BudgetWatch(
      policy: policy ?? header.options.onOverBudget ?? .warn,
      budget: header.overheadBudget,
      slots: header.jobs,
      hasGate: plan.hasGate,
      taken: earlier.adaptations.map(\.adaptation)
    )
    state = Mutex(State(watch: watch, snapshot: earlier))
    self.controls = controls
  }

  /// The same events, each looked at before it is handed on.
  func passing(_ events: AsyncStream<RunEvent>) -> AsyncStream<RunEvent> { events.passing(by: take) }

  private func take(_ event: RunEvent) {
    let findings = state.withLock { state -> [BudgetWatch.Finding] in
      state.snapshot.apply(event)
      guard case .slotFreed = event.fact, event.time >= state.next else { return [] }
      let start = clock.now
      let findings = state.watch.look(at: state.snapshot, now: event.time)
      // Adding up a large run takes a while: at most a hundredth of the time goes into it.
      state.next = event.time + max(0.1, (clock.now - start) / .seconds(1) * 100)
      return findings
    }
    for finding in findings {
      switch finding {
      case .overBudget(let ratio): controls.send(.overBudget(ratio: ratio))
      case .adapt(let measure, let ratio): controls.send(.adapt(measure, ratio: ratio))
      case .stop(let ratio):
        controls.send(.drain(reason: "overhead is \(ratio.percent), over the budget (--on-over-budget stop)"))
      }
    }
  }
}

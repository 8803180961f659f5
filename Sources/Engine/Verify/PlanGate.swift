internal import Planning
internal import Recording

/// The check on the merged tree that one of a run's plans asks for. Every merge has to pass those of all plans: they share the
/// branch, and what one of them breaks is broken for all.
struct PlanGate: Sendable {
  let step: VerifyStep
  /// The plan whose check it is; nil when it is that of the work's own plan, whose variables it then has.
  private let source: PlanSource?
  /// Whose variables it has; nil: the worker's of the work that is merged.
  let worker: WorkerSpecification?

  /// The gates of `plan`, whose files are `sources`, in their order. One that several plans have, with the same variables and
  /// nothing in it that is the plan's own, is run once.
  static func all(of plan: Plan, in sources: [PlanSource]) -> [PlanGate] {
    guard !plan.members.isEmpty else {
      return plan.defaults.gate.map { [PlanGate(step: $0, source: nil, worker: nil)] } ?? []
    }
    var gates: [PlanGate] = []
    for (member, source) in zip(plan.members, sources) {
      guard let step = member.defaults.gate else { continue }
      let gate = PlanGate(step: step, source: source, worker: member.defaults.worker)
      if step.summary.contains("PLAIT_PLAN") || !gates.contains(where: gate.asksTheSame) { gates.append(gate) }
    }
    return gates
  }

  /// What the check is told: all of the work that is merged, but the folder of its own plan.
  func context(_ context: AttemptContext) -> AttemptContext {
    guard let source else { return context }
    var own = context
    (own.planName, own.planDirectory) = (source.name, source.directory)
    return own
  }

  private func asksTheSame(as other: PlanGate) -> Bool {
    step == other.step && worker?.environment == other.worker?.environment
      && worker?.passEnvironment == other.worker?.passEnvironment
  }
}

import ArgumentParser
import Engine
import Methodology
import Planning
import Recording
import Reporting

struct Simulate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract: "Says how long a plan takes with several numbers of slots, and recommends one; starts nothing.",
    usage: "plait simulate [<PLAN|RUN> ...] [--jobs <N,…>] [--spread <P>] [--repo <DIR>] [--json]",
    discussion: """
      The scheduler of 'plait run' on a virtual clock: with the expected hours of a plan, or with the measured times of a \
      recorded run. Durations that scatter around these show how much of it can be relied on.
      """
  )

  @Argument(
    help: ArgumentHelp(
      "The plan, several plans that are run together, or the run; default: the plan of the current folder, else the newest run.",
      valueName: "PLAN|RUN"
    )
  )
  var names: [String] = []

  @OptionGroup var repository: RepositoryOption

  @Option(
    name: [.customShort("j", allowingJoined: true), .long],
    help: ArgumentHelp("Numbers of slots, separated by commas; ∞ or inf: one for everyone.", valueName: "N,…")
  )
  var jobs: SlotNumbers?

  @Option(
    help: ArgumentHelp("By how much durations scatter: standard deviation ÷ mean.", valueName: "P")
  )
  var spread = ShareArgument(0.25)

  @Flag(help: "One JSON object (plait.simulate/1) instead of text.")
  var json = false

  func run() async throws {
    try await reporting {
      let (rehearsal, subject) = try await subject()
      let slots = jobs?.numbers ?? rehearsal.usualSlots
      let repetitions = spread.value > 0 ? rehearsal.repetitions(numbers: slots.count) : 0
      let rows = rehearsal.rows(for: slots, variation: spread.value, repetitions: repetitions)
      let report = SimulationReport(
        subject,
        spread: spread.value,
        outcomes: rows.map {
          .init(slots: $0.slots, peak: $0.peak, seconds: $0.hours * 3_600, repeated: $0.repeated.map { $0 * 3_600 })
        }
      )
      try Console.out(json ? JSONText.render(report) : SimulationText.render(report))
    }
  }

  private func subject() async throws -> (Rehearsal, SimulationReport.Subject) {
    let isHere = RunFiles.exists("\(PlanLocator.fileName)")
    guard names.isEmpty ? isHere : names.count > 1 || LoadedPlan.isNamed(by: names[0]) else {
      return try await recorded()
    }
    let plan = try await JoinedPlans(names).checked()
    return SimulationReport.Subject.of(Rehearsal(plan), plan: plan.name, count: plan.achievements.count)
  }

  private func recorded() async throws -> (Rehearsal, SimulationReport.Subject) {
    let recorded = try await repository.archive().load(names.first)
    let measured = try MeasuredWork(plan: recorded.plan, snapshot: recorded.snapshot)
    var prior: [AchievementID: PriorStatus] = [:]
    for id in measured.given { prior[id] = PriorStatus(.complete, reason: "complete without a measured time") }
    for id in measured.missing { prior[id] = PriorStatus(.skipped, reason: "not completed by the run") }
    let rehearsal = Rehearsal(
      recorded.plan,
      measuredHours: measured.seconds.map { $0 / 3_600 },
      prior: prior,
      tiers: recorded.header.options.tiers
    )
    let count = recorded.plan.achievements.count - prior.count
    var (result, subject) = SimulationReport.Subject.of(rehearsal, plan: recorded.header.planName, count: count)
    subject.leftOutCount = prior.count
    subject.run = SimulationReport.MeasuredRun(
      run: recorded.run,
      slots: recorded.header.jobs,
      wallSeconds: recorded.snapshot.lastTime
    )
    return (result, subject)
  }
}

extension SimulationReport.Subject {
  fileprivate static func of(
    _ rehearsal: Rehearsal,
    plan: String,
    count: Int
  ) -> (Rehearsal, SimulationReport.Subject) {
    let subject = SimulationReport.Subject(
      plan: plan,
      achievementCount: count,
      workSeconds: rehearsal.totalHours * 3_600,
      criticalPathSeconds: rehearsal.criticalPathHours * 3_600
    )
    return (rehearsal, subject)
  }
}

/// `1,2,4,∞` on the command line: numbers of slots, each once, smallest first.
struct SlotNumbers: ExpressibleByArgument {
  /// nil stands for one slot for everyone.
  let numbers: [Int?]

  init?(argument: String) {
    var finite: Set<Int> = []
    var hasInfinite = false
    for word in argument.split(separator: ",", omittingEmptySubsequences: false) {
      switch word.drop(while: { $0 == " " }) {
      case "∞", "inf": hasInfinite = true
      case let word:
        guard let number = Int(word), number > 0 else { return nil }
        finite.insert(number)
      }
    }
    numbers = finite.sorted() + (hasInfinite ? [nil] : [])
  }
}

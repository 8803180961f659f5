import Planning
import Recording

@testable import Reporting

/// A run simulated in ticks that keeps its own books: every tick of every slot is written to one row as it passes.
///
/// The ledger computes the same from stamps and sweeps; the two share nothing but the events.
struct SimulatedRun {
  static let tick = 0.25

  struct Job {
    let name: String
    let dependencies: [Int]
    var state = State.waiting
    var attempts = 0
    var isHeld = false
    var mayFail: Int
  }

  enum State: Equatable {
    case waiting
    case ready(notBefore: Int)
    case busy
    case done
    case failed
    case blocked
  }

  struct Seat {
    var job: Int
    var stages: [(stage: AttemptTimeline.Stage, ticks: Int)]
    var willFailAfter: Int?
    var spent: [AttemptTimeline.Stage: Int] = [:]
  }

  private(set) var script: EventScript
  private(set) var books: [Ledger.Row: Double] = [:]
  private(set) var jobs: [Job] = []
  let plan: Plan
  private var seats: [Seat?]
  private var random: SeededGenerator
  private var now = 0

  init(seed: UInt64, count: Int, slots: Int, endsBy limit: Int = .max) {
    var random = SeededGenerator(seed)
    for index in 0..<count {
      let wanted = index == 0 ? 0 : Int.random(in: 0...min(3, index), using: &random)
      let dependencies = Set((0..<wanted).map { _ in Int.random(in: 0..<index, using: &random) }).sorted()
      jobs.append(
        Job(name: "1.\(index + 1)", dependencies: dependencies, mayFail: Int.random(in: 0..<8, using: &random))
      )
    }
    plan = makePlan(
      name: "Simulated \(seed)",
      jobs.enumerated().map { index, job in
        (job.name, "Part \(index + 1) of the work", Double(index % 5 + 1), job.dependencies.map { "1.\($0 + 1)" })
      }
    )
    self.random = random
    script = EventScript(slots: slots, plan: plan.name)
    seats = [Seat?](repeating: nil, count: slots)
    run(limit: limit)
  }

  private var time: Double { Double(now) * SimulatedRun.tick }

  private mutating func run(limit: Int) {
    while now < limit {
      for slot in seats.indices { advance(slot) }
      settleWaiting()
      if jobs.allSatisfy({ [.done, .failed, .blocked].contains($0.state) }), seats.allSatisfy({ $0 == nil }) {
        script.at(time, .runEnded(jobs.contains { $0.state != .done } ? .failed : .complete))
        return
      }
      handOut()
      keepBooks()
      now += 1
    }
  }

  /// Ends stages that are over and says so.
  private mutating func advance(_ slot: Int) {
    while var seat = seats[slot], let first = seat.stages.first, first.ticks == 0 {
      let attempt = AttemptID(id(jobs[seat.job].name), jobs[seat.job].attempts)
      seat.stages.removeFirst()
      seats[slot] = seat
      if let last = seat.willFailAfter, seat.stages.count == last {
        script.at(time, .attemptFailed(attempt, AttemptFailure(.worker, "exit 3")))
        script.at(time, .slotFreed(attempt, slot: slot))
        settle(seat, asUsed: false)
        seats[slot] = nil
        retryOrFail(seat.job)
        return
      }
      script.at(time, fact(first.stage, attempt))
      guard seat.stages.isEmpty else { continue }
      script.at(time, .slotFreed(attempt, slot: slot))
      settle(seat, asUsed: true)
      jobs[seat.job].state = .done
      seats[slot] = nil
    }
  }

  private func fact(_ stage: AttemptTimeline.Stage, _ attempt: AttemptID) -> RunEvent.Fact {
    switch stage {
    case .prepare: .worktreeReady(attempt, path: "/w")
    case .launch: .workerStarted(attempt, pid: 1)
    case .work: .workerEnded(attempt, WorkerEnd(status: .exited(0)))
    case .collect: .resultCommitted(attempt, commit: "c", changed: 2)
    case .verify: .verified(attempt, VerifyResult(steps: []))
    case .merge: .merged(attempt, commit: "m")
    }
  }

  private mutating func retryOrFail(_ job: Int) {
    if jobs[job].attempts < 2 {
      let notBefore = now + Int.random(in: 0...6, using: &random)
      script.at(time, .retryScheduled(id(jobs[job].name), notBefore: Double(notBefore) * SimulatedRun.tick))
      jobs[job].state = .ready(notBefore: notBefore)
    } else {
      jobs[job].state = .failed
    }
  }

  private mutating func settleWaiting() {
    for index in jobs.indices where jobs[index].state == .waiting {
      let dependencies = jobs[index].dependencies
      if let culprit = dependencies.first(where: { [.failed, .blocked].contains(jobs[$0].state) }) {
        script.at(time, .blocked(id(jobs[index].name), by: id(jobs[culprit].name), reason: "it failed"))
        jobs[index].state = .blocked
      } else if dependencies.allSatisfy({ jobs[$0].state == .done }) {
        script.at(time, .ready(id(jobs[index].name)))
        jobs[index].state = .ready(notBefore: now)
      }
    }
  }

  private mutating func handOut() {
    for index in jobs.indices {
      guard case .ready(let notBefore) = jobs[index].state, notBefore <= now else { continue }
      let choice = Int.random(in: 0..<10, using: &random)
      if choice < 2 { continue }
      if choice == 2 {
        if !jobs[index].isHeld { script.at(time, .held(id(jobs[index].name), reason: "pool db is taken")) }
        jobs[index].isHeld = true
        continue
      }
      guard let slot = seats.firstIndex(where: { $0 == nil }) else { return }
      jobs[index].isHeld = false
      jobs[index].attempts += 1
      jobs[index].state = .busy
      let attempt = AttemptID(id(jobs[index].name), jobs[index].attempts)
      script.at(time, .attemptStarted(attempt, slot: slot, base: "b"))
      let stages = AttemptTimeline.Stage.allCases.map { stage in
        (stage, Int.random(in: 1...(stage == .work ? 20 : 3), using: &random))
      }
      let fails = jobs[index].mayFail == 0 || (jobs[index].mayFail == 1 && jobs[index].attempts == 1)
      seats[slot] = Seat(
        job: index,
        stages: stages,
        willFailAfter: fails ? Int.random(in: 0...5, using: &random) : nil
      )
    }
  }

  /// Writes the tick that begins now into the books.
  private mutating func keepBooks() {
    for slot in seats.indices {
      guard var seat = seats[slot], !seat.stages.isEmpty else { continue }
      seat.stages[0].ticks -= 1
      seat.spent[seat.stages[0].stage, default: 0] += 1
      seats[slot] = seat
    }
    var startable = 0
    var held = 0
    for job in jobs {
      guard case .ready(let notBefore) = job.state else { continue }
      if job.isHeld || notBefore > now { held += 1 } else { startable += 1 }
    }
    for _ in 0..<seats.count(where: { $0 == nil }) {
      let row: Ledger.Row = startable > 0 ? .schedule : held > 0 ? .resources : .dependencies
      if startable > 0 { startable -= 1 } else if held > 0 { held -= 1 }
      books[row, default: 0] += SimulatedRun.tick
    }
  }

  /// Books the seat's ticks once it is known whether they were of use.
  private mutating func settle(_ seat: Seat, asUsed isUsed: Bool) {
    for (stage, ticks) in seat.spent {
      books[Ledger.Row(stage, isRework: !isUsed), default: 0] += Double(ticks) * SimulatedRun.tick
    }
  }
}

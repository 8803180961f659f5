internal import DequeModule
internal import Git
internal import Planning

/// The worktrees of a run: as many as there are slots, and some more that are cleaned while the others are worked in.
///
/// A slot never waits for the cleaning of what the attempt before it left, as long as a clean one is there: it gets that
/// one, moved to its base, which costs what differs.
actor WorktreePool {
  private let make: @Sendable (Int) -> PooledWorktree
  private let slots: Int
  private var spares: Int
  private var made: [Int: PooledWorktree] = [:]
  private var clean: [PooledWorktree] = []
  private var used: Deque<PooledWorktree> = []
  private var lent: [Int: PooledWorktree] = [:]
  /// What a dependent goes on in.
  private var inherited: [(heir: AchievementID, worktree: PooledWorktree)] = []
  /// Slots that are being served: what they wait for goes before what is only made ready.
  private var serving = 0
  /// Whether one is being made for a slot. One at a time, which takes all cores: made all at once, each would be ready as late
  /// as the last.
  private var isMaking = false
  private var cleaning = 0
  private var waiters: [CheckedContinuation<Void, Never>] = []

  /// `make` gives the worktree of a number, from 1; `spares` are kept clean beside those in use.
  init(
    slots: Int,
    spares: Int,
    make: @escaping @Sendable (Int) -> PooledWorktree
  ) {
    self.slots = slots
    self.spares = spares
    self.make = make
  }

  /// Keeps so many clean from now on.
  func keep(spares count: Int) { spares = count }

  /// The worktree that is lent to a slot.
  func worktree(of slot: Int) throws -> PooledWorktree {
    guard let worktree = lent[slot] else {
      throw EngineError(.bug, "slot \(slot + 1)", "slot \(slot + 1) has no worktree to work in")
    }
    return worktree
  }

  /// Lends a worktree to a slot and has it made ready; what it is to become is up to `prepare`.
  func lend(
    to slot: Int,
    for id: AchievementID,
    prepare: @Sendable (PooledWorktree) async throws -> Void
  ) async throws -> PooledWorktree {
    serving += 1
    var isNew = false
    defer {
      serving -= 1
      if isNew { isMaking = false }
      wake()
    }
    let worktree = await next(for: id, isNew: &isNew)
    lent[slot] = worktree
    try await prepare(worktree)
    return worktree
  }

  /// Takes over the worktree that an earlier process lent to a slot. Before anything is lent or made: else another one could
  /// be made under its name.
  func adopt(_ number: Int, for slot: Int) {
    let worktree = make(number)
    made[number] = worktree
    lent[slot] = worktree
  }

  /// Takes a slot's worktree back; `heir` goes on in it as it is, if nobody has worked in it since its result was taken.
  func release(_ slot: Int, to heir: AchievementID?) async {
    guard let worktree = lent.removeValue(forKey: slot) else { return }
    if await worktree.comeBack(to: heir), let heir {
      inherited.append((heir, worktree))
    } else {
      used.append(worktree)
    }
    wake()
  }

  /// Cleans what was used, and makes spare ones, until there are enough for what starts next: at most `wanted`.
  func renew(at commit: CommitID, wanted: Int) async {
    // What has just been handed to slots asks for its worktrees in a moment, and goes first.
    try? await Task.sleep(for: .milliseconds(5))
    while let worktree = await next(wanted: wanted) {
      let isClean = await worktree.clean(at: commit)
      cleaning -= 1
      if isClean { clean.append(worktree) } else { used.append(worktree) }
      wake()
      // What can't be cleaned is looked at by whoever it is lent to: with a sentence for the user.
      if !isClean { return }
    }
  }

  /// Removes every worktree; nobody may use one any more.
  func removeAll() async throws {
    for (_, worktree) in made.sorted(by: { $0.key < $1.key }) { try await worktree.remove() }
  }

  private func next(for id: AchievementID, isNew: inout Bool) async -> PooledWorktree {
    while true {
      if let worktree = take(for: id) { return worktree }
      if made.count < slots + spares, !isMaking {
        isMaking = true
        isNew = true
        return makeNext()
      }
      await sleep()
    }
  }

  private func take(for id: AchievementID) -> PooledWorktree? {
    if let index = inherited.firstIndex(where: { $0.heir == id }) { return inherited.remove(at: index).worktree }
    if let worktree = clean.popLast() ?? used.popFirst() { return worktree }
    if made.count < slots + spares { return nil }
    // An heir that doesn't come soon makes do with another one.
    return inherited.isEmpty ? nil : inherited.removeFirst().worktree
  }

  private func makeNext() -> PooledWorktree {
    var number = made.count + 1
    while made[number] != nil { number += 1 }
    let worktree = make(number)
    made[number] = worktree
    return worktree
  }

  /// One more to clean; nil when there are enough, or two are being cleaned already.
  private func next(wanted: Int) async -> PooledWorktree? {
    while serving > 0 { await sleep() }
    guard cleaning < 2, clean.count + cleaning < min(spares, wanted), !Task.isCancelled else { return nil }
    guard let worktree = used.popFirst() ?? (made.count < slots + spares ? makeNext() : nil) else { return nil }
    cleaning += 1
    return worktree
  }

  private func sleep() async { await withCheckedContinuation { waiters.append($0) } }

  private func wake() {
    let woken = waiters
    waiters = []
    for waiter in woken { waiter.resume() }
  }
}

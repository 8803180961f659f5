internal import Planning
import SystemPackage

/// A plan of its own, whose achievements are the files of a batch: each is filled by a worker, in a worktree.
///
/// What is not there yet is not written into the checkout first: the worker gets its text and makes it in the worktree. So what
/// comes out is the result of a run like any other, and landing it meets nothing in the way.
package struct FillPlan: Sendable, Encodable {
  /// A worker's command and its limits, as a plan has them.
  struct Worker: Sendable, Equatable, Encodable {
    var command: [String]?
    var shell: String?
    var stdin: String?
    var timeout: Double?
    var idleTimeout: Double?
    var retries: Int?
    var backoff: Double?
    var env: [String: String]?
    var passEnv: [String]?
  }

  struct Step: Sendable, Equatable, Encodable {
    let shell: String
  }

  struct Item: Sendable, Equatable, Encodable {
    let achievementId: String
    let title: String
    let priority: Int
    let dependencies: [String]
    let files: [String]
    let deliverables: [String]
    let instructions: String
    let worker: Worker?
    let verify: [Step]
  }

  let planName: String
  let parallelizationLevel = "level_3"
  let achievements: [Item]

  /// Whether there is nothing to fill.
  package var isEmpty: Bool { achievements.isEmpty }
  /// The files, relative to the repository's top, in order.
  package var paths: [String] { achievements.flatMap(\.deliverables) }
  /// Those of them that are in the folder already: they have to be in git as they are, for workers begin with what is there.
  package let blankPaths: [String]

  private enum CodingKeys: CodingKey {
    case planName, parallelizationLevel, achievements
  }

  /// Takes the missing files of a batch and those that nobody has filled; writes nothing.
  ///
  /// Throws `MethodologyError` when the plan's folder is in no git repository.
  package init(_ batch: Batch, of record: PlanRecord) throws {
    guard let top = record.repository else {
      throw MethodologyError(.refused, record.folder.path.string, "is in no git repository, so there are no worktrees.")
    }
    func relative(_ file: Batch.File) -> String {
      var path = file.path
      return (path.removePrefix(top) ? path : file.path).string
    }
    blankPaths = batch.blanks.map(relative)
    planName = "\(record.plan.name)-\(batch.kind.rawValue.uppercased())"
    let files = Dictionary(grouping: batch.files + batch.blanks, by: \.id)
    achievements = record.achievements.compactMap { achievement in
      files[achievement.id].map { files in
        let texts = files.map { (path: relative($0), text: $0.content) }
        let own = record.plan.defaults.worker.overridden(by: achievement.details.worker)
        return Item(
          achievementId: achievement.id.text,
          title: "\(batch.kind == .subplans ? "Plan" : "Prepare") \(Markdown.line(achievement.title))",
          priority: achievement.priority,
          dependencies: [],
          files: texts.map(\.path),
          deliverables: texts.map(\.path),
          instructions: FillPlan.instructions(batch.kind, achievement, texts, of: record),
          worker: Worker(own),
          verify: texts.map { Step(shell: FillPlan.check($0)) }
        )
      }
    }
  }

  private static func instructions(
    _ kind: Batch.Kind,
    _ achievement: Achievement,
    _ files: [(path: String, text: String)],
    of record: PlanRecord
  ) -> String {
    let names = files.map { Markdown.code($0.path) }.joined(separator: ", ")
    let task =
      switch kind {
      case .subplans:
        "Write \(names): how this achievement is to be approached. Name the steps in their order, the files each of them changes, "
          + "the tests that show it works, and what could go wrong."
      case .executions:
        "Write \(names): the journal of the next attempt, up to its beginning. Say what will be done first, how each criterion "
          + "will be shown to be met, and what is known already."
      }
    let maker = PromptMaker(record)
    let blocks = files.map {
      "Begin with this text for \(Markdown.code($0.path)):\n\n\(Markdown.block($0.text, atMost: 2_000))"
    }
    let background = maker.background(achievement).map { "#" + $0.text }
    return (["\(task) Don't do the work itself, and change nothing else."] + background + blocks).joined(
      separator: "\n\n"
    )
  }

  /// Red while the file is as the template made it: a worker's word is no proof.
  private static func check(_ file: (path: String, text: String)) -> String {
    func quoted(_ text: String) -> String { "'\(text.replacing("'", with: "'\\''"))'" }
    // Compared with a fingerprint and not with the text, so that the line stays one that people can read.
    let bytes = Array(file.text.utf8)
    return "test \"$(cksum < \(quoted(file.path)))\" != '\(PosixChecksum.of(bytes)) \(bytes.count)'"
  }
}

extension FillPlan.Worker {
  /// nil for one that says nothing.
  fileprivate init?(_ worker: WorkerSpecification) {
    guard worker != WorkerSpecification() else { return nil }
    switch worker.command {
    case .arguments(let list): command = list
    case .shell(let line): shell = line
    case nil: break
    }
    stdin = worker.stdin?.rawValue
    timeout = worker.timeout
    idleTimeout = worker.idleTimeout
    retries = worker.retries
    backoff = worker.backoff
    env = worker.environment.isEmpty ? nil : worker.environment
    passEnv = worker.passEnvironment.isEmpty ? nil : worker.passEnvironment
  }
}

/// The checksum of the POSIX program `cksum`: CRC-32 with the polynomial 0x04C11DB7, over the bytes and then their number.
enum PosixChecksum {
  static func of(_ bytes: [UInt8]) -> UInt32 {
    var crc: UInt32 = 0
    func take(_ byte: UInt8) {
      crc ^= UInt32(byte) << 24
      for _ in 0..<8 { crc = crc & 0x8000_0000 != 0 ? (crc << 1) ^ 0x04C1_1DB7 : crc << 1 }
    }
    for byte in bytes { take(byte) }
    var count = bytes.count
    while count > 0 {
      take(UInt8(count & 0xFF))
      count >>= 8
    }
    return ~crc
  }
}

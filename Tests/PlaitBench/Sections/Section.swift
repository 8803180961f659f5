import Foundation

/// What every section works with.
struct Bench {
  let program: Program
  let plait: String
  /// As it was before anything was installed or measured.
  let machine: Machine
  let scratch: ScratchPlace
  let peers: Peers
  let repetitions: Int
  let isQuick: Bool
  /// The folder of recorded workflows.
  let workflows: String

  /// A contest with the repetitions that were asked for; in a quick run nothing is done twice to warm up.
  var contest: Contest { Contest(repetitions: repetitions, warmsUp: !isQuick) }

  /// Numbers of files of the repositories that git work is measured in.
  var fileCounts: [Int] { isQuick ? [200, 5_000] : [200, 5_000, 50_000] }

  /// A peer's command that is ended when it takes longer than anyone would wait.
  func limited(_ arguments: [String]) -> [String] {
    program.has("timeout") ? ["timeout", "1200"] + arguments : arguments
  }
}

/// One question, and how it is answered.
protocol Section {
  /// The word for `--only`.
  static var name: String { get }
  static var title: String { get }
  /// What is measured, in a sentence or two; it stands above the numbers.
  static var explanation: String { get }
  static var peers: Set<Peer> { get }
  /// Measures, and gives the Markdown that stands below the title.
  static func run(_ bench: Bench) async throws -> String
}

extension Section {
  static var peers: Set<Peer> { [] }
}

/// All sections, in the order of the page.
enum Sections {
  static var all: [any Section.Type] {
    [
      NoOpSection.self, AchievementSection.self, WorktreeSection.self, MergeSection.self, ScheduleSection.self,
      OverheadSection.self, HandoverSection.self, TogetherSection.self, GrowthSection.self, StartSection.self,
    ]
  }
}

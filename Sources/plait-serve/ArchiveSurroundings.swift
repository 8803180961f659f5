import Engine
import Planning
import Recording
import Serving

/// What the pages need to know besides the record, from the repository's archive.
struct ArchiveSurroundings: Surroundings {
  let archive: RunArchive

  var repository: String { archive.top }
  var wallTime: Double { SystemClock.wallTime() }

  func store() throws -> RunStore? {
    do {
      return try archive.store()
    } catch let error as RecordingError where error.code == .noSuchRun {
      // None has been started yet: looked for again at the next question.
      return nil
    }
  }

  func isDriven(_ run: String) -> Bool { archive.driver(of: run) != nil }
  func predictedHours(_ plan: Plan, _ snapshot: RunSnapshot) -> Double? {
    Simulation.makespan(of: plan, ranAs: snapshot)
  }
  func logEnds(_ snapshot: RunSnapshot) -> [String: String] { RunLogs.ends(of: snapshot) }
}

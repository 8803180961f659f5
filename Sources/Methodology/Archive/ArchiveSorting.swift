import Planning
import SystemPackage

/// Sorts the files of a plan's folder into those that go and those that stay.
struct ArchiveSorting {
  /// Path in the folder and path in the archive, sorted.
  private(set) var moves: [(FilePath, FilePath)] = []
  private(set) var left: [ArchivePlan.Remainder] = []
  let isWhole: Bool

  private let record: PlanRecord
  /// The achievement of each file suffix.
  private let owners: [String: AchievementID]

  init(_ record: PlanRecord, matching pattern: String?) throws {
    self.record = record
    isWhole = record.achievements.allSatisfy { record.isSettled($0.id) }
    owners = Dictionary(record.achievements.map { ($0.id.fileSuffix, $0.id) }) { first, _ in first }
    for path in try ArchiveSorting.files(in: record.folder.path) {
      let name = path.lastComponent?.string ?? ""
      if let pattern, !matches(name, pattern: pattern), !matches(path.string, pattern: pattern) {
        left.append(.init(path: path, reason: "doesn't match \(pattern)"))
      } else {
        sort(path, name)
      }
    }
  }

  private mutating func sort(_ path: FilePath, _ name: String) {
    switch FileName(name) {
    case .subplan(_, let suffix): sort(path, suffix, to: "subplans")
    case .task(_, let suffix, _, _): sort(path, suffix, to: "execution")
    case .skipped(let suffix): sortState(path, suffix, to: "execution")
    case .approved(let suffix), .fix(let suffix), .fixResolution(let suffix):
      sortState(path, suffix, to: "execution/feedbacks")
    case .plan: sortRest(path, to: "planning")
    case nil: sortRest(path, to: place(of: path, name))
    }
  }

  /// Where a file belongs that has none of the methodology's names.
  private func place(of path: FilePath, _ name: String) -> FilePath {
    // At the archive's top, so that the status files lie beside it as they do beside a plan.
    if path.string == PlanLocator.fileName.string { return "" }
    switch path.components.first?.string {
    case "subplans", "execution": return path.removingLastComponent()
    case "templates": return "planning/templates"
    default: return FilePath("summary").pushing(path.removingLastComponent())
    }
  }

  private mutating func sort(_ path: FilePath, _ suffix: String, to place: FilePath) {
    guard let owner = owners[suffix] else { return sortRest(path, to: place) }
    guard record.isSettled(owner) else {
      return left.append(.init(path: path, reason: "\(owner) is \(record.statuses[owner]?.status.rawValue ?? "open")"))
    }
    move(path, to: place)
  }

  /// A file that is the state itself.
  private mutating func sortState(_ path: FilePath, _ suffix: String, to place: FilePath) {
    guard !isWhole, let owner = owners[suffix], record.isSettled(owner) else { return sort(path, suffix, to: place) }
    left.append(.init(path: path, reason: "says that \(owner) is settled while others are not"))
  }

  private mutating func sortRest(_ path: FilePath, to place: FilePath) {
    if isWhole { move(path, to: place) } else { left.append(.init(path: path, reason: "the plan is not complete")) }
  }

  private mutating func move(_ path: FilePath, to place: FilePath) {
    guard let name = path.lastComponent else { return }
    moves.append((path, place.appending(name)))
  }

  /// The files below `folder`, sorted, relative to it; hidden ones are left out, and links to folders not followed.
  static func files(in folder: FilePath) throws -> [FilePath] {
    var found: [FilePath] = []
    var open: [FilePath] = [""]
    while let path = open.popLast() {
      do {
        for entry in try Directory(folder.pushing(path)).entries where !entry.name.string.hasPrefix(".") {
          let below = path.appending(entry.name)
          if entry.kind == .directory { open.append(below) } else { found.append(below) }
        }
      } catch {
        let place = folder.pushing(path).string
        throw MethodologyError(.unreadable, place, "can't be read (\(error)). Check who may read it.")
      }
    }
    return found.sorted { $0.string < $1.string }
  }
}

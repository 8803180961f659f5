import ArgumentParser
import Engine
import Git
import Methodology
import Planning
import Recording
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A plan with its folder, as the user named it.
struct LoadedRecord {
  let record: PlanRecord
  /// The plan's file as it was read.
  let bytes: [UInt8]
  /// The path to show: as the user gave it.
  let path: String
  /// The runs of the repository around the plan's folder, else of the one around the current folder; nil outside of any.
  private let archive: RunArchive?
  /// That of the repository around the plan's folder; nil outside of any.
  private let own: RunArchive?
  private let planPath: String

  /// With `isReal` the folder's path is absolute and without links, as a repository sees it; else as the user gave it.
  init(_ argument: String, isReal: Bool = false) async throws {
    let loaded = try await LoadedPlan(argument)
    let plan = try loaded.checked()
    planPath = loaded.absolutePath
    (bytes, path) = (loaded.bytes, loaded.path)
    let named = PlanFolder(ofPlanFile: FilePath(loaded.path))
    let folder = isReal ? PlanFolder(FilePath(Console.real(named.path.string))) : named
    own = try? await RunArchive(repositoryAt: folder.path.string)
    if let own { archive = own } else { archive = try? await RunArchive(repositoryAt: Console.currentDirectory) }
    record = try PlanRecord(plan, folder: folder, repository: own.map { FilePath($0.top) })
  }

  /// The repository around the plan's folder, with its runs.
  func ownArchive() throws -> RunArchive {
    guard let own else {
      throw MethodologyError(.refused, record.folder.path.string, "is in no git repository.")
    }
    return own
  }

  /// Puts a plan that was derived from this one beside the record of runs, and says where.
  func keepDerived(_ text: String, _ kind: String) throws -> String {
    let folder = "\(try ownArchive().directory)/derived"
    try RunFiles.makeDirectory(folder)
    let path = "\(folder)/\(record.plan.name.replacing("/", with: "-"))-\(kind).json"
    try RunFiles.replace(path, with: Array(text.utf8))
    return path
  }

  /// The run of the plan that a process drives now; nil when none does.
  func liveRun() async throws -> String? {
    guard let archive else { return nil }
    let isLive: (RunArchive.Recorded) -> Bool = {
      $0.header.runs(planAt: planPath) && archive.driver(of: $0.run) != nil
    }
    return try await archive.loadAll(until: isLive).last(where: isLive)?.run
  }

  /// The id as the plan's file has it, where it says this plan's name as runs of several plans do.
  func own(_ id: AchievementID) -> AchievementID { id.plan.map(String.init) == record.plan.name ? id.plain : id }

  /// The top of the repository that the plan's runs are of; nil outside of any.
  var repositoryTop: String? { archive?.top }

  /// The newest run of the plan, as the menu knows it; nil when there was none.
  ///
  /// What an earlier run merged stays merged, also when the newest left it out.
  func newestRun() async throws -> MenuRun? {
    guard let archive else { return nil }
    let runs = try await archive.loadAll().filter { $0.header.runs(planAt: planPath) }
    guard let newest = runs.first else { return nil }
    var standing = RunStanding.all(in: newest, ofPlanAt: planPath)
    for earlier in runs.dropFirst() {
      for (id, state) in RunStanding.all(in: earlier, ofPlanAt: planPath)
      where state == .complete && standing[id] == .waiting {
        standing[id] = .complete
      }
    }
    let isLive = archive.driver(of: newest.run) != nil
    let unlanded = try await archive.unlanded(of: runs)
    return MenuRun(
      name: newest.run,
      isLive: isLive,
      canResume: !isLive && newest.isResumable,
      standing: standing,
      unlanded: unlanded.map { .init(run: $0.run, approved: $0.approved) }
    )
  }

  /// What the newest run of the plan that merged `id` has seen of its checks; nothing when no run did.
  func evidence(about id: AchievementID) async throws -> Evidence {
    for run in try await archive?.loadAll() ?? [] {
      guard let named = run.header.id(id, ofPlanAt: planPath),
        let attempt = run.snapshot[named].attempts.last(where: \.wasUsed)
      else { continue }
      // What was picked among variants was checked as one of them.
      let checked = attempt.picked.flatMap { run.snapshot[$0].attempts.last(where: \.wasUsed) } ?? attempt
      let checks = (checked.verdict?.steps ?? []).filter { $0.notRun == nil }.map { step in
        // A green command exited with 0; what is red says itself how.
        let isCommand = !step.summary.hasPrefix("file ") && !step.summary.hasPrefix("coverage of at least ")
        return Evidence.Check(
          step.summary,
          exitCode: step.failure == nil && isCommand ? 0 : nil,
          seconds: step.seconds,
          isGreen: step.failure == nil
        )
      }
      return Evidence(commit: attempt.mergeCommit, checks: checks)
    }
    return Evidence()
  }
}

extension RunStanding {
  /// Where each achievement of the plan file at `path` stands by a run, by the file's own ids.
  static func all(in recorded: RunArchive.Recorded, ofPlanAt path: String) -> [AchievementID: RunStanding] {
    var standing: [AchievementID: RunStanding] = [:]
    for achievement in recorded.plan.achievements {
      let id = achievement.id.plain
      guard recorded.header.id(id, ofPlanAt: path) == achievement.id else { continue }
      let state = recorded.snapshot[achievement.id].state
      standing[id] =
        switch state {
        case .complete: .complete
        case .failed: .failed
        case .blocked: .blocked
        // What --only left out was not decided on.
        case .skipped: recorded.leavesOut(achievement) ? .waiting : .skipped
        default: state.isActive ? .running : .waiting
        }
    }
    return standing
  }
}

extension AchievementID: ExpressibleByArgument {
  package init?(argument: String) { self.init(argument) }
}

/// The document that an argument means; `@NAME` is looked up from the repository around the current folder.
func locateDocument(_ argument: String) async throws -> FilePath {
  var root = Console.currentDirectory
  if argument.hasPrefix("@"), let archive = try? await RunArchive(repositoryAt: root) { root = archive.top }
  return try DocumentLocator(root: FilePath(root)).locate(argument)
}

extension LocalTime {
  /// Now, as it is written into files: `2026-01-02 03:04`.
  static var now: String {
    var now = time(nil)
    var parts = tm()
    localtime_r(&now, &parts)
    var buffer = [CChar](repeating: 0, count: 32)
    let count = strftime(&buffer, buffer.count, "%Y-%m-%d %H:%M", &parts)
    return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

/// Text for other programs to paste.
enum Clipboard {
  /// Copies `text` and says with what; throws when there is no way to here.
  static func copy(_ text: String) throws -> String {
    for tool in tools where isInstalled(tool.split(separator: " ").first.map(String.init) ?? tool) {
      guard let pipe = popen("\(tool) 2>/dev/null", "w") else { continue }
      let bytes = Array(text.utf8)
      let written = fwrite(bytes, 1, bytes.count, pipe)
      if pclose(pipe) == 0, written == bytes.count { return tool }
    }
    guard let terminal = try? FileDescriptor.open("/dev/tty", .writeOnly) else {
      throw EngineError(
        .missing,
        "clipboard",
        "no clipboard is here: there is no \(tools.joined(separator: ", no ")), and no terminal"
      )
    }
    // OSC 52: the terminal itself takes it, also over ssh.
    _ = try terminal.closeAfter { try terminal.writeAll("\u{1B}]52;c;\(base64(Array(text.utf8)))\u{07}".utf8) }
    return "the terminal"
  }

  private static var tools: [String] {
    #if os(macOS)
      ["pbcopy"]
    #else
      (Console.variable("WAYLAND_DISPLAY") == nil ? [] : ["wl-copy"])
        + (Console.variable("DISPLAY") == nil ? [] : ["xclip -selection clipboard", "xsel --input --clipboard"])
    #endif
  }

  private static func isInstalled(_ name: String) -> Bool {
    (Console.variable("PATH") ?? "").split(separator: ":").contains { access("\($0)/\(name)", X_OK) == 0 }
  }

  private static func base64(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    var result = ""
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
      for position in 0..<4 {
        result.append(position <= group.count ? alphabet[bits >> (18 - 6 * position) & 63] : "=")
      }
    }
    return result
  }
}

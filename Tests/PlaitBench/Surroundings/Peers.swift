import Foundation

/// A program that others would use for the same.
enum Peer: String, CaseIterable {
  case make
  case ninja
  case parallel
  case hyperqueue
  case snakemake
  case parallelOrchestra = "parallel-orchestra"

  /// The package of a Debian system that has it; nil for one that Python's index has.
  fileprivate var debianPackage: String? {
    switch self {
    case .make: "make"
    case .ninja: "ninja-build"
    case .parallel: "parallel"
    case .hyperqueue, .snakemake, .parallelOrchestra: nil
    }
  }
}

/// The peers that are here, after an attempt to get those that aren't.
struct Peers {
  private var commands: [Peer: String] = [:]
  private var reasons: [Peer: String] = [:]

  /// Looks for each in the search path and in `environments`, one Python environment each, and installs what is missing.
  init(_ wanted: Set<Peer>, program: Program, environments: String, installs: Bool) {
    for peer in Peer.allCases where wanted.contains(peer) {
      do {
        commands[peer] =
          try peer.debianPackage.map { try Self.system(peer, package: $0, program, installs) }
          ?? Self.python(peer, program, environments, installs)
      } catch {
        reasons[peer] = error is NotMeasured ? "\(error)" : "could not be installed: \(error)"
        Notice.say("\(peer.rawValue) \(reasons[peer] ?? "is missing")")
      }
    }
  }

  /// The path of a peer's program; for HyperQueue that of the Python that has it.
  ///
  /// - Throws: `NotMeasured` when it isn't here.
  func command(of peer: Peer) throws -> String {
    guard let command = commands[peer] else { throw NotMeasured(reason: reasons[peer] ?? "was not looked for") }
    return command
  }

  /// What is here, with versions, and what is missing.
  func lines(_ program: Program) -> [String] {
    Peer.allCases.compactMap { peer in
      if let reason = reasons[peer] { return "\(peer.rawValue): \(reason)" }
      guard let command = commands[peer] else { return nil }
      if peer != .hyperqueue { return "\(peer.rawValue): \(Machine.firstLine(program, [command, "--version"]))" }
      let script = "import importlib.metadata as m; print(m.version('hyperqueue'))"
      return "\(peer.rawValue): \(Machine.firstLine(program, [command, "-c", script]))"
    }
  }

  private static func system(_ peer: Peer, package: String, _ program: Program, _ installs: Bool) throws -> String {
    if program.has(peer.rawValue) { return peer.rawValue }
    guard installs else { throw NotMeasured(reason: "is not installed") }
    guard program.has("apt-get") else { throw NotMeasured(reason: "is not installed, and there is no apt-get") }
    let sudo = getuid() == 0 ? [] : ["sudo", "-n"]
    Notice.say("installing \(package)")
    _ = try? program.run(sudo + ["apt-get", "update", "-q"], in: "/")
    let environment = ["env", "DEBIAN_FRONTEND=noninteractive"]
    try program.run(sudo + environment + ["apt-get", "install", "-q", "-y", package], in: "/")
    return peer.rawValue
  }

  private static func python(
    _ peer: Peer,
    _ program: Program,
    _ environments: String,
    _ installs: Bool
  ) throws -> String {
    let environment = "\(environments)/\(peer.rawValue)"
    let command = "\(environment)/bin/\(peer == .hyperqueue ? "python" : peer.rawValue)"
    let mark = "\(environment)/installed"
    if FileManager.default.fileExists(atPath: mark) { return command }
    guard installs else { throw NotMeasured(reason: "is not installed") }
    Notice.say("installing \(peer.rawValue)")
    try program.run(["python3", "-m", "venv", environment], in: "/")
    try program.run(
      ["\(environment)/bin/pip", "install", "-q", "--disable-pip-version-check", peer.rawValue],
      in: "/"
    )
    guard FileManager.default.isExecutableFile(atPath: command),
      FileManager.default.createFile(atPath: mark, contents: nil)
    else { throw NotMeasured(reason: "its package has no \(peer.rawValue)") }
    return command
  }
}

internal import Git

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What works on this machine and in this repository, for `plait doctor`.
package struct Examination: Sendable {
  /// How good or bad a finding is.
  package enum Level: String, Sendable, Encodable {
    case fine
    /// Works, with a limit to know about.
    case limited
    /// Keeps runs from starting.
    case broken
  }

  /// One thing that was looked at.
  package struct Finding: Sendable, Encodable {
    /// How good or bad it is.
    package let level: Level
    /// What was looked at: `libgit2`, `repository`.
    package let subject: String
    /// What was found, one line.
    package let message: String

    /// The level in four columns of text.
    package var mark: String {
      switch level {
      case .fine: "ok  "
      case .limited: "note"
      case .broken: "FAIL"
      }
    }
  }

  /// The findings for programs.
  package struct Report: Sendable, Encodable {
    /// The kind and version of the JSON.
    package let schema = "plait.doctor/1"
    /// In the order in which they were made.
    package let findings: [Finding]

    /// Takes what `findings()` gave.
    package init(_ findings: [Finding]) { self.findings = findings }
  }

  /// Programs that people give plans to; only looked for, never required.
  private static let agents = ["claude", "codex", "gemini", "aider", "opencode", "goose"]

  private let path: String
  private let environment: [String: String]

  /// `path` is the repository or a folder in it; programs are looked up by the `PATH` of `environment`.
  package init(path: String, environment: [String: String]) {
    self.path = path
    self.environment = environment
  }

  /// Looks at everything and changes nothing; trouble is a finding and never an error.
  package func findings() async -> [Finding] {
    var findings = [Finding(level: .fine, subject: "libgit2", message: "version \(Repository.libraryVersion), linked")]
    findings.append(program("git", missing: "not in PATH; Plait doesn't need it, you will want it to look at results"))
    findings += await repository()
    findings.append(processes)
    let found = Examination.agents.filter { find($0) != nil }
    findings.append(
      Finding(
        level: .fine,
        subject: "agents",
        message: found.isEmpty ? "none found in PATH; any command can be a worker" : found.joined(separator: ", ")
      )
    )
    return findings
  }

  private func find(_ name: String) -> String? {
    try? Command([name], path: environment["PATH"], directory: "/").executable
  }

  private func program(_ name: String, missing: String) -> Finding {
    find(name).map { Finding(level: .fine, subject: name, message: $0) }
      ?? Finding(level: .limited, subject: name, message: missing)
  }

  private var processes: Finding {
    RunFiles.exists("/proc/self/environ")
      ? Finding(level: .fine, subject: "processes", message: "workers' stray children are found through /proc")
      : Finding(
        level: .limited,
        subject: "processes",
        message: "no /proc here: a worker's child that calls setsid outlives its worker"
      )
  }

  private func repository() async -> [Finding] {
    do {
      let archive = try await RunArchive(repositoryAt: path)
      var findings = [Finding(level: .fine, subject: "repository", message: archive.top)]
      var notes = archive.repository.facts.notes
      if let commit = try await archive.repository.head().commit {
        notes += try await archive.repository.checkSupport(base: commit)
      } else {
        findings.append(
          Finding(level: .broken, subject: "commits", message: "there is none yet: workers start from a commit")
        )
      }
      findings += notes.map { Finding(level: .limited, subject: "repository", message: $0) }
      findings.append(disk(archive.defaultWorktreeRoot, beside: archive.top))
      return findings
    } catch {
      return [Finding(level: .broken, subject: "repository", message: "\(error)")]
    }
  }

  private func disk(_ root: String, beside top: String) -> Finding {
    let parent = top.lastIndex(of: "/").map { String(top[..<$0]) } ?? "/"
    var status = statvfs()
    guard statvfs(parent.isEmpty ? "/" : parent, &status) == 0 else {
      return Finding(level: .broken, subject: "worktrees", message: "\(parent) can't be looked at")
    }
    guard access(parent.isEmpty ? "/" : parent, W_OK) == 0 else {
      return Finding(
        level: .broken,
        subject: "worktrees",
        message: "\(parent) is not writable: choose a place with --worktrees DIR"
      )
    }
    let free = Double(status.f_bavail) * Double(status.f_frsize) / Double(1 << 30)
    let rounded = (free * 10).rounded() / 10
    return Finding(
      level: free < 1 ? .limited : .fine,
      subject: "worktrees",
      message: "\(root), \(rounded) GiB free"
    )
  }
}

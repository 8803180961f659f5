import ArgumentParser
import Engine
import Recording

/// Starts this very command once more, in a session of its own and without the terminal, and leaves it alone.
struct Detachment {
  let archive: RunArchive

  /// Returns when the run is on record; throws what the other process ended with when it never got there.
  func start() async throws {
    let name = RunName.new(wall: SystemClock.wallTime())
    try RunFiles.makeDirectory(archive.runDirectory(name))
    let log = archive.runDirectory(name) + "/driver.log"
    let process = try OwnProcess(arguments(named: name), streams: .detached(log: log))
    while true {
      if archive.driver(of: name) != nil, (try? await archive.load(name)) != nil { break }
      if let end = process.end() {
        // So quick that it has ended already, or it never started.
        if (try? await archive.load(name)) != nil { break }
        Console.note(String(decoding: (try? RunFiles.read(log)) ?? [], as: UTF8.self))
        guard case .exited(let code) = end, code != 0 else { throw ExitStatus.bug.code }
        throw ExitCode(code)
      }
      try await Task.sleep(for: .milliseconds(20))
    }
    try Console.out("Run \(name) goes on in the background: 'plait status \(name) --watch', 'plait cancel \(name)'.\n")
  }

  /// The same words without `--detach`, with the name before the worker's own words.
  private func arguments(named name: String) -> [String] {
    let words = CommandLine.arguments.dropFirst()
    let own = words.prefix { $0 != "--" }.filter { $0 != "--detach" }
    return own + ["--run-name", name] + words.dropFirst(words.prefix { $0 != "--" }.count)
  }
}
